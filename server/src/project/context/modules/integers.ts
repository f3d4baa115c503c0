/** Ints between Python's single type and JavaScript's two: safe numbers and bigints; and exact division. */

import { TemplateError, typeName } from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';

/** The int value for a bigint: a number where that is exact. */
export function intValue(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** An int argument as a number. Raises Python's TypeError for other types, an OverflowError beyond 2**53. */
export function intArgument(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') {
    throw new TemplateError('limit', 'OverflowError', 'Python int too large to convert to C int');
  }
  throw new TemplateError(
    'type',
    'TypeError',
    `'${typeName(value)}' object cannot be interpreted as an integer`,
  );
}

/** An int or bool as a bigint, undefined for anything else. */
export function bigIntOf(value: Value): bigint | undefined {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return BigInt(value);
    case 'boolean':
      return value ? 1n : 0n;
    default:
      return undefined;
  }
}

/** Rounds towards negative infinity; the divisor is not zero. */
export function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const isExact = quotient * divisor === dividend;
  return isExact || dividend < 0n === divisor < 0n ? quotient : quotient - 1n;
}

/** The remainder with the divisor's sign. */
export function floorModulo(dividend: bigint, divisor: bigint): bigint {
  return dividend - floorDivide(dividend, divisor) * divisor;
}

/** The nearest integer to the quotient, ties to even. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  if (divisor < 0n) return divideHalfEven(-dividend, -divisor);
  const quotient = floorDivide(dividend, divisor);
  const twice = 2n * (dividend - quotient * divisor);
  const isUp = twice > divisor || (twice === divisor && quotient % 2n !== 0n);
  return isUp ? quotient + 1n : quotient;
}

/** A finite float as an exact fraction, the denominator a power of two. */
export function exactRatio(value: number): readonly [numerator: bigint, denominator: bigint] {
  let mantissa = value;
  let denominator = 1n;
  let scale = 0;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    scale++;
  }
  denominator <<= BigInt(scale);
  return [BigInt(mantissa), denominator];
}
