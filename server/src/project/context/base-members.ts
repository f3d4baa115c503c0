/** The members every context has: data conversion, messages, modules, flags, target. */

import { md5Hex } from '../../base/hash.ts';
import {
  CapturedText,
  Dict,
  fromJs,
  HostObject,
  PyIterator,
  PySet,
  returnFunction,
  str,
  TemplateError,
  toList,
  toJs,
  Tuple,
  typeError,
  typeName,
  type TemplateErrorKind,
  type Value,
} from '../../jinja/index.ts';
import { DBT_VERSION, type Flags, type Settings } from '../settings.ts';
import { define, dictOf, isText, plain } from './host.ts';
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
    case 'context_macro_stack':
      return new MacroStack();
    case 'fromjson':
      return define('fromjson', 'string,default=', (args) =>
        attempt(['value'], () => parsePythonJson(jsonText(args.value('string'))), args.value('default')),
      );
    case 'tojson':
      return define('tojson', 'value,default=,sort_keys=', (args) =>
        attempt(
          ['value'],
          () => pythonJson(args.value('value'), { sortKeys: args.get('sort_keys') === true }),
          args.value('default'),
        ),
      );
    case 'fromyaml':
      return define('fromyaml', 'value,default=', (args) =>
        attempt('any', () => fromYaml(args.text('value') ?? ''), args.value('default')),
      );
    case 'toyaml':
      return define('toyaml', 'value,default=,sort_keys=', (args) =>
        attempt(
          'any',
          () => toYaml(args.value('value'), { sortKeys: args.get('sort_keys') === true }),
          args.value('default'),
        ),
      );
    case 'set':
      return define('set', 'value,default=', (args) =>
        attempt(['type'], () => PySet.of(toList(args.value('value'))), args.value('default')),
      );
    case 'set_strict':
      return define('set_strict', 'value', (args) =>
        strictly('SetStrictWrongTypeError', () => PySet.of(toList(args.value('value')))),
      );
    case 'zip':
      return define('zip', '*args,default=', (args) =>
        attempt(['type'], () => zip(args.rest), args.value('default')),
      );
    case 'zip_strict':
      return define('zip_strict', '*args', (args) =>
        strictly('ZipStrictWrongTypeError', () => zip(args.rest)),
      );
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
      return define('local_md5', 'value', (args) => {
        const value = args.value('value');
        if (!isText(value))
          throw new TemplateError(
            'type',
            'AttributeError',
            `'${typeName(value)}' object has no attribute 'encode'`,
          );
        return md5Hex(plain(value));
      });
    default:
      return undefined;
  }
}

/** `context_macro_stack`: there, and nobody's business. */
class MacroStack extends HostObject {
  readonly typeName = 'MacroStack';
}

/** dbt's conversions give their default where Python raises certain errors; others are the caller's. */
function attempt(caught: readonly TemplateErrorKind[] | 'any', convert: () => Value, fallback: Value): Value {
  try {
    return convert();
  } catch (error) {
    if (!(error instanceof TemplateError) || error.kind === 'limit' || error.kind === 'cancelled')
      throw error;
    if (caught !== 'any' && !caught.includes(error.kind)) throw error;
    return fallback;
  }
}

/** What Python refuses, in dbt's class for it. */
function strictly(pythonClass: string, convert: () => Value): Value {
  try {
    return convert();
  } catch (error) {
    if (error instanceof TemplateError && error.kind === 'type')
      throw new TemplateError('compilation', pythonClass, error.message, { cause: error });
    throw error;
  }
}

function jsonText(value: Value): string {
  if (isText(value)) return plain(value);
  throw typeError(`the JSON object must be str, bytes or bytearray, not ${typeName(value)}`);
}

function zip(iterables: readonly Value[]): Value {
  const lists = iterables.map((iterable) => toList(iterable));
  const length = Math.min(...lists.map((list) => list.length), lists.length === 0 ? 0 : Infinity);
  const tuples: Value[] = Array.from(
    { length },
    (_, index) => new Tuple(lists.map((list) => list[index] ?? null)),
  );
  return new PyIterator(tuples.values(), 'zip');
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

/** What a Postgres output has where profiles.yml does not say it. */
const CREDENTIAL_DEFAULTS = {
  connect_timeout: 10,
  role: null,
  search_path: null,
  keepalives_idle: 0,
  sslmode: null,
  sslcert: null,
  sslkey: null,
  sslrootcert: null,
  application_name: 'dbt',
  autocommit: false,
  retries: 1,
};

/** `target`: the output without its password. */
export function targetDict(settings: Settings): Record<string, unknown> {
  const { target } = settings;
  const shown = Object.fromEntries(
    Object.entries(target.credentials).filter(([key]) => !['password', 'pass', 'type'].includes(key)),
  );
  return {
    ...CREDENTIAL_DEFAULTS,
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

/** `flags.X`: those that dbt shows to templates, under their upper-case names. */
class FlagsValue extends HostObject {
  readonly typeName = 'Namespace';
  readonly #flags: Readonly<Record<string, unknown>>;

  constructor(flags: Flags) {
    super();
    const shown = {
      FULL_REFRESH: flags.fullRefresh ?? false,
      STORE_FAILURES: flags.storeFailures,
      EMPTY: flags.empty,
      FAIL_FAST: flags.failFast,
      WARN_ERROR: flags.warnError ? true : null,
      WARN_ERROR_OPTIONS: { include: flags.warnErrorOptions.error, exclude: flags.warnErrorOptions.warn },
      INTROSPECT: flags.introspect,
      INDIRECT_SELECTION: flags.indirectSelection,
      QUIET: flags.quiet,
      WHICH: flags.which,
      INVOCATION_COMMAND: `dbt ${flags.which}`,
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
      NO_PRINT: null,
      PROFILES_DIR: null,
      TARGET_PATH: null,
      LOG_PATH: null,
      // Not dbt's to show, but the built-in macros ask for it.
      REQUIRE_SQL_HEADER_IN_TEST_CONFIGS: false,
    };
    const others = Object.entries(flags.others).filter(([name]) => Object.hasOwn(shown, name));
    this.#flags = { ...shown, ...Object.fromEntries(others) };
  }

  override getAttribute(name: string): Value | undefined {
    return Object.hasOwn(this.#flags, name) ? fromJs(this.#flags[name]) : undefined;
  }
}

export function textOf(value: Value): string {
  return value instanceof CapturedText ? value.text : typeof value === 'string' ? value : str(value);
}

export { dictOf, toJs };
