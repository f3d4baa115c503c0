/** How the configuration of a resource is put together: defaults, dbt_project.yml, YAML, the file's own `config()`; in dbt's order of precedence. */

import type { Config, Hook } from './nodes.ts';

export type ConfiguredType =
  | 'model'
  | 'seed'
  | 'snapshot'
  | 'test'
  | 'source'
  | 'exposure'
  | 'metric'
  | 'semantic_model'
  | 'saved_query'
  | 'unit_test'
  | 'analysis'
  | 'operation';

const nodeDefaults = {
  enabled: true,
  alias: null,
  schema: null,
  database: null,
  tags: [],
  meta: {},
  group: null,
  static_analysis: null,
  materialized: 'view',
  incremental_strategy: null,
  batch_size: null,
  lookback: 1,
  begin: null,
  persist_docs: {},
  'post-hook': [],
  'pre-hook': [],
  quoting: {},
  column_types: {},
  full_refresh: null,
  unique_key: null,
  on_schema_change: 'ignore',
  on_configuration_change: 'apply',
  grants: {},
  packages: [],
  docs: { show: true, node_color: null },
  contract: { enforced: false, alias_types: true },
  event_time: null,
  concurrent_batches: null,
};

/** The fields of each config class of dbt 1.11 with their defaults, in manifest order. */
const DEFAULTS: Readonly<Record<ConfiguredType, Config>> = {
  model: { ...nodeDefaults, access: 'protected', freshness: null },
  analysis: nodeDefaults,
  operation: nodeDefaults,
  seed: { ...nodeDefaults, materialized: 'seed', delimiter: ',', quote_columns: null },
  snapshot: {
    ...nodeDefaults,
    materialized: 'snapshot',
    strategy: null,
    target_schema: null,
    target_database: null,
    updated_at: null,
    check_cols: null,
    snapshot_meta_column_names: {
      dbt_valid_to: null,
      dbt_valid_from: null,
      dbt_scd_id: null,
      dbt_updated_at: null,
      dbt_is_deleted: null,
    },
    dbt_valid_to_current: null,
  },
  test: {
    enabled: true,
    alias: null,
    schema: 'dbt_test__audit',
    database: null,
    tags: [],
    meta: {},
    group: null,
    static_analysis: null,
    materialized: 'test',
    severity: 'ERROR',
    store_failures: null,
    store_failures_as: null,
    where: null,
    limit: null,
    fail_calc: 'count(*)',
    warn_if: '!= 0',
    error_if: '!= 0',
  },
  source: {
    enabled: true,
    event_time: null,
    freshness: {
      warn_after: { count: null, period: null },
      error_after: { count: null, period: null },
      filter: null,
    },
    loaded_at_field: null,
    loaded_at_query: null,
    meta: {},
    tags: [],
    static_analysis: null,
  },
  exposure: { enabled: true, tags: [], meta: {} },
  metric: { enabled: true, group: null, meta: {} },
  semantic_model: { enabled: true, group: null, meta: {} },
  saved_query: {
    enabled: true,
    group: null,
    meta: {},
    export_as: null,
    schema: null,
    cache: { enabled: false },
  },
  unit_test: { tags: [], meta: {}, enabled: true, static_analysis: null },
};

const APPENDED = new Set(['tags', 'pre-hook', 'post-hook', 'packages']);
const UPDATED = new Set([
  'meta',
  'quoting',
  'column_types',
  'docs',
  'contract',
  'snapshot_meta_column_names',
]);

/** The nested values are shared: merging makes new ones and never writes into them. */
export function defaultConfig(type: ConfiguredType): Config {
  return { ...DEFAULTS[type] };
}

/** One layer over another, each key by its merge rule: appended, updated, grants by key, else replaced. */
export function mergeConfig(base: Config, layer: Config): Config {
  const merged: Config = { ...base };
  for (const [written, value] of Object.entries(layer)) {
    const key = manifestName(written);
    if (APPENDED.has(key)) {
      merged[key] = [...asList(merged[key]), ...asList(key.endsWith('-hook') ? hooks(value) : value)];
    } else if (UPDATED.has(key) && isConfig(merged[key]) && isConfig(value)) {
      merged[key] = { ...merged[key], ...value };
    } else if (key === 'grants') {
      merged[key] = mergeGrants(merged[key], value);
    } else {
      merged[key] = value;
    }
  }
  return merged;
}

