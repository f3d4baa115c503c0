/** Python's date. */

import { HostObject, PyFloat, Tuple, typeError, valueError } from '../../../../jinja/index.ts';
import type { Value } from '../../../../jinja/index.ts';
import { define } from '../../host.ts';
import type { Bound } from '../../host.ts';
import { overflow } from '../faults.ts';
import { intArgument } from '../integers.ts';
import type { CalendarDay } from './calendar.ts';
import {
  dayOfYear,
  daysInMonth,
  firstIsoMonday,
  fromOrdinal,
  isoDay,
  isoWeeks,
  MAX_ORDINAL,
  MAX_YEAR,
  MIN_YEAR,
  toOrdinal,
  weekday,
} from './calendar.ts';
import { strftime } from './strftime.ts';
import { DAY, TimeDelta, twoDigits } from './time-delta.ts';
import { structTime } from './time-zone.ts';

export class PyDate extends HostObject implements CalendarDay {
  readonly typeName: string = 'datetime.date';
  readonly year: number;
  readonly month: number;
  readonly day: number;

  /** Raises Python's ValueError for a day that does not exist. */
  constructor(year: number, month: number, day: number) {
    super();
    checkDay(year, month, day);
    this.year = year;
    this.month = month;
    this.day = day;
  }

  /** Raises an OverflowError outside the years 1 … 9999. */
  static fromOrdinal(ordinal: number): PyDate {
    if (ordinal < 1 || ordinal > MAX_ORDINAL) throw overflow('date value out of range');
    const { year, month, day } = fromOrdinal(ordinal);
    return new PyDate(year, month, day);
  }

  get ordinal(): number {
    return toOrdinal(this);
  }

  isoFormat(): string {
    return dayText(this);
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'isoformat':
        return define(name, '', () => this.isoFormat());
      case 'strftime':
        return define(name, 'format', (args) => this.#strftime(args.text('format') ?? ''));
      case 'replace':
        return define(name, 'year=,month=,day=', (args) => {
          const { year, month, day } = replacedDay(this, args);
          return new PyDate(year, month, day);
        });
      case 'ctime':
        return define(name, '', () => this.#strftime('%a %b %e 00:00:00 %Y'));
      case 'timetuple':
        return define(name, '', () => timeTuple(this, [0, 0, 0], -1));
      default:
        return calendarAttribute(this, name) ?? dateMember(name);
    }
  }

  #strftime(format: string): string {
    return strftime(
      {
        year: this.year,
        month: this.month,
        day: this.day,
        hour: 0,
        minute: 0,
        second: 0,
        microsecond: 0,
        offset: '',
        zoneName: '',
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
    return `datetime.date(${this.year}, ${this.month}, ${this.day})`;
  }

  override isTruthy(): boolean {
    return true;
  }

  override equals(other: Value): boolean {
    return other instanceof PyDate && other.ordinal === this.ordinal;
  }

  override hashKey(): string {
    return `date:${this.isoFormat()}`;
  }

  override compare(other: Value): number | undefined {
    return other instanceof PyDate ? this.ordinal - other.ordinal : undefined;
  }

  override operate(operator: string, other: Value, reflected: boolean): Value | undefined {
    if (other instanceof TimeDelta && operator === '+') return PyDate.fromOrdinal(this.ordinal + other.days);
    if (reflected || operator !== '-') return undefined;
    if (other instanceof TimeDelta) return PyDate.fromOrdinal(this.ordinal - other.days);
    return other instanceof PyDate ? new TimeDelta(BigInt(this.ordinal - other.ordinal) * DAY) : undefined;
  }
}

export function checkDay(year: number, month: number, day: number): void {
  if (year < MIN_YEAR || year > MAX_YEAR) throw valueError(`year ${year} is out of range`);
  if (month < 1 || month > 12) throw valueError('month must be in 1..12');
  if (day < 1 || day > daysInMonth(year, month)) throw valueError('day is out of range for month');
}

export function dayText(date: CalendarDay): string {
  return `${String(date.year).padStart(4, '0')}-${twoDigits(date.month)}-${twoDigits(date.day)}`;
}

export function replacedDay(date: CalendarDay, args: Bound): CalendarDay {
  const part = (name: 'year' | 'month' | 'day'): number => {
    const value = args.get(name);
    return value === undefined ? date[name] : intArgument(value);
  };
  return { year: part('year'), month: part('month'), day: part('day') };
}

/** The attributes that dates and datetimes share. */
export function calendarAttribute(date: CalendarDay, name: string): Value | undefined {
  switch (name) {
    case 'year':
    case 'month':
    case 'day':
      return date[name];
    case 'weekday':
      return define(name, '', () => weekday(date));
    case 'isoweekday':
      return define(name, '', () => weekday(date) + 1);
    case 'toordinal':
      return define(name, '', () => toOrdinal(date));
    case 'isocalendar':
      return define(name, '', () => {
        const iso = isoDay(date);
        return new Tuple([iso.year, iso.week, iso.weekday], ['year', 'week', 'weekday']);
      });
    default:
      return undefined;
  }
}

export function timeTuple(date: CalendarDay, clock: readonly number[], isDst: number): Tuple {
  return structTime([date.year, date.month, date.day, ...clock, weekday(date), dayOfYear(date), isDst]);
}

/** The day of an ISO week; raises Python's ValueError for one that does not exist. */
export function fromIsoDay(year: number, week: number, day: number): CalendarDay {
  if (year < MIN_YEAR || year > MAX_YEAR) throw valueError(`Year is out of range: ${year}`);
  if (week < 1 || week > isoWeeks(year)) throw valueError(`Invalid week: ${week}`);
  if (day < 1 || day > 7) throw valueError(`Invalid weekday: ${day} (range is [1, 7])`);
  return fromOrdinal(firstIsoMonday(year) + (week - 1) * 7 + day - 1);
}

export function dateMember(name: string): Value | undefined {
  switch (name) {
    case 'min':
      return new PyDate(1, 1, 1);
    case 'max':
      return new PyDate(9999, 12, 31);
    case 'resolution':
      return new TimeDelta(DAY);
    case 'fromordinal':
      return define(name, 'n', (args) => {
        const ordinal = intArgument(args.value('n'));
        if (ordinal < 1) throw valueError('ordinal must be >= 1');
        if (ordinal > MAX_ORDINAL) throw valueError('year is out of range');
        return PyDate.fromOrdinal(ordinal);
      });
    case 'fromisocalendar':
      return define(name, 'year,week,day', (args) => {
        const { year, month, day } = fromIsoDay(
          intArgument(args.value('year')),
          intArgument(args.value('week')),
          intArgument(args.value('day')),
        );
        return new PyDate(year, month, day);
      });
    default:
      return undefined;
  }
}

/** A `timestamp` argument, an int or a float, in seconds. */
export function secondsArgument(value: Value): number {
  if (value instanceof PyFloat) {
    if (Number.isNaN(value.value)) throw valueError('cannot convert float NaN to integer');
    return value.value;
  }
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  throw typeError(
    `'${typeof value === 'string' ? 'str' : 'object'}' object cannot be interpreted as an integer`,
  );
}
