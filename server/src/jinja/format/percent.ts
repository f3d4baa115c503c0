/** Python's `text % values`. */

import { limitError, overflowError, typeError, valueError } from '../errors.ts';
import type { Int } from '../operators/numbers.ts';
import { indexOf, intFromFloat, intOf, realOf } from '../operators/numbers.ts';
import { subscriptOf } from '../operators/subscript.ts';
import { escapeHtml, escaped } from '../values/escape.ts';
import { PyFloat } from '../values/float.ts';
import { PyRange } from '../values/range.ts';
import { PyBytes } from '../values/bytes.ts';
import { intText } from '../values/int-text.ts';
import { HostObject } from '../values/host-object.ts';
import { isMapping } from '../values/iteration.ts';
import { MAX_TEXT, repr, str } from '../values/repr.ts';
import { codePointLength, codePoints, textOf } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import { typeName } from '../values/type-name.ts';
import { Undefined } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';
import type { FloatStyle } from './float-text.ts';
import { floatText } from './float-text.ts';
import type { FormatStyle } from './str-format.ts';

interface Directive {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
}

export function formatPercent(format: string, values: Value, style: FormatStyle): string {
  return new PercentFormat(format, values, texts[style]).run();
}

/** How `%s` and `%r` write a value; in HTML they escape it. */
interface Texts {
  readonly str: (value: Value) => string;
  readonly repr: (value: Value) => string;
}

const texts: Readonly<Record<FormatStyle, Texts>> = {
  plain: { str, repr },
  html: { str: (value) => escaped(value).text, repr: (value) => escapeHtml(repr(value)) },
};

class PercentFormat {
  readonly #format: string;
  readonly #values: Value;
  readonly #texts: Texts;
  #used = 0;
  #at = 0;

  constructor(format: string, values: Value, writers: Texts) {
    this.#texts = writers;
    this.#format = format;
    this.#values = values;
  }

  run(): string {
    let out = '';
    for (;;) {
      const percent = this.#format.indexOf('%', this.#at);
      if (percent < 0) break;
      out += this.#format.slice(this.#at, percent);
      this.#at = percent + 1;
      out += this.#directive();
    }
    out += this.#format.slice(this.#at);
    const isComplete =
      this.#values instanceof Tuple ? this.#used >= this.#values.items.length : this.#used > 0;
    if (!isComplete && !actsAsMapping(this.#values)) {
      throw typeError('not all arguments converted during string formatting');
    }
    return out;
  }

  #nextValue(): Value {
    const values = this.#values;
    const value = values instanceof Tuple ? values.items[this.#used] : this.#used === 0 ? values : undefined;
    if (value === undefined) throw typeError('not enough arguments for format string');
    this.#used++;
    return value;
  }

  #character(): string {
    const character = this.#format.charAt(this.#at++);
    if (character === '') throw valueError('incomplete format');
    return character;
  }

