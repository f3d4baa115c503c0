/** The members every context has: data conversion, messages, modules, flags, target. */

import { md5Hex } from '../../base/hash.ts';
import {
  CapturedText,
  Dict,
  fromJs,
  HostObject,
  PySet,
  returnFunction,
  str,
  TemplateError,
  toList,
  toJs,
  Tuple,
  type Value,
} from '../../jinja/index.ts';
import { DBT_VERSION, type Flags, type Settings } from '../settings.ts';
import { define, dictOf } from './host.ts';
import { parsePythonJson, pythonJson } from './modules/python-json.ts';
import { fromYaml, toYaml } from './modules/python-yaml.ts';
import { datetimeFromMillis, modulesValue } from './modules/index.ts';
import type { OnMessage } from './world.ts';

/** Makes one member, undefined for a name that is none; `uniqueId` names the resource that messages are said to come from. */
export function baseMember(
  name: string,
  settings: Settings,
  onMessage: OnMessage,
  uniqueId: string | null,
): Value | undefined {
  switch (name) {
    case 'dbt_version':
      return DBT_VERSION;
    case 'target':
      return fromJs(targetDict(settings));
    case 'flags':
      return new FlagsValue(settings.flags);
    case 'invocation_id':
      return settings.invocationId;
    case 'run_started_at':
      return datetimeFromMillis(settings.startedAt);
    case 'thread_id':
      return 'main';
    case 'modules':
      return modulesValue({ now: () => settings.startedAt });
    case 'return':
      return returnFunction;
    case 'fromjson':
      return define('fromjson', 'string,default=', (args) =>
        attempt(() => parsePythonJson(args.text('string') ?? ''), args.value('default')),
      );
    case 'tojson':
      return define('tojson', 'value,default=,sort_keys=', (args) =>
        attempt(
          () => pythonJson(args.value('value'), { sortKeys: args.get('sort_keys') === true }),
          args.value('default'),
        ),
      );
    case 'fromyaml':
      return define('fromyaml', 'value,default=', (args) =>
        attempt(() => fromYaml(args.text('value') ?? ''), args.value('default')),
      );
    case 'toyaml':
      return define('toyaml', 'value,default=,sort_keys=', (args) =>
        attempt(
          () => toYaml(args.value('value'), { sortKeys: args.get('sort_keys') === true }),
          args.value('default'),
        ),
      );
    case 'set':
      return define('set', 'value,default=', (args) =>
        attempt(() => PySet.of(toList(args.value('value'))), args.value('default')),
      );
    case 'set_strict':
      return define('set_strict', 'value', (args) => PySet.of(toList(args.value('value'))));
    case 'zip':
      return define('zip', '*args,default=', (args) => attempt(() => zip(args.rest), args.value('default')));
    case 'zip_strict':
      return define('zip_strict', '*args', (args) => zip(args.rest));
    case 'log':
      return define('log', 'msg,info=', (args) => {
        onMessage({
          level: args.get('info') === true ? 'info' : 'debug',
          text: str(args.value('msg')),
          uniqueId,
        });
        return '';
      });
    case 'print':
      return define('print', 'msg', (args) => {
        if (!settings.flags.quiet) onMessage({ level: 'print', text: str(args.value('msg')), uniqueId });
        return '';
      });
    case 'diff_of_two_dicts':
      return define('diff_of_two_dicts', 'dict_a,dict_b', (args) =>
        differenceOfDicts(args.value('dict_a'), args.value('dict_b')),
      );
    case 'local_md5':
      return define('local_md5', 'value', (args) => md5Hex(str(args.value('value'))));
    case 'debug':
      return define('debug', '', () => '');
    default:
      return undefined;
  }
}

/** dbt's conversions give their default where Python would raise. */
function attempt(convert: () => Value, fallback: Value): Value {
  try {
    return convert();
  } catch (error) {
    if (error instanceof TemplateError && error.kind !== 'limit' && error.kind !== 'cancelled')
      return fallback;
    throw error;
  }
}

function zip(iterables: readonly Value[]): Value {
  const lists = iterables.map((iterable) => toList(iterable));
  const length = Math.min(...lists.map((list) => list.length), lists.length === 0 ? 0 : Infinity);
  return Array.from({ length }, (_, index) => new Tuple(lists.map((list) => list[index] ?? null)));
}

/** Entries of the first dict whose values the second lacks, as grants compare privileges. */
function differenceOfDicts(a: Value, b: Value): Value {
  if (!(a instanceof Dict) || !(b instanceof Dict)) return new Dict();
  const lower = (value: Value): string => str(value).toLowerCase();
  const theirs = new Map(
    [...b.entries()].map(([key, value]) => [lower(key), new Set(toList(value).map(lower))]),
  );
  const difference = new Dict();
  for (const [key, value] of a.entries()) {
    const known = theirs.get(lower(key));
    const left = toList(value).filter((item) => !known?.has(lower(item)));
    if (left.length > 0) difference.set(key, left);
  }
  return difference;
}

/** `target`: the output without its secrets. */
export function targetDict(settings: Settings): Record<string, unknown> {
  const { target } = settings;
  const shown = Object.fromEntries(
    Object.entries(target.credentials).filter(
      ([key]) => !['password', 'pass', 'type', 'sslkey'].includes(key),
    ),
  );
  return {
    connect_timeout: 10,
    retries: 1,
    role: null,
    search_path: null,
    sslmode: null,
    ...shown,
    database: target.database,
    schema: target.schema,
    type: 'postgres',
    threads: target.threads,
    name: target.name,
    target_name: target.name,
    profile_name: target.profileName,
    dbname: target.database,
  };
}

/** `flags.X`, under dbt's upper-case names; unknown flags are none. */
class FlagsValue extends HostObject {
  readonly typeName = 'Flags';
  readonly #flags: Readonly<Record<string, unknown>>;

  constructor(flags: Flags) {
    super();
    this.#flags = {
      FULL_REFRESH: flags.fullRefresh ?? false,
      STORE_FAILURES: flags.storeFailures,
      EMPTY: flags.empty,
      FAIL_FAST: flags.failFast,
      WARN_ERROR: flags.warnError,
      WARN_ERROR_OPTIONS: { include: flags.warnErrorOptions.error, exclude: flags.warnErrorOptions.warn },
      DEFER: flags.defer,
      FAVOR_STATE: flags.favorState,
      INTROSPECT: flags.introspect,
      INDIRECT_SELECTION: flags.indirectSelection,
      QUIET: flags.quiet,
      WHICH: flags.which,
      USE_COLORS: true,
      PRINTER_WIDTH: 80,
      VERSION_CHECK: true,
      PARTIAL_PARSE: true,
      STATIC_PARSER: true,
      USE_EXPERIMENTAL_PARSER: false,
      WRITE_JSON: true,
      SEND_ANONYMOUS_USAGE_STATS: false,
      CACHE_SELECTED_ONLY: false,
      LOG_CACHE_EVENTS: false,
      LOG_FORMAT: 'default',
      DEBUG: false,
      ...flags.others,
    };
  }

  override getAttribute(name: string): Value | undefined {
    if (Object.hasOwn(this.#flags, name)) return fromJs(this.#flags[name]);
    return /^[A-Z_]+$/.test(name) ? null : undefined;
  }
}

export function textOf(value: Value): string {
  return value instanceof CapturedText ? value.text : typeof value === 'string' ? value : str(value);
}

export { dictOf, toJs };
