/** Python's format specifications, `format(value, spec)`: fill, alignment, sign, width, grouping, precision, type. */

import { limitError, overflowError, typeError, valueError } from '../errors.ts';
import type { Int } from '../operators/numbers.ts';
import { intOf, toFloat } from '../operators/numbers.ts';
import { PyFloat } from '../values/float.ts';
import { intText } from '../values/int-text.ts';
import { HostObject } from '../values/host-object.ts';
import { MAX_TEXT, str } from '../values/repr.ts';
import { codePointLength, codePoints, textOf } from '../values/text.ts';
import { typeName } from '../values/type-name.ts';
import type { Value } from '../values/value.ts';
import type { FloatStyle } from './float-text.ts';
import { floatText, shortestText } from './float-text.ts';

interface Specification {
  readonly fill: string;
  /** Empty where none is given. */
  readonly align: string;
  readonly sign: string;
  readonly noNegativeZero: boolean;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
}

export function formatValue(value: Value, specification: string): string {
  if (specification === '') return str(value);
  const text = textOf(value);
  if (text !== undefined) {
    return formatText(text, parse(specification, typeName(value), '<'), typeName(value));
  }
  if (value instanceof PyFloat) return formatFloat(value.value, parse(specification, 'float', '>'), 'float');
  const int = intOf(value);
  if (int !== undefined) return formatInt(int, parse(specification, typeName(value), '>'), typeName(value));
  const formatted = value instanceof HostObject ? value.format?.(specification) : undefined;
  if (formatted !== undefined) return formatted;
  throw typeError(`unsupported format string passed to ${typeName(value)}.__format__`);
}

