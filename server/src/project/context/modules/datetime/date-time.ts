/** Python's datetime: a day and a time of day, naive or in a zone. */

import { HostObject, PyFloat, typeError } from '../../../../jinja/index.ts';
import type { Value } from '../../../../jinja/index.ts';
import { define } from '../../host.ts';
import { overflow } from '../faults.ts';
import { floorDivide, floorModulo } from '../integers.ts';
import type { CalendarDay } from './calendar.ts';
import { MAX_ORDINAL, fromOrdinal, toOrdinal } from './calendar.ts';
import { calendarAttribute, checkDay, dayText, PyDate, replacedDay, timeTuple } from './date.ts';
import { localOffset, localZone } from './local.ts';
import { strftime } from './strftime.ts';
import type { ClockFields } from './time.ts';
import {
  checkClock,
  clockArguments,
  clockMicros,
  clockOf,
  clockRepr,
  clockText,
  PyTime,
  replacedZone,
} from './time.ts';
import { DAY, TimeDelta } from './time-delta.ts';
import type { TimeZone } from './time-zone.ts';
import { offsetText, zoneArgument } from './time-zone.ts';

export interface DateTimeFields extends CalendarDay, ClockFields {
  readonly zone: TimeZone | null;
}

/** Microseconds from 0000-12-31 (ordinal 0) to the Unix epoch. */
const EPOCH = BigInt(toOrdinal({ year: 1970, month: 1, day: 1 })) * DAY;

export class DateTime extends HostObject implements DateTimeFields {
  readonly typeName = 'datetime.datetime';
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly fold: 0 | 1;
  readonly zone: TimeZone | null;

  /** Raises Python's ValueError for fields out of range. */
  constructor(fields: DateTimeFields) {
    super();
    checkDay(fields.year, fields.month, fields.day);
    checkClock(fields);
    this.year = fields.year;
    this.month = fields.month;
    this.day = fields.day;
    this.hour = fields.hour;
    this.minute = fields.minute;
    this.second = fields.second;
    this.microsecond = fields.microsecond;
    this.fold = fields.fold;
    this.zone = fields.zone;
  }

  /** The moment whose wall clock shows so many microseconds since ordinal 0. Raises an OverflowError outside the years 1 … 9999. */
  static fromWall(micros: bigint, zone: TimeZone | null): DateTime {
    const ordinal = Number(floorDivide(micros, DAY));
    if (ordinal < 1 || ordinal > MAX_ORDINAL) throw overflow('date value out of range');
    return new DateTime({ ...fromOrdinal(ordinal), ...clockOf(floorModulo(micros, DAY)), zone });
  }

  /** The naive UTC time of a Unix time in microseconds. */
  static fromUnix(micros: bigint): DateTime {
    return DateTime.fromWall(EPOCH + micros, null);
  }

  /** What the wall clock shows, zones aside. */
  get wallMicros(): bigint {
    return BigInt(toOrdinal(this)) * DAY + clockMicros(this);
  }

  get offset(): TimeDelta | null {
    return this.zone?.utcOffset(this) ?? null;
  }

  /** Unix time in microseconds; a naive datetime is read as local time. */
  get unixMicros(): bigint {
    const naive = this.wallMicros - EPOCH;
    return naive - (this.offset?.micros ?? localOffset(naive, this.fold));
  }

