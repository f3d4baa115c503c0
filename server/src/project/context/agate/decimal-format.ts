/** `format(Decimal, spec)`: Python's format mini-language for decimals. */

import { valueError } from '../../../jinja/index.ts';
import type { DecimalNumber, FiniteNumber } from './decimal-number.ts';
import { adjustedExponent, decimalText, digitCount, finite, plainText, rescale } from './decimal-number.ts';

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?#?(0)?(\d+)?([,_])?(?:\.(\d+))?([eEfFgGn%])?$/su;

/** Raises Python's ValueError for a spec that it cannot read. */
export function formatDecimal(number: DecimalNumber, spec: string): string {
  const match = SPEC.exec(spec);
  if (!match) throw valueError('invalid format string');
  const [, fillText, alignText, signText, zero, widthText = '0', grouping = '', precisionText, type] = match;
  // What is no number is not filled up with zeros.
  const isZeroFilled = zero !== undefined && alignText === undefined && number.kind === 'finite';
  const fill = fillText ?? (isZeroFilled ? '0' : ' ');
  const align = alignText ?? (isZeroFilled ? '=' : '>');
  const precision = precisionText === undefined ? undefined : Number(precisionText);
  const sign = number.isNegative ? '-' : signText === '+' || signText === ' ' ? signText : '';
  const body = grouped(bodyText(number, type, precision), grouping);
  const missing = Math.max(0, Number(widthText) - sign.length - body.length);
  if (align === '=' && fill === '0' && grouping !== '' && missing > 0) {
    return sign + zeroGrouped(body, grouping, Number(widthText) - sign.length);
  }
  const padding = fill.repeat(missing);
  switch (align) {
    case '<':
      return sign + body + padding;
    case '=':
      return sign + padding + body;
    case '^': {
      const left = Math.floor(missing / 2);
      return fill.repeat(left) + sign + body + fill.repeat(missing - left);
    }
    default:
      return padding + sign + body;
  }
}

function bodyText(number: DecimalNumber, type: string | undefined, precision: number | undefined): string {
  if (number.kind !== 'finite')
    return decimalText({ ...number, isNegative: false }) + (type === '%' ? '%' : '');
  const magnitude = { ...number, isNegative: false };
  switch (type) {
    case '%': {
      const hundredfold = finite(false, magnitude.coefficient, magnitude.exponent + 2);
      return `${fixed(hundredfold, precision)}%`;
    }
    case 'f':
    case 'F':
      return fixed(magnitude, precision);
    case 'e':
    case 'E':
      return scientific(magnitude, precision, type);
    default:
      return general(magnitude, precision, type === undefined || type === 'G' ? 'E' : 'e');
  }
}

function fixed(number: FiniteNumber, precision: number | undefined): string {
  if (precision !== undefined) return plainText(rescale(number, -precision));
  return plainText(number.exponent > 0 ? rescale(number, 0) : number);
}

function scientific(number: FiniteNumber, precision: number | undefined, letter: string): string {
  const wanted = precision === undefined ? undefined : precision + 1;
  const shown = wanted === undefined ? number : withDigits(number, wanted);
  const digits = shown.coefficient.toString().padEnd(wanted ?? 0, '0');
  const exponent = shown.coefficient === 0n ? number.exponent + (precision ?? 0) : adjustedExponent(shown);
  const mantissa = digits.length > 1 ? `${digits.charAt(0)}.${digits.slice(1)}` : digits;
  return `${mantissa}${letter}${exponent < 0 ? '' : '+'}${exponent}`;
}

function general(number: FiniteNumber, precision: number | undefined, letter: string): string {
  const wanted = precision === undefined ? undefined : Math.max(1, precision);
  const shown =
    wanted !== undefined && digitCount(number.coefficient) > wanted ? withDigits(number, wanted) : number;
  const text = decimalText(shown);
  return letter === 'e' ? text.replace('E', 'e') : text;
}

function withDigits(number: FiniteNumber, count: number): FiniteNumber {
  if (number.coefficient === 0n) return finite(false, 0n, 1 - count);
  const result = rescale(number, adjustedExponent(number) - count + 1);
  return digitCount(result.coefficient) > count ? rescale(result, result.exponent + 1) : result;
}

function grouped(text: string, separator: string): string {
  if (separator === '') return text;
  const whole = /^\d+/u.exec(text)?.[0] ?? '';
  return whole.replace(/\B(?=(?:\d{3})+$)/gu, separator) + text.slice(whole.length);
}

/** Zeros in front, grouped as the digits are, until the text is wide enough. */
function zeroGrouped(text: string, separator: string, width: number): string {
  const whole = /^[\d,_]+/u.exec(text)?.[0] ?? '';
  const rest = text.slice(whole.length);
  let digits = whole.replaceAll(separator, '');
  while (grouped(digits, separator).length + rest.length < width) digits = `0${digits}`;
  return grouped(digits, separator) + rest;
}
