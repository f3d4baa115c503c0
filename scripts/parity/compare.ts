/** All that differs between two builds of one project. */

import { differingRelations, firstDifference } from '../relations/compare.ts';
import type { Built } from './build.ts';

/** Heading to sentences; a heading without sentences is equal. */
export type Differences = Readonly<
  Record<
    'exit code' | 'statuses' | 'messages' | 'compiled SQL' | 'compiled files' | 'relations',
    readonly string[]
  >
>;

export function compareBuilds(expected: Built, actual: Built): Differences {
  return {
    'exit code':
      expected.exit === actual.exit ? [] : [`${String(expected.exit)} expected, got ${String(actual.exit)}`],
    statuses: differingTexts(expected.statuses, actual.statuses),
    messages: differingTexts(successful(expected), successful(actual)),
    'compiled SQL': differingTexts(expected.compiled, actual.compiled),
    'compiled files': differingTexts(expected.files, actual.files),
    relations: differingRelations(expected.relations, actual.relations),
  };
}

/** Errors are worded by each program in its own way; what the server answered to a success is not. */
function successful(built: Built): ReadonlyMap<string, string> {
  return new Map(
    [...built.messages].filter(([id]) => built.statuses.get(id)?.startsWith('success') === true),
  );
}

function differingTexts(
  expected: ReadonlyMap<string, string>,
  actual: ReadonlyMap<string, string>,
): string[] {
  const ids = [...new Set([...expected.keys(), ...actual.keys()])].sort();
  return ids.flatMap((id) => {
    const [left, right] = [expected.get(id), actual.get(id)];
    if (left === right) return [];
    if (left === undefined) return [`${id} is extra`];
    if (right === undefined) return [`${id} is missing`];
    return [`${id}: ${firstDifference(left, right)}`];
  });
}
