/** `modules.datetime`: the classes that dbt gives templates. */

import { Dict, textOf, typeError, typeName } from '../../../../jinja/index.ts';
import type { CallArguments, HostFunction, Value } from '../../../../jinja/index.ts';
import { define } from '../../host.ts';
import type { Bound } from '../../host.ts';
import { divideHalfEven, exactRatio, intArgument } from '../integers.ts';
import { PythonClass } from '../python-class.ts';
import { dateMember, fromIsoDay, PyDate, secondsArgument } from './date.ts';
import { DateTime } from './date-time.ts';
import { dateFromIso, dateTimeFromIso, timeFromIso } from './iso-format.ts';
import { localZone } from './local.ts';
import { strptime } from './strptime.ts';
import { clockArguments, MIDNIGHT, PyTime, replacedZone, timeMember } from './time.ts';
import { TimeDelta, timeDeltaClass } from './time-delta.ts';
import type { TimeZone } from './time-zone.ts';
import { utcZone, zoneArgument } from './time-zone.ts';

/** Unix time in milliseconds; fractions give microseconds. */
export type Clock = () => number;

export function datetimeModule(now: Clock): Dict {
  return Dict.of([
    ['date', dateClass(now)],
    ['datetime', dateTimeClass(now)],
    ['time', timeClass],
    ['timedelta', timeDeltaClass],
    ['tzinfo', zoneClass],
  ]);
}

const zoneClass = new PythonClass({
  name: 'datetime.tzinfo',
  construct: () => {
    throw typeError('a template cannot make a tzinfo of its own: take one of modules.pytz');
  },
  member: () => undefined,
});

function dateClass(now: Clock): PythonClass {
  const construct = define('date', 'year,month,day', (args) => {
    const [year, month, day] = dayArguments(args);
    return new PyDate(year, month, day);
  });
  return new PythonClass({
    name: 'datetime.date',
    construct: (args) => construct.call(args) as Value,
    member(name) {
      switch (name) {
        case 'today':
          return define(name, '', () => dateOf(localNow(now)));
        case 'fromtimestamp':
          return define(name, 'timestamp', (args) => dateOf(local(unixMicros(args.value('timestamp')))));
        case 'fromisoformat':
          return define(name, 'date_string', (args) => dateFromIso(isoArgument(args.value('date_string'))));
        default:
          return dateMember(name) ?? unbound(name, PyDate, 'date');
      }
    },
  });
}

function dateTimeClass(now: Clock): PythonClass {
  const construct = define(
    'datetime',
    'year,month,day,hour=,minute=,second=,microsecond=,tzinfo=,fold=',
    (args) => {
      const [year, month, day] = dayArguments(args);
      return new DateTime({
        year,
        month,
        day,
        ...clockArguments(args, MIDNIGHT),
        zone: replacedZone(args, null),
      });
    },
  );
  return new PythonClass({
    name: 'datetime.datetime',
    construct: (args) => construct.call(args) as Value,
    member: (name) => dateTimeMember(name, now) ?? unbound(name, DateTime, 'datetime'),
  });
}

function dateTimeMember(name: string, now: Clock): Value | undefined {
  switch (name) {
    case 'now':
      return define(name, 'tz=', (args) => inZone(clockMicros(now), zoneArgument(args.value('tz'))));
    case 'utcnow':
      return define(name, '', () => DateTime.fromUnix(clockMicros(now)));
    case 'today':
      return define(name, '', () => localNow(now));
    case 'fromtimestamp':
      return define(name, 'timestamp,tz=', (args) =>
        inZone(unixMicros(args.value('timestamp')), zoneArgument(args.value('tz'))),
      );
    case 'utcfromtimestamp':
      return define(name, 'timestamp', (args) => DateTime.fromUnix(unixMicros(args.value('timestamp'))));
    case 'fromisoformat':
      return define(name, 'date_string', (args) => dateTimeFromIso(isoArgument(args.value('date_string'))));
    case 'strptime':
      return define(name, 'date_string,format', (args) =>
        strptime(
          textArgument('strptime', 1, args.value('date_string')),
          textArgument('strptime', 2, args.value('format')),
        ),
      );
    case 'combine':
      return define(name, 'date,time,tzinfo=', combine);
    case 'fromordinal':
      return define(name, 'n', (args) => midnight(PyDate.fromOrdinal(intArgument(args.value('n')))));
    case 'fromisocalendar':
      return define(name, 'year,week,day', (args) => {
        const [year, week, day] = ['year', 'week', 'day'].map((part) => intArgument(args.value(part)));
        return midnight(fromIsoDay(year as number, week as number, day as number));
      });
    case 'min':
      return midnight({ year: 1, month: 1, day: 1 });
    case 'max':
      return new DateTime({
        ...{ year: 9999, month: 12, day: 31 },
        ...{ hour: 23, minute: 59, second: 59, microsecond: 999_999, fold: 0 as const },
        zone: null,
      });
    case 'resolution':
      return new TimeDelta(1n);
    default:
      return undefined;
  }
}

