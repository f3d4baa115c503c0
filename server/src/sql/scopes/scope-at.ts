/** What a cursor can name, in SQL that may be half typed. */

import type { Range } from '../../base/text.ts';
import { identifierName } from '../identifiers.ts';
import { parseSql } from '../parse-sql.ts';
import type { SqlParser } from '../parser.ts';
import type { Clause, Columns, Cte, RelationColumns, Scope } from './columns.ts';
import { resolveCursor } from './queries.ts';
import type { Sighting } from './resolver.ts';
import { partsOf, PLACEHOLDER, repairs, type Candidate, type Part } from './repairs.ts';
import { isName, tokensOf, withoutComments, type Token } from './tokens.ts';

export interface ScopeAt {
  /** Whether a column can stand here, or a relation. */
  readonly kind: 'column' | 'relation';
  readonly clause: Clause;
  /** The names before the cursor and its dot, as the server reads them: `['o']` behind `o.`. */
  readonly qualifier: readonly string[];
  /** The name that is being typed; empty where there is none yet. */
  readonly replace: Range;
  /** FROM items of the query and of those around it. */
  readonly scope: Scope;
  /** The CTEs in sight, the nearest first. */
  readonly ctes: readonly Cte[];
  /** What the query gives, in clauses that may name that. */
  readonly output: Columns | undefined;
  /** Ranges of items and columns belong to a text that was repaired; this is where they stand in the one given. */
  originOf(range: Range): Range | undefined;
}

/** How many repaired texts are tried before giving up. */
const MOST_TRIES = 12;

/** Undefined in comments and strings, and where neither a column nor a relation can stand. */
export function scopeAt(
  parser: SqlParser,
  sql: string,
  offset: number,
  relationColumns: RelationColumns,
): ScopeAt | undefined {
  const all = tokensOf(sql);
  if (isInText(all, offset)) return undefined;
  const tokens = withoutComments(all);
  const word = wordAt(tokens, offset);
  const replace = word ? { start: word.start, end: word.end } : { start: offset, end: offset };
  const found = sightingAt(parser, sql, tokens, replace, relationColumns);
  if (!found) return undefined;
  const { kind, clause, scope, ctes, output } = found.sighting;
  return {
    kind,
    clause,
    qualifier: qualifierBefore(tokens, replace.start),
    replace,
    scope,
    ctes,
    output,
    originOf: (range) => found.candidate.originOf(range),
  };
}

function sightingAt(
  parser: SqlParser,
  sql: string,
  tokens: readonly Token[],
  replace: Range,
  relationColumns: RelationColumns,
): { readonly sighting: Sighting; readonly candidate: Candidate } | undefined {
  const asIs = replaced(sql, replace);
  const { tree } = parseSql(parser, asIs.text);
  if (tree) {
    const sighting = resolveCursor(tree, relationColumns, PLACEHOLDER);
    return sighting && { sighting, candidate: asIs };
  }
  const parses = (candidate: Candidate): boolean => parseSql(parser, candidate.text).tree !== null;
  let tries = 0;
  for (const candidate of repairs(partsWithCursor(sql, tokens, replace), parses)) {
    if (++tries > MOST_TRIES) return undefined;
    const repaired = parseSql(parser, candidate.text).tree;
    const sighting = repaired && resolveCursor(repaired, relationColumns, PLACEHOLDER);
    if (sighting) return { sighting, candidate };
  }
  return undefined;
}

/** The text with the placeholder in the place of what is being typed. */
function replaced(sql: string, { start, end }: Range): Candidate {
  const shift = PLACEHOLDER.length - (end - start);
  return {
    text: sql.slice(0, start) + PLACEHOLDER + sql.slice(end),
    originOf: (range) => {
      if (range.end <= start) return range;
      if (range.start < start + PLACEHOLDER.length) return undefined;
      return { start: range.start - shift, end: range.end - shift };
    },
  };
}

function partsWithCursor(sql: string, tokens: readonly Token[], { start, end }: Range): readonly Part[] {
  const before = tokens.filter((token) => token.end <= start);
  const behind = tokens.filter((token) => token.start >= end);
  const cursor: Part = { text: PLACEHOLDER, kind: 'word', origin: undefined };
  return [...partsOf(before, sql), cursor, ...partsOf(behind, sql)];
}

/** Inside of a comment, a string or a number nothing is named. */
function isInText(tokens: readonly Token[], offset: number): boolean {
  return tokens.some(({ kind, start, end, isOpen, text }) => {
    if (start >= offset || offset > end) return false;
    if (kind === 'number') return true;
    if (kind !== 'comment' && kind !== 'string') return false;
    return offset < end || isOpen || text.startsWith('--');
  });
}

/** The name around the cursor; one that starts at the cursor only behind a dot. */
function wordAt(tokens: readonly Token[], offset: number): Token | undefined {
  return tokens.find((token, index) => {
    if (!isName(token) || token.start > offset || token.end < offset) return false;
    return token.start < offset || (tokens[index - 1]?.text === '.' && tokens[index - 1]?.end === offset);
  });
}

function qualifierBefore(tokens: readonly Token[], offset: number): readonly string[] {
  let at = tokens.findLastIndex(({ end }) => end <= offset);
  const names: string[] = [];
  while (tokens[at]?.text === '.') {
    const name = tokens[at - 1];
    if (!name || !isName(name)) break;
    names.unshift(identifierName(name.text));
    at -= 2;
  }
  return names;
}
