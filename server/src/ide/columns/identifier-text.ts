/** A name as it is written in SQL: quoted where the server would read it otherwise. */

import { quoteIdentifier } from '../../sql/identifiers.ts';
import type { SqlParser } from '../../sql/parser.ts';

const PLAIN = /^[a-z_][a-z0-9_$]*$/u;

const keywords = new WeakMap<SqlParser, Map<string, boolean>>();

/** Behind a dot every word is a name; alone, the grammar keeps some for itself. */
export function identifierText(parser: SqlParser, name: string, where: 'alone' | 'behind a dot'): string {
  if (!PLAIN.test(name)) return quoteIdentifier(name);
  return where === 'alone' && isReserved(parser, name) ? quoteIdentifier(name) : name;
}

function isReserved(parser: SqlParser, name: string): boolean {
  let known = keywords.get(parser);
  if (!known) keywords.set(parser, (known = new Map<string, boolean>()));
  let reserved = known.get(name);
  if (reserved === undefined) {
    const kind = parser.scan(name)[0]?.keywordName;
    reserved = kind === 'RESERVED_KEYWORD' || kind === 'TYPE_FUNC_NAME_KEYWORD';
    known.set(name, reserved);
  }
  return reserved;
}
