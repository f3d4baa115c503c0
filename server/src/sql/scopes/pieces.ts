/** The pieces of a query that may not parse: its CTEs and its own part, told apart by brackets and by what CTEs look like. */

import { CLAUSE_WORDS } from './places.ts';
import type { Part } from './repairs.ts';

export interface CtePiece {
  /** Its name and column list. */
  readonly head: readonly Part[];
  readonly body: readonly Part[];
}

export interface Pieces {
  readonly ctes: readonly CtePiece[];
  /** The query behind the CTEs. */
  readonly body: readonly Part[];
}

const QUERY_STARTS = new Set(['select', 'with', 'values', 'table', '(']);

export function splitCtes(parts: readonly Part[]): Pieces {
  let at = word(parts, 0) === 'with' ? 1 : 0;
  if (at === 0) return { ctes: [], body: parts };
  if (word(parts, at) === 'recursive') at++;
  const ctes: CtePiece[] = [];
  for (;;) {
    const open = openingOf(parts, at);
    if (open === undefined) return { ctes, body: parts.slice(at) };
    const end = endOf(parts, open);
    const headEnd = parts.findIndex((_, index) => index >= at && word(parts, index) === 'as');
    ctes.push({ head: parts.slice(at, headEnd), body: parts.slice(open + 1, end.body) });
    at = end.next;
    if (!end.isFollowed) return { ctes, body: parts.slice(at) };
  }
}

function word(parts: readonly Part[], at: number): string {
  return parts[at]?.text.toLowerCase() ?? '';
}

/** Where `name [(columns)] as [[not] materialized] (` opens, if that stands here. */
function openingOf(parts: readonly Part[], start: number): number | undefined {
  const kind = parts[start]?.kind;
  if (kind !== 'word' && kind !== 'quoted') return undefined;
  let at = start + 1;
  if (word(parts, at) === '(') {
    while (at < parts.length && word(parts, at) !== ')') at++;
    at++;
  }
  if (word(parts, at) !== 'as') return undefined;
  at++;
  if (word(parts, at) === 'not') at++;
  if (word(parts, at) === 'materialized') at++;
  return word(parts, at) === '(' ? at : undefined;
}

/** Whether `, name as (select` stands here: nothing but another CTE looks so, whatever brackets are open. */
function isNextCte(parts: readonly Part[], at: number): boolean {
  if (word(parts, at) !== ',') return false;
  const open = openingOf(parts, at + 1);
  return open !== undefined && QUERY_STARTS.has(word(parts, open + 1));
}

interface CteEnd {
  /** The body is what stands before. */
  readonly body: number;
  readonly next: number;
  /** Whether another CTE comes next. */
  readonly isFollowed: boolean;
}

function endOf(parts: readonly Part[], open: number): CteEnd {
  let depth = 0;
  for (let at = open; at < parts.length; at++) {
    const text = word(parts, at);
    if (text === '(') depth++;
    if (text !== ')' || --depth > 0) continue;
    if (word(parts, at + 1) === ',') return { body: at, next: at + 2, isFollowed: true };
    // Behind its bracket stands the query, or the rest of a body whose bracket came too early.
    const next = nextCte(parts, at + 1);
    if (next === undefined || QUERY_STARTS.has(word(parts, at + 1)))
      return { body: at, next: at + 1, isFollowed: false };
    return { body: next, next: next + 1, isFollowed: true };
  }
  const next = nextCte(parts, open + 1);
  if (next === undefined) return { body: parts.length, next: parts.length, isFollowed: false };
  return { body: next, next: next + 1, isFollowed: true };
}

function nextCte(parts: readonly Part[], from: number): number | undefined {
  for (let at = from; at < parts.length; at++) if (isNextCte(parts, at)) return at;
  return undefined;
}

export interface SelectPiece {
  readonly selectAt: number | undefined;
  /** FROM and what it lists: indexes into the parts. */
  readonly from: { readonly start: number; readonly end: number } | undefined;
  /** How many brackets are open between its SELECT and the cursor. */
  readonly open: number;
}

/** The innermost SELECT that the part at `cursor` stands in, as far as brackets tell. */
export function innermostSelect(parts: readonly Part[], cursor: number): SelectPiece {
  let depth = 0;
  let open = 0;
  for (let at = cursor - 1; at >= 0; at--) {
    const text = word(parts, at);
    if (text === ')') depth++;
    if (text === '(') {
      if (depth > 0) depth--;
      else open++;
    }
    if (text === 'select' && depth === 0)
      return { selectAt: at, from: fromOf(parts, at, cursor, open), open };
  }
  return { selectAt: undefined, from: undefined, open };
}

function fromOf(parts: readonly Part[], selectAt: number, cursor: number, open: number): SelectPiece['from'] {
  const before = fromAt(parts, selectAt + 1, cursor, 0);
  // Behind the cursor, the brackets that are open there may close, or be forgotten.
  const start =
    before ?? fromAt(parts, cursor, parts.length, -open) ?? fromAt(parts, cursor, parts.length, 0);
  if (start === undefined) return undefined;
  let depth = 0;
  for (let at = start + 1; at < parts.length; at++) {
    const text = word(parts, at);
    if (text === '(') depth++;
    if (text === ')' && --depth < 0) return { start, end: at };
    const isEnd = CLAUSE_WORDS.has(text) || text === 'select' || text === ';';
    if (depth === 0 && isEnd && parts[at]?.kind !== 'quoted') return { start, end: at };
  }
  return { start, end: parts.length };
}

/** The first FROM at a depth of brackets, counted from `start`. */
function fromAt(parts: readonly Part[], start: number, end: number, wanted: number): number | undefined {
  let depth = 0;
  for (let at = start; at < end; at++) {
    const text = word(parts, at);
    if (text === '(') depth++;
    if (text === ')') depth--;
    if (text === 'from' && depth === wanted && word(parts, at - 1) !== 'distinct') return at;
    if (depth < wanted) return undefined;
  }
  return undefined;
}
