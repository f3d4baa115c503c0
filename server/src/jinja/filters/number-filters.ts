/** Filters over numbers. */

import { signature } from '../arguments.ts';
import { filterArgumentError, overflowError, TemplateError, typeError } from '../errors.ts';
import { roundFloat } from '../format/decimal.ts';
import { floatText } from '../format/float-text.ts';
import { binaryOperations } from '../operators/binary.ts';
import { addInts, floatOf, indexOf, intFromFloat, intOf, normalInt, realOf } from '../operators/numbers.ts';
import { parseFloatText, parseIntText } from '../operators/number-text.ts';
import { inOrder } from '../operators/order.ts';
import { PyFloat } from '../values/float.ts';
import { HostObject } from '../values/host-object.ts';
import { hashKey } from '../values/hash.ts';
import { repr, str } from '../values/repr.ts';
import { textOf } from '../values/text.ts';
import { truthy } from '../values/truth.ts';
import { typeName } from '../values/type-name.ts';
import { Undefined } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';
import { valueError } from '../errors.ts';
import type { Filter } from './filter.ts';
import { filter } from './filter.ts';

const abs = filter(signature('abs', ['x']), (_environment, value) => {
  const int = intOf(value);
  if (int !== undefined) return int < 0 ? -int : int;
  if (value instanceof PyFloat) return new PyFloat(Math.abs(value.value));
  const result = value instanceof HostObject ? value.unary?.('abs') : undefined;
  if (result !== undefined) return result;
  throw typeError(`bad operand type for abs(): '${typeName(value)}'`);
});

const int = filter(
  signature('do_int', ['value'], { default: 0, base: 10 }),
  (_environment, value, fallback = 0, base = 10) => {
    if (value instanceof Undefined) throw value.failure();
    const whole = intOf(value);
    if (whole !== undefined) return whole;
    const text = textOf(value);
    const parsed = text === undefined ? undefined : parseIntText(text, indexOf(base) ?? 10);
    if (parsed !== undefined) return parsed;
    if (value instanceof HostObject) return orFallback(() => value.toInt?.(), fallback);
    const real = text === undefined ? floatOf(value) : parseFloatText(text);
    if (real === undefined || Number.isNaN(real)) return fallback;
    if (Number.isFinite(real)) return intFromFloat(Math.trunc(real));
    // Only a text that says infinity falls back: Python does not expect it of a float.
    if (text !== undefined) return fallback;
    throw overflowError('cannot convert float infinity to integer');
  },
);

const float = filter(
  signature('do_float', ['value'], { default: new PyFloat(0) }),
  (_environment, value, fallback = new PyFloat(0)) => {
    if (value instanceof Undefined) throw value.failure();
    if (value instanceof HostObject) {
      return orFallback(() => value.toFloat && new PyFloat(value.toFloat()), fallback);
    }
    const text = textOf(value);
    const real = text === undefined ? floatOf(value) : parseFloatText(text);
    return real === undefined ? fallback : new PyFloat(real);
  },
);

/** The filters fall back where Python raises a TypeError or ValueError, and only there. */
function orFallback(convert: () => Value | undefined, fallback: Value): Value {
  try {
    const result = convert();
    return result === undefined ? fallback : result;
  } catch (error) {
    if (error instanceof TemplateError && error.pythonClass === 'ValueError') return fallback;
    throw error;
  }
}

const round = filter(
  signature('do_round', ['value'], { precision: 0, method: 'common' }),
  (_environment, value, precision = 0, method = 'common') => {
    hashKey(method);
    const way = textOf(method);
    if (way === 'common') return roundValue(value, precision);
    if (way !== 'ceil' && way !== 'floor') throw filterArgumentError('method must be common, ceil or floor');
    const scale = binaryOperations['**'](10, precision);
    const scaled = binaryOperations['*'](value, scale);
    return binaryOperations['/'](wholeOf(scaled, way), scale);
  },
);

/** Python's `math.ceil` and `math.floor`. */
function wholeOf(value: Value, way: 'ceil' | 'floor'): Value {
  const int = intOf(value);
  if (int !== undefined) return int;
  if (value instanceof HostObject && value.toInt) {
    const whole = value.toInt();
    if (way === 'ceil') return inOrder('<', whole, value) ? addInts(whole, 1) : whole;
    return inOrder('>', whole, value) ? addInts(whole, -1) : whole;
  }
  const real = floatOf(value);
  if (real === undefined) throw typeError(`must be real number, not ${typeName(value)}`);
  return intFromFloat(way === 'ceil' ? Math.ceil(real) : Math.floor(real));
}

/** Python's `round(value, digits)`. */
function roundValue(value: Value, precision: Value): Value {
  const digits = precision === null ? 0 : indexOf(precision);
  if (digits === undefined)
    throw typeError(`'${typeName(precision)}' object cannot be interpreted as an integer`);
  if (value instanceof PyFloat) {
    const rounded = roundFloat(value.value, digits);
    return precision === null ? intFromFloat(rounded) : new PyFloat(rounded);
  }
  if (value instanceof HostObject && value.round) return value.round(precision === null ? undefined : digits);
  const whole = intOf(value);
  if (whole === undefined) throw typeError(`type ${typeName(value)} doesn't define __round__ method`);
  return digits >= 0 ? whole : roundInt(BigInt(whole), -digits);
}

function roundInt(value: bigint, zeros: number): Value {
  if (zeros > 400) return 0;
  const unit = 10n ** BigInt(zeros);
  const magnitude = value < 0n ? -value : value;
  let quotient = magnitude / unit;
  const twice = (magnitude % unit) * 2n;
  if (twice > unit || (twice === unit && quotient % 2n === 1n)) quotient++;
  return normalInt((value < 0n ? -quotient : quotient) * unit);
}

const prefixes = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

const filesizeformat = filter(
  signature('do_filesizeformat', ['value'], { binary: false }),
  (_environment, value, binary = false) => {
    const text = textOf(value);
    const bytes = text === undefined ? realOf(value) : parseFloatText(text);
    if (bytes === undefined) {
      if (value instanceof Undefined) throw value.failure();
      throw text === undefined
        ? typeError(`float() argument must be a string or a real number, not '${typeName(value)}'`)
        : valueError(`could not convert string to float: ${repr(value)}`);
    }
    const isBinary = truthy(binary);
    const base = isBinary ? 1024 : 1000;
    if (bytes === 1) return '1 Byte';
    if (bytes < base) return `${str(intFromFloat(Math.trunc(bytes)))} Bytes`;
    let power = 1;
    while (power < prefixes.length && !(bytes < base ** (power + 1))) power++;
    const prefix = prefixes[power - 1] as string;
    const unit = isBinary ? `${prefix.toUpperCase()}iB` : `${prefix}B`;
    return `${floatText((base * bytes) / base ** (power + 1), 'f', 1, false)} ${unit}`;
  },
);

export const numberFilters: readonly (readonly [string, Filter])[] = [
  ['abs', abs],
  ['filesizeformat', filesizeformat],
  ['float', float],
  ['int', int],
  ['round', round],
];
