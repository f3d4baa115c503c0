/** What a part of the benchmark found, and how it is printed. */

import { unreachable } from '../server/src/base/unreachable.ts';

export type Finding = Ratio | Absolute | Skipped;

/** Ours against a peer in the same minute on the same machine: the only figure to trust. */
export interface Ratio {
  readonly kind: 'ratio';
  readonly what: string;
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  readonly unit: 'ms' | 'MB';
  readonly goal: Goal;
}

/** `times less`: the peer takes at least so many times as much as we do. `times`: we take at most so many times as much. */
export type Goal = { readonly timesLess: number } | { readonly times: number } | undefined;

export interface Absolute {
  readonly kind: 'absolute';
  readonly what: string;
  readonly ours: number;
  readonly unit: 'ms' | 'MB';
  /** At most; undefined where the figure only informs. */
  readonly limit: number | undefined;
}

export interface Skipped {
  readonly kind: 'skipped';
  readonly what: string;
  readonly needs: string;
}

export function format(finding: Finding): string {
  switch (finding.kind) {
    case 'ratio': {
      const { ours, peer, unit, peerName, goal } = finding;
      const figures = `${figure(ours, unit)} against ${figure(peer, unit)} of ${peerName}`;
      if (goal && 'timesLess' in goal) {
        return line(
          finding.what,
          `${(peer / ours).toFixed(1)} × less (${figures})`,
          `goal ${goal.timesLess} × less`,
          reached(finding),
        );
      }
      const wanted = goal ? `goal at most ${goal.times} ×` : '';
      return line(finding.what, `${(ours / peer).toFixed(2)} × (${figures})`, wanted, reached(finding));
    }
    case 'absolute': {
      const wanted = finding.limit === undefined ? '' : `goal under ${figure(finding.limit, finding.unit)}`;
      return line(finding.what, figure(finding.ours, finding.unit), wanted, reached(finding));
    }
    case 'skipped':
      return line(finding.what, `skipped: needs ${finding.needs}`, '', undefined);
    default:
      return unreachable(finding);
  }
}

/** Undefined where there is no goal, or nothing was measured. */
export function reached(finding: Finding): boolean | undefined {
  if (finding.kind === 'skipped') return undefined;
  if (finding.kind === 'absolute')
    return finding.limit === undefined ? undefined : finding.ours <= finding.limit;
  if (!finding.goal) return undefined;
  if ('timesLess' in finding.goal) return finding.peer / finding.ours >= finding.goal.timesLess;
  return finding.ours / finding.peer <= finding.goal.times;
}

function line(what: string, value: string, goal: string, good: boolean | undefined): string {
  const verdict = good === undefined ? '' : good ? 'reached' : 'MISSED';
  return `${what.padEnd(46)} ${value}${goal && `; ${goal}`}${verdict && `: ${verdict}`}`;
}

function figure(value: number, unit: 'ms' | 'MB'): string {
  if (unit === 'MB') return `${value.toFixed(0)} MB`;
  return value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${value.toFixed(0)} ms`;
}
