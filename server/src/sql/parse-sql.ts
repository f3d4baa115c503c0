/** SQL text to Postgres's tree, or to what Postgres says is wrong with it and where. */

import type { Node, ParseResult, RawStmt } from 'libpg-query';
import type { Range } from '../base/text.ts';
import { tokenAt, scanSql, type SqlToken } from './scan-sql.ts';
import type { SqlParser } from './parser.ts';
import { positionsIn, type Positions } from './positions.ts';

/** What the parser refuses; ranges are UTF-16 offsets into the text. */
export interface SqlDiagnostic {
  /** Postgres's sentence, such as `syntax error at or near "from"`. */
  readonly message: string;
  /** The offending token; empty, at the end of the last token, where something is missing there. */
  readonly range: Range;
}

export interface SqlTree {
  readonly text: string;
  readonly statements: readonly SqlStatement[];
  readonly tokens: readonly SqlToken[];
  /** Turns the tree's `location`s, which are bytes, into offsets. */
  readonly positions: Positions;
}

export interface SqlStatement {
  readonly node: Node;
  /** From its first token to its last; semicolons and surrounding comments are outside. */
  readonly range: Range;
}

/** Exactly one of the two holds something: Postgres's parser gives no tree for a broken text. */
export interface ParsedSql {
  readonly tree: SqlTree | null;
  readonly diagnostics: readonly SqlDiagnostic[];
}

export function parseSql(parser: SqlParser, text: string): ParsedSql {
  const positions = positionsIn(text);
  const nul = text.indexOf('\0');
  if (nul >= 0) return refused('a NUL character cannot stand in SQL', { start: nul, end: nul + 1 });
  // The parser refuses to be given nothing at all; to Postgres it is a text of no statements.
  if (text === '') return { tree: { text, statements: [], tokens: [], positions }, diagnostics: [] };
  try {
    return { tree: treeOf(parser, text, parser.parse(text), positions), diagnostics: [] };
  } catch (error) {
    const fault = parserFault(error);
    if (!fault) throw error;
    return refused(fault.message, rangeOf(parser, text, fault, positions));
  }
}

function refused(message: string, range: Range): ParsedSql {
  return { tree: null, diagnostics: [{ message, range }] };
}

interface ParserFault {
  readonly message: string;
  /** In code points from the start of the text. */
  readonly position: number;
}

/** The parser's own error class cannot be named without loading it; its details tell it. */
function parserFault(error: unknown): ParserFault | undefined {
  if (!(error instanceof Error) || !('sqlDetails' in error)) return undefined;
  const { sqlDetails } = error;
  if (typeof sqlDetails !== 'object' || sqlDetails === null || !('cursorPosition' in sqlDetails))
    return undefined;
  return { message: error.message, position: Number(sqlDetails.cursorPosition) };
}

function rangeOf(
  parser: SqlParser,
  text: string,
  { message, position }: ParserFault,
  positions: Positions,
): Range {
  if (message.endsWith('at end of input')) {
    const end = scanSql(parser, text).tokens.findLast((token) => !token.isComment)?.range.end ?? 0;
    return { start: end, end };
  }
  const start = positions.fromCodePoint(position);
  return { start, end: start + tokenAt(text, start).length };
}

function treeOf(parser: SqlParser, text: string, result: ParseResult, positions: Positions): SqlTree {
  const raw = result.stmts ?? [];
  const { tokens } = scanSql(parser, text);
  return {
    text,
    positions,
    tokens,
    statements: raw.flatMap((statement) => statementOf(statement, text, positions, tokens)),
  };
}

function statementOf(
  { stmt, stmt_location: location = 0, stmt_len: length = 0 }: RawStmt,
  text: string,
  positions: Positions,
  tokens: readonly SqlToken[],
): SqlStatement[] {
  if (!stmt) return [];
  const from = positions.fromByte(location);
  // A length of 0 means: to the end.
  const to = length === 0 ? text.length : positions.fromByte(location + length);
  const own = tokens.filter(
    ({ range, isComment, name }) =>
      range.start >= from && range.end <= to && !isComment && name !== 'ASCII_59',
  );
  const start = own[0]?.range.start ?? from;
  return [{ node: stmt, range: { start, end: own.at(-1)?.range.end ?? start } }];
}
