/** strptime: a text read by a format. */

import { valueError } from '../../../../jinja/index.ts';
import { repr } from '../../../../jinja/index.ts';
import { fromOrdinal, toOrdinal, weekday } from './calendar.ts';
import type { CalendarDay } from './calendar.ts';
import { DateTime } from './date-time.ts';
import { fromIsoDay } from './date.ts';
import { DAY_NAMES, MONTH_NAMES } from './strftime.ts';
import { TimeDelta } from './time-delta.ts';
import type { TimeZone } from './time-zone.ts';
import { FixedTimeZone, utcZone } from './time-zone.ts';

const short = (names: readonly string[]): string => names.map((name) => name.slice(0, 3)).join('|');

/** What each directive matches, longest alternatives first. */
const PATTERNS: Readonly<Record<string, string>> = {
  a: short(DAY_NAMES),
  A: DAY_NAMES.join('|'),
  b: short(MONTH_NAMES),
  B: MONTH_NAMES.join('|'),
  d: '3[0-1]|[1-2]\\d|0[1-9]|[1-9]| [1-9]',
  f: '[0-9]{1,6}',
  G: '\\d\\d\\d\\d',
  H: '2[0-3]|[0-1]\\d|\\d',
  I: '1[0-2]|0[1-9]|[1-9]',
  j: '36[0-6]|3[0-5]\\d|[1-2]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]',
  m: '1[0-2]|0[1-9]|[1-9]',
  M: '[0-5]\\d|\\d',
  p: 'am|pm',
  S: '6[0-1]|[0-5]\\d|\\d',
  u: '[1-7]',
  U: '5[0-3]|[0-4]\\d|\\d',
  V: '5[0-3]|0[1-9]|[1-4]\\d|\\d',
  w: '[0-6]',
  W: '5[0-3]|[0-4]\\d|\\d',
  y: '\\d\\d',
  Y: '\\d\\d\\d\\d',
  z: '[+-]\\d\\d:?[0-5]\\d(?::?[0-5]\\d(?:\\.\\d{1,6})?)?|Z',
  Z: 'utc|gmt',
};

const COMPOSITES: Readonly<Record<string, string>> = {
  c: '%a %b %d %H:%M:%S %Y',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
};

/** Raises Python's ValueError where text and format do not agree. */
export function strptime(text: string, format: string): DateTime {
  const expanded = format.replace(/%([cxX])/gu, (_whole, code: string) => COMPOSITES[code] ?? '');
  const codes: string[] = [];
  const pattern = patternOf(expanded, format, codes);
  const match = new RegExp(`^${pattern}`, 'iu').exec(text);
  if (!match) throw valueError(`time data ${repr(text)} does not match format ${repr(format)}`);
  if (match[0].length < text.length)
    throw valueError(`unconverted data remains: ${text.slice(match[0].length)}`);
  return momentOf(new Map(codes.map((code, index) => [code, match[index + 1] ?? ''])));
}

function patternOf(expanded: string, format: string, codes: string[]): string {
  return expanded.replace(/%(.?)|\s+|[\\.^$*+?(){}[\]|/-]/gsu, (whole, code: string | undefined) => {
    if (code === undefined) return /^\s/u.test(whole) ? '\\s+' : whole === '-' ? '-' : `\\${whole}`;
    if (code === '%') return '%';
    if (code === '') throw valueError(`stray % in format ${repr(format)}`);
    const pattern = PATTERNS[code];
    if (pattern === undefined) throw valueError(`${repr(code)} is a bad directive in format ${repr(format)}`);
    if (codes.includes(code)) {
      throw valueError(`redefinition of group name ${repr(code)}: the format has %${code} twice`);
    }
    codes.push(code);
    return `(${pattern})`;
  });
}

function momentOf(found: ReadonlyMap<string, string>): DateTime {
  const number = (code: string): number | undefined => {
    const digits = found.get(code);
    return digits === undefined ? undefined : Number(digits);
  };
  return new DateTime({
    ...dayOf(found, number),
    hour: hourOf(found, number),
    minute: number('M') ?? 0,
    second: number('S') ?? 0,
    microsecond: Number((found.get('f') ?? '').padEnd(6, '0')),
    fold: 0,
    zone: zoneOf(found),
  });
}

type Numbers = (code: string) => number | undefined;

