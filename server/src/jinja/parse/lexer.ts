/** Text to tokens, exactly as Jinja2 lexes; what it would stop at becomes an `error` token, and the rest is still read. */

import type { Span } from '../tree.ts';
import { PyFloat } from '../values/float.ts';
import { textRepr } from '../values/repr.ts';
import type { Value } from '../values/value.ts';
import { decodeString } from './string-literal.ts';
import type { OperatorType, Token, TokenType } from './token.ts';
import { operatorTypes } from './token.ts';

export interface Lexed {
  readonly tokens: readonly Token[];
  readonly comments: readonly Span[];
  /** Where the strings start that reach over an opener or a line's end: in broken text, some may lack their quote. */
  readonly longStrings: ReadonlySet<number>;
  /** Whether a tag was ended where Jinja2 would read on. */
  readonly isMended: boolean;
}

export interface LexOptions {
  /** Quotes that begin no string. */
  readonly loneQuotes?: ReadonlySet<number>;
  /** `exact` reads on where a tag has no end, as Jinja2 does, up to its error: for the words of that error. */
  readonly tags?: 'mended' | 'exact';
}

const noOffsets: ReadonlySet<number> = new Set();

/** Reads [start, end) of the text; all offsets are those of the text. */
export function lex(text: string, start: number, end: number, options: LexOptions = {}): Lexed {
  return new Lexer(text, start, end, options).run();
}

