/** strftime with the directives and flags of the C library, in the C locale. */

import type { CalendarDay } from './calendar.ts';
import { dayOfYear, isoDay, weekday } from './calendar.ts';

/** What a format can print. */
export interface Moment extends CalendarDay {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  /** `+0530`; empty for a naive moment. */
  readonly offset: string;
  /** Empty for a naive moment. */
  readonly zoneName: string;
}

export const DAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
export const MONTH_NAMES = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

type Pad = '0' | ' ' | '';

/** A number with its usual padding, or a text. */
type Field =
  { readonly number: number; readonly width: number; readonly pad: Pad } | { readonly text: string };

/** An unknown directive prints itself. */
export function strftime(moment: Moment, format: string): string {
  return format.replace(
    /%([-_0^#]*)(\d*)([EO]?)([a-zA-Z%+])/gu,
    (whole, flags: string, width: string, _modifier, code: string) => {
      const field = fieldOf(moment, code);
      return field === undefined ? whole : flagged(field, flags, width === '' ? undefined : Number(width));
    },
  );
}

function flagged(field: Field, flags: string, width: number | undefined): string {
  let text: string;
  const padFlag = /[-_0](?=[^-_0]*$)/u.exec(flags)?.[0];
  if ('text' in field) {
    text = width === undefined ? field.text : field.text.padStart(width, padFlag === '0' ? '0' : ' ');
  } else {
    const pad: Pad = padFlag === '-' ? '' : padFlag === '_' ? ' ' : padFlag === '0' ? '0' : field.pad;
    text = String(field.number);
    if (pad !== '') text = text.padStart(width ?? field.width, pad);
  }
  if (flags.includes('^')) return text.toUpperCase();
  if (flags.includes('#')) return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
  return text;
}

function zero(number: number, width = 2): Field {
  return { number, width, pad: '0' };
}

function spaced(number: number): Field {
  return { number, width: 2, pad: ' ' };
}

function fieldOf(moment: Moment, code: string): Field | undefined {
  const { year, month, day, hour, minute, second } = moment;
  switch (code) {
    case 'a':
      return { text: (DAY_NAMES[weekday(moment)] as string).slice(0, 3) };
    case 'A':
      return { text: DAY_NAMES[weekday(moment)] as string };
    case 'b':
    case 'h':
      return { text: (MONTH_NAMES[month - 1] as string).slice(0, 3) };
    case 'B':
      return { text: MONTH_NAMES[month - 1] as string };
    case 'C':
      return zero(Math.floor(year / 100), 1);
    case 'd':
      return zero(day);
    case 'e':
      return spaced(day);
    case 'f':
      return zero(moment.microsecond, 6);
    case 'g':
      return zero(isoDay(moment).year % 100);
    case 'G':
      return { number: isoDay(moment).year, width: 1, pad: '0' };
    case 'H':
      return zero(hour);
    case 'k':
      return spaced(hour);
    case 'I':
      return zero(hour % 12 || 12);
    case 'l':
      return spaced(hour % 12 || 12);
    case 'j':
      return zero(dayOfYear(moment), 3);
    case 'm':
      return zero(month);
    case 'M':
      return zero(minute);
    case 'n':
      return { text: '\n' };
    case 't':
      return { text: '\t' };
    case 'p':
      return { text: hour < 12 ? 'AM' : 'PM' };
    case 'P':
      return { text: hour < 12 ? 'am' : 'pm' };
    case 's':
      return { number: localSeconds(moment), width: 1, pad: '0' };
    case 'S':
      return zero(second);
    case 'u':
      return zero(weekday(moment) + 1, 1);
    case 'w':
      return zero((weekday(moment) + 1) % 7, 1);
    case 'U':
      return zero(weekOfYear(moment, (weekday(moment) + 1) % 7));
    case 'W':
      return zero(weekOfYear(moment, weekday(moment)));
    case 'V':
      return zero(isoDay(moment).week);
    case 'y':
      return zero(year % 100);
    case 'Y':
      // The C library does not pad years.
      return { number: year, width: 1, pad: '0' };
    case 'z':
      return { text: moment.offset };
    case 'Z':
      return { text: moment.zoneName };
    case '%':
      return { text: '%' };
    default:
      return composite(moment, code);
  }
}

const COMPOSITES: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  r: '%I:%M:%S %p',
  R: '%H:%M',
  T: '%H:%M:%S',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
};

function composite(moment: Moment, code: string): Field | undefined {
  const format = COMPOSITES[code];
  return format === undefined ? undefined : { text: strftime(moment, format) };
}

/** The week of the year where weeks start on the day that counts as 0. */
function weekOfYear(moment: Moment, weekdayFromStart: number): number {
  return Math.floor((dayOfYear(moment) - 1 + 7 - weekdayFromStart) / 7);
}

/** `%s` reads the fields as local time, whatever the zone. */
function localSeconds(moment: Moment): number {
  const local = new Date(2000, moment.month - 1, moment.day, moment.hour, moment.minute, moment.second);
  local.setFullYear(moment.year, moment.month - 1, moment.day);
  return Math.floor(local.getTime() / 1000);
}
