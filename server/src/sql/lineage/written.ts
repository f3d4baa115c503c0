/** An expression as it is written: the tree says where its parts start, the tokens where it ends. */

import type { Node } from 'libpg-query';
import type { Range } from '../../base/text.ts';
import { identifierName } from '../identifiers.ts';
import type { SqlTree } from '../parse-sql.ts';
import type { SqlToken } from '../scan-sql.ts';

/** What may stand behind a selected expression or a condition, outside of brackets. */
const ENDS = new Set([
  'as', 'from', 'where', 'group', 'having', 'window', 'union', 'intersect', 'except', 'order', 'limit', 'offset', 'fetch', 'for', 'into',
  'join', 'inner', 'full', 'cross', 'natural', 'left', 'right', 'on', 'using', 'returning',
]); // prettier-ignore

interface Token {
  readonly word: string;
  readonly range: Range;
}

const tokens = new WeakMap<SqlTree, readonly Token[]>();

/** Undefined for what is not part of the text; `name` is the alias that follows the expression, if any. */
export function writtenText(tree: SqlTree, node: Node | undefined, name?: string): string | undefined {
  if (!node) return undefined;
  const byte = firstLocation(node);
  if (byte === undefined) return undefined;
  const all = tokensOf(tree);
  const range = rangeFrom(tree, all, indexAt(all, tree.positions.fromByte(byte)), name);
  return range && tree.text.slice(range.start, range.end).replace(/\s+/gu, ' ');
}

function tokensOf(tree: SqlTree): readonly Token[] {
  let known = tokens.get(tree);
  if (!known) {
    known = tree.tokens.flatMap((token) => (token.isComment ? [] : [toToken(tree, token)]));
    tokens.set(tree, known);
  }
  return known;
}

function toToken({ text }: SqlTree, { isKeyword, name, range }: SqlToken): Token {
  const isSign = name.startsWith('ASCII_');
  return { word: isKeyword || isSign ? text.slice(range.start, range.end).toLowerCase() : '', range };
}

/** The least of all the locations below. */
function firstLocation(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  let first: number | undefined;
  for (const [key, child] of Object.entries(value)) {
    const found =
      key === 'location' && typeof child === 'number' && child >= 0 ? child : firstLocation(child);
    if (found !== undefined && (first === undefined || found < first)) first = found;
  }
  return first;
}

function indexAt(all: readonly Token[], offset: number): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.range.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rangeFrom(tree: SqlTree, all: readonly Token[], from: number, name?: string): Range | undefined {
  let first = from;
  let last = from - 1;
  let depth = 0;
  for (let at = from; at < all.length; at += 1) {
    const word = all[at]?.word ?? '';
    if (word === '(' || word === '[') depth += 1;
    else if (word === ')' || word === ']') {
      // What the expression stands in may be brackets of its own: `(a + b) * c` starts before `a`.
      if (depth > 0) depth -= 1;
      else if (word === ')' && all[first - 1]?.word === '(') first -= 1;
      else break;
    } else if (depth === 0 && (word === ',' || word === ';' || isEnd(all, at))) break;
    last = at;
  }
  if (name !== undefined && last > first && isAlias(tree, all[last - 1], all[last], name)) last -= 1;
  const start = all[first]?.range.start;
  const end = all[last]?.range.end;
  return start === undefined || end === undefined || last < first ? undefined : { start, end };
}

/** `is distinct from`, `within group` and the functions left and right are parts of expressions. */
function isEnd(all: readonly Token[], at: number): boolean {
  const word = all[at]?.word ?? '';
  if (!ENDS.has(word)) return false;
  const before = all[at - 1]?.word;
  if (word === 'from') return before !== 'distinct';
  if (word === 'group') return before !== 'within';
  return (word !== 'left' && word !== 'right') || all[at + 1]?.word !== '(';
}

/** An alias without AS; `o.amount` and `x::date` end in names that are none. */
function isAlias(tree: SqlTree, before: Token | undefined, last: Token | undefined, name: string): boolean {
  if (!before || !last) return false;
  const written = (token: Token): string => tree.text.slice(token.range.start, token.range.end);
  return identifierName(written(last)) === name && !['.', '::'].includes(written(before));
}
