/** The types of plain YAML scalars as PyYAML resolves them, for reading with the yaml package and for deciding what writing must quote. */

import type { ScalarTag } from 'yaml';
import { PyFloat } from '../../../jinja/index.ts';
import { DateTime } from './datetime/date-time.ts';
import { PyDate } from './datetime/date.ts';
import { MIDNIGHT } from './datetime/time.ts';
import { TimeDelta } from './datetime/time-delta.ts';
import { FixedTimeZone, utcZone } from './datetime/time-zone.ts';
import { intValue } from './integers.ts';

const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/u;
const FLOAT =
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/u;
const INT =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/u;
const NULL = /^(?:~|null|Null|NULL|)$/u;
const DATE = /^\d{4}-\d\d-\d\d$/u;
const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|([-+])(\d\d?)(?::?(\d\d))?))?$/u;

export type PlainType = 'bool' | 'float' | 'int' | 'null' | 'timestamp' | 'merge' | 'value' | 'str';

/** What a plain scalar of this text is. */
export function plainType(text: string): PlainType {
  if (BOOLEAN.test(text)) return 'bool';
  if (FLOAT.test(text)) return 'float';
  if (INT.test(text)) return 'int';
  if (text === '<<') return 'merge';
  if (NULL.test(text)) return 'null';
  if (DATE.test(text) || TIMESTAMP.test(text)) return 'timestamp';
  return text === '=' ? 'value' : 'str';
}

/** PyYAML knows no `y` and `n`. */
export const booleanTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  identify: (value) => typeof value === 'boolean',
  test: BOOLEAN,
  resolve: (text) => /^(?:y|t|on)/iu.test(text),
};

/** A float keeps its kind where JavaScript would lose it. */
export const floatTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: (value) => value instanceof PyFloat,
  test: FLOAT,
  resolve(text) {
    const plain = text.replaceAll('_', '').toLowerCase();
    if (plain.endsWith('inf')) return new PyFloat(plain.startsWith('-') ? -Infinity : Infinity);
    if (plain.endsWith('nan')) return new PyFloat(NaN);
    return new PyFloat(plain.includes(':') ? base60(plain.split(':').map(Number)) : Number(plain));
  },
};

/** `!!float 1`: what says it is a float is one. */
const explicitFloatTag: ScalarTag = { ...floatTag, default: false, test: /^/u, identify: () => false };

function base60(parts: readonly number[]): number {
  const isNegative = Object.is(Math.sign(parts[0] ?? 0), -1) || Object.is(parts[0], -0);
  const value = parts.map(Math.abs).reduce((total, part) => total * 60 + part, 0);
  return isNegative ? -value : value;
}

/** Ints of any size, in binary, octal, hexadecimal and sexagesimal too. */
export const intTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  identify: (value) => typeof value === 'bigint' || Number.isInteger(value),
  test: INT,
  resolve(text) {
    const plain = text.replaceAll('_', '');
    const isNegative = plain.startsWith('-');
    const digits = plain.replace(/^[-+]/u, '');
    const value = intValue(magnitude(digits));
    return isNegative && value !== 0 ? -value : value;
  },
};

function magnitude(digits: string): bigint {
  if (/^0[bx]/u.test(digits)) return BigInt(digits);
  if (/^0\d/u.test(digits)) return BigInt(`0o${digits.slice(1)}`);
  return digits.split(':').reduce((total, part) => total * 60n + BigInt(part), 0n);
}

/** Dates and datetimes as Python's. */
export const timestampTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:timestamp',
  default: true,
  identify: (value) => value instanceof PyDate || value instanceof DateTime,
  test: new RegExp(`${DATE.source}|${TIMESTAMP.source}`, 'u'),
  resolve(text) {
    if (DATE.test(text)) {
      const [year, month, day] = text.split('-').map(Number) as [number, number, number];
      return new PyDate(year, month, day);
    }
    return dateTimeOf(TIMESTAMP.exec(text) ?? []);
  },
};

function dateTimeOf([
  ,
  year,
  month,
  day,
  hour,
  minute,
  second,
  fraction = '',
  zone,
  sign,
  zoneHour,
  zoneMinute,
]: readonly (string | undefined)[]): DateTime {
  const offset = BigInt(Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0)) * 60_000_000n;
  const offsetZone =
    offset === 0n ? utcZone : new FixedTimeZone(new TimeDelta(sign === '-' ? -offset : offset));
  return new DateTime({
    ...{ year: Number(year), month: Number(month), day: Number(day) },
    ...MIDNIGHT,
    ...{ hour: Number(hour), minute: Number(minute), second: Number(second) },
    microsecond: Number(fraction.slice(0, 6).padEnd(6, '0')),
    zone: zone === undefined ? null : offsetZone,
  });
}

export const pythonTags: readonly ScalarTag[] = [
  booleanTag,
  floatTag,
  explicitFloatTag,
  intTag,
  timestampTag,
];
