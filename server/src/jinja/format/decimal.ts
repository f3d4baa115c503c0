/** Floats to exact decimal digits, rounded half to even as C's printf does. */

/** The float as mantissa * 2**exponent, both exact. Only for finite numbers, sign dropped. */
function parts(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

/** |value| * 10**scale, rounded half to even. */
function scaled(value: number, scale: number): bigint {
  const { mantissa, exponent } = parts(value);
  let numerator = mantissa;
  let denominator = 1n;
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  if (scale >= 0) numerator *= 10n ** BigInt(scale);
  else denominator *= 10n ** BigInt(-scale);
  return divideHalfEven(numerator, denominator);
}

/** Both from zero up. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice > denominator || (twice === denominator && quotient % 2n === 1n)) return quotient + 1n;
  return quotient;
}

/** `%.{precision}f` without a sign. */
export function fixedDigits(value: number, precision: number): string {
  const digits = scaled(value, precision).toString();
  if (precision === 0) return digits;
  const padded = digits.padStart(precision + 1, '0');
  return `${padded.slice(0, -precision)}.${padded.slice(-precision)}`;
}

export interface Exponential {
  /** One digit, then `precision` more. */
  readonly digits: string;
  readonly exponent: number;
}

/** The digits of `%.{precision}e` without a sign. */
export function exponentialDigits(value: number, precision: number): Exponential {
  if (value === 0) return { digits: '0'.repeat(precision + 1), exponent: 0 };
  const [, estimate] = Math.abs(value).toExponential().split('e') as [string, string];
  let exponent = Number(estimate);
  let digits = scaled(value, precision - exponent).toString();
  if (digits.length > precision + 1) {
    exponent++;
    digits = scaled(value, precision - exponent).toString();
  }
  return { digits, exponent };
}

/** Python's `round(value, digits)` for a float. */
export function roundFloat(value: number, digits: number): number {
  if (!Number.isFinite(value) || digits > 323) return value;
  if (digits < -308) return value < 0 ? -0 : 0;
  const rounded = Number(`${scaled(value, digits).toString()}e${-digits}`);
  return value < 0 || Object.is(value, -0) ? -rounded : rounded;
}