  #directive(): string {
    let keyed: Value | undefined;
    let character = this.#character();
    if (character === '(') {
      keyed = this.#keyedValue();
      character = this.#character();
    }
    let flags = '';
    while ('#0- +'.includes(character)) {
      flags += character;
      character = this.#character();
    }
    let width = 0;
    if (character === '*') {
      width = this.#star();
      if (width < 0) {
        flags += '-';
        width = -width;
      }
      character = this.#character();
    } else {
      [width, character] = this.#digits(character);
    }
    let precision: number | undefined;
    if (character === '.') {
      character = this.#character();
      if (character === '*') {
        precision = Math.max(0, this.#star());
        character = this.#character();
      } else {
        [precision, character] = this.#digits(character);
      }
    }
    while ('hlL'.includes(character)) character = this.#character();
    if (width > MAX_TEXT || (precision ?? 0) > 10_000) throw limitError('the format is too wide');
    if (character === '%') return '%';
    const position = this.#at - 1;
    return convert(
      character,
      { flags, width, precision },
      position,
      () => (keyed === undefined ? this.#nextValue() : keyed),
      this.#texts,
    );
  }

  #keyedValue(): Value {
    if (!actsAsMapping(this.#values)) throw typeError('format requires a mapping');
    const start = this.#at;
    for (let depth = 1; depth > 0;) {
      const character = this.#format.charAt(this.#at++);
      if (character === '') throw valueError('incomplete format key');
      if (character === '(') depth++;
      else if (character === ')') depth--;
    }
    const key = this.#format.slice(start, this.#at - 1);
    this.#used = 1;
    return subscriptOf(this.#values, key);
  }

  #star(): number {
    const int = indexOf(this.#nextValue());
    if (int === undefined) throw typeError('* wants int');
    return int;
  }

  #digits(first: string): [number, string] {
    let digits = '';
    let character = first;
    while (character >= '0' && character <= '9') {
      digits += character;
      character = this.#character();
    }
    return [Number(digits), character];
  }
}

/** Python counts everything with a subscript as a mapping here, so lists, ranges, bytes and undefined too. */
function actsAsMapping(values: Value): boolean {
  return (
    isMapping(values) ||
    Array.isArray(values) ||
    values instanceof Undefined ||
    values instanceof PyRange ||
    values instanceof PyBytes
  );
}

function convert(
  type: string,
  directive: Directive,
  position: number,
  next: () => Value,
  written: Texts,
): string {
  switch (type) {
    case 's':
      return padded(cut(written.str(next()), directive), directive);
    case 'r':
      return padded(cut(written.repr(next()), directive), directive);
    case 'a':
      return padded(cut(ascii(written.repr(next())), directive), directive);
    case 'c':
      return padded(characterOf(next()), directive);
    case 'd':
    case 'i':
    case 'u':
      return integerText(decimalOf(next(), type), 10, '', directive);
    case 'o':
      return integerText(exactInt(next(), type), 8, '0o', directive);
    case 'x':
      return integerText(exactInt(next(), type), 16, '0x', directive);
    case 'X':
      return integerText(exactInt(next(), type), 16, '0x', directive).toUpperCase();
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return realText(next(), type, directive);
    default: {
      const code = (type.codePointAt(0) as number).toString(16);
      throw valueError(`unsupported format character '${type}' (0x${code}) at index ${position}`);
    }
  }
}

function cut(text: string, { precision }: Directive): string {
  return precision === undefined ? text : codePoints(text).slice(0, precision).join('');
}

function padded(text: string, { width, flags }: Directive): string {
  const fill = ' '.repeat(Math.max(0, width - codePointLength(text)));
  return flags.includes('-') ? text + fill : fill + text;
}

export function ascii(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (character) => {
    const code = character.codePointAt(0) as number;
    if (code <= 0xff) return `\\x${code.toString(16)}`;
    return code <= 0xffff
      ? `\\u${code.toString(16).padStart(4, '0')}`
      : `\\U${code.toString(16).padStart(8, '0')}`;
  });
}

function characterOf(value: Value): string {
  const int = intOf(value);
  if (int !== undefined) {
    if (int < 0 || int > 0x10ffff) throw overflowError('%c arg not in range(0x110000)');
    return String.fromCodePoint(Number(int));
  }
  const text = textOf(value);
  if (text === undefined || codePointLength(text) !== 1) throw typeError('%c requires int or char');
  return text;
}

function decimalOf(value: Value, type: string): Int {
  const int = intOf(value);
  if (int !== undefined) return int;
  if (value instanceof PyFloat) {
    return intFromFloat(Math.trunc(value.value));
  }
  if (value instanceof HostObject && value.toInt) return value.toInt();
  if (value instanceof Undefined) throw value.failure();
  throw typeError(`%${type} format: a real number is required, not ${typeName(value)}`);
}

function exactInt(value: Value, type: string): Int {
  const int = intOf(value);
  if (int !== undefined) return int;
  throw typeError(`%${type} format: an integer is required, not ${typeName(value)}`);
}

function integerText(value: Int, base: number, prefix: string, directive: Directive): string {
  const digits = intText(value < 0 ? -value : value, base).padStart(directive.precision ?? 0, '0');
  return signed(digits, value < 0, directive.flags.includes('#') ? prefix : '', directive);
}

function realText(value: Value, style: FloatStyle, directive: Directive): string {
  const number = realOf(value);
  if (number === undefined) {
    if (value instanceof Undefined) throw value.failure();
    throw typeError(`must be real number, not ${typeName(value)}`);
  }
  const text = floatText(number, style, directive.precision ?? 6, directive.flags.includes('#'));
  return signed(text, number < 0 || Object.is(number, -0), '', directive);
}

function signed(digits: string, isNegative: boolean, prefix: string, directive: Directive): string {
  const { flags, width } = directive;
  const sign = isNegative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const head = sign + prefix;
  if (flags.includes('0') && !flags.includes('-')) {
    return head + '0'.repeat(Math.max(0, width - head.length - digits.length)) + digits;
  }
  return padded(head + digits, directive);
}