const isSpace = /\s|[\x1c-\x1f\x85]/;
const rawTag = /\{%([-+]?)\s*raw\s*(?:-%\}\s*|%\})/y;
const endRawTag = /\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\})/g;
const commentEnd = /(?:\+#\}|-#\}\s*|#\})/g;
const float = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const integer = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const anyName = /[\p{L}\p{N}\p{M}\p{Pc}\u00b7\u0387\u1369-\u1371\u19da\u2118\u212e\u309b\u309c]+/uy;
const identifier = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const singleQuoted = /'[^'\\]*(?:\\[^][^'\\]*)*'/y;
const doubleQuoted = /"[^"\\]*(?:\\[^][^"\\]*)*"/y;

const longString = /\{[{%#]|\n/;

const SPACE = 0x20;
const LINE_FEED = 0x0a;
const UNDERSCORE = 0x5f;

const closers: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

class Lexer {
  readonly #text: string;
  readonly #end: number;
  readonly #tokens: Token[] = [];
  readonly #comments: Span[] = [];
  readonly #loneQuotes: ReadonlySet<number>;
  readonly #isExact: boolean;
  #longStrings: Set<number> | undefined;
  #isMended = false;
  #counted: { readonly offset: number; readonly characters: number };
  #at: number;

  constructor(text: string, start: number, end: number, options: LexOptions) {
    this.#loneQuotes = options.loneQuotes ?? noOffsets;
    this.#isExact = options.tags === 'exact';
    this.#counted = { offset: start, characters: 0 };
    this.#end = withoutLastLineBreak(text, start, end);
    // The regular expressions must not look beyond the part that is lexed.
    this.#text = this.#end === text.length ? text : text.slice(0, this.#end);
    this.#at = start;
  }

  run(): Lexed {
    while (this.#at < this.#end) this.#root();
    this.#push('eof', '', this.#end, this.#end);
    return {
      tokens: this.#tokens,
      comments: this.#comments,
      longStrings: this.#longStrings ?? noOffsets,
      isMended: this.#isMended,
    };
  }

  #push(type: TokenType, value: Value, start: number, end: number): void {
    this.#tokens.push({ type, value, start, end });
  }

  /** Text up to the next opener, then that opener's tag. */
  #root(): void {
    const text = this.#text;
    const open = nextOpener(text, this.#at);
    if (open < 0) {
      this.#data(this.#at, this.#end);
      this.#at = this.#end;
      return;
    }
    const sign = text.charAt(open + 2);
    const dataEnd = sign === '-' ? trimmedEnd(text, this.#at, open) : open;
    this.#data(this.#at, dataEnd);
    const signed = sign === '-' || sign === '+' ? 1 : 0;
    switch (text.charAt(open + 1)) {
      case '#':
        this.#comment(open, open + 2 + signed);
        return;
      case '%':
        if (this.#raw(open)) return;
        this.#push('block_begin', '', open, open + 2 + signed);
        this.#tag(open + 2 + signed, 'block_end', '%');
        return;
      default:
        this.#push('variable_begin', '', open, open + 2 + signed);
        this.#tag(open + 2 + signed, 'variable_end', '}');
    }
  }

  #data(start: number, end: number): void {
    if (start >= end) return;
    const value = this.#text.slice(start, end);
    if (!value.includes('\r')) {
      this.#push('data', value, start, end);
      return;
    }
    // A line break of two characters becomes one: it stands alone so that all other text is its own source.
    for (let at = start; at < end;) {
      const carriage = this.#text.indexOf('\r', at);
      const stop = carriage < 0 || carriage >= end ? end : carriage;
      if (stop > at) this.#push('data', this.#text.slice(at, stop), at, stop);
      if (stop === end) return;
      at = stop + (this.#text.charAt(stop + 1) === '\n' && stop + 1 < end ? 2 : 1);
      this.#push('data', '\n', stop, at);
    }
  }

  #comment(open: number, from: number): void {
    commentEnd.lastIndex = from;
    const close = commentEnd.exec(this.#text);
    if (!close) {
      // Jinja2 misses the end only where there is something that lacks it.
      if (from < this.#end) this.#push('error', 'Missing end of comment tag', open, this.#end);
      this.#comments.push({ start: open, end: this.#end });
      this.#at = this.#end;
      return;
    }
    this.#comments.push({ start: open, end: close.index + close[0].trimEnd().length });
    this.#at = close.index + close[0].length;
  }

  #raw(open: number): boolean {
    rawTag.lastIndex = open;
    const begin = rawTag.exec(this.#text);
    if (!begin) return false;
    const from = open + begin[0].length;
    endRawTag.lastIndex = from;
    const close = endRawTag.exec(this.#text);
    if (!close) {
      if (from < this.#end) this.#push('error', 'Missing end of raw directive', open, this.#end);
      this.#at = this.#end;
      return true;
    }
    this.#data(from, close[1] === '-' ? trimmedEnd(this.#text, from, close.index) : close.index);
    this.#at = close.index + close[0].length;
    return true;
  }

  /** The inside of a tag up to its end; an opener inside ends a tag that lacks one. */
  #tag(from: number, endType: 'block_end' | 'variable_end', endCharacter: string): void {
    const text = this.#text;
    const brackets: string[] = [];
    let at = from;
    while (at < this.#end) {
      const code = text.charCodeAt(at);
      // Blanks and plain words are most of what tags have.
      if (code === SPACE || code === LINE_FEED) {
        at++;
        continue;
      }
      if ((code >= 0x61 && code <= 0x7a) || code === UNDERSCORE) {
        const nameEnd = asciiNameEnd(text, at);
        if (nameEnd === text.length || text.charCodeAt(nameEnd) < 128) {
          this.#push('name', text.slice(at, nameEnd), at, nameEnd);
          at = nameEnd;
          continue;
        }
      }
      const character = text.charAt(at);
      if (!(code > SPACE && code < 0x7f) && isSpace.test(character)) {
        at++;
        continue;
      }
      if (brackets.length === 0) {
        const close = tagEnd(text, at, endCharacter);
        if (close > 0) {
          this.#push(endType, '', at, close);
          this.#at = character === '-' ? afterSpace(text, close, this.#end) : close;
          return;
        }
      }
      if (!this.#isExact && character === '{' && isOpener(text, at)) {
        this.#brokenByOpener(at, endType);
        return;
      }
      if (
        !this.#isExact &&
        character === endCharacter &&
        brackets.length > 0 &&
        endsBrokenTag(text, at, brackets, endCharacter)
      ) {
        this.#brokenByEnd(at, brackets, endType);
        return;
      }
      at = this.#tagToken(at, character, brackets);
    }
    this.#at = this.#end;
  }

  /**
   * Jinja2 would read on into the next tag and stop at its first character that makes no sense; so do these tokens. They have no length,
   * since what they are made of belongs to the next tag.
   */
  #brokenByOpener(at: number, endType: 'block_end' | 'variable_end'): void {
    this.#isMended = true;
    this.#push('lbrace', '{', at, at);
    const second = this.#text.charAt(at + 1);
    if (second === '#') this.#push('error', this.#unexpectedCharacter(at + 1), at, at);
    else this.#push(operatorTypes.get(second) as OperatorType, second, at, at);
    this.#push(endType, '', at, at);
    this.#at = at;
  }

  /** The tag ends with a bracket open: Jinja2 reads its end as operators and stops at the brace. */
  #brokenByEnd(at: number, brackets: readonly string[], endType: 'block_end' | 'variable_end'): void {
    this.#isMended = true;
    const expected = brackets.at(-1) as string;
    const brace = endType === 'block_end' ? at + 1 : at;
    if (endType === 'block_end') this.#push('mod', '%', at, at + 1);
    if (expected === '}') this.#push('rbrace', '}', brace, brace + 1);
    else this.#push('error', `unexpected '}', expected '${expected}'`, brace, brace + 1);
    this.#push(endType, '', at, at + 2);
    this.#at = at + 2;
  }

  #tagToken(at: number, character: string, brackets: string[]): number {
    const text = this.#text;
    if (character >= '0' && character <= '9') {
      const end = this.#number(at);
      if (end > at) return end;
    }
    if (character === "'" || character === '"') {
      const end = this.#loneQuotes.has(at) ? at : this.#string(at, character);
      if (end > at) return end;
      return this.#operator(at, character, brackets);
    }
    const nameEnd = asciiNameEnd(text, at);
    if (nameEnd > at && (nameEnd === text.length || text.charCodeAt(nameEnd) < 128)) {
      this.#push('name', text.slice(at, nameEnd), at, nameEnd);
      return nameEnd;
    }
    if (nameEnd > at || character.charCodeAt(0) >= 128) {
      anyName.lastIndex = at;
      const word = anyName.exec(text)?.[0];
      if (word) {
        if (identifier.test(word)) this.#push('name', word, at, at + word.length);
        else this.#push('error', 'Invalid character in identifier', at, at + word.length);
        return at + word.length;
      }
    }
    return this.#operator(at, character, brackets);
  }

  /** The end of a string literal; `at` itself where there is none. */
  #string(at: number, quote: string): number {
    const quoted = quote === "'" ? singleQuoted : doubleQuoted;
    quoted.lastIndex = at;
    if (!quoted.test(this.#text)) return at;
    const end = quoted.lastIndex;
    const inside = this.#text.slice(at + 1, end - 1);
    if (longString.test(inside)) (this.#longStrings ??= new Set()).add(at);
    const decoded = decodeString(inside);
    if ('text' in decoded) this.#push('string', decoded.text, at, end);
    else this.#push('error', decoded.fault, at, end);
    return end;
  }

  /** Python counts characters, and a line break of two as one. */
  #unexpectedCharacter(at: number): string {
    const character = String.fromCodePoint(this.#text.codePointAt(at) as number);
    const { offset, characters } = this.#counted;
    const between = this.#text.slice(offset, at).replaceAll('\r\n', '\n');
    // Counted on from the last one: a text that is no tag at all has many.
    this.#counted = { offset: at, characters: characters + Array.from(between).length };
    return `unexpected char ${textRepr(character)} at ${this.#counted.characters}`;
  }

  #number(at: number): number {
    const text = this.#text;
    float.lastIndex = at;
    const real = text.charAt(at - 1) === '.' ? null : float.exec(text);
    if (real) {
      this.#push('float', new PyFloat(Number(real[0].replaceAll('_', ''))), at, at + real[0].length);
      return at + real[0].length;
    }
    integer.lastIndex = at;
    const whole = integer.exec(text);
    if (!whole) return at;
    const digits = whole[0].replaceAll('_', '');
    const value = Number(digits);
    const end = at + whole[0].length;
    this.#push('integer', Number.isSafeInteger(value) ? value : BigInt(digits), at, end);
    return end;
  }

  #operator(at: number, character: string, brackets: string[]): number {
    const second = this.#text.charAt(at + 1);
    if (second === '=' || (second === character && (second === '/' || second === '*'))) {
      const two = character + second;
      const twoType = operatorTypes.get(two);
      if (twoType) {
        this.#push(twoType, two, at, at + 2);
        return at + 2;
      }
    }
    const type = operatorTypes.get(character);
    if (!type) {
      const size = (this.#text.codePointAt(at) as number) > 0xffff ? 2 : 1;
      this.#push('error', this.#unexpectedCharacter(at), at, at + size);
      return at + size;
    }
    const closer = closers.get(character);
    if (closer !== undefined) brackets.push(closer);
    else if (type === 'rparen' || type === 'rbracket' || type === 'rbrace') {
      const expected = brackets.pop();
      if (expected === undefined) {
        this.#push('error', `unexpected '${character}'`, at, at + 1);
        return at + 1;
      }
      if (expected !== character) {
        this.#push('error', `unexpected '${character}', expected '${expected}'`, at, at + 1);
        return at + 1;
      }
    }
    this.#push(type, character, at, at + 1);
    return at + 1;
  }
}

function asciiNameEnd(text: string, from: number): number {
  let at = from;
  while (isAsciiWord(text.charCodeAt(at))) at++;
  return at;
}

/** Of the end of the text, which has no code, not. */
function isAsciiWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    code === UNDERSCORE ||
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a)
  );
}

function withoutLastLineBreak(text: string, start: number, end: number): number {
  if (end > start && text.charAt(end - 1) === '\n') {
    return end - 1 > start && text.charAt(end - 2) === '\r' ? end - 2 : end - 1;
  }
  return end > start && text.charAt(end - 1) === '\r' ? end - 1 : end;
}

function isOpener(text: string, at: number): boolean {
  const second = text.charCodeAt(at + 1);
  // {{ {% {#
  return second === 0x7b || second === 0x25 || second === 0x23;
}

function nextOpener(text: string, from: number): number {
  let at = text.indexOf('{', from);
  while (at >= 0 && !isOpener(text, at)) at = text.indexOf('{', at + 1);
  return at;
}

function trimmedEnd(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && isSpace.test(text.charAt(at - 1))) at--;
  return at;
}

function afterSpace(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && isSpace.test(text.charAt(at))) at++;
  return at;
}

/** The offset behind `%}`, `-%}`, `+%}`, `}}` or `-}}` that begins at `at`; -1 when none does. */
function tagEnd(text: string, at: number, endCharacter: string): number {
  const first = text.charAt(at);
  if (first === endCharacter) return text.charAt(at + 1) === '}' ? at + 2 : -1;
  if (first !== '-' && !(first === '+' && endCharacter === '%')) return -1;
  return text.charAt(at + 1) === endCharacter && text.charAt(at + 2) === '}' ? at + 3 : -1;
}

/** Whether `%}`, or `}}` with an open bracket of another kind, is the tag's end after all: `{{ f(x }}`. */
function endsBrokenTag(text: string, at: number, brackets: readonly string[], endCharacter: string): boolean {
  return text.charAt(at + 1) === '}' && (endCharacter === '%' || brackets.at(-1) !== '}');
}
