/** What a seed's text can be: the casts of agate's types, as dbt sets them up. */

import { TemplateError } from '../../../jinja/index.ts';
import { PyDate } from '../modules/datetime/date.ts';
import { DateTime } from '../modules/datetime/date-time.ts';
import { strptime } from '../modules/datetime/strptime.ts';
import { MIDNIGHT } from '../modules/datetime/time.ts';
import { Decimal } from './decimal.ts';
import { finite, parseDecimal, rounded } from './decimal-number.ts';
import { isoDateTime } from './iso-date-time.ts';

/** Python's whitespace, which differs from JavaScript's in the separators and the byte order mark. */
function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 9 && code <= 13) || (code >= 0x1c && code <= 0x1f);
  if (code < 0x85) return false;
  if (code === 0x85 || code === 0xa0 || code === 0x1680 || code === 0x3000) return true;
  return (
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f
  );
}

export function stripStart(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  return at;
}

export function stripEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Python's `strip()`. */
export function stripped(text: string): string {
  const start = stripStart(text, 0, text.length);
  return text.slice(start, stripEnd(text, start, text.length));
}

/** Whether a stripped range is one of dbt's null tokens: empty, or `null` in any case. */
export function isNullToken(text: string, start: number, end: number): boolean {
  if (start === end) return true;
  return end - start === 4 && text.slice(start, end).toLowerCase() === 'null';
}

const CURRENCIES = [
  '؋',
  '$',
  'ƒ',
  '៛',
  '¥',
  '₡',
  '₱',
  '£',
  '€',
  '¢',
  '﷼',
  '₪',
  '₩',
  '₭',
  '₮',
  '₦',
  '฿',
  '₤',
  '₫',
];

/** A stripped text that is no null token; undefined for what is no number. */
export function numberIn(text: string): Decimal | undefined {
  let body = stripCharacter(text, '%');
  let isNegative = false;
  if (body.startsWith('-')) {
    body = body.slice(1);
    isNegative = true;
  }
  for (const symbol of CURRENCIES) body = stripCharacter(body, symbol);
  const number = parseDecimal(stripped(body.replaceAll(',', '')));
  if (number === undefined || number.kind === 'signaling-nan') return undefined;
  const isFlipped = isNegative !== number.isNegative;
  if (number.kind !== 'finite')
    return new Decimal({ ...number, isNegative: number.kind === 'infinity' ? isFlipped : number.isNegative });
  const result = rounded(finite(isFlipped, number.coefficient, number.exponent));
  return result && new Decimal(result);
}

function stripCharacter(text: string, character: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.startsWith(character, start)) start += character.length;
  while (end > start && text.endsWith(character, end)) end -= character.length;
  return text.slice(start, end);
}

const DATE = /^(\d{4})-(1[0-2]|0[1-9]|[1-9])-(3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9])$/u;

/** `2024-01-31`, as `%Y-%m-%d` reads it. */
export function dateIn(text: string): PyDate | undefined {
  const match = DATE.exec(text);
  return match ? attempt(() => new PyDate(Number(match[1]), Number(match[2]), Number(match[3]))) : undefined;
}

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/u;

/** `2024-01-31 12:00:00`, as `%Y-%m-%d %H:%M:%S` reads it. */
export function dateTimeIn(text: string): DateTime | undefined {
  const match = DATE_TIME.exec(text);
  if (!match) return /^\d{4}-/u.test(text) ? attempt(() => strptime(text, '%Y-%m-%d %H:%M:%S')) : undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return attempt(() => new DateTime({ year, month, day, ...MIDNIGHT, hour, minute, second, zone: null }));
}

/** ISO 8601 with a `T`. */
export function isoDateTimeIn(text: string): DateTime | undefined {
  return text.includes('T') ? attempt(() => isoDateTime(text)) : undefined;
}

/** Commas count for nothing, as in agate. */
export function booleanIn(text: string): boolean | null | undefined {
  const word = stripped(text.replaceAll(',', '')).toLowerCase();
  if (word === 'true') return true;
  if (word === 'false') return false;
  return word === '' || word === 'null' ? null : undefined;
}

/** Undefined where the values have no such day or time. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}
