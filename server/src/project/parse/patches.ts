/** What a property file adds to the resource it names: descriptions, columns, config, versions. */

import { asList, isConfig, mergeConfigCalls } from '../config.ts';
import type { ColumnNode, Config } from '../nodes.ts';
import { placeIn, type Problems } from '../problems.ts';
import { entryRange, type SchemaEntry } from './schema-files.ts';

/** Properties that may stand beside `config:` for history's sake, and mean the same there. */
const CONFIG_PROPERTIES = ['meta', 'docs', 'group', 'access', 'contract', 'tags', 'enabled'] as const;

/** `config:` of an entry, with the older top-level spellings folded in. */
export function entryConfig(value: Config): Config {
  const config: Config = isConfig(value.config) ? { ...value.config } : {};
  for (const key of CONFIG_PROPERTIES) {
    const written = value[key];
    if (written === undefined || written === null) continue;
    if (key === 'meta' && isConfig(written) && isConfig(config.meta))
      config.meta = { ...written, ...config.meta };
    else if (key === 'tags') config.tags = [...asList(written), ...asList(config.tags)];
    else config[key] ??= written;
  }
  return config;
}

/** Renders a description: docs blocks are looked up, other templates run. */
export type Describe = (
  text: string,
  entry: SchemaEntry,
) => { readonly text: string; readonly docBlocks: readonly string[] };

export function columnNodes(
  entry: SchemaEntry,
  columns: readonly unknown[],
  describe: Describe,
  problems: Problems,
): Record<string, ColumnNode> {
  const nodes: Record<string, ColumnNode> = {};
  columns.forEach((column, index) => {
    if (!isConfig(column) || (typeof column.name !== 'string' && typeof column.name !== 'number')) {
      problems.error(
        'yaml-shape',
        `a column of '${entry.name}' needs a name. Write '- name: …'.`,
        placeIn(entry.yaml.file, entryRange(entry, 'columns', index)),
      );
      return;
    }
    const node = columnNode(entry, column, describe);
    nodes[node.name] = node;
  });
  return nodes;
}

const COLUMN_KEYS = new Set([
  'name', 'description', 'meta', 'data_type', 'constraints', 'quote', 'config', 'tags', 'granularity', 'tests', 'data_tests',
  'docs', 'policy_tags', 'dimension', 'entity',
]); // prettier-ignore

function columnNode(entry: SchemaEntry, column: Config, describe: Describe): ColumnNode {
  const config = isConfig(column.config) ? column.config : {};
  const meta = {
    ...(isConfig(column.meta) ? column.meta : {}),
    ...(isConfig(config.meta) ? config.meta : {}),
  };
  const tags = [...new Set([...asList(column.tags), ...asList(config.tags)].map(String))];
  const described = describe(typeof column.description === 'string' ? column.description : '', entry);
  const extra = Object.fromEntries(Object.entries(column).filter(([key]) => !COLUMN_KEYS.has(key)));
  return {
    name: String(column.name),
    description: described.text,
    meta,
    data_type: typeof column.data_type === 'string' ? column.data_type : null,
    constraints: asList(column.constraints).filter(isConfig).map(constraint),
    quote: typeof column.quote === 'boolean' ? column.quote : null,
    config: { meta, tags },
    tags,
    granularity: typeof column.granularity === 'string' ? column.granularity : null,
    doc_blocks: [...described.docBlocks],
    ...extra,
  };
}

/** A constraint with dbt's fields and defaults. */
export function constraint(written: Config): Config {
  return {
    type: written.type ?? null,
    name: written.name ?? null,
    expression: written.expression ?? null,
    warn_unenforced: written.warn_unenforced ?? true,
    warn_unsupported: written.warn_unsupported ?? true,
    to: written.to ?? null,
    to_columns: asList(written.to_columns),
    ...(written.columns === undefined ? {} : { columns: asList(written.columns) }),
  };
}

/** One version of a versioned model: the base entry with the version's own properties over it. */
export interface ModelVersion {
  readonly v: string | number;
  readonly definedIn: string;
  readonly isLatest: boolean;
  readonly latest: string | number;
  readonly value: Config;
}

export function modelVersions(entry: SchemaEntry): ModelVersion[] {
  const versions = asList(entry.value.versions).filter(isConfig);
  if (versions.length === 0) return [];
  const numbers = versions.map((version) => asVersion(version.v));
  const declared = entry.value.latest_version;
  const latest = declared === undefined || declared === null ? greatest(numbers) : asVersion(declared);
  return versions.map((version) => {
    const v = asVersion(version.v);
    const own = { ...version };
    const config = mergeConfigs(entryConfig(entry.value), entryConfig(own));
    return {
      v,
      definedIn: typeof version.defined_in === 'string' ? version.defined_in : `${entry.name}_v${String(v)}`,
      isLatest: String(v) === String(latest),
      latest,
      value: {
        ...entry.value,
        description: version.description ?? entry.value.description,
        constraints: version.constraints ?? entry.value.constraints,
        deprecation_date: version.deprecation_date ?? null,
        columns: versionColumns(asList(entry.value.columns), version.columns),
        tests: version.tests ?? version.data_tests ?? entry.value.tests ?? entry.value.data_tests,
        data_tests: undefined,
        config,
        ...Object.fromEntries(CONFIG_PROPERTIES.map((key) => [key, undefined])),
      },
    };
  });
}

function mergeConfigs(base: Config, own: Config): Config {
  const merged = { ...base };
  for (const [key, value] of Object.entries(own)) {
    const known = merged[key];
    merged[key] = isConfig(known) && isConfig(value) ? mergeConfigCalls(known, value) : value;
  }
  return merged;
}

/** `columns: [{include: all, exclude: [...]}, …]` of a version, over the columns of the model. */
function versionColumns(base: readonly unknown[], written: unknown): unknown[] {
  if (written === undefined || written === null) return [...base];
  let included = [...base];
  const own: unknown[] = [];
  for (const item of asList(written)) {
    if (isConfig(item) && ('include' in item || 'exclude' in item)) {
      const include = item.include ?? 'all';
      const exclude = new Set(asList(item.exclude).map(String));
      const names = include === 'all' || include === '*' ? null : new Set(asList(include).map(String));
      included = base.filter(
        (column) =>
          isConfig(column) && (names?.has(String(column.name)) ?? true) && !exclude.has(String(column.name)),
      );
    } else {
      own.push(item);
    }
  }
  const replaced = new Set(own.map((column) => (isConfig(column) ? String(column.name) : '')));
  return [...included.filter((column) => isConfig(column) && !replaced.has(String(column.name))), ...own];
}

function asVersion(value: unknown): string | number {
  return typeof value === 'number' ? value : String(value);
}

/** Versions compare as numbers where they all are numbers, else as text. */
function greatest(versions: readonly (string | number)[]): string | number {
  const numeric = versions.every((version) => !Number.isNaN(Number(version)));
  return versions.reduce((best, version) =>
    (numeric ? Number(version) > Number(best) : String(version) > String(best)) ? version : best,
  );
}