  with(changes: Partial<DateTimeFields>): DateTime {
    return new DateTime({ ...this.#fields(), ...changes });
  }

  plus(delta: TimeDelta): DateTime {
    return DateTime.fromWall(this.wallMicros + delta.micros, this.zone);
  }

  /** The same moment in another zone. */
  inZone(zone: TimeZone): DateTime {
    const offset = this.offset;
    if (this.zone === zone && offset !== null) return this;
    const utc =
      offset === null
        ? DateTime.fromUnix(this.unixMicros)
        : DateTime.fromWall(this.wallMicros - offset.micros, null);
    return zone.fromUtc(utc.with({ zone }));
  }

  isoFormat(separator = 'T', timespec = 'auto'): string {
    const offset = this.offset;
    return `${dayText(this)}${separator}${clockText(this, timespec)}${offset === null ? '' : offsetText(offset, ':')}`;
  }

  strftime(format: string): string {
    const offset = this.offset;
    const zoneName = this.zone?.zoneName(this) ?? '';
    return strftime(
      { ...this.#fields(), offset: offset === null ? '' : offsetText(offset, ''), zoneName },
      format,
    );
  }

  #fields(): DateTimeFields {
    const { year, month, day, hour, minute, second, microsecond, fold, zone } = this;
    return { year, month, day, hour, minute, second, microsecond, fold, zone };
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
      case 'date':
        return define(name, '', () => new PyDate(this.year, this.month, this.day));
      case 'time':
        return define(name, '', () => new PyTime(this, null));
      case 'timetz':
        return define(name, '', () => new PyTime(this, this.zone));
      case 'isoformat':
        return define(name, 'sep=,timespec=', (args) =>
          this.isoFormat(args.text('sep') ?? 'T', args.text('timespec') ?? 'auto'),
        );
      case 'strftime':
        return define(name, 'format', (args) => this.strftime(args.text('format') ?? ''));
      case 'replace':
        return define(name, 'year=,month=,day=,hour=,minute=,second=,microsecond=,tzinfo=,fold=', (args) =>
          this.with({
            ...replacedDay(this, args),
            ...clockArguments(args, this),
            zone: replacedZone(args, this.zone),
          }),
        );
      case 'astimezone':
        return define(name, 'tz=', (args) => {
          const zone = zoneArgument(args.value('tz'));
          return this.inZone(zone ?? localZone(this.unixMicros));
        });
      case 'timestamp':
        return define(name, '', () => new PyFloat(Number(this.unixMicros) / 1e6));
      case 'utcoffset':
        return define(name, '', () => this.offset);
      case 'dst':
        return define(name, '', () => this.zone?.dst(this) ?? null);
      case 'tzname':
        return define(name, '', () => this.zone?.zoneName(this) ?? null);
      case 'ctime':
        return define(name, '', () => this.strftime('%a %b %e %H:%M:%S %Y'));
      case 'timetuple':
        return define(name, '', () =>
          timeTuple(this, [this.hour, this.minute, this.second], this.#dstFlag()),
        );
      case 'utctimetuple':
        return define(name, '', () => {
          const utc = DateTime.fromWall(this.wallMicros - (this.offset?.micros ?? 0n), null);
          return timeTuple(utc, [utc.hour, utc.minute, utc.second], 0);
        });
      default:
        return calendarAttribute(this, name);
    }
  }

  #dstFlag(): number {
    const dst = this.zone?.dst(this) ?? null;
    return dst === null ? -1 : dst.micros === 0n ? 0 : 1;
  }

  override format(spec: string): string {
    return spec === '' ? this.toStr() : this.strftime(spec);
  }

  override toStr(): string {
    return this.isoFormat(' ');
  }

  override toRepr(): string {
    const parts = [`${this.year}, ${this.month}, ${this.day}, ${clockRepr(this)}`];
    if (this.fold) parts.push('fold=1');
    if (this.zone) parts.push(`tzinfo=${this.zone.toRepr()}`);
    return `datetime.datetime(${parts.join(', ')})`;
  }

  override isTruthy(): boolean {
    return true;
  }

  override equals(other: Value): boolean {
    if (!(other instanceof DateTime)) return false;
    const offset = this.offset;
    const otherOffset = other.offset;
    if ((offset === null) !== (otherOffset === null)) return false;
    return this.wallMicros - (offset?.micros ?? 0n) === other.wallMicros - (otherOffset?.micros ?? 0n);
  }

  override hashKey(): string {
    const offset = this.offset;
    return `datetime:${offset === null ? 'naive' : 'aware'}:${(this.wallMicros - (offset?.micros ?? 0n)).toString()}`;
  }

  override compare(other: Value): number | undefined {
    if (other instanceof PyDate) throw typeError("can't compare datetime.datetime to datetime.date");
    if (!(other instanceof DateTime)) return undefined;
    const difference = this.#minus(other, "can't compare offset-naive and offset-aware datetimes");
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  override operate(operator: string, other: Value, reflected: boolean): Value | undefined {
    if (operator === '+' && other instanceof TimeDelta) return this.plus(other);
    if (operator !== '-' || reflected) return undefined;
    if (other instanceof TimeDelta) return DateTime.fromWall(this.wallMicros - other.micros, this.zone);
    if (!(other instanceof DateTime)) return undefined;
    return new TimeDelta(this.#minus(other, "can't subtract offset-naive and offset-aware datetimes"));
  }

  #minus(other: DateTime, complaint: string): bigint {
    if (this.zone === other.zone) return this.wallMicros - other.wallMicros;
    const offset = this.offset;
    const otherOffset = other.offset;
    if ((offset === null) !== (otherOffset === null)) throw typeError(complaint);
    return this.wallMicros - other.wallMicros - (offset?.micros ?? 0n) + (otherOffset?.micros ?? 0n);
  }
}
