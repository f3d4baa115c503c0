/** Floats as C rounds them, where JavaScript's own arithmetic is a last digit off. */

/** The float that is nearest to `above / below`, and to an even one of two. */
export function ratio(above: bigint, below: bigint): number {
  const isNegative = above < 0n !== below < 0n;
  const [a, b] = [magnitude(above), magnitude(below)];
  // Enough bits for the rounding to be right, but none below the smallest float; the last says whether there is a rest.
  const shift = Math.min(68 + bitLength(b) - bitLength(a), SMALLEST + 1);
  const [top, bottom] = [moved(a, Math.max(0, shift)), moved(b, Math.max(0, -shift))];
  const exact = ((top / bottom) << 1n) | (top % bottom === 0n ? 0n : 1n);
  const isTiny = shift > SMALLEST && exact < TINY;
  const number = isTiny ? halved(exact, 2) * 2 ** -SMALLEST : scaled(Number(exact), -shift - 1);
  return isNegative ? -number : number;
}

/** The smallest float is two to the power of minus this. */
const SMALLEST = 1074;

/** Below it, in quarters of the smallest float, floats have fewer digits. */
const TINY = 1n << 54n;

/** A whole number of smallest floats, from one with that many bits behind the point. */
function halved(value: bigint, bits: number): number {
  const size = 1n << BigInt(bits);
  const [whole, rest] = [value / size, value % size];
  const isUp = rest * 2n > size || (rest * 2n === size && whole % 2n === 1n);
  return Number(isUp ? whole + 1n : whole);
}

/** In two steps, since a float reaches less far below than its neighbour above. */
function scaled(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

/** Whole exponents up to here are worked out to the last bit. */
const EXACT = 64;

/** Digits behind the point, in bits, of logarithms and what is made of them. */
const BITS = 160;

export function roundedPower(base: number, exponent: number): number {
  const estimate = base ** exponent;
  const isPlain = Number.isFinite(base) && Number.isFinite(exponent) && base !== 0 && exponent !== 0;
  // JavaScript is a digit off, no more; but the inverse of a tiny number is finite after all.
  const isLost = (estimate === 0 || !Number.isFinite(estimate)) && Math.abs(exponent) > 3;
  if (!isPlain || isLost || Number.isNaN(estimate)) return estimate;
  if (!Number.isInteger(exponent) || Math.abs(exponent) > EXACT) {
    const power = exponential(parted(exponent), logarithm(parted(Math.abs(base))));
    return estimate < 0 ? -power : power;
  }
  const { whole, power } = parted(base);
  const raised = whole ** BigInt(Math.abs(exponent));
  const scale = power * Math.abs(exponent);
  const [above, below] = [moved(raised, Math.max(0, scale)), moved(1n, Math.max(0, -scale))];
  return exponent < 0 ? ratio(below, above) : ratio(above, below);
}

/** Twice the area tangent of `above / below`, which is at most a third. */
function doubledAreaTangent(above: bigint, below: bigint): bigint {
  let power = (above << BigInt(BITS)) / below;
  const square = (power * power) >> BigInt(BITS);
  let sum = 0n;
  for (let odd = 1n; power !== 0n && power !== -1n; odd += 2n) {
    sum += power / odd;
    power = (power * square) >> BigInt(BITS);
  }
  return 2n * sum;
}

const naturalOfTwo = doubledAreaTangent(1n, 3n);

function logarithm({ whole, power }: Parts): bigint {
  const length = whole.toString(2).length;
  const one = 1n << BigInt(length);
  // Between a half and one; the nearer to one, the shorter the series.
  const [mantissa, shift] = whole * 10n < one * 7n ? [whole * 2n, length - 1] : [whole, length];
  return BigInt(power + shift) * naturalOfTwo + doubledAreaTangent(mantissa - one, mantissa + one);
}

/** e to the power of a factor times a logarithm. */
function exponential({ whole, power }: Parts, natural: bigint): number {
  const product = moved(whole * natural, power);
  const twos = (2n * product + naturalOfTwo) / (2n * naturalOfTwo);
  const rest = product - twos * naturalOfTwo;
  let term = 1n << BigInt(BITS);
  let sum = 0n;
  for (let count = 1n; term !== 0n && term !== -1n; count++) {
    sum += term;
    term = ((term * rest) >> BigInt(BITS)) / count;
  }
  const scale = Number(twos) - BITS;
  return ratio(moved(sum, Math.max(0, scale)), moved(1n, Math.max(0, -scale)));
}

interface Parts {
  readonly whole: bigint;
  readonly power: number;
}

function moved(value: bigint, bits: number): bigint {
  return bits < 0 ? value >> BigInt(-bits) : value << BigInt(bits);
}

/** A float as an odd whole number times a power of two. */
function parted(value: number): Parts {
  let power = 0;
  let rest = value;
  while (!Number.isInteger(rest)) {
    rest *= 2;
    power--;
  }
  let whole = BigInt(rest);
  while (whole % 2n === 0n) {
    whole /= 2n;
    power++;
  }
  return { whole, power };
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function bitLength(value: bigint): number {
  return value.toString(16).length * 4;
}
