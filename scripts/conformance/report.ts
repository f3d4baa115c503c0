/** Prints a replay: each case passes or shows its first difference, then counts by test file and overall. */

import { ASPECTS } from './compare.ts';
import type { CaseOutcome, EventOutcome } from './replay.ts';

export function isEqual(one: CaseOutcome): boolean {
  return one.events.every(eventIsEqual);
}

export function formatCase(one: CaseOutcome): string {
  if (!isReplayed(one)) return `none  ${one.id} (${one.events[0]?.unknown ?? 'it runs no command'})`;
  const index = one.events.findIndex((event) => !eventIsEqual(event));
  const event = one.events[index];
  if (!event) return `ok    ${one.id}`;
  const aspect = ASPECTS.find((name) => event.verdict[name] !== undefined) ?? 'exit';
  const difference = `${aspect}: ${event.verdict[aspect] ?? ''}`;
  return `DIFF  ${one.id}\n      ${index + 1}. dbt ${event.args.join(' ').replaceAll('\n', ' ')}\n      ${difference}`;
}

/** Whether anything of the case could be replayed. */
function isReplayed(one: CaseOutcome): boolean {
  return one.events.some((event) => event.unknown === undefined);
}

export function formatSummary(all: readonly CaseOutcome[]): string {
  const outcomes = all.filter(isReplayed);
  const files = new Map<string, CaseOutcome[]>();
  for (const one of outcomes) {
    const file = one.id.split('::', 1)[0] ?? '';
    files.set(file, [...(files.get(file) ?? []), one]);
  }
  const lines = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, members]) => {
      const equal = members.filter(isEqual).length;
      return `${equal === members.length ? ' ' : '!'} ${String(equal).padStart(4)} of ${String(members.length).padStart(4)}  ${file}`;
    });
  const events = outcomes.flatMap((one) => one.events).filter((event) => event.unknown === undefined);
  const unknown = all.flatMap((one) => one.events).length - events.length;
  const aspects = ASPECTS.map(
    (name) => `${name} ${events.filter((event) => event.verdict[name] === undefined).length}`,
  );
  const seconds = events.reduce((sum, event) => sum + event.seconds, 0);
  return [
    ...lines,
    `conformance: ${events.filter(eventIsEqual).length} of ${events.length} events equal (${aspects.join(', ')}), ` +
      `${outcomes.filter(isEqual).length} of ${outcomes.length} cases` +
      `${unknown > 0 ? `; ${unknown} events (${all.length - outcomes.length} whole cases) cannot be replayed` : ''}; ` +
      `${(seconds / Math.max(1, events.length)).toFixed(2)} s a command`,
  ].join('\n');
}

/** An event that cannot be replayed proves nothing either way. */
function eventIsEqual(event: EventOutcome): boolean {
  return event.unknown !== undefined || ASPECTS.every((name) => event.verdict[name] === undefined);
}
