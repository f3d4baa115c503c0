/** The lines of a formatted text as values: which tokens each has, and how deep it is. */

import type { LayoutToken } from './tokens.ts';

export interface Line {
  /** Indexes of tokens; both are of the line. */
  readonly first: number;
  readonly last: number;
  /** Levels of indentation. */
  readonly depth: number;
}

/** What the layout asks about each token; the two texts have the same tokens. */
export interface TokenFlow {
  readonly tokens: readonly LayoutToken[];
  /** Line breaks in front of the token in the user's text. */
  readonly breaks: readonly number[];
  /** Whether it touches the token before it in the user's text. */
  readonly touches: readonly boolean[];
  /** Blanks before it in the formatter's text. */
  readonly spaced: readonly boolean[];
  readonly widths: readonly number[];
}

/** The word in lower case; '' for what is none. */
export function wordAt({ tokens }: TokenFlow, index: number): string {
  const token = tokens[index];
  return token?.isWord === true ? token.meaning : '';
}

export function textAt({ tokens }: TokenFlow, index: number): string {
  return tokens[index]?.text ?? '';
}

const CLAUSES = new Set(
  'select from where group order having limit offset window union except intersect values with fetch for returning set on using qualify'.split(
    ' ',
  ),
);
const JOINS = new Set('join inner left right full cross natural lateral'.split(' '));
const SET_OPERATIONS = new Set(['union', 'except', 'intersect']);

export function isClause(word: string): boolean {
  return CLAUSES.has(word);
}

export function isJoin(word: string): boolean {
  return JOINS.has(word);
}

export function isSetOperation(word: string): boolean {
  return SET_OPERATIONS.has(word);
}

const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', end: 'case' };
const OPENERS = new Set(Object.values(CLOSERS));

export function isOpener(token: LayoutToken | undefined): boolean {
  return token !== undefined && OPENERS.has(token.meaning);
}

export function isCloser(token: LayoutToken | undefined): boolean {
  return token !== undefined && token.meaning in CLOSERS;
}

/** Whether every bracket and `case` in the stretch is closed in it; and whether a comma stands outside of them, but at its end. */
export function bracketsIn(
  { tokens }: TokenFlow,
  first: number,
  last: number,
): { readonly isBalanced: boolean; readonly hasCommas: boolean } {
  let depth = 0;
  let hasCommas = false;
  for (let at = first; at <= last; at++) {
    const token = tokens[at];
    if (isOpener(token)) depth++;
    else if (isCloser(token) && --depth < 0) return { isBalanced: false, hasCommas };
    else if (token?.text === ',' && depth === 0 && at < last) hasCommas = true;
  }
  return { isBalanced: depth === 0, hasCommas };
}

/** The width of a stretch of tokens on one line. */
export function widthOf(flow: TokenFlow, first: number, last: number): number {
  let width = 0;
  for (let at = first; at <= last; at++)
    width += (flow.widths[at] ?? 0) + (at > first && spaceBefore(flow, at) ? 1 : 0);
  return width;
}

/** Whether a blank stands between a token and the one before it on its line. */
export function spaceBefore({ tokens, breaks, touches, spaced }: TokenFlow, at: number): boolean {
  const token = tokens[at];
  const before = tokens[at - 1];
  if (!token || !before) return false;
  const touched = touches[at] === true;
  if (token.isComment || before.isComment) return !touched;
  // Whether a call has a blank before its arguments is not ours to say: `x (a, b)` may be a table with its columns.
  if (token.text === '(' && before.isWord && breaks[at] === 0) return !touched;
  if (touched && (isSign(tokens, at - 1) || (isOperand(before) && isOperand(token)))) return false;
  return spaced[at] === true;
}

/** Names, numbers, strings: what Jinja may make one of when nothing is between. */
function isOperand({ text }: LayoutToken): boolean {
  return /^[\p{L}\p{N}_$"'`]/u.test(text);
}

const BEFORE_SIGN = new Set(
  'select distinct and or not when then else case between in as by where on having limit return'.split(' '),
);

/** Whether a `-` or `+` belongs to what follows it alone. */
function isSign(tokens: readonly LayoutToken[], at: number): boolean {
  if (!['-', '+'].includes(tokens[at]?.text ?? '')) return false;
  const before = tokens.slice(0, at).findLast(({ isComment }) => !isComment);
  return (
    !before || (before.isWord ? BEFORE_SIGN.has(before.meaning) : /^[-+*/%<>=|&^~!([,]+$/u.test(before.text))
  );
}
