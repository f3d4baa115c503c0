/** Compares what a command did with what was recorded: exit code, statuses, compiled code, database. */

import type { Outcome, Result } from './command.ts';
import { isListing } from './command.ts';
import { differingRelations, firstDifference, maskRelations } from '../relations/compare.ts';
import { maskVolatile } from '../relations/mask.ts';
import type { Relations } from '../relations/read.ts';
import type { DbtEvent, RecordedResult } from './recording.ts';

/** Each undefined where equal, else the first difference as a sentence. */
export interface Verdict {
  readonly exit?: string;
  readonly statuses?: string;
  readonly compiled?: string;
  readonly database?: string;
}

export const ASPECTS = ['exit', 'statuses', 'compiled', 'database'] as const;

export interface Sides {
  readonly event: DbtEvent;
  /** When the recording was made and when the replay ran, milliseconds since 1970. */
  readonly recordedAt: number;
  readonly replayedAt: number;
  readonly blob: (id: string) => string;
}

export function compareEvent(
  sides: Sides,
  outcome: Outcome,
  relations: Relations,
  withCompiled: boolean,
): Verdict {
  const verdict = {
    exit: compareExit(sides.event, outcome),
    statuses: compareStatuses(sides.event, outcome),
    compiled: withCompiled ? compareCompiled(sides, outcome) : undefined,
    database: compareRelations(sides, relations),
  };
  return Object.fromEntries(Object.entries(verdict).filter(([, difference]) => difference !== undefined));
}

/** 2 is an exception (a usage or project error), 1 a node that failed. */
export function recordedExit(event: DbtEvent): number {
  if (!event.ok) return 2;
  return event.expect_pass ? 0 : 1;
}

function compareExit(event: DbtEvent, outcome: Outcome): string | undefined {
  const expected = recordedExit(event);
  if (outcome.exit === expected) return undefined;
  const said = event.msg === undefined ? '' : ` (${firstLines(event.msg)})`;
  const got = outcome.exit === null ? 'none: it took too long' : String(outcome.exit);
  return `exit code ${expected}${said} expected, got ${got}: ${lastLines(outcome.stderr || outcome.stdout)}`;
}

function compareStatuses(event: DbtEvent, outcome: Outcome): string | undefined {
  const recorded = event.results;
  if (!recorded) return undefined;
  if (isListing(event)) return compareListing(recorded.map(String), outcome.stdout);
  const nodes = recorded.filter(
    (result) => typeof result !== 'string' && result.uid !== null,
  ) as RecordedResult[];
  if (!writesResults(event)) return undefined;
  if (!outcome.results)
    return nodes.length === 0 ? undefined : `${nodes.length} results expected, none written`;
  // Releases after the recorded one report what has nothing to run (exposures, say), as `no-op`.
  const recordedIds = new Set(nodes.map((node) => node.uid));
  const actual = outcome.results.filter(
    (result) => recordedIds.has(result.unique_id) || result.status !== 'no-op',
  );
  const differences = differencesByKey(
    new Map(nodes.map((node) => [node.uid ?? '', describe(node.status, node.failures)])),
    new Map(actual.map((result) => [result.unique_id, describe(result.status, result.failures)])),
  );
  return differences[0] && summarize(differences);
}

/** What `ls` prints is its result; lines of the log, which begin with the time of day, are not. */
function compareListing(expected: readonly string[], stdout: string): string | undefined {
  const lines = stdout
    .replaceAll(/\u001b\[\d*m/gu, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\d\d:\d\d:\d\d /u.test(line));
  const count = (list: readonly string[]): Map<string, string> => {
    const counts = new Map<string, number>();
    for (const line of list) counts.set(normalizeJson(line), (counts.get(normalizeJson(line)) ?? 0) + 1);
    return new Map([...counts].map(([line, times]) => [line, `listed ${times} ×`]));
  };
  const differences = differencesByKey(count(expected), count(lines));
  return differences[0] && summarize(differences);
}

function compareCompiled(sides: Sides, outcome: Outcome): string | undefined {
  const actual = new Map((outcome.results ?? []).map((result) => [result.unique_id, result]));
  for (const recorded of sides.event.results ?? []) {
    if (typeof recorded === 'string' || recorded.uid === null || !recorded.compiled) continue;
    const result = actual.get(recorded.uid);
    if (!result) continue; // The statuses tell that it is missing.
    const clean = recorded.uid.startsWith('unit_test.') ? unquoteFixture : (text: string): string => text;
    const expected = clean(maskVolatile(sides.blob(recorded.compiled), sides.recordedAt));
    const got = clean(maskVolatile(compiledCode(result), sides.replayedAt));
    if (got !== expected) return `${recorded.uid} compiled differently: ${firstDifference(expected, got)}`;
  }
  return undefined;
}

/** Releases after the recorded one quote the columns of a unit test's fixtures. */
function unquoteFixture(text: string): string {
  return text.replaceAll(/ as "(\w+)"/gu, ' as $1');
}

function compareRelations(sides: Sides, relations: Relations): string | undefined {
  if (!sides.event.db) return undefined;
  const { schema } = sides.event;
  const unfold = (folded: Relations): Relations =>
    JSON.parse(JSON.stringify(folded).replaceAll('{schema}', schema)) as Relations;
  const expected = maskRelations(unfold(sides.event.db), sides.recordedAt);
  const actual = maskRelations(relations, sides.replayedAt);
  return differingRelations(expected, actual)[0];
}

/** Commands that report without writing run_results.json. */
function writesResults(event: DbtEvent): boolean {
  return !event.args.includes('run-operation') && !event.args.includes('--no-write-json');
}

function compiledCode(result: Result): string {
  return result.compiled_code ?? '';
}

function describe(status: string, failures: number | null | undefined): string {
  return failures === null || failures === undefined ? status : `${status} (${failures})`;
}

function differencesByKey(
  expected: ReadonlyMap<string, string>,
  actual: ReadonlyMap<string, string>,
): string[] {
  return [...new Set([...expected.keys(), ...actual.keys()])]
    .filter((key) => expected.get(key) !== actual.get(key))
    .map((key) => `${key}: ${expected.get(key) ?? 'nothing'} expected, got ${actual.get(key) ?? 'nothing'}`);
}

function summarize(differences: readonly string[]): string {
  const more = differences.length - 1;
  return `${differences[0] ?? ''}${more > 0 ? ` (and ${more} more)` : ''}`;
}

/**
 * JSON objects in one order of keys and without members that say nothing, so that `ls --output json` compares by content: each release
 * adds settings that are empty by default.
 */
function normalizeJson(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const sort = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(sort);
      if (value === null || typeof value !== 'object') return value;
      return Object.fromEntries(
        Object.entries(value)
          .filter(
            ([, member]) =>
              member !== null && JSON.stringify(member) !== '{}' && JSON.stringify(member) !== '[]',
          )
          .sort()
          .map(([key, member]) => [key, sort(member)]),
      );
    };
    return JSON.stringify(sort(JSON.parse(line)));
  } catch {
    return line;
  }
}

function firstLines(text: string): string {
  return text.split('\n').slice(0, 3).join(' ').replaceAll(/\s+/gu, ' ').slice(0, 160);
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' ').replaceAll(/\s+/gu, ' ').slice(-240);
}
