/** `adapter.parse_index`: an entry of the `indexes` config, with dbt's name for it. */

import { md5Hex } from '../../base/hash.ts';
import { Dict, fromJs, HostObject, repr, str, TemplateError, toJs, type Value } from '../../jinja/index.ts';
import { asList, isConfig } from '../config.ts';
import { AgateTable } from './agate/index.ts';
import { define } from './host.ts';
import type { World } from './world.ts';

export class IndexValue extends HostObject {
  readonly typeName = 'PostgresIndexConfig';
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly type: string | null;
  readonly #salt: string;

  /** `salt` differs from run to run and from index to index. */
  constructor(columns: readonly string[], unique: boolean, type: string | null, salt: string) {
    super();
    this.#salt = salt;
    this.columns = columns;
    this.unique = unique;
    this.type = type;
  }

  override toRepr(): string {
    const columns = repr([...this.columns]);
    return `PostgresIndexConfig(columns=${columns}, unique=${repr(this.unique)}, type=${repr(this.type)})`;
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'columns':
        return [...this.columns];
      case 'unique':
        return this.unique;
      case 'type':
        return this.type;
      case 'render':
        return define(name, 'relation', (args) => this.#indexName(str(args.value('relation'))));
      default:
        return undefined;
    }
  }

  /** A fresh name each time, so that the index of a swapped-in table never collides with the old one's. */
  #indexName(relation: string): string {
    const parts = [...this.columns, relation, String(this.unique), this.type ?? '', this.#salt];
    return md5Hex(parts.join('_'));
  }
}

/** One change: `action` is drop or create, `context` the index. */
class IndexChange extends HostObject {
  readonly typeName = 'PostgresIndexConfigChange';
  readonly #action: 'drop' | 'create';
  readonly #index: KnownIndex;

  constructor(action: 'drop' | 'create', index: KnownIndex) {
    super();
    this.#action = action;
    this.#index = index;
  }

  override getAttribute(name: string): Value | undefined {
    if (name === 'action') return this.#action;
    if (name === 'requires_full_refresh') return false;
    return name === 'context'
      ? fromJs({ name: this.#index.name, as_node_config: nodeConfig(this.#index) })
      : undefined;
  }
}

class ConfigChanges extends HostObject {
  readonly typeName = 'PostgresMaterializedViewConfigChangeCollection';
  readonly #changes: readonly IndexChange[];

  constructor(changes: readonly IndexChange[]) {
    super();
    this.#changes = changes;
  }

  override getAttribute(name: string): Value | undefined {
    if (name === 'indexes') return [...this.#changes];
    if (name === 'requires_full_refresh') return false;
    return name === 'has_changes' ? this.#changes.length > 0 : undefined;
  }
}

interface KnownIndex {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly method: string;
}

function nodeConfig({ columns, unique, method }: KnownIndex): Record<string, unknown> {
  return { columns: [...columns], unique, type: method };
}

function sameIndex(a: KnownIndex, b: KnownIndex): boolean {
  const key = ({ columns, unique, method }: KnownIndex): string =>
    JSON.stringify([[...columns].sort(), unique, method]);
  return key(a) === key(b);
}

/** What must change on a materialized view for its indexes to be those of the config: drops first; none when nothing must. */
export function indexChanges(results: Value, relationConfig: Value): Value {
  const existing = existingIndexes(results);
  const wanted = wantedIndexes(toJs(relationConfig));
  const drops = existing.filter((index) => !wanted.some((other) => sameIndex(index, other)));
  const creates = wanted.filter((index) => !existing.some((other) => sameIndex(index, other)));
  const changes = [
    ...drops.map((index) => new IndexChange('drop', index)),
    ...creates.map((index) => new IndexChange('create', index)),
  ];
  return changes.length === 0 ? null : new ConfigChanges(changes);
}

/** The `indexes` table of the description macro: name, method, unique, column_names. */
function existingIndexes(results: Value): KnownIndex[] {
  const table = results instanceof Dict ? results.get('indexes') : undefined;
  if (!(table instanceof AgateTable)) return [];
  const at = (name: string): number => table.columnNames.indexOf(name);
  return table.rowValues().map((row) => ({
    name: str(row[at('name')] ?? ''),
    columns: str(row[at('column_names')] ?? '')
      .split(',')
      .map((column) => column.trim().toLowerCase())
      .filter(Boolean),
    unique: row[at('unique')] === true,
    method: str(row[at('method')] ?? 'btree'),
  }));
}

function wantedIndexes(config: unknown): KnownIndex[] {
  const node = isConfig(config) ? config : {};
  const own = isConfig(node.config) ? node.config : node;
  return asList(own.indexes)
    .filter(isConfig)
    .map((index) => ({
      name: null,
      columns: asList(index.columns).map((column) => String(column).toLowerCase()),
      unique: index.unique === true,
      method: typeof index.type === 'string' ? index.type : 'btree',
    }));
}

/** What dbt's schema of an index finds wrong. */
function indexFault(index: unknown): string | undefined {
  const shown = (value: unknown): string => repr(fromJs(value));
  if (!isConfig(index)) return `at path []: ${shown(index)} is not of type 'object'`;
  if (!('columns' in index)) return "at path []: 'columns' is a required property";
  if (!Array.isArray(index.columns))
    return `at path ['columns']: ${shown(index.columns)} is not of type 'array'`;
  return undefined;
}

let lastIndex = 0;

export function parseIndex(raw: Value, world: World): Value {
  if (raw === null) return null;
  const index = toJs(raw);
  const fault = indexFault(index);
  if (fault !== undefined)
    throw new TemplateError('compilation', 'IndexConfigError', `Could not parse index config: ${fault}`);
  if (!isConfig(index)) return null;
  return new IndexValue(
    asList(index.columns).map(String),
    index.unique === true,
    typeof index.type === 'string' ? index.type : null,
    `${world.settings.invocationId} ${String(++lastIndex)}`,
  );
}
