/** Parses Python's regular expressions, with its words for what is wrong. */

import { TemplateError } from '../../../../jinja/index.ts';
import type { CharacterTest } from './characters.ts';
import { classTest, foldCase, ignoringCase } from './characters.ts';
import { FLAG_LETTERS, FLAGS, has } from './flags.ts';
import type { PatternNode, RepeatMode } from './pattern-tree.ts';
import { widthOf } from './pattern-tree.ts';

export interface ParsedPattern {
  readonly root: PatternNode;
  /** Those given and those the pattern itself sets. */
  readonly flags: number;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
}

/** Python's re.error; the position counts characters. */
export function patternError(message: string, position?: number): TemplateError {
  return new TemplateError(
    'value',
    're.error',
    position === undefined ? message : `${message} at position ${position}`,
  );
}

export function parsePattern(text: string, flags: number): ParsedPattern {
  return new PatternParser(text, flags).parse();
}

const SPECIAL = '.\\[{()*+?^$|';
const MAX_REPEAT = 4_294_967_295;
const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
};
const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

interface Condition {
  readonly index: number;
  readonly position: number;
}

class PatternParser {
  readonly #characters: readonly string[];
  #at = 0;
  #globalFlags: number;
  #groupCount = 0;
  readonly #names = new Map<string, number>();
  readonly #openGroups = new Set<number>();
  readonly #conditions: Condition[] = [];

  constructor(text: string, flags: number) {
    this.#characters = Array.from(text);
    this.#globalFlags = flags;
  }

