/** SQL text to Postgres's tokens, each with its exact range. */

import type { Range } from '../base/text.ts';
import type { SqlParser } from './parser.ts';
import { positionsIn } from './positions.ts';

export interface SqlToken {
  /** The grammar's name: `IDENT`, `SCONST`, `ICONST`, `ASCII_59` for a semicolon; keywords have names of their own. */
  readonly name: string;
  /** UTF-16 offsets. */
  readonly range: Range;
  readonly isComment: boolean;
  readonly isKeyword: boolean;
}

export interface ScannedSql {
  readonly tokens: readonly SqlToken[];
  /** False when the text stops inside a string, a quoted name or a comment: then there are no tokens. */
  readonly isComplete: boolean;
}

export function scanSql(parser: SqlParser, text: string): ScannedSql {
  if (text === '') return { tokens: [], isComplete: true };
  const positions = positionsIn(text);
  try {
    const tokens = parser.scan(text).map(({ start, end, tokenName, keywordName }) => ({
      name: tokenName,
      range: { start: positions.fromByte(start), end: positions.fromByte(end) },
      isComment: tokenName === 'SQL_COMMENT' || tokenName === 'C_COMMENT',
      isKeyword: keywordName !== 'NO_KEYWORD',
    }));
    return { tokens, isComplete: true };
  } catch (error) {
    // The lexer's complaints arrive as an answer that is no JSON, without a place; parseSql says them properly.
    if (error instanceof SyntaxError || (error instanceof Error && error.message.startsWith('syntax error')))
      return { tokens: [], isComplete: false };
    throw error;
  }
}

const TOKEN = /"(?:[^"]|"")*"?|'[^'\n]*'?|[\p{L}\p{N}_$]+|\/\*|\S/uy;

/** Roughly the token that starts at an offset of a text that does not scan; empty where there is white space or nothing. */
export function tokenAt(text: string, offset: number): string {
  TOKEN.lastIndex = offset;
  return TOKEN.exec(text)?.[0] ?? '';
}
