/** Python's Decimal as a template value. */

import {
  HostObject,
  PyFloat,
  TemplateError,
  Tuple,
  textOf,
  typeError,
  valueError,
} from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';
import { define } from '../host.ts';
import { overflow } from '../modules/faults.ts';
import { bigIntOf, exactRatio, intValue } from '../modules/integers.ts';
import { formatDecimal } from './decimal-format.ts';
import type { DecimalNumber, FiniteNumber } from './decimal-number.ts';
import {
  add,
  adjustedExponent,
  compareDecimals,
  decimalText,
  divide,
  divideWhole,
  finite,
  infinity,
  isNan,
  multiply,
  NAN,
  negated,
  normalized,
  parseDecimal,
  plainText,
  powerOfTen,
  PRECISION,
  rescale,
  rounded,
  ROUNDINGS,
  squareRoot,
  digitCount,
} from './decimal-number.ts';

/** The longest coefficient that an exact power may pass through, in digits. */
const MAX_POWER_DIGITS = 20_000;

/** Ints beyond these digits are no longer looked for among the keys of a dict that holds Decimals. */
const MAX_INT_DIGITS = 5000;

/** Immutable; equal to ints and floats of the same value. */
export class Decimal extends HostObject {
  readonly typeName = 'decimal.Decimal';
  readonly number: DecimalNumber;

  constructor(number: DecimalNumber) {
    super();
    this.number = number;
  }

  /** Undefined for a text that is no number to Python's Decimal. */
  static parse(text: string): Decimal | undefined {
    const number = parseDecimal(text);
    return number && new Decimal(number);
  }

  override toStr(): string {
    return decimalText(this.number);
  }

  override toRepr(): string {
    return `Decimal('${decimalText(this.number)}')`;
  }

  override isTruthy(): boolean {
    return this.number.kind !== 'finite' || this.number.coefficient !== 0n;
  }

  override equals(other: Value): boolean {
    const number = numberOf(other, 'floats too');
    return number !== undefined && compareDecimals(this.number, number) === 0;
  }

  /** The key of the int or float that this equals, where there is one. */
  override hashKey(): string | number | bigint | object | undefined {
    const { number } = this;
    if (number.kind === 'infinity') return new PyFloat(this.toFloat());
    if (number.kind !== 'finite') return number.kind === 'nan' ? this : undefined;
    const float = this.toFloat();
    const plain = normalized(number);
    if (plain.exponent >= 0 && adjustedExponent(plain) < MAX_INT_DIGITS) return this.toInt();
    if (Number.isFinite(float) && compareDecimals(fromFloat(float), number) === 0) return new PyFloat(float);
    return `decimal:${decimalText(plain)}`;
  }

  override compare(other: Value): number | undefined {
    const number = numberOf(other, 'floats too');
    if (number === undefined) return undefined;
    const order = compareDecimals(this.number, number);
    if (Number.isNaN(order)) throw invalidOperation();
    return order;
  }

  override toFloat(): number {
    const { number } = this;
    if (number.kind === 'infinity') return number.isNegative ? -Infinity : Infinity;
    if (number.kind !== 'finite') return NaN;
    return Number(decimalText(number));
  }

  override toInt(): number | bigint {
    return intValue(this.#whole('down'));
  }

  override round(digits: number | undefined): Value {
    if (digits === undefined) return intValue(this.#whole('half-even'));
    return this.#quantized(-digits, 'half-even');
  }

  override format(spec: string): string {
    return formatDecimal(this.number, spec);
  }

  #whole(rounding: 'down' | 'half-even'): bigint {
    const { number } = this;
    if (number.kind === 'infinity') throw overflow('cannot convert Infinity to integer');
    if (number.kind !== 'finite') throw valueError('cannot convert NaN to integer');
    const { coefficient, isNegative } = rescale(number, 0, rounding);
    return isNegative ? -coefficient : coefficient;
  }

  #quantized(exponent: number, rounding: Parameters<typeof rescale>[2]): Decimal {
    const { number } = this;
    if (number.kind === 'infinity') throw invalidOperation();
    if (number.kind !== 'finite') return this;
    if (number.coefficient !== 0n && adjustedExponent(number) - exponent >= PRECISION)
      throw invalidOperation();
    const result = rescale(number, exponent, rounding);
    if (digitCount(result.coefficient) > PRECISION) throw invalidOperation();
    return new Decimal(result);
  }

  override unary(operator: '-' | '+' | 'abs'): Value {
    const { number } = this;
    const isFlipped = operator === '-' || (operator === 'abs' && number.isNegative);
    const result = isFlipped ? negated(number) : number;
    if (result.kind !== 'finite') return new Decimal(result);
    const fixed = fit(result);
    // Zero has no sign after a unary plus or minus.
    return new Decimal(
      fixed.kind === 'finite' && fixed.coefficient === 0n ? { ...fixed, isNegative: false } : fixed,
    );
  }

