/** A lexer for SQL that is being typed: any text has tokens, those never closed too. */

export type TokenKind = 'word' | 'quoted' | 'number' | 'string' | 'comment' | 'symbol';

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** As it stands; a word in lower case. */
  readonly text: string;
  /** Whether it goes on to the end because nothing closes it. */
  readonly isOpen: boolean;
}

const SPACE = /[ \t\n\r\f\v]+/uy;
const LINE_COMMENT = /--[^\n\r]*/uy;
const WORD = /[\p{L}_\u{80}-\u{10ffff}][\p{L}\p{N}_$\u{80}-\u{10ffff}]*/uy;
const NUMBER = /(?:\d[\d_]*(?:\.\d[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d+)?/uy;
const QUOTED = /(?:[uU]&)?"(?:[^"]|"")*("?)/uy;
const STRING = /(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*('?)/uy;
const ESCAPE_STRING = /[eE]'(?:[^'\\]|''|\\[\s\S])*('?)/uy;
const DOLLAR_TAG = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const COMMENT_EDGE = /\/\*|\*\//gu;

/** In a text whose last string is never closed, strings are taken to end with their line: whoever types has not come to the end yet. */
export function tokensOf(text: string): readonly Token[] {
  const tokens = read(text, 'whole');
  const last = tokens.at(-1);
  return last?.kind === 'string' && last.isOpen ? read(text, 'in a line') : tokens;
}

export function withoutComments(tokens: readonly Token[]): readonly Token[] {
  return tokens.filter(({ kind }) => kind !== 'comment');
}

function read(text: string, strings: 'whole' | 'in a line'): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = match(SPACE, text, at);
    if (space) {
      at += space[0].length;
      continue;
    }
    const token = tokenAt(text, at, strings);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function tokenAt(text: string, start: number, strings: 'whole' | 'in a line'): Token {
  const make = (kind: TokenKind, length: number, isOpen: boolean): Token => {
    const own = text.slice(start, start + length);
    return { kind, start, end: start + length, text: kind === 'word' ? own.toLowerCase() : own, isOpen };
  };
  const line = match(LINE_COMMENT, text, start);
  if (line) return make('comment', line[0].length, false);
  if (text.startsWith('/*', start)) {
    const end = blockEnd(text, start);
    return make('comment', (end ?? text.length) - start, end === undefined);
  }
  const quoted = match(QUOTED, text, start);
  if (quoted) return make('quoted', quoted[0].length, quoted[1] === '');
  const string = match(ESCAPE_STRING, text, start) ?? match(STRING, text, start);
  if (string) {
    const end = strings === 'in a line' ? string[0].search(/[\n\r]/u) : -1;
    return end < 0 ? make('string', string[0].length, string[1] === '') : make('string', end, true);
  }
  const tag = match(DOLLAR_TAG, text, start)?.[0];
  if (tag !== undefined) {
    const end = text.indexOf(tag, start + tag.length);
    return end < 0
      ? make('string', text.length - start, true)
      : make('string', end + tag.length - start, false);
  }
  const word = match(WORD, text, start);
  if (word) return make('word', word[0].length, false);
  const number = match(NUMBER, text, start);
  if (number) return make('number', number[0].length, false);
  return make('symbol', text.startsWith('::', start) ? 2 : 1, false);
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Block comments nest. */
function blockEnd(text: string, start: number): number | undefined {
  let depth = 0;
  COMMENT_EDGE.lastIndex = start;
  for (let edge = COMMENT_EDGE.exec(text); edge; edge = COMMENT_EDGE.exec(text)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.index + 2;
  }
  return undefined;
}

/** Whether a token can name something. */
export function isName({ kind }: Token): boolean {
  return kind === 'word' || kind === 'quoted';
}