const pattern = /^(?:(.)(?=[<>=^]))?([<>=^])?([-+ ])?(z)?(#)?(0)?(\d+)?(,)?(_)?(,)?(?:(\.)(\d+)?)?(.*)$/su;

/** Reads a specification to the end, and complains of what comes first, as Python's parser does. */
function parse(specification: string, type: string, usual: '<' | '>'): Specification {
  const match = pattern.exec(specification) as RegExpExecArray;
  const [, fill, align, sign, z, alternate, zero, width, comma, underscore, second, point, digits, kind] =
    match;
  if ([width, digits].some((number) => number !== undefined && BigInt(number) > MAX_DIGITS))
    throw valueError('Too many decimal digits in format string');
  if (underscore !== undefined && (comma ?? second) !== undefined)
    throw valueError("Cannot specify both ',' and '_'.");
  if (point !== undefined && digits === undefined) throw valueError('Format specifier missing precision');
  const code = kind ?? '';
  if (codePointLength(code) > 1)
    throw valueError(`Invalid format specifier '${specification}' for object of type '${type}'`);
  const grouping = comma ?? underscore ?? second ?? '';
  requireGroups(grouping, code === '' && usual === '<' ? 's' : code);
  const wide = Number(width ?? 0);
  const exact = digits === undefined ? undefined : Number(digits);
  if (wide > MAX_TEXT || (exact ?? 0) > 10_000) throw limitError('the format is too wide');
  const isPadded = zero !== undefined && fill === undefined;
  return {
    fill: fill ?? (isPadded ? '0' : ' '),
    align: align ?? (isPadded && usual === '>' ? '=' : ''),
    sign: sign ?? '',
    noNegativeZero: z !== undefined,
    alternate: alternate !== undefined,
    width: wide,
    grouping,
    precision: exact,
    type: code,
  };
}

const MAX_DIGITS = 9_223_372_036_854_775_807n;

function requireGroups(grouping: string, type: string): void {
  if (grouping === '' || (type !== '' && 'defgEG%F'.includes(type)) || type === '') return;
  if (grouping === '_' && 'boxX'.includes(type)) return;
  throw valueError(`Cannot specify '${grouping}' with '${shownCode(type)}'.`);
}

function shownCode(code: string): string {
  const point = code.codePointAt(0) as number;
  return point > 32 && point < 128 ? code : `\\x${point.toString(16)}`;
}

function formatText(text: string, spec: Specification, type: string): string {
  if (spec.type !== '' && spec.type !== 's') throw unknownCode(spec.type, type);
  if (spec.sign !== '') {
    throw valueError(`${spec.sign === ' ' ? 'Space' : 'Sign'} not allowed in string format specifier`);
  }
  if (spec.noNegativeZero)
    throw valueError('Negative zero coercion (z) not allowed in string format specifier');
  if (spec.alternate) throw valueError('Alternate form (#) not allowed in string format specifier');
  if (spec.align === '=') throw valueError("'=' alignment not allowed in string format specifier");
  const cut = spec.precision === undefined ? text : codePoints(text).slice(0, spec.precision).join('');
  return aligned('', cut, spec, '<');
}

function unknownCode(code: string, type: string): Error {
  return valueError(`Unknown format code '${shownCode(code)}' for object of type '${type}'`);
}

const bases: Readonly<Record<string, readonly [number, string]>> = {
  '': [10, ''],
  d: [10, ''],
  n: [10, ''],
  b: [2, '0b'],
  o: [8, '0o'],
  x: [16, '0x'],
  X: [16, '0X'],
};

function formatInt(value: Int, spec: Specification, type: string): string {
  if ('eEfFgG%'.includes(spec.type) && spec.type !== '') return formatFloat(toFloat(value), spec, type);
  const base = Object.hasOwn(bases, spec.type) ? bases[spec.type] : undefined;
  if (!base && spec.type !== 'c') throw unknownCode(spec.type, type);
  if (spec.precision !== undefined) throw valueError('Precision not allowed in integer format specifier');
  if (spec.noNegativeZero)
    throw valueError('Negative zero coercion (z) not allowed in integer format specifier');
  if (!base) return formatCharacter(value, spec);
  const [radix, prefix] = base;
  const digits = intText(value < 0 ? -value : value, radix);
  const text = spec.type === 'X' ? digits.toUpperCase() : digits;
  const head = signOf(value < 0, spec) + (spec.alternate ? prefix : '');
  return number(head, text, '', spec, radix === 10 ? 3 : 4);
}

function formatCharacter(value: Int, spec: Specification): string {
  if (spec.sign !== '') throw valueError("Sign not allowed with integer format specifier 'c'");
  if (spec.alternate) throw valueError("Alternate form (#) not allowed with integer format specifier 'c'");
  if (value > 9223372036854775807n || value < -9223372036854775808n)
    throw overflowError('Python int too large to convert to C long');
  if (value < 0 || value > 0x10ffff) throw overflowError('%c arg not in range(0x110000)');
  return aligned('', String.fromCodePoint(Number(value)), spec, '>');
}

function formatFloat(value: number, spec: Specification, owner: string): string {
  const magnitude = Math.abs(value);
  const { type, precision, alternate } = spec;
  let text: string;
  if (type === '')
    text = Number.isFinite(value) ? shortestText(magnitude, precision) : floatText(magnitude, 'f', 6, false);
  else if (type === '%') text = `${floatText(magnitude * 100, 'f', precision ?? 6, alternate)}%`;
  else if (type === 'n') text = floatText(magnitude, 'g', precision ?? 6, alternate);
  else if ('eEfFgG'.includes(type))
    text = floatText(magnitude, type as FloatStyle, precision ?? 6, alternate);
  else throw unknownCode(type, owner);
  // With `z`, what is rounded to zero has no sign.
  const isZero = spec.noNegativeZero && !/[1-9]/.test(text.split('e')[0] ?? '');
  const isNegative = (value < 0 || Object.is(value, -0)) && !isZero;
  const whole = /^\d+/.exec(text)?.[0] ?? '';
  return number(signOf(isNegative, spec), whole, text.slice(whole.length), spec, 3);
}

function signOf(isNegative: boolean, spec: Specification): string {
  if (isNegative) return '-';
  return spec.sign === '-' ? '' : spec.sign;
}

/** Groups the whole part and pads; with `=` and zeros the padding is grouped too. */
function number(head: string, whole: string, rest: string, spec: Specification, groupSize: number): string {
  if (spec.grouping === '') return aligned(head, whole + rest, spec, '>');
  let digits = whole;
  let text = grouped(digits, spec.grouping, groupSize);
  if (spec.align === '=' && spec.fill === '0') {
    while (head.length + text.length + rest.length < spec.width) {
      digits = `0${digits}`;
      text = grouped(digits, spec.grouping, groupSize);
    }
  }
  return aligned(head, text + rest, spec, '>');
}

function grouped(digits: string, separator: string, size: number): string {
  let text = '';
  for (let index = 0; index < digits.length; index++) {
    if (index > 0 && (digits.length - index) % size === 0) text += separator;
    text += digits.charAt(index);
  }
  return text;
}

function aligned(head: string, text: string, spec: Specification, usual: '<' | '>'): string {
  const missing = Math.max(0, spec.width - codePointLength(head) - codePointLength(text));
  const pad = spec.fill.repeat(missing);
  switch (spec.align || usual) {
    case '<':
      return head + text + pad;
    case '^': {
      const left = spec.fill.repeat(missing >> 1);
      return left + head + text + spec.fill.repeat(missing - (missing >> 1));
    }
    case '=':
      return head + pad + text;
    default:
      return pad + head + text;
  }
}
