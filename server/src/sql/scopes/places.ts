/** Ranges that Postgres's tree leaves out (aliases, the parts of a qualified name), found among the text's tokens. */

import type { Range } from '../../base/text.ts';
import { identifierName } from '../identifiers.ts';
import type { SqlTree } from '../parse-sql.ts';
import { isName, tokensOf, withoutComments, type Token } from './tokens.ts';

/** The tokens of one text, with the aliases that were found so far: an inner query's must not be taken for an outer one's. */
export interface Places {
  readonly tree: SqlTree;
  readonly tokens: readonly Token[];
  readonly claimed: Set<number>;
}

export function placesIn(tree: SqlTree): Places {
  return { tree, tokens: withoutComments(tokensOf(tree.text)), claimed: new Set() };
}

const NOWHERE: Range = { start: 0, end: 0 };

/** The index of the first token that starts at or behind an offset. */
export function tokenIndex(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function offsetOf({ tree }: Places, location: number | undefined): number | undefined {
  if (location !== undefined && location < 0) return undefined;
  return tree.positions.fromByte(location ?? 0);
}

/** The ranges of `a.b.c` (or `a.*`), of as many parts as the tree has. */
export function partRanges(places: Places, location: number | undefined, count: number): readonly Range[] {
  const offset = offsetOf(places, location);
  if (offset === undefined) return Array.from({ length: count }, () => NOWHERE);
  const first = tokenIndex(places.tokens, offset);
  return Array.from({ length: count }, (_, part) => {
    const token = places.tokens[first + part * 2];
    return token ? { start: token.start, end: token.end } : NOWHERE;
  });
}

/** The alias behind a relation's name that starts at a location. */
export function relationAlias(
  places: Places,
  location: number | undefined,
  parts: number,
  alias: string,
): Range | undefined {
  const offset = offsetOf(places, location);
  if (offset === undefined) return undefined;
  let at = tokenIndex(places.tokens, offset) + parts * 2 - 1;
  if (places.tokens[at]?.text === '*') at++;
  if (places.tokens[at]?.text === 'as') at++;
  const token = places.tokens[at];
  if (!token || !names(token, alias)) return undefined;
  places.claimed.add(token.start);
  return rangeOf(token);
}

/** The alias behind something in brackets whose last known place is `after`. */
export function aliasBehind(places: Places, after: number, alias: string): Range | undefined {
  const { tokens, claimed } = places;
  for (let at = tokenIndex(tokens, after); at < tokens.length; at++) {
    const token = tokens[at];
    const before = tokens[at - 1]?.text;
    if (!token || claimed.has(token.start) || !names(token, alias)) continue;
    if (before !== ')' && before !== 'as' && before !== 'ordinality') continue;
    claimed.add(token.start);
    return rangeOf(token);
  }
  return undefined;
}

/** The names in the brackets of the first `using` behind an offset. */
export function usingRanges(places: Places, after: number): readonly Range[] {
  const { tokens } = places;
  let at = tokenIndex(tokens, after);
  while (at < tokens.length && tokens[at]?.text !== 'using') at++;
  const found: Range[] = [];
  for (at += 2; at < tokens.length; at += 2) {
    const token = tokens[at];
    if (!token || !isName(token)) break;
    found.push(rangeOf(token));
    if (tokens[at + 1]?.text !== ',') break;
  }
  return found;
}

/** From a CTE's name to its closing bracket. */
export function cteRange(places: Places, location: number | undefined): { name: Range; whole: Range } {
  const offset = offsetOf(places, location) ?? 0;
  const { tokens } = places;
  const first = tokenIndex(tokens, offset);
  const name = tokens[first] ? rangeOf(tokens[first]) : NOWHERE;
  let at = first;
  while (at < tokens.length && tokens[at]?.text !== 'as') at++;
  while (at < tokens.length && tokens[at]?.text !== '(') at++;
  const close = matching(tokens, at);
  return { name, whole: { start: name.start, end: tokens[close]?.end ?? places.tree.text.length } };
}

/** The index of the bracket that closes the one at `open`. */
export function matching(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const text = tokens[at]?.text;
    if (text === '(') depth++;
    else if (text === ')' && --depth === 0) return at;
  }
  return tokens.length;
}

/** What ends an expression of a select list, where it stands outside of brackets. */
export const CLAUSE_WORDS: ReadonlySet<string> = new Set([
  'from', 'where', 'group', 'having', 'window', 'order', 'limit', 'offset', 'fetch', 'for', 'union', 'intersect', 'except', 'into', 'returning',
]); // prettier-ignore

/** A select list's entry, alias included. */
export function targetRange(places: Places, location: number | undefined): Range {
  const start = offsetOf(places, location);
  if (start === undefined) return NOWHERE;
  const { tokens } = places;
  let end = start;
  let depth = 0;
  for (let at = tokenIndex(tokens, start); at < tokens.length; at++) {
    const token = tokens[at];
    if (!token || (depth === 0 && endsTarget(tokens, at))) break;
    if (token.text === '(' || token.text === '[') depth++;
    if (token.text === ')' || token.text === ']') depth--;
    if (depth < 0) break;
    end = token.end;
  }
  return { start, end };
}

function endsTarget(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  const before = tokens[at - 1]?.text;
  if (token?.text === ',' || token?.text === ';') return true;
  if (token?.kind !== 'word' || !CLAUSE_WORDS.has(token.text) || before === '.' || before === 'as')
    return false;
  // `is distinct from` and `within group` are no clauses.
  return (
    !(token.text === 'from' && before === 'distinct') && !(token.text === 'group' && before === 'within')
  );
}

/** The last token of a range. */
export function lastToken(places: Places, { end }: Range): Range {
  const token = places.tokens[tokenIndex(places.tokens, end) - 1];
  return token ? rangeOf(token) : NOWHERE;
}

/** The last place that a subtree says it has; 0 where it says none. */
export function lastLocation(places: Places, value: unknown): number {
  return places.tree.positions.fromByte(greatest(value));
}

function greatest(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let most = 0;
  for (const [key, child] of Object.entries(value)) {
    if (key === 'location' && typeof child === 'number') most = Math.max(most, child);
    else most = Math.max(most, greatest(child));
  }
  return most;
}

function names(token: Token, name: string): boolean {
  return isName(token) && identifierName(token.text) === name;
}

function rangeOf({ start, end }: Token): Range {
  return { start, end };
}