  override operate(operator: string, other: Value, reflected: boolean): Value | undefined {
    const number = numberOf(other, 'exact only');
    if (number === undefined) return undefined;
    const [left, right] = reflected ? [number, this.number] : [this.number, number];
    const result = compute(operator, left, right);
    return result && new Decimal(result.kind === 'finite' ? fit(result) : result);
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'real':
        return this;
      case 'imag':
        return new Decimal(finite(false, 0n, 0));
      case 'is_nan':
        return define(name, '', () => isNan(this.number));
      case 'is_infinite':
        return define(name, '', () => this.number.kind === 'infinity');
      case 'is_finite':
        return define(name, '', () => this.number.kind === 'finite');
      case 'is_zero':
        return define(name, '', () => !this.isTruthy());
      case 'is_signed':
        return define(name, '', () => this.number.isNegative);
      case 'adjusted':
        return define(name, '', () => (this.number.kind === 'finite' ? adjustedExponent(this.number) : 0));
      case 'as_tuple':
        return define(name, '', () => tupleOf(this.number));
      case 'copy_abs':
        return define(name, '', () => new Decimal({ ...this.number, isNegative: false }));
      case 'copy_negate':
        return define(name, '', () => new Decimal(negated(this.number)));
      case 'normalize':
        return define(name, '', () =>
          this.number.kind === 'finite' ? new Decimal(normalized(this.number)) : this,
        );
      case 'quantize':
        return define(name, 'exp,rounding=', (args) => {
          const other = numberOf(args.value('exp'), 'exact only');
          if (other?.kind !== 'finite') throw invalidOperation();
          return this.#quantized(other.exponent, roundingOf(args.get('rounding')));
        });
      case 'to_integral':
      case 'to_integral_value':
        return define(name, 'rounding=', (args) => {
          const { number } = this;
          if (number.kind !== 'finite' || number.exponent >= 0) return this;
          return new Decimal(rescale(number, 0, roundingOf(args.get('rounding'))));
        });
      case 'sqrt':
        return define(name, '', () => {
          const { number } = this;
          if (number.isNegative && !isNan(number) && !isZero(number)) throw invalidOperation();
          if (number.kind !== 'finite') return this;
          return new Decimal(fit(squareRoot(number)));
        });
      case 'as_integer_ratio':
        return define(name, '', () => ratioOf(this.number));
      default:
        return undefined;
    }
  }
}

function invalidOperation(): TemplateError {
  return new TemplateError('arithmetic', 'InvalidOperation', "[<class 'decimal.InvalidOperation'>]");
}

function roundingOf(value: Value | undefined): Parameters<typeof rescale>[2] {
  if (value === undefined || value === null) return 'half-even';
  const rounding = ROUNDINGS.get(textOf(value) ?? '');
  if (rounding === undefined)
    throw typeError(
      'valid values for rounding are: [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN]',
    );
  return rounding;
}

/** Ints and Decimals; floats, exactly, where they are asked for: they compare with Decimals but do not add. */
function numberOf(value: Value, floats: 'exact only' | 'floats too'): DecimalNumber | undefined {
  if (value instanceof Decimal) return value.number;
  const int = bigIntOf(value);
  if (int !== undefined) return finite(int < 0n, int < 0n ? -int : int, 0);
  return value instanceof PyFloat && floats === 'floats too' ? fromFloat(value.value) : undefined;
}

function fromFloat(value: number): DecimalNumber {
  if (Number.isNaN(value)) return NAN;
  if (!Number.isFinite(value)) return infinity(value < 0);
  const [numerator, denominator] = exactRatio(Math.abs(value));
  // Over a power of two, each halving is five tenths.
  const halvings = denominator.toString(2).length - 1;
  return finite(value < 0, numerator * 5n ** BigInt(halvings), -halvings);
}

function fit(number: FiniteNumber): DecimalNumber {
  const result = rounded(number);
  if (result === undefined) throw overflow("[<class 'decimal.Overflow'>]");
  return result;
}

function compute(operator: string, left: DecimalNumber, right: DecimalNumber): DecimalNumber | undefined {
  if (left.kind === 'signaling-nan' || right.kind === 'signaling-nan') throw invalidOperation();
  if (isNan(left)) return left;
  if (isNan(right)) return right;
  switch (operator) {
    case '+':
      return sum(left, right);
    case '-':
      return sum(left, negated(right));
    case '*':
      return product(left, right);
    case '/':
      return quotient(left, right);
    case '//':
    case '%':
      return whole(operator, left, right);
    case '**':
      return power(left, right);
    default:
      return undefined;
  }
}

function sum(left: DecimalNumber, right: DecimalNumber): DecimalNumber {
  if (left.kind === 'finite' && right.kind === 'finite') return add(left, right);
  if (left.kind !== 'finite' && right.kind !== 'finite' && left.isNegative !== right.isNegative)
    throw invalidOperation();
  return left.kind === 'finite' ? right : left;
}

