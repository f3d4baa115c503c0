/** Python's tzinfo: what a datetime asks for its offset; and datetime.timezone, the fixed offset. */

import { HostObject, Tuple, typeError, typeName, valueError } from '../../../../jinja/index.ts';
import type { Value } from '../../../../jinja/index.ts';
import { define } from '../../host.ts';
import type { DateTime } from './date-time.ts';
import { DAY, TimeDelta, twoDigits } from './time-delta.ts';

/** A `moment` is naive local time here: its own zone is not looked at. Null is "no moment", asked by `time` values. */
export abstract class TimeZone extends HostObject {
  abstract utcOffset(moment: DateTime | null): TimeDelta | null;
  abstract dst(moment: DateTime | null): TimeDelta | null;
  abstract zoneName(moment: DateTime | null): string | null;
  /** The local time, in this zone, of a moment whose fields are in UTC. */
  abstract fromUtc(moment: DateTime): DateTime;

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'utcoffset':
        return define(name, 'dt', (args) => this.utcOffset(momentOf(args.value('dt'))));
      case 'dst':
        return define(name, 'dt', (args) => this.dst(momentOf(args.value('dt'))));
      case 'tzname':
        return define(name, 'dt', (args) => this.zoneName(momentOf(args.value('dt'))));
      case 'fromutc':
        return define(name, 'dt', (args) => {
          const moment = momentOf(args.value('dt'));
          if (moment === null) throw typeError('fromutc: argument must be a datetime');
          return this.fromUtc(moment);
        });
      default:
        return undefined;
    }
  }
}

function momentOf(value: Value): DateTime | null {
  if (value === null) return null;
  if (value instanceof HostObject && 'wallMicros' in value) return value as DateTime;
  throw typeError(`tzinfo argument must be a datetime instance or None, not ${typeName(value)}`);
}

/** A tzinfo argument; raises for anything else but None. */
export function zoneArgument(value: Value): TimeZone | null {
  if (value === null || value instanceof TimeZone) return value;
  throw typeError(`tzinfo argument must be None or of a tzinfo subclass, not type '${typeName(value)}'`);
}

/** `datetime.timezone`. */
export class FixedTimeZone extends TimeZone {
  readonly typeName = 'datetime.timezone';
  readonly offset: TimeDelta;
  readonly name: string | null;

  constructor(offset: TimeDelta, name: string | null = null) {
    super();
    if (offset.micros <= -DAY || offset.micros >= DAY) {
      throw valueError(
        'offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), ' +
          `not ${offset.toRepr()}.`,
      );
    }
    this.offset = offset;
    this.name = name;
  }

  override utcOffset(): TimeDelta {
    return this.offset;
  }

  override dst(): null {
    return null;
  }

  override zoneName(): string {
    return this.name ?? (this.offset.micros === 0n ? 'UTC' : `UTC${offsetText(this.offset, ':')}`);
  }

  override fromUtc(moment: DateTime): DateTime {
    return moment.plus(this.offset).with({ zone: this });
  }

  override toStr(): string {
    return this.zoneName();
  }

  override toRepr(): string {
    if (this.name !== null) return `datetime.timezone(${this.offset.toRepr()}, '${this.name}')`;
    return this.offset.micros === 0n ? 'datetime.timezone.utc' : `datetime.timezone(${this.offset.toRepr()})`;
  }

  override equals(other: Value): boolean {
    return other instanceof FixedTimeZone && other.offset.micros === this.offset.micros;
  }

  override hashKey(): string {
    return `timezone:${this.offset.micros.toString()}`;
  }
}

export const utcZone = new FixedTimeZone(new TimeDelta(0n));

/** `+05:30`, with seconds and microseconds where there are any. */
export function offsetText(offset: TimeDelta, separator: ':' | ''): string {
  const sign = offset.micros < 0n ? '-' : '+';
  const micros = offset.micros < 0n ? -offset.micros : offset.micros;
  const seconds = Number(micros / 1_000_000n);
  const fraction = Number(micros % 1_000_000n);
  let text = `${sign}${twoDigits(Math.floor(seconds / 3600))}${separator}${twoDigits(Math.floor(seconds / 60) % 60)}`;
  if (seconds % 60 !== 0 || fraction !== 0) text += `${separator}${twoDigits(seconds % 60)}`;
  return fraction === 0 ? text : `${text}.${String(fraction).padStart(6, '0')}`;
}

/** What `time` tuples (`timetuple()`) are: a struct_time. */
export function structTime(fields: readonly number[]): Tuple {
  const names = [
    'tm_year',
    'tm_mon',
    'tm_mday',
    'tm_hour',
    'tm_min',
    'tm_sec',
    'tm_wday',
    'tm_yday',
    'tm_isdst',
  ];
  return new Tuple(fields, names);
}
