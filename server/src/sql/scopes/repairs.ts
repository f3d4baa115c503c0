/** Texts close to one that does not parse, each with a name where the cursor is: what its author may be about to write. */

import type { Range } from '../../base/text.ts';
import { firstPart, innermostSelect, splitCtes, startsQuery, type CtePiece } from './pieces.ts';
import { CLAUSE_WORDS } from './places.ts';
import type { Token } from './tokens.ts';

/** A token of the text, or one put in (which has no origin). */
export interface Part {
  readonly text: string;
  readonly kind: Token['kind'];
  readonly origin: number | undefined;
}

export interface Candidate {
  readonly text: string;
  /** Where a range of it stands in the text it was made from. */
  originOf(range: Range): Range | undefined;
}

export const PLACEHOLDER = 'grainline_cursor';
const UNKNOWN_RELATION = 'grainline_unknown';

export function partsOf(tokens: readonly Token[], text: string): Part[] {
  return tokens.map(({ start, end, kind, isOpen }) => ({
    text: closed(text.slice(start, end), kind, isOpen),
    kind,
    origin: start,
  }));
}

function closed(text: string, kind: Token['kind'], isOpen: boolean): string {
  if (!isOpen) return text;
  if (kind === 'quoted') return text.endsWith('"') && text.length > 1 ? text : `${text}"`;
  // Whatever was written of it, a string is a string.
  return kind === 'string' ? "''" : text;
}

export function put(text: string): Part[] {
  return text.split(' ').map((word) => ({ text: word, kind: 'word', origin: undefined }));
}

export function candidateOf(parts: readonly Part[]): Candidate {
  const starts: number[] = [];
  let text = '';
  parts.forEach((part, index) => {
    starts.push(text.length);
    const { origin } = part;
    const isJoined = origin !== undefined && parts[index + 1]?.origin === origin + part.text.length;
    // The signs of an operator stay together.
    text += isJoined ? part.text : `${part.text} `;
  });
  return {
    text,
    originOf({ start, end }) {
      const first = starts.findIndex(
        (at, index) => at <= start && start < at + (parts[index]?.text.length ?? 0),
      );
      const last = starts.findLastIndex((at) => at < end);
      const from = parts[first]?.origin;
      const to = parts[last]?.origin;
      if (from === undefined || to === undefined) return undefined;
      return { start: from + start - (starts[first] ?? 0), end: to + end - (starts[last] ?? 0) };
    },
  };
}

export function isPlaceholder({ text }: Part): boolean {
  return text === PLACEHOLDER;
}

/** What is most often unfinished: commas before nothing, dots after nothing, open brackets, WITH without its query. */
export function tidied(parts: readonly Part[]): readonly Part[] {
  const kept: Part[] = [];
  parts.forEach((part, index) => {
    const next = parts[index + 1];
    if (part.text === ',' && isEndOfList(next)) return;
    if (next?.text === ',' && part.text === ',') return;
    kept.push(part);
    if (part.text === '.' && (next === undefined || isEndOfName(next))) kept.push(...put('x'));
  });
  return withQuery(balanced(kept));
}

function isEndOfList(part: Part | undefined): boolean {
  return part === undefined || part.text === ')' || part.text === ';' || isClause(part);
}

function isEndOfName(part: Part): boolean {
  return part.kind !== 'quoted' && part.text !== '*' && (part.kind !== 'word' || isClause(part));
}

export function isClause({ text, kind }: Part): boolean {
  return kind === 'word' && (CLAUSE_WORDS.has(text.toLowerCase()) || text.toLowerCase() === 'select');
}

/** Brackets that nothing opens are dropped, those that nothing closes are closed at the end. */
export function balanced(parts: readonly Part[]): readonly Part[] {
  let depth = 0;
  const kept = parts.filter(({ text }) => {
    if (text === '(') depth++;
    if (text === ')') {
      if (depth === 0) return false;
      depth--;
    }
    return true;
  });
  return [...kept, ...Array.from({ length: depth }, () => put(')')).flat()];
}

/** `with a as (…)` and no query behind it. */
function withQuery(parts: readonly Part[]): readonly Part[] {
  const { ctes, body } = splitCtes(parts);
  return ctes.length > 0 && body.length === 0 ? [...parts, ...put('select 1')] : parts;
}

/** The brackets that are open at the cursor are closed right behind it. */
function closedAtCursor(parts: readonly Part[]): readonly Part[] {
  const at = parts.findIndex(isPlaceholder);
  const { open } = innermostSelect(parts, at);
  const closing = Array.from({ length: open }, () => put(')')).flat();
  return balanced([...parts.slice(0, at + 1), ...closing, ...parts.slice(at + 1)]);
}