  parse(): ParsedPattern {
    this.#leadingFlags();
    if (!has(this.#globalFlags, FLAGS.ASCII)) this.#globalFlags |= FLAGS.UNICODE;
    const root = this.#alternation(this.#globalFlags);
    if (this.#at < this.#characters.length) throw patternError('unbalanced parenthesis', this.#at);
    for (const { index, position } of this.#conditions) {
      if (index > this.#groupCount) throw patternError(`invalid group reference ${index}`, position);
    }
    return { root, flags: this.#globalFlags, groupCount: this.#groupCount, groupNames: this.#names };
  }

  #peek(offset = 0): string {
    return this.#characters[this.#at + offset] ?? '';
  }

  #take(text: string): boolean {
    if (!this.#startsWith(text)) return false;
    this.#at += text.length;
    return true;
  }

  #startsWith(text: string): boolean {
    for (let index = 0; index < text.length; index++)
      if (this.#peek(index) !== text.charAt(index)) return false;
    return true;
  }

  /** `(?im)` at the very start counts for the whole pattern. */
  #leadingFlags(): void {
    for (;;) {
      if (has(this.#globalFlags, FLAGS.VERBOSE)) this.#skipBlank();
      const rest = this.#characters.slice(this.#at, this.#at + 12).join('');
      const match = /^\(\?([aiLmsux]+)\)/u.exec(rest);
      if (!match) return;
      for (const letter of match[1] ?? '') this.#globalFlags |= FLAG_LETTERS.get(letter) ?? 0;
      this.#at += match[0].length;
    }
  }

  #skipBlank(): void {
    for (;;) {
      if (/^\s$/u.test(this.#peek())) this.#at++;
      else if (this.#peek() === '#') {
        while (this.#at < this.#characters.length && this.#peek() !== '\n') this.#at++;
      } else return;
    }
  }

  #alternation(flags: number): PatternNode {
    const options = [this.#sequence(flags)];
    while (this.#take('|')) options.push(this.#sequence(flags));
    return options.length === 1 ? (options[0] as PatternNode) : { type: 'alternation', options };
  }

  #sequence(flags: number): PatternNode {
    const items: PatternNode[] = [];
    while (this.#at < this.#characters.length) {
      if (has(flags, FLAGS.VERBOSE)) {
        this.#skipBlank();
        if (this.#at >= this.#characters.length) break;
      }
      const character = this.#peek();
      if (character === '|' || character === ')') break;
      const start = this.#at;
      if (this.#isRepeat()) throw patternError('nothing to repeat', start);
      const item = this.#atom(flags);
      if (item) items.push(this.#repeated(item, start, flags));
    }
    return items.length === 1 ? (items[0] as PatternNode) : { type: 'sequence', items };
  }

  #isRepeat(): boolean {
    const character = this.#peek();
    if (character === '*' || character === '+' || character === '?') return true;
    return character === '{' && this.#bounds() !== undefined;
  }

  /** What a `{…}` here would mean, and its length; undefined when it is text. */
  #bounds(): { readonly min: number; readonly max: number; readonly length: number } | undefined {
    const rest = this.#characters.slice(this.#at, this.#at + 40).join('');
    const match = /^\{(?:(\d+)|(\d*),(\d*))\}/u.exec(rest);
    if (!match) return undefined;
    const [whole, exact, low = '', high = ''] = match;
    if (exact !== undefined) return { min: Number(exact), max: Number(exact), length: whole.length };
    return { min: Number(low || 0), max: high === '' ? Infinity : Number(high), length: whole.length };
  }

  #repeated(item: PatternNode, atomStart: number, flags: number): PatternNode {
    if (has(flags, FLAGS.VERBOSE)) this.#skipBlank();
    const start = this.#at;
    const bounds = this.#takeRepeat();
    if (!bounds) return item;
    const { min, max } = bounds;
    if (max < min) throw patternError('min repeat greater than max repeat', start + 1);
    if (min >= MAX_REPEAT || (max !== Infinity && max >= MAX_REPEAT)) {
      throw new TemplateError('limit', 'OverflowError', 'the repetition number is too large');
    }
    if (item.type === 'assertion' && this.#characters[atomStart] !== '(')
      throw patternError('nothing to repeat', start);
    const mode: RepeatMode = this.#take('?') ? 'lazy' : this.#take('+') ? 'possessive' : 'greedy';
    if (has(flags, FLAGS.VERBOSE)) this.#skipBlank();
    if (this.#isRepeat()) throw patternError('multiple repeat', this.#at);
    return { type: 'repeat', body: item, min, max, mode };
  }

  #takeRepeat(): { readonly min: number; readonly max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Infinity };
    if (this.#take('+')) return { min: 1, max: Infinity };
    if (this.#take('?')) return { min: 0, max: 1 };
    const bounds = this.#peek() === '{' ? this.#bounds() : undefined;
    if (bounds) this.#at += bounds.length;
    return bounds;
  }

  /** Undefined for a comment. */
  #atom(flags: number): PatternNode | undefined {
    const character = this.#peek();
    if (!SPECIAL.includes(character) || character === '{') {
      this.#at++;
      return literal(character.codePointAt(0) as number, flags);
    }
    switch (character) {
      case '.':
        this.#at++;
        return characterNode(has(flags, FLAGS.DOTALL) ? () => true : (code) => code !== 10);
      case '^':
        this.#at++;
        return assertion(has(flags, FLAGS.MULTILINE) ? 'line-start' : 'text-start', flags);
      case '$':
        this.#at++;
        return assertion(has(flags, FLAGS.MULTILINE) ? 'line-end' : 'last-line-end', flags);
      case '[':
        return this.#set(flags);
      case '(':
        return this.#group(flags);
      default:
        return this.#escape(flags);
    }
  }

  #escape(flags: number): PatternNode {
    const start = this.#at++;
    const letter = this.#peek();
    if (letter === '') throw patternError('bad escape (end of pattern)', start);
    this.#at++;
    switch (letter) {
      case 'A':
        return assertion('text-start', flags);
      case 'Z':
        return assertion('text-end', flags);
      case 'b':
        return assertion('word-edge', flags);
      case 'B':
        return assertion('no-word-edge', flags);
      default:
        break;
    }
    const test = classTest(letter, has(flags, FLAGS.ASCII));
    if (test) return characterNode(test);
    if (letter >= '1' && letter <= '9') return this.#reference(start, flags);
    return literal(this.#escapedCode(start, letter), flags);
  }

  #reference(start: number, flags: number): PatternNode {
    const digits = this.#characters.slice(start + 1, start + 4).join('');
    if (/^[1-3][0-7]{2}$/u.test(digits)) {
      this.#at = start + 4;
      return literal(Number.parseInt(digits, 8), flags);
    }
    if (/^[4-7][0-7]{2}$/u.test(digits)) {
      throw patternError(`octal escape value \\${digits} outside of range 0-0o377`, start);
    }
    const number = /^\d{1,2}/u.exec(digits)?.[0] ?? '';
    this.#at = start + 1 + number.length;
    return this.#referenceTo(Number(number), start + 1, start, flags);
  }

  #referenceTo(index: number, position: number, openPosition: number, flags: number): PatternNode {
    if (index > this.#groupCount) throw patternError(`invalid group reference ${index}`, position);
    if (this.#openGroups.has(index)) throw patternError('cannot refer to an open group', openPosition);
    return {
      type: 'reference',
      index,
      isCaseless: has(flags, FLAGS.IGNORECASE),
      isAscii: has(flags, FLAGS.ASCII),
    };
  }

  /** The code point of an escape whose letter is already taken; `\b` is the backspace of sets. */
  #escapedCode(start: number, letter: string): number {
    if (letter === '0') {
      const digits = /^[0-7]{0,2}/u.exec(this.#characters.slice(this.#at, this.#at + 2).join(''))?.[0] ?? '';
      this.#at += digits.length;
      return Number.parseInt(digits || '0', 8);
    }
    const length = HEX_LENGTHS[letter];
    if (length !== undefined) {
      const digits = this.#characters.slice(this.#at, this.#at + length).join('');
      const hex = /^[0-9a-fA-F]*/u.exec(digits)?.[0] ?? '';
      if (hex.length !== length) throw patternError(`incomplete escape \\${letter}${hex}`, start);
      this.#at += length;
      const code = Number.parseInt(hex, 16);
      if (code > 0x10ffff) throw patternError(`bad escape \\${letter}${hex}`, start);
      return code;
    }
    const simple = SIMPLE_ESCAPES[letter];
    if (simple !== undefined) return simple;
    if (/^[a-zA-Z]$/u.test(letter)) throw patternError(`bad escape \\${letter}`, start);
    return letter.codePointAt(0) as number;
  }

  #set(flags: number): PatternNode {
    const start = this.#at++;
    const isNegated = this.#take('^');
    const tests: CharacterTest[] = [];
    const singles = new Set<number>();
    for (let isFirst = true; ; isFirst = false) {
      if (this.#at >= this.#characters.length) throw patternError('unterminated character set', start);
      if (this.#peek() === ']' && !isFirst) break;
      const from = this.#at;
      const low = this.#setItem(flags);
      if (this.#peek() === '-' && this.#peek(1) !== ']' && this.#peek(1) !== '') {
        this.#at++;
        const high = this.#setItem(flags);
        const text = this.#characters.slice(from, this.#at).join('');
        if (typeof low !== 'number' || typeof high !== 'number' || low > high) {
          throw patternError(`bad character range ${text}`, from);
        }
        tests.push((code) => code >= low && code <= high);
      } else if (typeof low === 'number') singles.add(low);
      else tests.push(low);
    }
    this.#at++;
    if (singles.size > 0) tests.push((code) => singles.has(code));
    const any: CharacterTest =
      tests.length === 1 ? (tests[0] as CharacterTest) : (code) => tests.some((test) => test(code));
    const test = has(flags, FLAGS.IGNORECASE) ? ignoringCase(any, has(flags, FLAGS.ASCII)) : any;
    return characterNode(isNegated ? (code) => !test(code) : test);
  }

  #setItem(flags: number): number | CharacterTest {
    const start = this.#at;
    const character = this.#peek();
    this.#at++;
    if (character !== '\\') return character.codePointAt(0) as number;
    const letter = this.#peek();
    if (letter === '') throw patternError('unterminated character set', start);
    this.#at++;
    const test = classTest(letter, has(flags, FLAGS.ASCII));
    if (test) return test;
    if (letter >= '1' && letter <= '7') {
      const digits = /^[0-7]{1,3}/u.exec(this.#characters.slice(start + 1, start + 4).join(''))?.[0] ?? '';
      this.#at = start + 1 + digits.length;
      const code = Number.parseInt(digits, 8);
      if (code > 0o377) throw patternError(`octal escape value \\${digits} outside of range 0-0o377`, start);
      return code;
    }
    if (letter === '8' || letter === '9') throw patternError(`bad escape \\${letter}`, start);
    return this.#escapedCode(start, letter);
  }

  #group(flags: number): PatternNode | undefined {
    const start = this.#at++;
    if (!this.#take('?')) return this.#capture(start, flags, undefined);
    if (this.#take('P')) return this.#named(start, flags);
    if (this.#take(':')) return this.#closed(start, this.#alternation(flags));
    if (this.#take('#')) {
      while (this.#peek() !== ')') {
        if (this.#at >= this.#characters.length) throw patternError('missing ), unterminated comment', start);
        this.#at++;
      }
      this.#at++;
      return undefined;
    }
    if (this.#take('>')) return { type: 'atomic', body: this.#closed(start, this.#alternation(flags)) };
    if (this.#take('=')) return this.#look(start, flags, 'ahead', false);
    if (this.#take('!')) return this.#look(start, flags, 'ahead', true);
    if (this.#take('<=')) return this.#look(start, flags, 'behind', false);
    if (this.#take('<!')) return this.#look(start, flags, 'behind', true);
    if (this.#take('(')) return this.#conditional(start, flags);
    return this.#scopedFlags(start, flags);
  }

  #closed<T>(start: number, body: T): T {
    if (!this.#take(')')) throw patternError('missing ), unterminated subpattern', start);
    return body;
  }

  #capture(start: number, flags: number, name: string | undefined): PatternNode {
    const index = ++this.#groupCount;
    if (name !== undefined) {
      const known = this.#names.get(name);
      if (known !== undefined) {
        throw patternError(
          `redefinition of group name '${name}' as group ${index}; was group ${known}`,
          start + 4,
        );
      }
      this.#names.set(name, index);
    }
    this.#openGroups.add(index);
    const body = this.#closed(start, this.#alternation(flags));
    this.#openGroups.delete(index);
    return { type: 'group', index, body };
  }

  #named(start: number, flags: number): PatternNode {
    if (this.#take('<')) {
      const name = this.#nameUntil('>', 'missing group name');
      return this.#capture(start, flags, name);
    }
    if (this.#take('=')) {
      const position = this.#at;
      const name = this.#nameUntil(')', 'missing group name');
      const index = this.#names.get(name);
      if (index === undefined) throw patternError(`unknown group name '${name}'`, position);
      return this.#referenceTo(index, position, position, flags);
    }
    if (this.#peek() === '') throw patternError('unexpected end of pattern', this.#at);
    throw patternError(`unknown extension ?P${this.#peek()}`, start + 1);
  }

  #nameUntil(end: string, missing: string): string {
    const start = this.#at;
    while (this.#peek() !== end) {
      if (this.#at >= this.#characters.length)
        throw patternError(this.#at === start ? missing : `missing ${end}, unterminated name`, start);
      this.#at++;
    }
    const name = this.#characters.slice(start, this.#at).join('');
    this.#at++;
    if (name === '') throw patternError(missing, start);
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
      throw patternError(`bad character in group name '${name}'`, start);
    return name;
  }

  #look(start: number, flags: number, direction: 'ahead' | 'behind', isNegative: boolean): PatternNode {
    const body = this.#closed(start, this.#alternation(flags));
    if (direction === 'behind') {
      const [min, max] = widthOf(body);
      if (min !== max) throw patternError('look-behind requires fixed-width pattern');
    }
    return { type: 'look', direction, isNegative, body };
  }

  #conditional(start: number, flags: number): PatternNode {
    const position = this.#at;
    const end = this.#characters.indexOf(')', this.#at);
    if (end < 0) throw patternError('missing ), unterminated name', position);
    const name = this.#characters.slice(this.#at, end).join('');
    this.#at = end + 1;
    const index = /^\d+$/u.test(name) ? Number(name) : this.#names.get(name);
    if (name === '') throw patternError('missing group name', position);
    if (index === undefined) throw patternError(`unknown group name '${name}'`, position);
    if (index === 0) throw patternError('bad group number', position);
    this.#conditions.push({ index, position });
    const yes = this.#sequence(flags);
    const no: PatternNode = this.#take('|') ? this.#sequence(flags) : { type: 'sequence', items: [] };
    if (this.#peek() === '|') throw patternError('conditional backref with more than two branches', this.#at);
    return this.#closed(start, { type: 'conditional', index, yes, no });
  }

  #scopedFlags(start: number, flags: number): PatternNode {
    let added = 0;
    let removed = 0;
    let isRemoving = false;
    for (;;) {
      const letter = this.#peek();
      if (letter === '')
        throw patternError(added || removed ? 'missing -, : or )' : 'unexpected end of pattern', this.#at);
      if (letter === ':' || letter === ')') break;
      if (letter === '-' && !isRemoving) isRemoving = true;
      else {
        const flag = FLAG_LETTERS.get(letter);
        if (flag === undefined) throw patternError(`unknown extension ?${letter}`, start + 1);
        if (isRemoving) removed |= flag;
        else added |= flag;
      }
      this.#at++;
    }
    if (this.#take(')')) throw patternError('global flags not at the start of the expression', start);
    this.#at++;
    const inner =
      ((flags & ~(has(added, FLAGS.ASCII) ? FLAGS.UNICODE : has(added, FLAGS.UNICODE) ? FLAGS.ASCII : 0)) |
        added) &
      ~removed;
    return this.#closed(start, this.#alternation(inner));
  }
}

function characterNode(test: CharacterTest): PatternNode {
  return { type: 'character', test, literal: undefined };
}

function assertion(kind: Extract<PatternNode, { type: 'assertion' }>['kind'], flags: number): PatternNode {
  return { type: 'assertion', kind, isAscii: has(flags, FLAGS.ASCII) };
}

function literal(code: number, flags: number): PatternNode {
  const isAscii = has(flags, FLAGS.ASCII);
  if (!has(flags, FLAGS.IGNORECASE))
    return { type: 'character', test: (other) => other === code, literal: code };
  const folded = foldCase(code, isAscii);
  return { type: 'character', test: (other) => foldCase(other, isAscii) === folded, literal: undefined };
}
