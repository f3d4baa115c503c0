/** The usual spellings of numbers, dates and datetimes, told by their characters alone: most cells of a seed need no more. */

import { daysInMonth } from '../modules/datetime/calendar.ts';

const MINUS = 0x2d;
const POINT = 0x2e;
const SPACE = 0x20;
const COLON = 0x3a;

/** Digits, perhaps behind a minus, perhaps with a point and more digits. */
export function isPlainNumber(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
  let at = digitsEnd(text, first, end);
  if (at === first) return false;
  if (at === end) return true;
  if (text.charCodeAt(at) !== POINT) return false;
  const fraction = at + 1;
  at = digitsEnd(text, fraction, end);
  return at === end && at > fraction;
}

function digitsEnd(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(text.charCodeAt(at))) at++;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** `2024-01-31`, a day that exists. */
export function isPlainDate(text: string, start: number, end: number): boolean {
  return end - start === 10 && isDay(text, start);
}

/** `2024-01-31 10:20:30`, a moment that exists. */
export function isPlainDateTime(text: string, start: number, end: number): boolean {
  if (end - start !== 19 || !isDay(text, start) || text.charCodeAt(start + 10) !== SPACE) return false;
  if (text.charCodeAt(start + 13) !== COLON || text.charCodeAt(start + 16) !== COLON) return false;
  return (
    twoDigits(text, start + 11) < 24 && twoDigits(text, start + 14) < 60 && twoDigits(text, start + 17) < 60
  );
}

function isDay(text: string, start: number): boolean {
  if (text.charCodeAt(start + 4) !== MINUS || text.charCodeAt(start + 7) !== MINUS) return false;
  const year = 100 * twoDigits(text, start) + twoDigits(text, start + 2);
  const month = twoDigits(text, start + 5);
  const day = twoDigits(text, start + 8);
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** NaN when they are not digits, so that every comparison fails. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at);
  const ones = text.charCodeAt(at + 1);
  return isDigit(tens) && isDigit(ones) ? (tens - 0x30) * 10 + ones - 0x30 : NaN;
}
