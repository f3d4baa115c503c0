/** The pieces of a query that may not parse: its CTEs and its own part, told apart by brackets and by what CTEs look like. */

import { CLAUSE_WORDS } from './places.ts';
import type { Part } from './repairs.ts';

export interface CtePiece {
  /** Its name and column list. */
  readonly head: readonly Part[];
  readonly body: readonly Part[];
}

export interface Pieces {
  readonly isRecursive: boolean;
  readonly ctes: readonly CtePiece[];
  /** The query behind the CTEs. */
  readonly body: readonly Part[];
}

const QUERY_STARTS = new Set(['select', 'with', 'values', 'table', '(']);

export function splitCtes(parts: readonly Part[]): Pieces {
  let at = word(parts, 0) === 'with' ? 1 : 0;
  if (at === 0) return { isRecursive: false, ctes: [], body: parts };
  const isRecursive = word(parts, at) === 'recursive';
  if (isRecursive) at++;
  const ctes: CtePiece[] = [];
  for (;;) {
    const open = openingOf(parts, at);
    if (open === undefined) return { isRecursive, ctes, body: parts.slice(at) };
    const end = endOf(parts, open);
    const headEnd = parts.findIndex((_, index) => index >= at && word(parts, index) === 'as');
    ctes.push({ head: parts.slice(at, headEnd), body: parts.slice(open + 1, end.body) });
    at = end.next;
    if (!end.isFollowed) return { isRecursive, ctes, body: parts.slice(at) };
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
    if (word(parts, at + 1) === ',' && openingOf(parts, at + 2) !== undefined)
      return { body: at, next: at + 2, isFollowed: true };
    if (at + 1 === parts.length || QUERY_STARTS.has(word(parts, at + 1)))
      return { body: at, next: at + 1, isFollowed: false };
    // A bracket that came too early: the rest of the body stands behind it.
    return looseEnd(parts, at + 1) ?? { body: at, next: at + 1, isFollowed: false };
  }
  return looseEnd(parts, open + 1) ?? { body: parts.length, next: parts.length, isFollowed: false };
}

/** Where the brackets do not say it: before the next CTE, or before the query behind the last one. */
function looseEnd(parts: readonly Part[], from: number): CteEnd | undefined {
  const next = nextCte(parts, from);
  if (next !== undefined) return { body: next, next: next + 1, isFollowed: true };
  for (let at = from; at < parts.length; at++) {
    if (word(parts, at) === ')' && word(parts, at + 1) === 'select')
      return { body: at, next: at + 1, isFollowed: false };
  }
  return undefined;
}

function nextCte(parts: readonly Part[], from: number): number | undefined {
  for (let at = from; at < parts.length; at++) if (isNextCte(parts, at)) return at;
  return undefined;
}

/** The part of a recursive CTE that it starts from: what stands before its UNION. */
export function firstPart({ head, body }: CtePiece): CtePiece | undefined {
  let depth = 0;
  for (let at = 0; at < body.length; at++) {
    const text = word(body, at);
    if (text === '(') depth++;
    if (text === ')') depth--;
    if (text === 'union' && depth === 0) return { head, body: body.slice(0, at) };
  }
  return undefined;
}

/** Whether a query can begin as these parts do. */
export function startsQuery(parts: readonly Part[]): boolean {
  return QUERY_STARTS.has(word(parts, 0));
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

/** In brackets of these, FROM is a part of the call. */
const CALLS_WITH_FROM = new Set(['extract', 'substring', 'trim', 'overlay']);

/** The first FROM that no bracket opened behind `start` encloses, and at most as many closed as `lowest` says. */
function fromAt(parts: readonly Part[], start: number, end: number, lowest: number): number | undefined {
  let depth = 0;
  let call = lowest < 0 ? enclosingCall(parts, start) : '';
  for (let at = start; at < end; at++) {
    const text = word(parts, at);
    if (text === '(') depth++;
    if (text === ')') {
      depth--;
      if (depth < 0) call = '';
    }
    if (depth < lowest) return undefined;
    const isClause = text === 'from' && depth <= 0 && word(parts, at - 1) !== 'distinct';
    if (isClause && !CALLS_WITH_FROM.has(call)) return at;
    if (isClause) call = '';
  }
  return undefined;
}

/** The function whose brackets an index stands in. */
function enclosingCall(parts: readonly Part[], start: number): string {
  let depth = 0;
  for (let at = start - 1; at >= 0; at--) {
    const text = word(parts, at);
    if (text === ')') depth++;
    if (text === '(' && depth-- === 0) return word(parts, at - 1);
  }
  return '';
}
