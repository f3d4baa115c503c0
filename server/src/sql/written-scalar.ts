/** An expression as it is written: from its first token to its last. */

import type { Node } from 'libpg-query';
import type { Range } from '../base/text.ts';
import type { SqlTree } from './parse-sql.ts';
import type { SqlToken } from './scan-sql.ts';

/** Brackets that open in it are closed in it. Empty at the text's start where it is not part of the text. */
export function writtenRange(tree: SqlTree, node: Node): Range {
  const locations = locationsIn(node).map((byte) => tree.positions.fromByte(byte));
  if (locations.length === 0) return { start: 0, end: 0 };
  const start = Math.min(...locations);
  const last = Math.max(...locations);
  let depth = 0;
  let end = start;
  let before = '';
  for (const token of tree.tokens) {
    if (token.isComment || token.range.start < start) continue;
    const word = wordOf(tree, token);
    if (CLOSING.has(word) && --depth < 0) break;
    if (depth === 0 && token.range.start > last && !isContinued(word, before)) break;
    if (OPENING.has(word)) depth++;
    end = token.range.end;
    before = word;
  }
  return { start, end };
}

/** Folded, as keywords are compared. */
export function wordOf(tree: SqlTree, { range }: SqlToken): string {
  return tree.text.slice(range.start, range.end).toLowerCase();
}

const OPENING = new Set(['(', '[']);
const CLOSING = new Set([')', ']']);
const IS_WORDS = new Set(['is', 'not', 'null', 'true', 'false', 'unknown', 'end']);

/** A qualified name goes on, a call has its brackets, and `is not null` its words. */
function isContinued(word: string, before: string): boolean {
  return word === '.' || before === '.' || OPENING.has(word) || CLOSING.has(word) || IS_WORDS.has(word);
}

function locationsIn(value: unknown): readonly number[] {
  if (Array.isArray(value)) return value.flatMap(locationsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]): readonly number[] => {
    if (key === 'location') return typeof child === 'number' && child >= 0 ? [child] : [];
    return locationsIn(child);
  });
}
