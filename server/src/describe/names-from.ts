/** The dotted name that starts at an offset: what Postgres points at when it does not know a column or a function. */

import type { Range } from '../base/text.ts';
import { identifierName } from '../sql/identifiers.ts';
import type { SqlTree } from '../sql/parse-sql.ts';
import type { SqlToken } from '../sql/scan-sql.ts';

export interface WrittenName {
  /** Folded as the server reads it. */
  readonly name: string;
  readonly range: Range;
}

/** Its parts in order; none where no name starts. */
export function namesFrom({ text, tokens }: SqlTree, offset: number): readonly WrittenName[] {
  const names: WrittenName[] = [];
  let at = tokens.findIndex(({ range }) => range.start === offset);
  while (at >= 0) {
    const token = tokens[at];
    if (!token || !isName(token)) break;
    names.push({ name: identifierName(text.slice(token.range.start, token.range.end)), range: token.range });
    const next = tokens[at + 1];
    // The scanner has no name of its own for the dot.
    if (!next || text.slice(next.range.start, next.range.end) !== '.') break;
    at += 2;
  }
  return names;
}

/** Keywords are names where the grammar lets them be. */
function isName({ name, isKeyword, isComment }: SqlToken): boolean {
  return !isComment && (isKeyword || name === 'IDENT' || name === 'UIDENT');
}
