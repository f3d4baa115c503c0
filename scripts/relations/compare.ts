/** Compares what two databases hold, relation by relation. */

import { maskVolatile } from './mask.ts';
import type { Relation, Relations } from './read.ts';

/** An index without a name of its own is named by a hash of the time. */
const HASHED_NAME = /^(CREATE (?:UNIQUE )?INDEX )"?[0-9a-f]{32}"?/u;

/** A sentence for each relation that is missing, extra or different. */
export function differingRelations(expected: Relations, actual: Relations): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...names].flatMap((name) => {
    const [left, right] = [expected[name], actual[name]];
    if (!left) return [`relation ${name} is extra`];
    if (!right) return [`relation ${name} is missing`];
    const difference = compareRelation(left, right);
    return difference === undefined ? [] : [`relation ${name}: ${difference}`];
  });
}

/** Relations without what no two runs share; `at` is when they were made, milliseconds since 1970. */
export function maskRelations(relations: Relations, at: number): Relations {
  return Object.fromEntries(
    Object.entries(relations).map(([name, { rows, indexes, ...rest }]) => {
      // What changed under the mask has another place in the order.
      const masked = {
        ...(rows && { rows: rows.map((row) => maskVolatile(row, at)).sort() }),
        ...(indexes && { indexes: indexes.map((index) => index.replace(HASHED_NAME, '$1<hash>')).sort() }),
      };
      return [name, { ...rest, ...masked }];
    }),
  );
}

function compareRelation(expected: Relation, actual: Relation): string | undefined {
  for (const aspect of ['kind', 'cols', 'comment', 'indexes', 'constraints', 'n', 'rows', 'md5'] as const) {
    const left = JSON.stringify(expected[aspect] ?? null);
    const right = JSON.stringify(actual[aspect] ?? null);
    if (left !== right) return `${aspect} ${firstDifference(left, right)}`;
  }
  return undefined;
}

/** Both texts from a little before the place where they part. */
export function firstDifference(expected: string, actual: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === actual[at]) at++;
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 40), at + 80));
  return `${around(expected)} expected, got ${around(actual)}`;
}