/** Config keys have one spelling in the manifest; in Jinja a hyphen cannot be written. */
function manifestName(key: string): string {
  if (key === 'pre_hook') return 'pre-hook';
  if (key === 'post_hook') return 'post-hook';
  if (key === 'dbname') return 'database';
  return key;
}

export function isConfig(value: unknown): value is Config {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}

export function asList(value: unknown): unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function hooks(value: unknown): Hook[] {
  return asList(value).map(hook);
}

/** A hook is SQL, a dict, or (dbt's oldest form) a dict written as JSON. */
function hook(value: unknown): Hook {
  if (isConfig(value)) {
    const { sql, transaction, index } = value;
    return {
      sql: text(sql),
      transaction: transaction === undefined ? true : Boolean(transaction),
      index: typeof index === 'number' ? index : null,
    };
  }
  const written = text(value);
  if (written.trimStart().startsWith('{"')) {
    const decoded = decodeJson(written);
    if (isConfig(decoded)) return hook(decoded);
  }
  return { sql: written, transaction: true, index: null };
}

function decodeJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    // Not JSON: it is SQL that happens to start with a brace.
    return undefined;
  }
}

function text(value: unknown): string {
  return typeof value === 'string'
    ? value
    : value === null || value === undefined
      ? ''
      : JSON.stringify(value);
}

/** `+privilege` adds grantees to what is there; a bare name replaces. */
function mergeGrants(base: unknown, layer: unknown): Config {
  const merged: Config = isConfig(base) ? { ...base } : {};
  if (!isConfig(layer)) return merged;
  for (const [key, value] of Object.entries(layer)) {
    if (key.startsWith('+')) {
      const name = key.slice(1).trim();
      merged[name] = [...asList(merged[name]), ...asList(value)];
    } else {
      merged[key] = asList(value);
    }
  }
  return merged;
}

/** Repeated `config()` calls of one file add up by the same rules, but are kept apart from the defaults. */
export function mergeConfigCalls(earlier: Config, later: Config): Config {
  const merged: Config = { ...earlier };
  for (const [written, value] of Object.entries(later)) {
    const key = manifestName(written);
    const known = merged[key];
    if (APPENDED.has(key) && known !== undefined) merged[key] = [...asList(known), ...asList(value)];
    else if (UPDATED.has(key) && isConfig(known) && isConfig(value)) merged[key] = { ...known, ...value };
    else merged[key] = value;
  }
  return merged;
}

/** The layers that a section of dbt_project.yml (`models`, `seeds`, …) has for a resource, outermost first. */
export function projectLayers(section: unknown, fqn: readonly string[]): Config[] {
  const layers: Config[] = [];
  let level: unknown = section;
  for (let depth = 0; isConfig(level); depth++) {
    layers.push(ownKeys(level));
    const next = fqn[depth];
    if (next === undefined) break;
    level = level[next];
  }
  return layers;
}

/** What each level says of itself: asked for by every resource below it. */
const ownKeysOf = new WeakMap<Config, Config>();

/** Plain dict values are deeper folders unless a `+` says otherwise. */
function ownKeys(level: Config): Config {
  const known = ownKeysOf.get(level);
  if (known) return known;
  const own: Config = {};
  for (const [key, value] of Object.entries(level)) {
    if (key.startsWith('+')) own[key.slice(1).trim()] = value;
    else if (!isConfig(value)) own[key] = value;
  }
  ownKeysOf.set(level, own);
  return own;
}

export interface ConfigLayers {
  readonly type: ConfiguredType;
  readonly fqn: readonly string[];
  /** The section of the package that the resource belongs to. */
  readonly ownSection: unknown;
  /** The same section of the root project, where that is another one; it wins over all. */
  readonly rootSection?: unknown;
  /** `config:` of the resource's YAML entry. */
  readonly patch?: Config;
  /** What `config()` in the file said. */
  readonly calls?: Config;
}

export function resolveConfig(layers: ConfigLayers): Config {
  return stack(layers).reduce(mergeConfig, defaultConfig(layers.type));
}

/** Only what somebody wrote, later layers over earlier: the manifest's `unrendered_config`. */
export function writtenConfig(layers: ConfigLayers): Config {
  return Object.assign({}, ...stack(layers)) as Config;
}

function stack(layers: ConfigLayers): Config[] {
  return [
    ...projectLayers(layers.ownSection, layers.fqn),
    ...(layers.patch ? [layers.patch] : []),
    ...(layers.calls ? [layers.calls] : []),
    ...(layers.rootSection === undefined ? [] : projectLayers(layers.rootSection, layers.fqn)),
  ];
}
