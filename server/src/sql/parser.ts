/** Postgres's own parser, compiled to WebAssembly: loaded once, when somebody first needs it. */

import type { ParseResult } from 'libpg-query';

/** A token with its range in UTF-8 bytes. */
export interface ScannedToken {
  readonly start: number;
  readonly end: number;
  /** The grammar's name: `IDENT`, `SCONST`, `SQL_COMMENT`, `ASCII_59`. */
  readonly tokenName: string;
  /** `NO_KEYWORD`, `RESERVED_KEYWORD`, `UNRESERVED_KEYWORD`, … */
  readonly keywordName: string;
}

/** Both functions throw what Postgres says of a broken text; offsets inside are Postgres's. Use parseSql and scanSql. */
export interface SqlParser {
  parse(text: string): ParseResult;
  scan(text: string): readonly ScannedToken[];
}

let loading: Promise<SqlParser> | undefined;

/** The same parser each time. Importing the module already starts the compilation, hence the import here and not above. */
export function loadSqlParser(): Promise<SqlParser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<SqlParser> {
  const { loadModule, parseSync, scanSync } = await import('libpg-query');
  await loadModule();
  return { parse: parseSync, scan: (text) => scanSync(text).tokens };
}