/** What stands between the cursor and the next clause is left out. */
function cutBehindCursor(parts: readonly Part[]): readonly Part[] {
  const at = parts.findIndex(isPlaceholder);
  const { open } = innermostSelect(parts, at);
  const rest = parts.slice(at + 1);
  const next = rest.findIndex((part) => isClause(part));
  const closing = Array.from({ length: open }, () => put(')')).flat();
  return balanced([...parts.slice(0, at + 1), ...closing, ...(next < 0 ? [] : rest.slice(next))]);
}

/** Of the query around the cursor no more than what it reads. */
function* reduced(parts: readonly Part[]): Generator<readonly Part[]> {
  const at = parts.findIndex(isPlaceholder);
  const { from, selectAt } = innermostSelect(parts, at);
  if (selectAt === undefined) return;
  if (from && at > from.start && at < from.end) {
    yield balanced([...put('select 1'), ...parts.slice(from.start, at + 1)]);
    const on = parts.findLastIndex(({ text }, index) => index < at && text.toLowerCase() === 'on');
    if (on > from.start)
      yield balanced([...put('select 1'), ...parts.slice(from.start, on + 1), ...qualified(parts, at)]);
    return;
  }
  if (!from) {
    yield [...put('select'), ...qualified(parts, at)];
    return;
  }
  const read = parts.slice(from.start, from.end);
  yield tidied([...put('select'), ...qualified(parts, at), ...read]);
  // Joins are taken away from the end until the rest is whole.
  let end = read.length;
  for (let tries = 0; tries < 3 && end > 1; tries++) {
    end = read.findLastIndex(
      ({ text }, index) => index < end && (text.toLowerCase() === 'join' || text === ','),
    );
    if (end <= 1) return;
    const words = ['left', 'right', 'full', 'inner', 'cross', 'outer', 'natural'];
    while (words.includes(read[end - 1]?.text.toLowerCase() ?? '')) end--;
    yield tidied([...put('select'), ...qualified(parts, at), ...read.slice(0, end)]);
  }
}

/** The placeholder with the qualifier before it. */
function qualified(parts: readonly Part[], at: number): readonly Part[] {
  let start = at;
  while (parts[start - 1]?.text === '.' && parts[start - 2]) start -= 2;
  return parts.slice(start, at + 1);
}

/** The likeliest first; `parses` tells whether a query is whole. */
export function* repairs(
  parts: readonly Part[],
  parses: (candidate: Candidate) => boolean,
): Generator<Candidate> {
  const own = ownStatement(parts);
  yield candidateOf(tidied(own));
  const { prelude, body } = isolated(own);
  const before = prelude.length > 0 ? wholePrelude(prelude, parses) : [];
  const inside = function* (): Generator<readonly Part[]> {
    if (prelude.length > 0) yield tidied(body);
    yield tidied(closedAtCursor(body));
    yield tidied(cutBehindCursor(body));
    yield* reduced(body);
  };
  for (const query of inside()) yield candidateOf([...before, ...query]);
}

function ownStatement(parts: readonly Part[]): readonly Part[] {
  const at = parts.findIndex(isPlaceholder);
  const start = parts.findLastIndex(({ text }, index) => index < at && text === ';') + 1;
  const end = parts.findIndex(({ text }, index) => index > at && text === ';');
  return parts.slice(start, end < 0 ? parts.length : end);
}

/** The query that the cursor is in, without its WITH, and the CTEs before it, however deep. */
function isolated(parts: readonly Part[]): { prelude: readonly CtePiece[]; body: readonly Part[] } {
  const prelude: CtePiece[] = [];
  let body = parts;
  for (let depth = 0; depth < 8; depth++) {
    const { isRecursive, ctes, body: main } = splitCtes(body);
    if (ctes.length === 0) break;
    const inside = ctes.findIndex((cte) => cte.body.some(isPlaceholder));
    const own = ctes[inside];
    prelude.push(...(own ? ctes.slice(0, inside) : ctes));
    body = own ? own.body : main;
    // Behind its UNION, a recursive CTE reads what it starts from.
    const first = own && isRecursive ? firstPart(own) : undefined;
    if (first && !first.body.some(isPlaceholder)) prelude.push(first);
  }
  return { prelude, body: body === parts || startsQuery(body) ? body : [...put('select'), ...body] };
}

/** CTEs that do not parse stay, with columns that nobody knows. */
function wholePrelude(ctes: readonly CtePiece[], parses: (candidate: Candidate) => boolean): readonly Part[] {
  const assemble = (bodies: readonly (readonly Part[])[]): readonly Part[] => [
    ...put('with recursive'),
    ...ctes.flatMap((cte, index) => [
      ...(index > 0 ? put(',') : []),
      ...cte.head,
      ...put('as ('),
      ...(bodies[index] ?? []),
      ...put(')'),
    ]),
  ];
  const all = assemble(ctes.map(({ body }) => body));
  if (parses(candidateOf([...all, ...put('select 1')]))) return all;
  return assemble(
    ctes.map(({ body }) => {
      const tidy = tidied(body);
      return parses(candidateOf(tidy)) ? tidy : put(`select * from ${UNKNOWN_RELATION}`);
    }),
  );
}