function dayOf(found: ReadonlyMap<string, string>, number: Numbers): CalendarDay {
  const year = yearOf(number);
  const isoYear = number('G');
  const isoWeek = number('V');
  const day = weekdayOf(found, number);
  if (isoYear !== undefined && isoWeek !== undefined) {
    if (day === undefined)
      throw valueError(
        "ISO year directive '%G' must be used with the ISO week directive '%V' and a weekday directive ('%A', '%a', '%w', or '%u').",
      );
    return fromIsoDay(isoYear, isoWeek, day + 1);
  }
  if (isoYear !== undefined || isoWeek !== undefined) {
    throw valueError(
      isoYear !== undefined
        ? "ISO year directive '%G' must be used with the ISO week directive '%V' and a weekday directive ('%A', '%a', '%w', or '%u')."
        : "ISO week directive '%V' must be used with the ISO year directive '%G' and a weekday directive ('%A', '%a', '%w', or '%u').",
    );
  }
  const dayNumber = number('j');
  if (dayNumber !== undefined) return dayInYear(year ?? 1900, dayNumber);
  const sundayWeek = number('U');
  const week = sundayWeek ?? number('W');
  if (week !== undefined && day !== undefined && year !== undefined) {
    return dayOfWeekNumber(year, week, day, sundayWeek !== undefined);
  }
  const month = monthOf(found, number) ?? 1;
  const dayOfMonth = number('d') ?? 1;
  // Without a year, the 29th of February belongs to a leap year, as long as nothing but 1900 was assumed.
  return { year: year ?? 1900, month, day: dayOfMonth };
}

function yearOf(number: Numbers): number | undefined {
  const short = number('y');
  return number('Y') ?? (short === undefined ? undefined : short <= 68 ? 2000 + short : 1900 + short);
}

function monthOf(found: ReadonlyMap<string, string>, number: Numbers): number | undefined {
  const name = (found.get('B') ?? found.get('b'))?.toLowerCase();
  if (name === undefined) return number('m');
  return MONTH_NAMES.findIndex((month) => month.toLowerCase().startsWith(name.slice(0, 3))) + 1;
}

/** Monday is 0. */
function weekdayOf(found: ReadonlyMap<string, string>, number: Numbers): number | undefined {
  const name = (found.get('A') ?? found.get('a'))?.toLowerCase();
  if (name !== undefined) return DAY_NAMES.findIndex((day) => day.toLowerCase().startsWith(name.slice(0, 3)));
  const fromSunday = number('w');
  if (fromSunday !== undefined) return (fromSunday + 6) % 7;
  const iso = number('u');
  return iso === undefined ? undefined : iso - 1;
}

function dayInYear(year: number, dayNumber: number): CalendarDay {
  return fromOrdinal(toOrdinal({ year, month: 1, day: 1 }) + dayNumber - 1);
}

function dayOfWeekNumber(year: number, week: number, day: number, startsOnSunday: boolean): CalendarDay {
  const first = weekday({ year, month: 1, day: 1 });
  const firstFromStart = startsOnSunday ? (first + 1) % 7 : first;
  const dayFromStart = startsOnSunday ? (day + 1) % 7 : day;
  const daysInWeekZero = (7 - firstFromStart) % 7;
  const dayNumber =
    week === 0 ? 1 + dayFromStart - firstFromStart : 1 + daysInWeekZero + 7 * (week - 1) + dayFromStart;
  return dayInYear(year, dayNumber);
}

function hourOf(found: ReadonlyMap<string, string>, number: Numbers): number {
  const hour = number('H');
  if (hour !== undefined) return hour;
  const half = number('I');
  if (half === undefined) return 0;
  return (half % 12) + (found.get('p')?.toLowerCase() === 'pm' ? 12 : 0);
}

function zoneOf(found: ReadonlyMap<string, string>): TimeZone | null {
  const text = found.get('z');
  if (text === undefined) return null;
  if (text.toUpperCase() === 'Z') return utcZone;
  const digits = text.slice(1).replaceAll(':', '');
  const seconds =
    Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4, 6) || 0);
  const fraction = digits.includes('.') ? Number((digits.split('.')[1] ?? '').padEnd(6, '0')) : 0;
  const offset = BigInt(seconds) * 1_000_000n + BigInt(fraction);
  if (offset === 0n) return utcZone;
  return new FixedTimeZone(new TimeDelta(text.startsWith('-') ? -offset : offset));
}
