/** The texts that Python 3.11's fromisoformat reads. */

import { valueError } from '../../../../jinja/index.ts';
import { DateTime } from './date-time.ts';
import { fromIsoDay, PyDate } from './date.ts';
import type { CalendarDay } from './calendar.ts';
import type { ClockFields } from './time.ts';
import { MIDNIGHT, PyTime } from './time.ts';
import { TimeDelta } from './time-delta.ts';
import type { TimeZone } from './time-zone.ts';
import { FixedTimeZone, utcZone } from './time-zone.ts';

const DAY_PART = /^(?:\d{4}-\d\d-\d\d|\d{8}|\d{4}-W\d\d(?:-\d)?|\d{4}W\d\d\d?)/u;
const DAY = /^(\d{4})-?(?:(\d\d)-?(\d\d)|W(\d\d)-?(\d)?)$/u;
const CLOCK =
  /^(\d\d)(?:(:?)(\d\d)(?:\2(\d\d)(?:[.,](\d+))?)?)?(?:(Z)|([+-])(\d\d)(?:(:?)(\d\d)(?:\9(\d\d)(?:[.,](\d+))?)?)?)?$/u;

/** Raises Python's ValueError. */
export function dateFromIso(text: string): PyDate {
  const day = dayOf(text);
  if (!day) throw invalid(text);
  return new PyDate(day.year, day.month, day.day);
}

/** Raises Python's ValueError. */
export function timeFromIso(text: string): PyTime {
  const clock = clockOf(text.replace(/^T/u, ''));
  if (!clock) throw invalid(text);
  return new PyTime(clock.fields, clock.zone);
}

/** Raises Python's ValueError. */
export function dateTimeFromIso(text: string): DateTime {
  const dayText = DAY_PART.exec(text)?.[0] ?? '';
  const day = dayOf(dayText);
  if (!day) throw invalid(text);
  const rest = text.slice(dayText.length);
  if (rest === '') return new DateTime({ ...day, ...MIDNIGHT, zone: null });
  const clock = clockOf(Array.from(rest).slice(1).join(''));
  if (!clock) throw invalid(text);
  return new DateTime({ ...day, ...clock.fields, zone: clock.zone });
}

function invalid(text: string): Error {
  return valueError(`Invalid isoformat string: '${text}'`);
}

function dayOf(text: string): CalendarDay | undefined {
  const match = DAY.exec(text);
  if (!match || /^\d{4}(?:-\d{4}|\d\d-\d\d)$/u.test(text)) return undefined;
  const [, year, month, day, week, weekday] = match;
  if (week !== undefined) return fromIsoDay(Number(year), Number(week), Number(weekday ?? 1));
  return { year: Number(year), month: Number(month), day: Number(day) };
}

interface Clock {
  readonly fields: ClockFields;
  readonly zone: TimeZone | null;
}

function clockOf(text: string): Clock | undefined {
  const match = CLOCK.exec(text);
  if (!match) return undefined;
  const [
    ,
    hour,
    ,
    minute = '0',
    second = '0',
    fraction,
    zulu,
    sign,
    zoneHour,
    ,
    zoneMinute = '0',
    zoneSecond = '0',
    zoneFraction,
  ] = match;
  const fields = {
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    microsecond: micros(fraction),
    fold: 0 as const,
  };
  if (zulu !== undefined) return { fields, zone: utcZone };
  if (sign === undefined) return { fields, zone: null };
  const seconds = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60 + Number(zoneSecond);
  const offset = BigInt(seconds) * 1_000_000n + BigInt(micros(zoneFraction));
  const zone = offset === 0n ? utcZone : new FixedTimeZone(new TimeDelta(sign === '-' ? -offset : offset));
  return { fields, zone };
}

function micros(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.slice(0, 6).padEnd(6, '0'));
}
