/** A float's text in the styles e, f, g, % and Python's own, shared by `%` and format specifications. */

import { exponentialDigits, fixedDigits } from './decimal.ts';
import { floatRepr } from '../values/float.ts';

export type FloatStyle = 'e' | 'E' | 'f' | 'F' | 'g' | 'G';

/** Without a sign. `alternate` keeps the point and `g`'s trailing zeros. */
export function floatText(value: number, style: FloatStyle, precision: number, alternate: boolean): string {
  const upper = style === 'E' || style === 'F' || style === 'G';
  const text = Number.isFinite(value) ? digitsText(value, style, precision, alternate) : notFinite(value);
  return upper ? text.toUpperCase() : text;
}

function notFinite(value: number): string {
  return Number.isNaN(value) ? 'nan' : 'inf';
}

function digitsText(value: number, style: FloatStyle, precision: number, alternate: boolean): string {
  switch (style) {
    case 'f':
    case 'F':
      return fixedDigits(value, precision) + (alternate && precision === 0 ? '.' : '');
    case 'e':
    case 'E':
      return exponentText(value, precision, alternate);
    case 'g':
    case 'G':
      return generalText(value, precision === 0 ? 1 : precision, alternate);
  }
}

function exponentText(value: number, precision: number, alternate: boolean): string {
  const { digits, exponent } = exponentialDigits(value, precision);
  const point = precision > 0 || alternate ? '.' : '';
  return `${digits.charAt(0)}${point}${digits.slice(1)}${exponentSuffix(exponent)}`;
}

export function exponentSuffix(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${Math.abs(exponent).toString().padStart(2, '0')}`;
}

function generalText(value: number, precision: number, alternate: boolean): string {
  const { exponent } = exponentialDigits(value, precision - 1);
  if (exponent < -4 || exponent >= precision) {
    const [mantissa, suffix] = exponentText(value, precision - 1, alternate).split('e') as [string, string];
    return `${alternate ? mantissa : withoutTrailingZeros(mantissa)}e${suffix}`;
  }
  const text = digitsText(value, 'f', precision - 1 - exponent, alternate);
  return alternate ? text : withoutTrailingZeros(text);
}

function withoutTrailingZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Python's own text of a float with a number of significant digits, as a format specification without a type gives it. */
export function shortestText(value: number, precision: number | undefined): string {
  const magnitude = Math.abs(value);
  if (precision === undefined) return floatRepr(magnitude);
  const wanted = precision === 0 ? 1 : precision;
  const { exponent } = exponentialDigits(magnitude, wanted - 1);
  const text = generalText(magnitude, wanted, false);
  // Unlike `g` it keeps one digit behind the point, where there is room for one.
  const isWhole = exponent >= -4 && exponent < wanted - 1 && !text.includes('.');
  return isWhole ? `${text}.0` : text;
}
