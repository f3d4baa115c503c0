/** Python's timedelta: a span of time in whole microseconds. */

import { overflow, zeroDivision } from '../faults.ts';
import { HostObject, PyFloat, typeError, typeName, valueError } from '../../../../jinja/index.ts';
import type { CallArguments, Value } from '../../../../jinja/index.ts';
import { define } from '../../host.ts';
import { bigIntOf, divideHalfEven, exactRatio, floorDivide, floorModulo, intValue } from '../integers.ts';
import { PythonClass } from '../python-class.ts';

const SECOND = 1_000_000n;
export const DAY = 86_400n * SECOND;
const MAX_DAYS = 999_999_999n;

/** Immutable; equal spans are equal and hash alike. */
export class TimeDelta extends HostObject {
  readonly typeName: string = 'datetime.timedelta';
  readonly micros: bigint;

  /** Raises an OverflowError beyond 999999999 days. */
  constructor(micros: bigint) {
    super();
    const days = floorDivide(micros, DAY);
    if (days > MAX_DAYS || days < -MAX_DAYS) {
      throw overflow(`days=${days.toString()}; must have magnitude <= 999999999`);
    }
    this.micros = micros;
  }

  static ofSeconds(seconds: number): TimeDelta {
    return new TimeDelta(BigInt(seconds) * SECOND);
  }

  get days(): number {
    return Number(floorDivide(this.micros, DAY));
  }

  /** 0 … 86399. */
  get seconds(): number {
    return Number(floorModulo(this.micros, DAY) / SECOND);
  }

  /** 0 … 999999. */
  get microseconds(): number {
    return Number(floorModulo(this.micros, SECOND));
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'days':
      case 'seconds':
      case 'microseconds':
        return this[name];
      case 'total_seconds':
        return define(name, '', () => new PyFloat(Number(this.micros) / 1e6));
      default:
        return timeDeltaMember(name);
    }
  }

  override toStr(): string {
    const { days, seconds, microseconds } = this;
    const clock = `${Math.floor(seconds / 3600)}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
    const dayText = days === 0 ? '' : `${days} day${Math.abs(days) === 1 ? '' : 's'}, `;
    return dayText + clock + (microseconds === 0 ? '' : `.${String(microseconds).padStart(6, '0')}`);
  }

  override toRepr(): string {
    const parts = (['days', 'seconds', 'microseconds'] as const)
      .filter((part) => this[part] !== 0)
      .map((part) => `${part}=${this[part]}`);
    return `datetime.timedelta(${parts.length === 0 ? '0' : parts.join(', ')})`;
  }

  override isTruthy(): boolean {
    return this.micros !== 0n;
  }

  override equals(other: Value): boolean {
    return other instanceof TimeDelta && other.micros === this.micros;
  }

  override hashKey(): string {
    return `timedelta:${this.micros.toString()}`;
  }

  override compare(other: Value): number | undefined {
    if (!(other instanceof TimeDelta)) return undefined;
    return this.micros < other.micros ? -1 : this.micros > other.micros ? 1 : 0;
  }

  override unary(operator: '-' | '+' | 'abs'): Value {
    const isNegated = operator === '-' || (operator === 'abs' && this.micros < 0n);
    return isNegated ? new TimeDelta(-this.micros) : this;
  }

  override operate(operator: string, other: Value, reflected: boolean): Value | undefined {
    if (other instanceof TimeDelta) return reflected ? undefined : this.#withDelta(operator, other);
    if (operator === '*') return this.#times(other);
    return reflected ? undefined : this.#dividedBy(operator, other);
  }

  #withDelta(operator: string, other: TimeDelta): Value | undefined {
    if (operator === '+') return new TimeDelta(this.micros + other.micros);
    if (operator === '-') return new TimeDelta(this.micros - other.micros);
    if (operator !== '/' && operator !== '//' && operator !== '%') return undefined;
    if (other.micros === 0n)
      throw zeroDivision(operator === '/' ? 'division by zero' : 'integer division or modulo by zero');
    if (operator === '/') return new PyFloat(Number(this.micros) / Number(other.micros));
    if (operator === '//') return intValue(floorDivide(this.micros, other.micros));
    return new TimeDelta(floorModulo(this.micros, other.micros));
  }

  #times(factor: Value): TimeDelta | undefined {
    const int = bigIntOf(factor);
    if (int !== undefined) return new TimeDelta(this.micros * int);
    if (!(factor instanceof PyFloat)) return undefined;
    const [numerator, denominator] = finiteRatio(factor.value);
    return new TimeDelta(divideHalfEven(this.micros * numerator, denominator));
  }

  #dividedBy(operator: string, divisor: Value): TimeDelta | undefined {
    if (operator !== '/' && operator !== '//') return undefined;
    const int = bigIntOf(divisor);
    if (int === 0n || (divisor instanceof PyFloat && divisor.value === 0)) {
      throw zeroDivision('integer division or modulo by zero');
    }
    if (int !== undefined) {
      return new TimeDelta(
        operator === '/' ? divideHalfEven(this.micros, int) : floorDivide(this.micros, int),
      );
    }
    if (operator !== '/' || !(divisor instanceof PyFloat)) return undefined;
    const [numerator, denominator] = finiteRatio(divisor.value);
    return new TimeDelta(divideHalfEven(this.micros * denominator, numerator));
  }
}

function finiteFloat(value: number): number {
  if (Number.isNaN(value)) throw valueError('cannot convert float NaN to integer');
  if (!Number.isFinite(value)) throw overflow('cannot convert float infinity to integer');
  return value;
}

function finiteRatio(value: number): readonly [bigint, bigint] {
  if (Number.isNaN(value)) throw valueError('cannot convert NaN to integer ratio');
  if (!Number.isFinite(value)) throw overflow('cannot convert Infinity to integer ratio');
  return exactRatio(value);
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

const UNITS: readonly (readonly [name: string, micros: bigint])[] = [
  ['days', DAY],
  ['seconds', SECOND],
  ['microseconds', 1n],
  ['milliseconds', 1000n],
  ['minutes', 60n * SECOND],
  ['hours', 3600n * SECOND],
  ['weeks', 7n * DAY],
];

const construct = define('__new__', UNITS.map(([name]) => `${name}=`).join(','), (args) => {
  let micros = 0n;
  let fraction = 0;
  for (const [name, unit] of UNITS) {
    const amount = args.get(name);
    if (amount === undefined) continue;
    const int = bigIntOf(amount);
    if (int !== undefined) micros += int * unit;
    else if (amount instanceof PyFloat) {
      const whole = Math.trunc(finiteFloat(amount.value));
      const rest = (amount.value - whole) * Number(unit);
      micros += BigInt(whole) * unit + BigInt(Math.trunc(rest));
      fraction += rest - Math.trunc(rest);
    } else {
      throw typeError(`unsupported type for timedelta ${name} component: ${typeName(amount)}`);
    }
  }
  const [numerator, denominator] = exactRatio(fraction);
  return new TimeDelta(divideHalfEven(micros * denominator + numerator, denominator));
});

const MAX_DELTA = MAX_DAYS * DAY + DAY - 1n;

function timeDeltaMember(name: string): Value | undefined {
  switch (name) {
    case 'min':
      return new TimeDelta(-MAX_DAYS * DAY);
    case 'max':
      return new TimeDelta(MAX_DELTA);
    case 'resolution':
      return new TimeDelta(1n);
    default:
      return undefined;
  }
}

export const timeDeltaClass = new PythonClass({
  name: 'datetime.timedelta',
  construct: (args: CallArguments) => construct.call(args) as Value,
  member: timeDeltaMember,
});
