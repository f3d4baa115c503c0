/** A function call as it is written, from its name to its closing bracket. */

import type { Node } from 'libpg-query';
import type { Range } from '../base/text.ts';
import type { SqlTree } from './parse-sql.ts';
import type { SqlToken } from './scan-sql.ts';

/** With its WITHIN GROUP, FILTER and OVER. Empty at the text's start where the call is not part of the text. */
export function callRange(tree: SqlTree, node: Node): Range {
  const location = 'FuncCall' in node ? (node.FuncCall.location ?? 0) : -1;
  if (location < 0) return { start: 0, end: 0 };
  const start = tree.positions.fromByte(location);
  const tokens = tree.tokens.filter((token) => !token.isComment && token.range.start >= start);
  let at = closing(tokens, 0);
  for (;;) {
    const word = tokens[at + 1];
    const next = word?.isKeyword === true ? TAILS[wordOf(tree, word)] : undefined;
    if (next === undefined) break;
    const name = tokens[at + 1 + next];
    // `over w` has no brackets.
    at = name?.name === 'ASCII_40' ? closing(tokens, at + 1) : at + 1 + next;
  }
  return { start, end: tokens[at]?.range.end ?? start };
}

/** How many words stand before the bracket. */
const TAILS: Readonly<Record<string, number | undefined>> = { filter: 1, over: 1, within: 2 };

function wordOf(tree: SqlTree, { range }: SqlToken): string {
  return tree.text.slice(range.start, range.end).toLowerCase();
}

/** The index of the bracket that closes the first one from a token on. */
function closing(tokens: readonly SqlToken[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    if (tokens[at]?.name === 'ASCII_40') depth++;
    if (tokens[at]?.name === 'ASCII_41' && --depth === 0) return at;
  }
  return from;
}
