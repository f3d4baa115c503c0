/** Dates, times and intervals as Postgres prints them in ISO style, as microseconds that compare. */

export interface Moment {
  /** As a clock on the wall shows it; infinite moments are further than any finite one. */
  readonly wall: bigint;
  /** The wall clock's lead over UTC; null where none is written. */
  readonly offset: bigint | null;
}

const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;
const FOREVER = 1n << 80n;

const CLOCK = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?`;
const ZONE = String.raw`(?:\s?(Z|[+-]\d{1,2}(?::?\d{2})?(?::\d{2})?))?`;
const DATE = new RegExp(
  String.raw`^\s*(\d{1,7})-(\d{1,2})-(\d{1,2})(?:[ T]+${CLOCK}${ZONE})?(\s+BC)?\s*$`,
  'iu',
);
const TIME = new RegExp(String.raw`^\s*${CLOCK}${ZONE}\s*$`, 'iu');
const INTERVAL = new RegExp(
  String.raw`^\s*(?:([+-]?\d+) years?)?\s*(?:([+-]?\d+) mons?)?\s*(?:([+-]?\d+) days?)?\s*(?:([+-]?)(\d+):(\d{2}):(\d{2})(?:\.(\d{1,6}))?)?\s*$`,
  'u',
);

/** A date or timestamp. */
export function parseMoment(text: string): Moment | undefined {
  const word = text.trim().toLowerCase();
  if (word === 'infinity') return { wall: FOREVER, offset: null };
  if (word === '-infinity') return { wall: -FOREVER, offset: null };
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = '', hours, minutes, seconds, part, zone, era] = match;
  // The year before 1 AD is 1 BC.
  const days = daysSinceEpoch(
    era === undefined ? Number(year) : 1 - Number(year),
    Number(month),
    Number(day),
  );
  if (days === undefined) return undefined;
  return { wall: BigInt(days) * DAY + clock(hours, minutes, seconds, part), offset: toOffset(zone) };
}

/** A time of day. */
export function parseTime(text: string): Moment | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, hours, minutes, seconds, part, zone] = match;
  return { wall: clock(hours, minutes, seconds, part), offset: toOffset(zone) };
}

/** An interval, as long as Postgres takes it to be when it compares: a month has thirty days. */
export function parseInterval(text: string): Moment | undefined {
  const match = INTERVAL.exec(text);
  if (!match || text.trim() === '') return undefined;
  const [, years = '0', months = '0', days = '0', sign = '', hours, minutes, seconds, part] = match;
  const length = clock(hours, minutes, seconds, part);
  const wholeDays = (BigInt(years) * 12n + BigInt(months)) * 30n + BigInt(days);
  return { wall: wholeDays * DAY + (sign === '-' ? -length : length), offset: null };
}

/** Moments are the same where they are the same in UTC; without an offset on both sides, where the wall clocks agree. */
export function compareMoments(left: Moment, right: Moment): number {
  const a = left.offset === null || right.offset === null ? left.wall : left.wall - left.offset;
  const b = left.offset === null || right.offset === null ? right.wall : right.wall - right.offset;
  return a < b ? -1 : a > b ? 1 : 0;
}

function clock(hours = '0', minutes = '0', seconds = '0', part = ''): bigint {
  const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return BigInt(whole) * SECOND + BigInt(part.padEnd(6, '0'));
}

function toOffset(zone: string | undefined): bigint | null {
  if (zone === undefined) return null;
  if (zone.toUpperCase() === 'Z') return 0n;
  const [hours = '0', minutes = '0', seconds = '0'] =
    zone
      .slice(1)
      .replaceAll(':', '')
      .match(/\d{1,2}/gu) ?? [];
  const lead = clock(hours, minutes, seconds);
  return zone.startsWith('-') ? -lead : lead;
}

/** In the Gregorian calendar, as Postgres counts; undefined for a day that no month has. */
function daysSinceEpoch(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  // Years begin in March, so that the leap day is the last; eras have 400 years.
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
