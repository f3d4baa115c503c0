/** `modules.pytz`. */

import {
  Dict,
  PySet,
  repr,
  str,
  TemplateError,
  textOf,
  typeError,
  valueError,
} from '../../../../jinja/index.ts';
import type { Value } from '../../../../jinja/index.ts';
import { define } from '../../host.ts';
import { intArgument } from '../integers.ts';
import { PythonClass } from '../python-class.ts';
import { TimeDelta } from '../datetime/time-delta.ts';
import type { PytzZone } from './zone.ts';
import { ChangingZone, StaticZone, utcClock } from './zone.ts';
import { zoneEntries } from './zone-names.ts';
import { ZoneRules } from './zone-rules.ts';

export { utcClock as pytzUtc };

/** Names that mean UTC's clock itself; the others of zero offset are zones of their own. */
const UTC_NAMES = new Set(['utc']);
const STATIC = /^(?:Etc\/|GMT|Greenwich$|UCT$|Universal$|Zulu$|Factory$)/u;

const known = new Map<string, PytzZone>();

export function pytzModule(): Dict {
  const all = [...zoneEntries.values()].map((entry) => entry.name);
  const common = [...zoneEntries.values()].filter((entry) => entry.isCommon).map((entry) => entry.name);
  return Dict.of([
    ['timezone', define('timezone', 'zone', (args) => zoneNamed(args.value('zone')))],
    ['utc', utcClock],
    ['AmbiguousTimeError', errorClass('AmbiguousTimeError')],
    ['InvalidTimeError', errorClass('InvalidTimeError')],
    ['NonExistentTimeError', errorClass('NonExistentTimeError')],
    ['UnknownTimeZoneError', errorClass('UnknownTimeZoneError')],
    ['all_timezones', all],
    ['all_timezones_set', PySet.of(all)],
    ['common_timezones', common],
    ['common_timezones_set', PySet.of(common)],
    [
      'FixedOffset',
      define('FixedOffset', 'offset', (args) => fixedOffset(intArgument(args.value('offset')))),
    ],
  ]);
}

function errorClass(name: string): PythonClass {
  return new PythonClass({
    name: `pytz.exceptions.${name}`,
    construct: () => {
      throw typeError(`a template cannot make a ${name}`);
    },
    member: () => undefined,
  });
}

/** Raises pytz's UnknownTimeZoneError. */
function zoneNamed(value: Value): PytzZone {
  if (value === null) throw new TemplateError('lookup', 'UnknownTimeZoneError', 'None');
  const name = textOf(value);
  if (name === undefined) throw typeError(`a zone's name is a str, not ${str(value)}`);
  const key = name.toLowerCase();
  if (UTC_NAMES.has(key)) return utcClock;
  const zone = known.get(key) ?? makeZone(key);
  if (!zone) throw new TemplateError('lookup', 'UnknownTimeZoneError', repr(name));
  known.set(key, zone);
  return zone;
}

function makeZone(key: string): PytzZone | undefined {
  const entry = zoneEntries.get(key);
  if (!entry) return undefined;
  if (!STATIC.test(entry.name)) return ChangingZone.of(new ZoneRules(entry));
  const { offset, abbreviation } =
    entry.name === 'Factory' ? { offset: 0, abbreviation: '-00' } : new ZoneRules(entry).at(0);
  return new StaticZone(
    entry.name,
    TimeDelta.ofSeconds(offset),
    abbreviation,
    `<StaticTzInfo '${entry.name}'>`,
  );
}

function fixedOffset(minutes: number): PytzZone {
  if (minutes === 0) return utcClock;
  if (Math.abs(minutes) >= 1440) throw valueError(`('absolute offset is too large', ${minutes})`);
  return new StaticZone(null, TimeDelta.ofSeconds(minutes * 60), null, `pytz.FixedOffset(${minutes})`);
}
