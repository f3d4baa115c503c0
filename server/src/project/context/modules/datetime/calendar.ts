/** The proleptic Gregorian calendar of Python's datetime: ordinals (day 1 is 0001-01-01), weekdays, ISO weeks. */

export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const MIN_YEAR = 1;
export const MAX_YEAR = 9999;
export const MAX_ORDINAL = 3_652_059;

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (DAYS_IN_MONTH[month - 1] as number);
}

function daysBeforeYear(year: number): number {
  const before = year - 1;
  return before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
}

/** One for the first of January. */
export function dayOfYear({ year, month, day }: CalendarDay): number {
  let days = day;
  for (let before = 1; before < month; before++) days += daysInMonth(year, before);
  return days;
}

export function toOrdinal(date: CalendarDay): number {
  return daysBeforeYear(date.year) + dayOfYear(date);
}

/** The ordinal must be in 1 … MAX_ORDINAL. */
export function fromOrdinal(ordinal: number): CalendarDay {
  let year = Math.floor((ordinal - 1) / 365.2425) + 1;
  while (daysBeforeYear(year) >= ordinal) year--;
  while (daysBeforeYear(year + 1) < ordinal) year++;
  let day = ordinal - daysBeforeYear(year);
  let month = 1;
  while (day > daysInMonth(year, month)) day -= daysInMonth(year, month++);
  return { year, month, day };
}

/** Monday is 0. */
export function weekday(date: CalendarDay): number {
  return (toOrdinal(date) + 6) % 7;
}

export interface IsoDay {
  readonly year: number;
  readonly week: number;
  /** Monday is 1. */
  readonly weekday: number;
}

export function isoDay(date: CalendarDay): IsoDay {
  const ordinal = toOrdinal(date);
  let year = date.year;
  let first = firstIsoMonday(year);
  if (ordinal < first) first = firstIsoMonday(--year);
  else if (ordinal >= firstIsoMonday(year + 1)) first = firstIsoMonday(++year);
  const offset = ordinal - first;
  return { year, week: Math.floor(offset / 7) + 1, weekday: (offset % 7) + 1 };
}

/** The ordinal of the Monday that starts the ISO year. */
export function firstIsoMonday(year: number): number {
  const first = daysBeforeYear(year) + 1;
  const firstWeekday = (first + 6) % 7;
  return firstWeekday > 3 ? first - firstWeekday + 7 : first - firstWeekday;
}

/** How many weeks the ISO year has: 52 or 53. */
export function isoWeeks(year: number): number {
  return (firstIsoMonday(year + 1) - firstIsoMonday(year)) / 7;
}
