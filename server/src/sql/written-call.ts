/** A function call as it is written, from its name to its closing bracket. */

import type { Node } from 'libpg-query';
import type { Range } from '../base/text.ts';
import type { SqlTree } from './parse-sql.ts';

/** Empty at the text's start where the call is not part of the text. */
export function callRange(tree: SqlTree, node: Node): Range {
  const location = 'FuncCall' in node ? (node.FuncCall.location ?? 0) : -1;
  if (location < 0) return { start: 0, end: 0 };
  const start = tree.positions.fromByte(location);
  let depth = 0;
  for (const { name, range } of tree.tokens) {
    if (range.start < start) continue;
    if (name === 'ASCII_40') depth++;
    if (name === 'ASCII_41' && --depth === 0) return { start, end: range.end };
  }
  return { start, end: start };
}
