/** Decimal numbers as Python's decimal computes with them: 28 digits, ties to even, exponents kept. */

export interface FiniteNumber {
  readonly kind: 'finite';
  readonly isNegative: boolean;
  /** Not negative. */
  readonly coefficient: bigint;
  readonly exponent: number;
}

export interface SpecialNumber {
  readonly kind: 'infinity' | 'nan' | 'signaling-nan';
  readonly isNegative: boolean;
  /** The digits behind a NaN. */
  readonly payload: string;
}

export type DecimalNumber = FiniteNumber | SpecialNumber;

export const PRECISION = 28;
const MAX_EXPONENT = 999_999;
const MIN_TINY = -1_000_026;

export const NAN: SpecialNumber = { kind: 'nan', isNegative: false, payload: '' };

export function infinity(isNegative: boolean): SpecialNumber {
  return { kind: 'infinity', isNegative, payload: '' };
}

export function finite(isNegative: boolean, coefficient: bigint, exponent: number): FiniteNumber {
  return { kind: 'finite', isNegative, coefficient, exponent };
}

const FINITE = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:e([+-]?\d+))?$/iu;
const SPECIAL = /^([+-]?)(?:(inf(?:inity)?)|(s?)nan(\d*))$/iu;

/** Undefined for what Python's Decimal refuses. */
export function parseDecimal(text: string): DecimalNumber | undefined {
  const plain = text.trim().replaceAll('_', '');
  const match = FINITE.exec(plain);
  if (match) {
    const [, sign, whole = '', fraction = match[4] ?? '', , exponentText = '0'] = match;
    const exponent = Number(exponentText) - fraction.length;
    if (Math.abs(exponent) > 2_000_000) return undefined;
    return finite(sign === '-', BigInt(whole + fraction), exponent);
  }
  const special = SPECIAL.exec(plain);
  if (!special) return undefined;
  const [, sign, inf, signaling, payload = ''] = special;
  if (inf !== undefined) return infinity(sign === '-');
  return {
    kind: signaling ? 'signaling-nan' : 'nan',
    isNegative: sign === '-',
    payload: payload.replace(/^0+/u, ''),
  };
}

export function decimalText(number: DecimalNumber): string {
  const sign = number.isNegative ? '-' : '';
  if (number.kind === 'infinity') return `${sign}Infinity`;
  if (number.kind !== 'finite') return `${sign}${number.kind === 'nan' ? 'NaN' : 'sNaN'}${number.payload}`;
  const digits = number.coefficient.toString();
  const { exponent } = number;
  const leftDigits = exponent + digits.length;
  const isPlain = exponent <= 0 && leftDigits > -6;
  const point = isPlain ? leftDigits : 1;
  const text = pointedText(digits, point);
  if (isPlain) return sign + text;
  const shown = leftDigits - point;
  return `${sign}${text}E${shown < 0 ? '' : '+'}${shown}`;
}

