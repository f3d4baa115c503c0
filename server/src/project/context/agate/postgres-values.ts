/** The values that Python's Postgres driver makes of the server's texts, by type. */

import { PyFloat, valueError } from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';
import { PyDate } from '../modules/datetime/date.ts';
import { DateTime } from '../modules/datetime/date-time.ts';
import type { ClockFields } from '../modules/datetime/time.ts';
import { PyTime } from '../modules/datetime/time.ts';
import { TimeDelta } from '../modules/datetime/time-delta.ts';
import { FixedTimeZone, utcZone } from '../modules/datetime/time-zone.ts';
import { intValue } from '../modules/integers.ts';
import { parsePythonJson } from '../modules/python-json.ts';
import { str } from '../../../jinja/index.ts';
import { Decimal } from './decimal.ts';
import { NAN } from './decimal-number.ts';
import { parseArray } from './postgres-arrays.ts';

type Decode = (text: string) => Value;

const asText: Decode = (text) => text;
const asInt: Decode = (text) => intValue(BigInt(text));
const asFloat: Decode = (text) => new PyFloat(Number(text));
const asDecimal: Decode = (text) => Decimal.parse(text) ?? new Decimal(NAN);
const asBoolean: Decode = (text) => text === 't';

/** Type oids, as pg_type has them. */
const SCALARS: ReadonlyMap<number, Decode> = new Map<number, Decode>([
  [16, asBoolean],
  ...[20, 21, 23, 26].map((oid) => [oid, asInt] as const),
  ...[700, 701].map((oid) => [oid, asFloat] as const),
  [1700, asDecimal],
  [1082, dateOf],
  [1083, timeOf],
  [1266, timeOf],
  [1114, (text) => momentOf(text, null)],
  [1184, (text) => momentOf(text, utcZone)],
  [1186, intervalOf],
  ...[114, 3802].map((oid) => [oid, parsePythonJson] as const),
  ...[3904, 3926].map((oid) => [oid, rangeOf(asInt)] as const),
  [3906, rangeOf(asDecimal)],
  [3912, rangeOf(dateOf)],
  ...[3908, 3910].map(
    (oid) => [oid, rangeOf((text) => momentOf(text, oid === 3910 ? utcZone : null))] as const,
  ),
]);

/** The arrays the driver reads, and their elements; other arrays stay text. */
const ARRAYS: ReadonlyMap<number, number> = new Map([
  ...[
    [1000, 16],
    [1016, 20],
    [1005, 21],
    [1006, 21],
    [1007, 23],
    [1028, 26],
    [1013, 26],
    [1021, 700],
    [1022, 701],
  ],
  ...[
    [1231, 1700],
    [1182, 1082],
    [1183, 1083],
    [1270, 1266],
    [1115, 1114],
    [1185, 1184],
    [1187, 1186],
    [1001, 17],
  ],
  ...[
    [1002, 25],
    [1003, 25],
    [1009, 25],
    [1014, 25],
    [1015, 25],
    [1041, 25],
    [651, 25],
    [1040, 25],
  ],
  ...[
    [199, 114],
    [3807, 3802],
    [3905, 3904],
    [3927, 3926],
    [3907, 3906],
    [3913, 3912],
    [3909, 3908],
    [3911, 3910],
  ],
] as [number, number][]);

/** What reads the texts of a type; types that the driver does not know stay text. */
export function decoderOf(typeOid: number): Decode {
  const scalar = SCALARS.get(typeOid);
  if (scalar) return scalar;
  const element = ARRAYS.get(typeOid);
  if (element === undefined) return asText;
  const decode = SCALARS.get(element) ?? asText;
  return (text) => parseArray(text, decode);
}