const constructTime = define('time', 'hour=,minute=,second=,microsecond=,tzinfo=,fold=', (args) => {
  return new PyTime(clockArguments(args, MIDNIGHT), replacedZone(args, null));
});

const timeClass = new PythonClass({
  name: 'datetime.time',
  construct: (args: CallArguments) => constructTime.call(args) as Value,
  member: (name) =>
    name === 'fromisoformat'
      ? define(name, 'time_string', (args) => timeFromIso(isoArgument(args.value('time_string'))))
      : (timeMember(name) ?? unbound(name, PyTime, 'time')),
});

/** An aware UTC datetime of a Unix time in milliseconds, as `run_started_at` is; in the zone given. */
export function dateTimeFromUnix(milliseconds: number, zone: TimeZone): DateTime {
  return DateTime.fromUnix(microsOf(milliseconds * 1000)).with({ zone });
}

/** `datetime.strftime(moment, format)`: the method of an instance, reached through its class. */
function unbound(
  name: string,
  type: typeof PyDate | typeof PyTime | typeof DateTime,
  typeText: string,
): HostFunction | undefined {
  if (!METHODS.has(name)) return undefined;
  return define(name, '*rest,**keywords', (args) => {
    const [self, ...rest] = args.rest;
    if (!(self instanceof type)) {
      throw typeError(
        `descriptor '${name}' for 'datetime.${typeText}' objects doesn't apply to a '${self === undefined ? 'NoneType' : typeName(self)}' object`,
      );
    }
    const method = self.getAttribute(name) as HostFunction;
    return method.call({ positional: rest, keyword: args.keywords });
  });
}

const METHODS = new Set([
  ...[
    'strftime',
    'isoformat',
    'weekday',
    'isoweekday',
    'isocalendar',
    'toordinal',
    'replace',
    'ctime',
    'timetuple',
  ],
  ...['date', 'time', 'timetz', 'timestamp', 'astimezone', 'utcoffset', 'dst', 'tzname', 'utctimetuple'],
]);

function dayArguments(args: Bound): readonly [number, number, number] {
  return [intArgument(args.value('year')), intArgument(args.value('month')), intArgument(args.value('day'))];
}

function combine(args: Bound): DateTime {
  const date = args.value('date');
  const time = args.value('time');
  if (!(date instanceof PyDate || date instanceof DateTime)) {
    throw typeError(`combine() argument 1 must be datetime.date, not ${typeName(date)}`);
  }
  if (!(time instanceof PyTime))
    throw typeError(`combine() argument 2 must be datetime.time, not ${typeName(time)}`);
  const { year, month, day } = date;
  const { hour, minute, second, microsecond, fold } = time;
  return new DateTime({
    year,
    month,
    day,
    hour,
    minute,
    second,
    microsecond,
    fold,
    zone: replacedZone(args, time.zone),
  });
}

function midnight(day: { readonly year: number; readonly month: number; readonly day: number }): DateTime {
  return new DateTime({ year: day.year, month: day.month, day: day.day, ...MIDNIGHT, zone: null });
}

function dateOf(moment: DateTime): PyDate {
  return new PyDate(moment.year, moment.month, moment.day);
}

function isoArgument(value: Value): string {
  const text = textOf(value);
  if (text === undefined) throw typeError('fromisoformat: argument must be str');
  return text;
}

function textArgument(name: string, index: number, value: Value): string {
  const text = textOf(value);
  if (text === undefined) throw typeError(`${name}() argument ${index} must be str, not ${typeName(value)}`);
  return text;
}

function clockMicros(now: Clock): bigint {
  return microsOf(now() * 1000);
}

function unixMicros(timestamp: Value): bigint {
  const [numerator, denominator] = exactRatio(secondsArgument(timestamp));
  return divideHalfEven(numerator * 1_000_000n, denominator);
}

function microsOf(micros: number): bigint {
  return BigInt(Math.round(micros));
}

function inZone(micros: bigint, zone: TimeZone | null): DateTime {
  return zone === null ? local(micros) : zone.fromUtc(DateTime.fromUnix(micros).with({ zone }));
}

function local(micros: bigint): DateTime {
  return DateTime.fromUnix(micros).with({ zone: utcZone }).inZone(localZone(micros)).with({ zone: null });
}

function localNow(now: Clock): DateTime {
  return local(clockMicros(now));
}
