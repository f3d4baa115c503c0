/** Masked SQL as the sequence of its tokens, to see whether two texts say the same. */

import type { SqlParser } from '../../sql/parser.ts';
import { scanSql } from '../../sql/scan-sql.ts';

export interface LayoutToken {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly isComment: boolean;
  /** A name or a keyword without quotes. */
  readonly isWord: boolean;
  /** Equal for tokens that mean the same. */
  readonly meaning: string;
}

const QUOTED = new Set(['SCONST', 'USCONST', 'BCONST', 'XCONST', 'UIDENT']);

/** undefined where the text ends inside a string or a comment, or has what is no token of Postgres. */
export function tokensOf(parser: SqlParser, text: string): readonly LayoutToken[] | undefined {
  const { tokens, isComplete } = scanSql(parser, text);
  if (!isComplete) return undefined;
  return tokens.map(({ name, range, isComment, isKeyword }) => {
    const written = text.slice(range.start, range.end);
    const isWord = isKeyword || (name === 'IDENT' && !written.startsWith('"'));
    const exact = QUOTED.has(name) || (name === 'IDENT' && !isWord);
    const meaning = isComment ? plainComment(written) : exact ? written : lowered(written);
    return { text: written, start: range.start, end: range.end, isComment, isWord, meaning };
  });
}

/** Indentation inside a comment is no part of what it says. */
function plainComment(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
}

/** Postgres folds these letters and no others. */
function lowered(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** A comma and the comments behind it may change places: which line a comma ends or begins is a matter of style. */
export function isSameSequence(
  a: readonly LayoutToken[],
  b: readonly LayoutToken[],
  mayPass: (comment: string) => boolean,
): boolean {
  if (a.length !== b.length) return false;
  const other = normalised(b, mayPass);
  return normalised(a, mayPass).every((meaning, index) => meaning === other[index]);
}

function normalised(tokens: readonly LayoutToken[], mayPass: (comment: string) => boolean): string[] {
  const result: string[] = [];
  let held = 0;
  for (const { meaning, isComment } of tokens) {
    if (meaning === ',') {
      held++;
      continue;
    }
    if (!(isComment && mayPass(meaning))) {
      result.push(...Array.from({ length: held }, () => ','));
      held = 0;
    }
    result.push(meaning);
  }
  return [...result, ...Array.from({ length: held }, () => ',')];
}