function product(left: DecimalNumber, right: DecimalNumber): DecimalNumber {
  if (left.kind === 'finite' && right.kind === 'finite') return multiply(left, right);
  if (isZero(left) || isZero(right)) throw invalidOperation();
  return infinity(left.isNegative !== right.isNegative);
}

function isZero(number: DecimalNumber): boolean {
  return number.kind === 'finite' && number.coefficient === 0n;
}

function quotient(left: DecimalNumber, right: DecimalNumber): DecimalNumber {
  const isNegative = left.isNegative !== right.isNegative;
  if (left.kind !== 'finite') {
    if (right.kind !== 'finite') throw invalidOperation();
    return infinity(isNegative);
  }
  if (right.kind !== 'finite') return finite(isNegative, 0n, -1_000_026);
  if (right.coefficient === 0n) throw divisionByZero(left);
  return divide(left, right);
}

function divisionByZero(dividend: DecimalNumber): TemplateError {
  if (isZero(dividend)) {
    return new TemplateError('arithmetic', 'InvalidOperation', "[<class 'decimal.DivisionUndefined'>]");
  }
  return new TemplateError('arithmetic', 'DivisionByZero', "[<class 'decimal.DivisionByZero'>]");
}

function whole(operator: '//' | '%', left: DecimalNumber, right: DecimalNumber): DecimalNumber {
  if (left.kind !== 'finite') {
    if (operator === '%' || right.kind !== 'finite') throw invalidOperation();
    return infinity(left.isNegative !== right.isNegative);
  }
  if (right.kind !== 'finite') {
    return operator === '%' ? left : finite(left.isNegative !== right.isNegative, 0n, 0);
  }
  if (right.coefficient === 0n) {
    if (operator === '%' && left.coefficient !== 0n) throw invalidOperation();
    throw divisionByZero(left);
  }
  const parts = divideWhole(left, right);
  if (!parts)
    throw new TemplateError('arithmetic', 'InvalidOperation', "[<class 'decimal.DivisionImpossible'>]");
  return operator === '//' ? parts[0] : parts[1];
}

function power(base: DecimalNumber, exponent: DecimalNumber): DecimalNumber {
  if (exponent.kind !== 'finite') throw unsupportedPower();
  const times = rescale(exponent, 0, 'down');
  if (compareDecimals(times, exponent) !== 0) {
    const isHalf = compareDecimals(exponent, finite(false, 5n, -1)) === 0;
    if (isHalf && base.kind === 'finite' && !base.isNegative) return squareRoot(base);
    throw unsupportedPower();
  }
  if (base.kind !== 'finite') throw unsupportedPower();
  if (base.coefficient === 0n && times.coefficient === 0n) throw invalidOperation();
  const isNegative = base.isNegative && times.coefficient % 2n === 1n;
  if (base.coefficient === 0n) {
    return times.isNegative ? infinity(isNegative) : finite(isNegative, 0n, 0);
  }
  if (BigInt(digitCount(base.coefficient)) * times.coefficient > MAX_POWER_DIGITS) throw unsupportedPower();
  const count = Number(times.coefficient);
  const result = finite(isNegative, base.coefficient ** times.coefficient, base.exponent * count);
  return times.isNegative ? divide(finite(false, 1n, 0), result) : result;
}

function unsupportedPower(): TemplateError {
  return valueError(
    'a Decimal can be raised to a whole number of moderate size, or to 0.5: convert to a float with "| float" for other powers',
  );
}

function tupleOf(number: DecimalNumber): Tuple {
  const digits =
    number.kind === 'finite'
      ? number.coefficient.toString()
      : number.kind === 'infinity'
        ? '0'
        : number.payload;
  const exponent =
    number.kind === 'finite'
      ? number.exponent
      : number.kind === 'infinity'
        ? 'F'
        : number.kind === 'nan'
          ? 'n'
          : 'N';
  return new Tuple(
    [number.isNegative ? 1 : 0, new Tuple(Array.from(digits, Number)), exponent],
    ['sign', 'digits', 'exponent'],
  );
}

function ratioOf(number: DecimalNumber): Tuple {
  if (number.kind === 'infinity') throw overflow('cannot convert Infinity to integer ratio');
  if (number.kind !== 'finite') throw valueError('cannot convert NaN to integer ratio');
  let numerator = number.coefficient * (number.exponent > 0 ? powerOfTen(number.exponent) : 1n);
  let denominator = number.exponent < 0 ? powerOfTen(-number.exponent) : 1n;
  const divisor = greatestDivisor(numerator, denominator);
  numerator /= divisor;
  denominator /= divisor;
  return new Tuple([intValue(number.isNegative ? -numerator : numerator), intValue(denominator)]);
}

function greatestDivisor(left: bigint, right: bigint): bigint {
  return right === 0n ? left : greatestDivisor(right, left % right);
}

/** A whole Decimal's digits without an exponent, otherwise its text: what any numeric type of Postgres reads. */
export function wholeText(value: Decimal): string {
  const { number } = value;
  return number.kind === 'finite' ? plainText(normalized(number)) : decimalText(number);
}
