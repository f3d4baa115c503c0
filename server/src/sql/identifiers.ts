/** Names as Postgres has them: folded to lower case unless quoted, cut at 63 bytes. */

import { utf8Length } from './positions.ts';

/** NAMEDATALEN less its terminating zero. */
export const MAX_IDENTIFIER_BYTES = 63;

export function isTooLong(name: string): boolean {
  // No character takes more than three bytes per UTF-16 unit.
  return name.length * 3 > MAX_IDENTIFIER_BYTES && utf8Length(name) > MAX_IDENTIFIER_BYTES;
}

/** What Postgres makes of a longer name: its first 63 bytes, never half a character. */
export function truncateIdentifier(name: string): string {
  if (!isTooLong(name)) return name;
  let kept = '';
  let bytes = 0;
  for (const character of name) {
    bytes += utf8Length(character);
    if (bytes > MAX_IDENTIFIER_BYTES) break;
    kept += character;
  }
  return kept;
}

/** The name that an identifier as written stands for, cut to what the server keeps. */
export function identifierName(written: string): string {
  const isQuoted = written.startsWith('"');
  const name = isQuoted
    ? written.slice(1, written.endsWith('"') && written.length > 1 ? -1 : undefined).replaceAll('""', '"')
    : foldCase(written);
  return truncateIdentifier(name);
}

/** Postgres folds ASCII letters alone in a UTF-8 database. */
function foldCase(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
