/** How runs are told in words: titles, durations, times of day, counts. */

import type { RunNode, RunView } from '../../../server/src/lsp/protocol.ts';
import { statusClass, type StatusClass } from '../shared/node-icons.ts';

/** In the order of the bar. */
export const STATUSES: readonly StatusClass[] = ['pass', 'warn', 'fail', 'skip', 'run', 'queue'];

export const STATUS_WORDS: Readonly<Record<StatusClass, string>> = {
  pass: 'passed',
  warn: 'warned',
  fail: 'failed',
  skip: 'skipped',
  run: 'running',
  queue: 'queued',
};

export type Counts = Readonly<Record<StatusClass, number>>;

export function countsOf(nodes: readonly RunNode[]): Counts {
  const counts = { pass: 0, warn: 0, fail: 0, skip: 0, run: 0, queue: 0 };
  for (const { status } of nodes) counts[statusClass(status)] += 1;
  return counts;
}

export function doneOf(counts: Counts): number {
  return counts.pass + counts.warn + counts.fail + counts.skip;
}

export function isActive({ state }: RunView): boolean {
  return state === 'running' || state === 'cancelling';
}

/** `0.21 s`, `8.9 s`, `41 s`, `1 m 12 s`, `2 h 05 m`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} m`;
}

/** A node's own time, to the hundredth as long as that says something. */
export function nodeTime(milliseconds: number): string {
  return milliseconds < 9995 ? `${(Math.max(0, milliseconds) / 1000).toFixed(2)} s` : duration(milliseconds);
}

/** What one would recognise it by: without the program's name and the word that comes before every selection. */
export function shortTitle({ title }: RunView): string {
  const words = title.split(' ').filter((word) => word !== '--select' && word !== 'grainline');
  return words.length === 1 && !title.includes('--select') && title.includes('build')
    ? 'build (all)'
    : words.join(' ');
}

/** `11:42` today, `Yesterday`, else the date. */
export function when(at: number, now: number): string {
  const then = new Date(at);
  const today = new Date(now);
  const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime();
  if (at >= midnight) return clock(at).slice(0, 5);
  if (at >= midnight - 24 * 3600 * 1000) return 'Yesterday';
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())}`;
}

/** `11:58:02`. */
export function clock(at: number): string {
  const time = new Date(at);
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** `2 failed, 5 skipped`; `12 passed` where there is nothing worse. */
export function outcome(view: RunView): string {
  const counts = countsOf(view.nodes);
  const bad = (['fail', 'warn', 'skip'] as const).filter((status) => counts[status] > 0);
  if (bad.length > 0) return bad.map((status) => `${counts[status]} ${STATUS_WORDS[status]}`).join(', ');
  return view.nodes.length > 0 ? `${counts.pass} passed` : '';
}

/** The second line of the history. */
export function summary(view: RunView, now: number): string {
  const time = duration((view.endedAt ?? now) - view.startedAt);
  switch (view.state) {
    case 'running':
      return `running · ${time}`;
    case 'cancelling':
      return `stopping · ${time}`;
    case 'cancelled':
      return `cancelled after ${time}`;
    case 'done':
    case 'failed': {
      const words = outcome(view) || (view.state === 'failed' ? 'failed' : 'done');
      return `${words} · ${time}`;
    }
  }
}

/** Undefined while there is too little to tell from. */
export function timeLeft(view: RunView, counts: Counts, now: number): number | undefined {
  const done = doneOf(counts) - counts.skip;
  const left = counts.run + counts.queue;
  if (done < 3 || left === 0) return undefined;
  return ((now - view.startedAt) / done) * left;
}

export function isFailed({ status }: RunNode): boolean {
  return statusClass(status) === 'fail';
}