/** Digits with a point before the index. */
function pointedText(digits: string, point: number): string {
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return digits + '0'.repeat(point - digits.length);
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Without an exponent, however long that is. */
export function plainText({ isNegative, coefficient, exponent }: FiniteNumber): string {
  const digits = coefficient.toString();
  return (isNegative ? '-' : '') + pointedText(digits, digits.length + exponent);
}

export function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

export function digitCount(coefficient: bigint): number {
  return coefficient.toString().length;
}

/** The exponent of the first digit. */
export function adjustedExponent(number: FiniteNumber): number {
  return number.exponent + digitCount(number.coefficient) - 1;
}

export type Rounding = 'half-even' | 'half-up' | 'half-down' | 'floor' | 'ceiling' | 'down' | 'up';

export const ROUNDINGS: ReadonlyMap<string, Rounding> = new Map([
  ['ROUND_HALF_EVEN', 'half-even'],
  ['ROUND_HALF_UP', 'half-up'],
  ['ROUND_HALF_DOWN', 'half-down'],
  ['ROUND_FLOOR', 'floor'],
  ['ROUND_CEILING', 'ceiling'],
  ['ROUND_DOWN', 'down'],
  ['ROUND_UP', 'up'],
]);

/** The number with another exponent; digits that fall off are rounded. */
export function rescale(
  number: FiniteNumber,
  exponent: number,
  rounding: Rounding = 'half-even',
): FiniteNumber {
  const { isNegative, coefficient } = number;
  if (coefficient === 0n) return finite(isNegative, 0n, exponent);
  if (exponent <= number.exponent) {
    return finite(isNegative, coefficient * powerOfTen(number.exponent - exponent), exponent);
  }
  const dropped = exponent - number.exponent;
  if (dropped > digitCount(coefficient) + 1) {
    const isAway =
      rounding === 'up' || (rounding === 'floor' && isNegative) || (rounding === 'ceiling' && !isNegative);
    return finite(isNegative, isAway ? 1n : 0n, exponent);
  }
  const divisor = powerOfTen(dropped);
  const quotient = coefficient / divisor;
  const rest = coefficient - quotient * divisor;
  return finite(
    isNegative,
    isRoundedUp(rounding, isNegative, quotient, rest, divisor) ? quotient + 1n : quotient,
    exponent,
  );
}

function isRoundedUp(
  rounding: Rounding,
  isNegative: boolean,
  quotient: bigint,
  rest: bigint,
  divisor: bigint,
): boolean {
  if (rest === 0n) return false;
  const half = rest * 2n - divisor;
  switch (rounding) {
    case 'half-even':
      return half > 0n || (half === 0n && quotient % 2n === 1n);
    case 'half-up':
      return half >= 0n;
    case 'half-down':
      return half > 0n;
    case 'floor':
      return isNegative;
    case 'ceiling':
      return !isNegative;
    case 'down':
      return false;
    case 'up':
      return true;
  }
}

/** A result brought to the context's precision. Undefined when it overflows. */
export function rounded(number: FiniteNumber): FiniteNumber | undefined {
  const excess = digitCount(number.coefficient) - PRECISION;
  let result = number;
  if (excess > 0 && number.coefficient !== 0n) {
    result = rescale(number, number.exponent + excess);
    if (digitCount(result.coefficient) > PRECISION) result = rescale(result, result.exponent + 1);
  }
  if (result.coefficient !== 0n && adjustedExponent(result) > MAX_EXPONENT) return undefined;
  return result.exponent < MIN_TINY ? rescale(result, MIN_TINY) : result;
}

export function add(left: FiniteNumber, right: FiniteNumber): FiniteNumber {
  const exponent = Math.min(left.exponent, right.exponent);
  if (left.coefficient === 0n && right.coefficient === 0n) {
    return finite(left.isNegative && right.isNegative, 0n, exponent);
  }
  if (left.coefficient === 0n) return withIdealExponent(right, exponent);
  if (right.coefficient === 0n) return withIdealExponent(left, exponent);
  const [a, b] = aligned(left, right);
  const sum = signed(a) + signed(b);
  return finite(sum < 0n, sum < 0n ? -sum : sum, Math.min(a.exponent, b.exponent));
}

/** As many zeros behind as the other operand had digits and the precision allows. */
function withIdealExponent(number: FiniteNumber, ideal: number): FiniteNumber {
  return rescale(
    number,
    Math.max(ideal, number.exponent - Math.max(0, PRECISION - digitCount(number.coefficient))),
  );
}

/** Both with one exponent; an operand too small to matter is replaced by a smaller one of its sign. */
function aligned(left: FiniteNumber, right: FiniteNumber): readonly [FiniteNumber, FiniteNumber] {
  const [large, small] = left.exponent >= right.exponent ? [left, right] : [right, left];
  const limit = large.exponent + Math.min(-1, digitCount(large.coefficient) - PRECISION - 2);
  const other = adjustedExponent(small) < limit ? finite(small.isNegative, 1n, limit) : small;
  return [rescale(large, other.exponent), other];
}

function signed(number: FiniteNumber): bigint {
  return number.isNegative ? -number.coefficient : number.coefficient;
}

export function negated(number: DecimalNumber): DecimalNumber {
  return { ...number, isNegative: !number.isNegative };
}

export function multiply(left: FiniteNumber, right: FiniteNumber): FiniteNumber {
  return finite(
    left.isNegative !== right.isNegative,
    left.coefficient * right.coefficient,
    left.exponent + right.exponent,
  );
}

/** The divisor is not zero. */
export function divide(left: FiniteNumber, right: FiniteNumber): FiniteNumber {
  const isNegative = left.isNegative !== right.isNegative;
  const ideal = left.exponent - right.exponent;
  if (left.coefficient === 0n) return finite(isNegative, 0n, ideal);
  const shift = digitCount(right.coefficient) - digitCount(left.coefficient) + PRECISION + 1;
  const dividend = shift >= 0 ? left.coefficient * powerOfTen(shift) : left.coefficient;
  const divisor = shift >= 0 ? right.coefficient : right.coefficient * powerOfTen(-shift);
  let quotient = dividend / divisor;
  let exponent = ideal - shift;
  // A last digit that is neither 0 nor 5 tells the rounding that more follow.
  if (quotient * divisor !== dividend)
    return finite(isNegative, quotient % 5n === 0n ? quotient + 1n : quotient, exponent);
  while (exponent < ideal && quotient % 10n === 0n) {
    quotient /= 10n;
    exponent++;
  }
  return finite(isNegative, quotient, exponent);
}

/** Quotient towards zero and the remainder with the dividend's sign; undefined when the quotient has too many digits. */
export function divideWhole(
  left: FiniteNumber,
  right: FiniteNumber,
): readonly [quotient: FiniteNumber, remainder: FiniteNumber] | undefined {
  const isNegative = left.isNegative !== right.isNegative;
  const exponent = Math.min(left.exponent, right.exponent);
  const difference = adjustedExponent(left) - adjustedExponent(right);
  if (left.coefficient === 0n || difference <= -2)
    return [finite(isNegative, 0n, 0), rescale(left, exponent)];
  if (difference > PRECISION) return undefined;
  const a = rescale(left, exponent).coefficient;
  const b = rescale(right, exponent).coefficient;
  const quotient = a / b;
  if (digitCount(quotient) > PRECISION) return undefined;
  return [finite(isNegative, quotient, 0), finite(left.isNegative, a - quotient * b, exponent)];
}

/** Negative, zero or positive; NaN when one is not a number. */
export function compareDecimals(left: DecimalNumber, right: DecimalNumber): number {
  if (isNan(left) || isNan(right)) return NaN;
  const a = rank(left);
  const b = rank(right);
  if (a !== b || left.kind !== 'finite' || right.kind !== 'finite') return a - b;
  if (a === 0) return 0;
  const difference = adjustedExponent(left) - adjustedExponent(right);
  if (difference !== 0) return left.isNegative ? -difference : difference;
  const exponent = Math.min(left.exponent, right.exponent);
  const sign = signed(rescale(left, exponent)) - signed(rescale(right, exponent));
  return sign < 0n ? -1 : sign > 0n ? 1 : 0;
}

export function isNan(number: DecimalNumber): boolean {
  return number.kind === 'nan' || number.kind === 'signaling-nan';
}

/** -2 and 2 for the infinities, -1, 0 and 1 for the sign of finite numbers. */
function rank(number: DecimalNumber): number {
  if (number.kind === 'finite' && number.coefficient === 0n) return 0;
  const size = number.kind === 'finite' ? 1 : 2;
  return number.isNegative ? -size : size;
}

/** Without zeros at the end; rounded to the precision first. */
export function normalized(number: FiniteNumber): FiniteNumber {
  const result = rounded(number) ?? number;
  if (result.coefficient === 0n) return finite(result.isNegative, 0n, 0);
  let { coefficient, exponent } = result;
  while (coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent++;
  }
  return finite(result.isNegative, coefficient, exponent);
}

/** The largest whole number whose square is not above. */
function wholeRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** The number is not negative. */
export function squareRoot(number: FiniteNumber): FiniteNumber {
  const ideal = Math.floor(number.exponent / 2);
  if (number.coefficient === 0n) return finite(number.isNegative, 0n, ideal);
  const isOdd = number.exponent % 2 !== 0;
  const coefficient = isOdd ? number.coefficient * 10n : number.coefficient;
  const length = Math.floor((digitCount(number.coefficient) + 1 + (isOdd ? 1 : 0)) / 2);
  const shift = Math.max(0, PRECISION + 1 - length);
  const scaled = coefficient * powerOfTen(2 * shift);
  let root = wholeRoot(scaled);
  let exponent = ideal - shift;
  if (root * root !== scaled) {
    if (root % 5n === 0n) root += 1n;
    return finite(false, root, exponent);
  }
  while (exponent < ideal && root % 10n === 0n) {
    root /= 10n;
    exponent++;
  }
  return finite(false, root, exponent);
}
