/** `config`: the call that configures a resource while parsing, and the reader of its configuration in a run. */

import { then } from '../../base/maybe-promise.ts';
import {
  callValue,
  Dict,
  fromJs,
  HostObject,
  str,
  TemplateError,
  toJs,
  truthy,
  type CallArguments,
  type Value,
} from '../../jinja/index.ts';
import { isConfig, mergeConfigCalls } from '../config.ts';
import type { Config } from '../nodes.ts';
import { define } from './host.ts';

/** What `config()` calls of one file said, later ones merged over earlier ones. */
export class ConfigCalls {
  #merged: Config = {};

  add(options: Config): void {
    this.#merged = mergeConfigCalls(this.#merged, options);
  }

  get merged(): Config {
    return this.#merged;
  }
}

/** While parsing: records, prints nothing, and knows no value yet. */
export class ParsingConfig extends HostObject {
  readonly typeName = 'ParseConfigObject';
  readonly #calls: ConfigCalls;

  constructor(calls: ConfigCalls) {
    super();
    this.#calls = calls;
  }

  override call(args: CallArguments): Value {
    this.#calls.add(configOptions(args));
    return '';
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'set':
        return define(name, 'name,value', (args) => {
          this.#calls.add({ [args.text('name') ?? '']: toJs(args.value('value')) });
          return '';
        });
      case 'get':
      case 'require':
      case 'meta_get':
      case 'meta_require':
        return define(name, 'name,default=,validator=', () => '');
      case 'persist_relation_docs':
      case 'persist_column_docs':
        return define(name, '', () => false);
      default:
        return undefined;
    }
  }
}

export function configOptions(args: CallArguments): Config {
  const [first] = args.positional;
  if (args.positional.length === 1 && args.keyword.size === 0 && first instanceof Dict)
    return renamed(toJs(first) as Config);
  if (args.positional.length === 0 && args.keyword.size > 0) {
    return renamed(Object.fromEntries([...args.keyword].map(([key, value]) => [key, toJs(value)])));
  }
  throw new TemplateError('compilation', 'InlineModelConfigError', 'Invalid inline model config');
}

function renamed(options: Config): Config {
  const config: Config = {};
  for (const [key, value] of Object.entries(options)) {
    const name = key === 'pre_hook' ? 'pre-hook' : key === 'post_hook' ? 'post-hook' : key;
    if (name !== key && name in options) {
      throw new TemplateError(
        'compilation',
        'ConflictingConfigKeysError',
        `Invalid config, has conflicting keys "${key}" and "${name}"`,
      );
    }
    config[name] = value;
  }
  return config;
}

/** The names of a snapshot's own columns, renamed or usual; dbt has them as a property of the config. */
function snapshotColumnNames(config: Config): Config | null {
  const renamedColumns = config.snapshot_meta_column_names;
  if (!isConfig(renamedColumns)) return null;
  return Object.fromEntries(SNAPSHOT_COLUMNS.map((name) => [name, renamedColumns[name] ?? name]));
}

const SNAPSHOT_COLUMNS = ['dbt_valid_to', 'dbt_valid_from', 'dbt_scd_id', 'dbt_updated_at', 'dbt_is_deleted'];

/** In a run: reads the resource's configuration. */
export class RunningConfig extends HostObject {
  readonly typeName = 'RuntimeConfigObject';
  readonly #config: Config;
  readonly #uniqueId: string;
  readonly #model: () => Value;

  constructor(config: Config, uniqueId: string, model: () => Value = () => fromJs({ config })) {
    super();
    this.#config = config;
    this.#uniqueId = uniqueId;
    this.#model = model;
  }

  override call(): Value {
    return '';
  }

  override getAttribute(name: string): Value | undefined {
    const meta = isConfig(this.#config.meta) ? this.#config.meta : {};
    switch (name) {
      case 'set':
        return define(name, 'name,value', () => '');
      case 'get':
        return this.#reader(name, this.#config, 'optional');
      case 'require':
        return this.#reader(name, this.#config, 'required');
      case 'meta_get':
        return this.#reader(name, meta, 'optional');
      case 'meta_require':
        return this.#reader(name, meta, 'required');
      case 'persist_relation_docs':
        return define(name, '', () => this.#persists('relation'));
      case 'persist_column_docs':
        return define(name, '', () => this.#persists('columns'));
      case 'model':
        return this.#model();
      default:
        return undefined;
    }
  }

  #reader(name: string, from: Config, need: 'optional' | 'required'): Value {
    return define(name, 'name,default=,validator=', (args) => {
      const key = args.text('name') ?? '';
      const fallback = args.get('default');
      if (!Object.hasOwn(from, key) && need === 'required') {
        throw new TemplateError(
          'compilation',
          'MissingConfigError',
          `Model '${this.#uniqueId}' does not define a required config parameter '${key}'.`,
        );
      }
      if (key === 'snapshot_table_column_names') return fromJs(snapshotColumnNames(from));
      const value = Object.hasOwn(from, key) ? fromJs(from[key]) : (fallback ?? null);
      const validator = args.get('validator');
      if (
        validator !== undefined &&
        validator !== null &&
        (need === 'required' || (fallback !== undefined && fallback !== null))
      ) {
        return then(callValue(validator, { positional: [value], keyword: new Map() }), () => value);
      }
      return value;
    });
  }

  #persists(what: string): Value {
    const docs = fromJs(this.#config.persist_docs ?? {});
    if (!(docs instanceof Dict)) {
      throw new TemplateError(
        'compilation',
        'PersistDocsValueTypeError',
        `Invalid value provided for 'persist_docs'. Expected dict but received ${str(docs)}`,
      );
    }
    return truthy(docs.get(what) ?? false);
  }
}
