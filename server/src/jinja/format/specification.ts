/** Python's format specifications, `format(value, spec)`: fill, alignment, sign, width, grouping, precision, type. */

import { limitError, typeError, valueError } from '../errors.ts';
import type { Int } from '../operators/numbers.ts';
import { intOf, toFloat } from '../operators/numbers.ts';
import { PyFloat } from '../values/float.ts';
import { HostObject } from '../values/host-object.ts';
import { MAX_TEXT, str } from '../values/repr.ts';
import { codePointLength, codePoints, textOf } from '../values/text.ts';
import { typeName } from '../values/type-name.ts';
import type { Value } from '../values/value.ts';
import type { FloatStyle } from './float-text.ts';
import { floatText, shortestText } from './float-text.ts';

interface Specification {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
}

const pattern = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?(.)?$/su;

export function formatValue(value: Value, specification: string): string {
  if (specification === '') return str(value);
  const text = textOf(value);
  if (text !== undefined) return formatText(text, parse(specification, 'str'));
  if (value instanceof PyFloat) return formatFloat(value.value, parse(specification, 'float'));
  const int = intOf(value);
  if (int !== undefined) {
    const parsed = parse(specification, typeName(value));
    if (typeof value === 'boolean' && parsed.type === '')
      return formatText(str(value), { ...parsed, type: 's' });
    return formatInt(int, parsed);
  }
  const formatted = value instanceof HostObject ? value.format?.(specification) : undefined;
  if (formatted !== undefined) return formatted;
  throw typeError(`unsupported format string passed to ${typeName(value)}.__format__`);
}

function parse(specification: string, type: string): Specification {
  const match = pattern.exec(specification);
  if (!match) throw valueError(`Invalid format specifier '${specification}' for object of type '${type}'`);
  const [, fill, align, sign, , alternate, zero, width, grouping, precision, kind] = match;
  const wide = Number(width ?? 0);
  const exact = precision === undefined ? undefined : Number(precision);
  if (wide > MAX_TEXT || (exact ?? 0) > 10_000) throw limitError('the format is too wide');
  return {
    fill: fill ?? (zero !== undefined && align === undefined ? '0' : ' '),
    align: align ?? (zero === undefined ? '' : '='),
    sign: sign ?? '-',
    alternate: alternate !== undefined,
    width: wide,
    grouping: grouping ?? '',
    precision: exact,
    type: kind ?? '',
  };
}

function formatText(text: string, spec: Specification): string {
  if (spec.type !== '' && spec.type !== 's') throw unknownCode(spec.type, 'str');
  if (spec.sign !== '-') throw valueError('Sign not allowed in string format specifier');
  if (spec.align === '=' && spec.fill !== '0') {
    throw valueError("'=' alignment not allowed in string format specifier");
  }
  const cut = spec.precision === undefined ? text : codePoints(text).slice(0, spec.precision).join('');
  return aligned('', cut, { ...spec, align: spec.align === '=' ? '<' : spec.align }, '<');
}

function unknownCode(code: string, type: string): Error {
  return valueError(`Unknown format code '${code}' for object of type '${type}'`);
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

function formatInt(value: Int, spec: Specification): string {
  if ('eEfFgG%'.includes(spec.type) && spec.type !== '') return formatFloat(toFloat(value), spec);
  if (spec.type === 'c') return aligned('', String.fromCodePoint(Number(value)), spec, '<');
  const base = Object.hasOwn(bases, spec.type) ? bases[spec.type] : undefined;
  if (!base) throw unknownCode(spec.type, 'int');
  if (spec.precision !== undefined) throw valueError('Precision not allowed in integer format specifier');
  const [radix, prefix] = base;
  const digits = (value < 0 ? -value : value).toString(radix);
  const text = spec.type === 'X' ? digits.toUpperCase() : digits;
  const head = signOf(value < 0, spec) + (spec.alternate ? prefix : '');
  return number(head, text, '', spec, radix === 10 ? 3 : 4);
}

function formatFloat(value: number, spec: Specification): string {
  const isNegative = value < 0 || Object.is(value, -0);
  const magnitude = Math.abs(value);
  const { type, precision, alternate } = spec;
  let text: string;
  if (type === '')
    text = Number.isFinite(value) ? shortestText(magnitude, precision) : floatText(magnitude, 'f', 6, false);
  else if (type === '%') text = `${floatText(magnitude * 100, 'f', precision ?? 6, alternate)}%`;
  else if (type === 'n') text = floatText(magnitude, 'g', precision ?? 6, alternate);
  else if ('eEfFgG'.includes(type))
    text = floatText(magnitude, type as FloatStyle, precision ?? 6, alternate);
  else throw unknownCode(type, 'float');
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