const DATE = /^(\d{4,})-(\d\d)-(\d\d)/u;
const CLOCK = /(\d\d):(\d\d):(\d\d)(?:\.(\d+))?/u;
const ZONE = /([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/u;

function dayOf(text: string): readonly [number, number, number] {
  const match = DATE.exec(text);
  const year = Number(match?.[1]);
  if (!match || year > 9999 || text.endsWith('BC')) {
    throw valueError(`a template reads dates of the years 1 to 9999, not "${text}": cast the column to text`);
  }
  return [year, Number(match[2]), Number(match[3])];
}

function dateOf(text: string): PyDate {
  if (text === 'infinity') return new PyDate(9999, 12, 31);
  if (text === '-infinity') return new PyDate(1, 1, 1);
  return new PyDate(...dayOf(text));
}

function clockIn(text: string): ClockFields {
  const match = CLOCK.exec(text);
  const [, hour = '0', minute = '0', second = '0', fraction = ''] = match ?? [];
  return {
    // The end of the day is its start for Python.
    hour: Number(hour) % 24,
    minute: Number(minute),
    second: Number(second),
    microsecond: Number(fraction.slice(0, 6).padEnd(6, '0')),
    fold: 0,
  };
}

function zoneIn(text: string): FixedTimeZone | null {
  const match = ZONE.exec(text);
  if (!match) return null;
  const [, sign, hour, minute = '0', second = '0'] = match;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return seconds === 0 ? utcZone : new FixedTimeZone(TimeDelta.ofSeconds(sign === '-' ? -seconds : seconds));
}

function timeOf(text: string): PyTime {
  return new PyTime(clockIn(text), zoneIn(text));
}

/** `infinite` is the zone that the ends of time are in. */
function momentOf(text: string, infinite: FixedTimeZone | null): DateTime {
  if (text === 'infinity') return new DateTime({ ...LAST_DAY, zone: infinite });
  if (text === '-infinity')
    return new DateTime({ year: 1, month: 1, day: 1, ...clockIn(''), zone: infinite });
  const [year, month, day] = dayOf(text);
  const clock = text.slice(DATE.exec(text)?.[0].length ?? 0);
  return new DateTime({ year, month, day, ...clockIn(clock), zone: zoneIn(clock) });
}

const LAST_DAY = {
  ...{ year: 9999, month: 12, day: 31 },
  ...{ hour: 23, minute: 59, second: 59, microsecond: 999_999, fold: 0 as const },
};

const DAYS: Readonly<Record<string, number>> = { year: 365, mon: 30, day: 1 };

/** Years count 365 days and months 30, as the driver counts them. */
function intervalOf(text: string): TimeDelta {
  let days = 0;
  for (const [, amount, unit] of text.matchAll(/([+-]?\d+) (year|mon|day)s?/gu)) {
    days += Number(amount) * (DAYS[unit as string] as number);
  }
  const clock = /([+-]?)(\d+):(\d\d):(\d\d)(?:\.(\d+))?$/u.exec(text);
  const [, sign, hours = '0', minutes = '0', seconds = '0', fraction = ''] = clock ?? [];
  const clockMicros =
    BigInt((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000_000n +
    BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  return new TimeDelta(BigInt(days) * 86_400_000_000n + (sign === '-' ? -clockMicros : clockMicros));
}

/** `[1, 5)`, as the driver's ranges print. */
function rangeOf(bound: Decode): Decode {
  return (text) => {
    if (text === 'empty') return text;
    const match = /^([[(])("(?:[^"\\]|\\.|"")*"|[^,]*),("(?:[^"\\]|\\.|"")*"|[^\])]*)([\])])$/u.exec(text);
    if (!match) return text;
    const [, open = '', lower = '', upper = '', close = ''] = match;
    return `${open}${boundText(lower, bound)}, ${boundText(upper, bound)}${close}`;
  };
}

function boundText(text: string, bound: Decode): string {
  if (text === '') return 'None';
  return str(
    bound(
      text.startsWith('"')
        ? text.slice(1, -1).replace(/""|\\(.)/gu, (pair: string, one?: string) => one ?? pair.charAt(0))
        : text,
    ),
  );
}
