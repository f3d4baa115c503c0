/** Python's numbers: ints without bound over two JavaScript types, floats, and booleans that are ints. */

import { limitError, overflowError, typeError, valueError, zeroDivisionError } from '../errors.ts';
import { PyFloat } from '../values/float.ts';
import { HostObject } from '../values/host-object.ts';
import type { Value } from '../values/value.ts';
import { ratio, roundedPower } from './rounding.ts';

export type Int = number | bigint;

/** The longest int that one operation may make, in bits. */
const MAX_BITS = 1_000_000;

/** An int (a boolean is one) as a number where it is safe; undefined for anything else. */
export function intOf(value: Value): Int | undefined {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    default:
      return undefined;
  }
}

/** An int or a float, as a float; undefined for anything else. Raises when the int is too large for a float. */
export function floatOf(value: Value): number | undefined {
  if (value instanceof PyFloat) return value.value;
  const int = intOf(value);
  return int === undefined ? undefined : toFloat(int);
}

/** Python's `float(value)` of any number, host objects among them; undefined for what is no number. */
export function realOf(value: Value): number | undefined {
  return value instanceof HostObject ? value.toFloat?.() : floatOf(value);
}

export function toFloat(int: Int): number {
  if (typeof int === 'number') return int;
  const number = Number(int);
  if (!Number.isFinite(number)) throw overflowError('int too large to convert to float');
  return number;
}

/** The smallest representation of an int. */
export function normalInt(value: bigint): Int {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** The int that a whole float is. */
export function intFromFloat(value: number): Int {
  if (Number.isNaN(value)) throw valueError('cannot convert float NaN to integer');
  if (!Number.isFinite(value)) throw overflowError('cannot convert float infinity to integer');
  return Number.isSafeInteger(value) ? value + 0 || 0 : normalInt(BigInt(value));
}

/** A small int for indexes, counts and widths; undefined for what is no int. Huge ints are clamped. */
export function indexOf(value: Value): number | undefined {
  const int = intOf(value);
  if (typeof int === 'bigint') return int > 0n ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER;
  return int;
}

/** Raises `'str' object cannot be interpreted as an integer`. */
export function requireIndex(value: Value, name: (value: Value) => string): number {
  const index = indexOf(value);
  if (index === undefined) throw typeError(`'${name(value)}' object cannot be interpreted as an integer`);
  return index;
}

/** Python's `reverse` and `keepends` are C's ints, not any truth. */
export function flagOf(value: Value, name: (value: Value) => string): boolean {
  const index = requireIndex(value, name);
  if (index !== (index | 0)) throw overflowError('Python int too large to convert to C int');
  return index !== 0;
}

export function addInts(left: Int, right: Int): Int {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return normalInt(BigInt(left) + BigInt(right));
}

export function subtractInts(left: Int, right: Int): Int {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return normalInt(BigInt(left) - BigInt(right));
}

export function multiplyInts(left: Int, right: Int): Int {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right;
    if (Number.isSafeInteger(product)) return product || 0;
  }
  const [a, b] = [BigInt(left), BigInt(right)];
  if (bitsOf(a) + bitsOf(b) > MAX_BITS) throw tooLarge();
  return normalInt(a * b);
}

export function divideInts(left: Int, right: Int): number {
  if (right === 0) throw zeroDivisionError('division by zero');
  if (typeof left === 'number' && typeof right === 'number') return left / right;
  const number = ratio(BigInt(left), BigInt(right));
  if (!Number.isFinite(number)) throw overflowError('integer division result too large for a float');
  return number;
}

export function floorDivideInts(left: Int, right: Int): Int {
  if (right === 0) throw zeroDivisionError('integer division or modulo by zero');
  if (typeof left === 'number' && typeof right === 'number') {
    return (left - moduloNumbers(left, right)) / right || 0;
  }
  const [a, b] = [BigInt(left), BigInt(right)];
  return normalInt((a - moduloBigints(a, b)) / b);
}

export function moduloInts(left: Int, right: Int): Int {
  if (right === 0) throw zeroDivisionError('integer modulo by zero');
  if (typeof left === 'number' && typeof right === 'number') return moduloNumbers(left, right);
  return normalInt(moduloBigints(BigInt(left), BigInt(right)));
}

function moduloNumbers(left: number, right: number): number {
  const rest = left % right;
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest || 0;
}

function moduloBigints(left: bigint, right: bigint): bigint {
  const rest = left % right;
  return rest !== 0n && rest < 0n !== right < 0n ? rest + right : rest;
}

/** An int for an exponent from zero up, else a float. */
export function powerInts(base: Int, exponent: Int): Int | PyFloat {
  if (exponent < 0) return new PyFloat(powerFloats(toFloat(base), toFloat(exponent)));
  if (typeof base === 'number' && typeof exponent === 'number') {
    const power = base ** exponent;
    if (Number.isSafeInteger(power)) return power || 0;
  }
  const large = BigInt(base);
  const magnitude = large < 0n ? -large : large;
  if (magnitude > 1n && BigInt(bitsOf(magnitude)) * BigInt(exponent) > MAX_BITS) throw tooLarge();
  return normalInt(large ** BigInt(exponent));
}

export function powerFloats(base: number, exponent: number): number {
  if (base === 0 && exponent < 0) throw zeroDivisionError('0.0 cannot be raised to a negative power');
  if (base < 0 && Number.isFinite(base) && !Number.isInteger(exponent) && Number.isFinite(exponent)) {
    throw typeError(
      'a negative number with a fractional exponent gives a complex number, which templates do not have',
    );
  }
  if (base === 1 || (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent))) return 1;
  const power = roundedPower(base, exponent);
  if (!Number.isFinite(power) && Number.isFinite(base) && Number.isFinite(exponent)) {
    throw overflowError("(34, 'Numerical result out of range')");
  }
  return power;
}

export function floorDivideFloats(left: number, right: number): number {
  if (right === 0) throw zeroDivisionError('float floor division by zero');
  const rest = moduloFloats(left, right);
  const quotient = (left - rest) / right;
  // Zero has the sign of the true quotient.
  if (quotient === 0) return left / right < 0 || Object.is(left / right, -0) ? -0 : 0;
  const floored = Math.floor(quotient);
  return quotient - floored > 0.5 ? floored + 1 : floored;
}

export function moduloFloats(left: number, right: number): number {
  if (right === 0) throw zeroDivisionError('float modulo');
  const rest = left % right;
  if (rest === 0) return right < 0 ? -0 : 0;
  return rest < 0 !== right < 0 ? rest + right : rest;
}

function bitsOf(value: bigint): number {
  return (value < 0n ? -value : value).toString(16).length * 4;
}

function tooLarge(): Error {
  return limitError(`the number has more than ${MAX_BITS} bits`);
}
