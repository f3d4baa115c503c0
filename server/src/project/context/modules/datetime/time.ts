/** Python's time: a time of day, perhaps in a zone. */

import { HostObject, typeError, valueError } from '../../../../jinja/index.ts';
import type { Value } from '../../../../jinja/index.ts';
import { define } from '../../host.ts';
import type { Bound } from '../../host.ts';
import { intArgument } from '../integers.ts';
import { strftime } from './strftime.ts';
import { TimeDelta, twoDigits } from './time-delta.ts';
import type { TimeZone } from './time-zone.ts';
import { offsetText, zoneArgument } from './time-zone.ts';

export interface ClockFields {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly fold: 0 | 1;
}

export const MIDNIGHT: ClockFields = { hour: 0, minute: 0, second: 0, microsecond: 0, fold: 0 };

export class PyTime extends HostObject implements ClockFields {
  readonly typeName = 'datetime.time';
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly fold: 0 | 1;
  readonly zone: TimeZone | null;

  /** Raises Python's ValueError for fields out of range. */
  constructor(fields: ClockFields, zone: TimeZone | null) {
    super();
    checkClock(fields);
    this.hour = fields.hour;
    this.minute = fields.minute;
    this.second = fields.second;
    this.microsecond = fields.microsecond;
    this.fold = fields.fold;
    this.zone = zone;
  }

  isoFormat(precision = 'auto'): string {
    const offset = this.zone?.utcOffset(null) ?? null;
    return clockText(this, precision) + (offset === null ? '' : offsetText(offset, ':'));
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'hour':
      case 'minute':
      case 'second':
      case 'microsecond':
      case 'fold':
        return this[name];
      case 'tzinfo':
        return this.zone;
      case 'isoformat':
        return define(name, 'timespec=', (args) => this.isoFormat(args.text('timespec') ?? 'auto'));
      case 'strftime':
        return define(name, 'format', (args) => this.#strftime(args.text('format') ?? ''));
      case 'replace':
        return define(
          name,
          'hour=,minute=,second=,microsecond=,tzinfo=,fold=',
          (args) => new PyTime(clockArguments(args, this), replacedZone(args, this.zone)),
        );
      case 'utcoffset':
        return define(name, '', () => this.zone?.utcOffset(null) ?? null);
      case 'dst':
        return define(name, '', () => this.zone?.dst(null) ?? null);
      case 'tzname':
        return define(name, '', () => this.zone?.zoneName(null) ?? null);
      default:
        return timeMember(name);
    }
  }

  #strftime(format: string): string {
    const offset = this.zone?.utcOffset(null) ?? null;
    return strftime(
      {
        ...{ year: 1900, month: 1, day: 1 },
        ...{ hour: this.hour, minute: this.minute, second: this.second, microsecond: this.microsecond },
        offset: offset === null ? '' : offsetText(offset, ''),
        zoneName: this.zone?.zoneName(null) ?? '',
      },
      format,
    );
  }

  override format(spec: string): string {
    return spec === '' ? this.toStr() : this.#strftime(spec);
  }

  override toStr(): string {
    return this.isoFormat();
  }

  override toRepr(): string {
    const parts = [clockRepr(this)];
    if (this.zone) parts.push(`tzinfo=${this.zone.toRepr()}`);
    if (this.fold) parts.push('fold=1');
    return `datetime.time(${parts.join(', ')})`;
  }

  override isTruthy(): boolean {
    return true;
  }

  override equals(other: Value): boolean {
    return (
      other instanceof PyTime && this.#isAware() === other.#isAware() && this.#micros() === other.#micros()
    );
  }

  override hashKey(): string {
    return `time:${this.#isAware() ? 'aware' : 'naive'}:${this.#micros().toString()}`;
  }

  override compare(other: Value): number | undefined {
    if (!(other instanceof PyTime)) return undefined;
    if (this.#isAware() !== other.#isAware()) {
      throw typeError("can't compare offset-naive and offset-aware times");
    }
    return this.#micros() < other.#micros() ? -1 : this.#micros() > other.#micros() ? 1 : 0;
  }

  #isAware(): boolean {
    return (this.zone?.utcOffset(null) ?? null) !== null;
  }

  #micros(): bigint {
    return clockMicros(this) - (this.zone?.utcOffset(null)?.micros ?? 0n);
  }
}

export function checkClock({ hour, minute, second, microsecond }: ClockFields): void {
  if (hour < 0 || hour > 23) throw valueError('hour must be in 0..23');
  if (minute < 0 || minute > 59) throw valueError('minute must be in 0..59');
  if (second < 0 || second > 59) throw valueError('second must be in 0..59');
  if (microsecond < 0 || microsecond > 999_999) throw valueError('microsecond must be in 0..999999');
}

/** Microseconds since midnight. */
export function clockMicros({ hour, minute, second, microsecond }: ClockFields): bigint {
  return BigInt((hour * 60 + minute) * 60 + second) * 1_000_000n + BigInt(microsecond);
}

/** The fields of a number of microseconds since midnight. */
export function clockOf(micros: bigint): ClockFields {
  const seconds = Number(micros / 1_000_000n);
  return {
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    microsecond: Number(micros % 1_000_000n),
    fold: 0,
  };
}

/** isoformat's text for a `timespec`; raises Python's ValueError for an unknown one. */
export function clockText({ hour, minute, second, microsecond }: ClockFields, timespec: string): string {
  const minutes = `${twoDigits(hour)}:${twoDigits(minute)}`;
  const seconds = `${minutes}:${twoDigits(second)}`;
  const fraction = String(microsecond).padStart(6, '0');
  switch (timespec) {
    case 'auto':
      return microsecond === 0 ? seconds : `${seconds}.${fraction}`;
    case 'hours':
      return twoDigits(hour);
    case 'minutes':
      return minutes;
    case 'seconds':
      return seconds;
    case 'milliseconds':
      return `${seconds}.${fraction.slice(0, 3)}`;
    case 'microseconds':
      return `${seconds}.${fraction}`;
    default:
      throw valueError('Unknown timespec value');
  }
}

/** `12, 30` with seconds and microseconds where Python's repr has them. */
export function clockRepr({ hour, minute, second, microsecond }: ClockFields): string {
  const parts = [hour, minute];
  if (second !== 0 || microsecond !== 0) parts.push(second);
  if (microsecond !== 0) parts.push(microsecond);
  return parts.join(', ');
}

/** The clock arguments of a constructor or `replace`. */
export function clockArguments(args: Bound, otherwise: ClockFields): ClockFields {
  const part = (name: 'hour' | 'minute' | 'second' | 'microsecond'): number => {
    const value = args.get(name);
    return value === undefined ? otherwise[name] : intArgument(value);
  };
  const fold = args.get('fold');
  if (fold !== undefined && fold !== 0 && fold !== 1) throw valueError('fold must be either 0 or 1');
  return {
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
    microsecond: part('microsecond'),
    fold: fold ?? otherwise.fold,
  };
}

export function replacedZone(args: Bound, otherwise: TimeZone | null): TimeZone | null {
  const zone = args.get('tzinfo');
  return zone === undefined ? otherwise : zoneArgument(zone);
}

export function timeMember(name: string): Value | undefined {
  switch (name) {
    case 'min':
      return new PyTime(MIDNIGHT, null);
    case 'max':
      return new PyTime({ hour: 23, minute: 59, second: 59, microsecond: 999_999, fold: 0 }, null);
    case 'resolution':
      return new TimeDelta(1n);
    default:
      return undefined;
  }
}
