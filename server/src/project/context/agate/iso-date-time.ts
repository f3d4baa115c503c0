/** ISO 8601 date-times in every form that the isodate package reads. */

import { valueError } from '../../../jinja/index.ts';
import { fromOrdinal, isoDay, toOrdinal } from '../modules/datetime/calendar.ts';
import type { CalendarDay } from '../modules/datetime/calendar.ts';
import { checkDay } from '../modules/datetime/date.ts';
import { DateTime } from '../modules/datetime/date-time.ts';
import type { ClockFields } from '../modules/datetime/time.ts';
import { checkClock, clockOf } from '../modules/datetime/time.ts';
import { TimeDelta } from '../modules/datetime/time-delta.ts';
import { FixedTimeZone, utcZone } from '../modules/datetime/time-zone.ts';

const CALENDAR_DAY = /^(\d{4})-?(\d\d)-?(\d\d)$/u;
const WEEK_DAY = /^(\d{4})(-?)W(\d\d)(?:\2(\d))?$/u;
const YEAR_DAY = /^(\d{4})-?(\d{3})$/u;
const MONTH = /^(\d{4})-?(\d\d)$/u;
const YEAR = /^\d{4}$/u;
const CENTURY = /^\d\d$/u;
const CLOCK =
  /^(?:(\d\d):(\d\d):(\d\d(?:[,.]\d+)?)|(\d\d)(\d\d)(\d\d(?:[,.]\d+)?)|(\d\d):?(\d\d(?:[,.]\d+)?)|(\d\d(?:[,.]\d+)?))(Z|([+-])(\d\d)(?::?(\d\d))?)?$/u;

/** Raises a ValueError for any other text. */
export function isoDateTime(text: string): DateTime {
  const parts = text.split('T');
  if (parts.length !== 2) throw valueError(`Unable to parse datetime string '${text}'`);
  const [dayText = '', clockText = ''] = parts;
  const day = dayIn(dayText);
  const match = CLOCK.exec(clockText);
  if (!day || !match) throw valueError(`Unrecognised ISO 8601 format: '${text}'`);
  checkDay(day.year, day.month, day.day);
  return new DateTime({ ...day, ...clockIn(match), zone: zoneIn(match) });
}

function dayIn(text: string): CalendarDay | undefined {
  const calendar = CALENDAR_DAY.exec(text);
  if (calendar && !/^\d{4}(?:-\d{4}|\d\d-\d\d)$/u.test(text)) {
    const [, year, month, day] = calendar.map(Number);
    return { year: year as number, month: (month as number) || 1, day: day as number };
  }
  const week = WEEK_DAY.exec(text);
  if (week) return dayOfWeek(Number(week[1]), Number(week[3]), Number(week[4] ?? 1) || 1);
  const ordinal = YEAR_DAY.exec(text);
  if (ordinal) return shifted({ year: Number(ordinal[1]), month: 1, day: 1 }, Number(ordinal[2]) - 1);
  const month = MONTH.exec(text);
  if (month) return { year: Number(month[1]), month: Number(month[2]) || 1, day: 1 };
  if (YEAR.test(text)) return { year: Number(text), month: 1, day: 1 };
  return CENTURY.test(text) ? { year: Number(text) * 100 + 1, month: 1, day: 1 } : undefined;
}

function dayOfWeek(year: number, week: number, day: number): CalendarDay {
  const first = { year, month: 1, day: 1 };
  checkDay(year, 1, 1);
  const iso = isoDay(first);
  const weeks = week - (iso.week === 1 ? 1 : 0);
  return shifted(first, weeks * 7 - iso.weekday + day);
}

function shifted(day: CalendarDay, days: number): CalendarDay {
  checkDay(day.year, day.month, day.day);
  const ordinal = toOrdinal(day) + days;
  if (ordinal < 1 || ordinal > 3_652_059) throw valueError('date value out of range');
  return fromOrdinal(ordinal);
}

/** The last part may have a fraction, of an hour, a minute or a second. */
function clockIn(match: RegExpExecArray): ClockFields {
  const [hour, minute, second] = partsIn(match);
  const micros =
    fraction(hour, 3_600_000_000n) + fraction(minute, 60_000_000n) + fraction(second, 1_000_000n);
  const whole = {
    hour: wholeOf(hour),
    minute: wholeOf(minute),
    second: wholeOf(second),
    microsecond: 0,
    fold: 0 as const,
  };
  checkClock(whole);
  const total = BigInt((whole.hour * 60 + whole.minute) * 60 + whole.second) * 1_000_000n + micros;
  return clockOf(total);
}

function partsIn(match: RegExpExecArray): readonly [hour: string, minute: string, second: string] {
  if (match[1] !== undefined) return [match[1], match[2] ?? '0', match[3] ?? '0'];
  if (match[4] !== undefined) return [match[4], match[5] ?? '0', match[6] ?? '0'];
  if (match[7] !== undefined) return [match[7], match[8] ?? '0', '0'];
  return [match[9] ?? '0', '0', '0'];
}

function wholeOf(part: string): number {
  return Number(part.slice(0, 2));
}

function fraction(part: string, unit: bigint): bigint {
  const digits = part.slice(3);
  return digits === '' ? 0n : (BigInt(digits) * unit) / 10n ** BigInt(digits.length);
}

function zoneIn(match: RegExpExecArray): FixedTimeZone | null {
  const [zone, sign, hour, minute = '0'] = match.slice(10);
  if (zone === undefined) return null;
  if (zone === 'Z') return utcZone;
  const micros = BigInt(Number(hour) * 60 + Number(minute)) * 60_000_000n;
  return new FixedTimeZone(new TimeDelta(sign === '-' ? -micros : micros), zone);
}
