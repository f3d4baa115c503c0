/** Gives a resource its configuration, its names, and what its property file says of it. */

import { md5Hex } from '../../base/hash.ts';
import { fromJs, repr, templateFacts, type Template } from '../../jinja/index.ts';
import { asList, isConfig, resolveConfig, writtenConfig, type ConfigLayers } from '../config.ts';
import type { ColumnNode, Config, ManifestNode } from '../nodes.ts';
import type { Package } from '../project-file.ts';
import { placeIn } from '../problems.ts';
import { capturedOf, captureTemplate, captureText, parsingContext, type Captured } from './capture.ts';
import { columnNodes, constraint, entryConfig, type Describe, type ModelVersion } from './patches.ts';
import type { RawNode } from './read-nodes.ts';
import { nameRelation } from './relation-names.ts';
import { entryRange, type SchemaEntry } from './schema-files.ts';
import {
  comparesUnrendered,
  quietSession,
  sectionsFor,
  unrenderedSectionsFor,
  type ParseSession,
} from './session.ts';

const SECTIONS: Readonly<Record<string, keyof Package['sections']>> = {
  model: 'models',
  seed: 'seeds',
  snapshot: 'snapshots',
  test: 'data_tests',
  analysis: 'models',
};

export interface Patch {
  readonly entry: SchemaEntry;
  readonly value: Config;
  readonly version?: ModelVersion;
}

/** Fills in a raw node. Its template is captured, its config resolved, its names generated, its patch applied. */
export function configureNode(
  session: ParseSession,
  raw: RawNode,
  patch: Patch | undefined,
  describe: Describe,
): ManifestNode {
  const { node, owner, file } = raw;
  if (patch?.version) applyVersion(node, patch.entry, patch.version);
  const captured: Captured = raw.template
    ? captureTemplate(session, node, raw.template)
    : { refs: [], sources: [], calls: pythonDefaults(node), macros: [] };
  const quiet = quietSession(session, raw.template);
  node.refs = captured.refs;
  node.sources = captured.sources;
  node.depends_on.macros.push(...captured.macros);
  applyConfig(quiet, node, owner, captured.calls, patch && entryConfig(patch.value), {
    patch: patch && !patch.version ? entryConfig(patch.entry.unrendered) : undefined,
    ...(raw.template ? { calls: writtenCalls(raw.template) } : {}),
  });
  checkConfig(quiet, node, file.path, patch);
  if (patch) applyPatch(quiet, node, patch, describe);
  nameRelation(quiet, node, file.path);
  captureHooks(quiet, node, file.path);
  return node;
}

/** The arguments of the `config()` calls as their source text: enough to see a change. */
function writtenCalls(template: Template): Config {
  const { configs } = templateFacts(template);
  return Object.fromEntries(
    configs.flatMap(({ entries }) =>
      entries.map((entry) => [entry.name.text, template.text.slice(entry.valueStart, entry.valueEnd)]),
    ),
  );
}

function pythonDefaults(node: ManifestNode): Config {
  return node.language === 'python' ? { materialized: 'table' } : {};
}

function applyVersion(node: ManifestNode, entry: SchemaEntry, version: ModelVersion): void {
  node.name = entry.name;
  node.version = version.v;
  node.latest_version = version.latest;
  node.unique_id = `model.${node.package_name}.${entry.name}.v${String(version.v)}`;
  node.fqn = [...node.fqn.slice(0, -1), entry.name, `v${String(version.v)}`];
}

/** Config and the node-level copies that dbt keeps of some of it. */
export function applyConfig(
  session: ParseSession,
  node: ManifestNode,
  owner: Package,
  calls: Config,
  patch: Config | undefined,

  /** Patch and calls before templates were rendered. */
  unrendered: { readonly patch?: Config | undefined; readonly calls?: Config } = {},
): void {
  const section = SECTIONS[node.resource_type] ?? 'models';
  const layers: ConfigLayers = {
    type: node.resource_type === 'sql_operation' ? 'operation' : node.resource_type,
    fqn: node.fqn,
    ...sectionsFor(session, owner, section),
    ...(patch ? { patch } : {}),
    calls,
  };
  const config = resolveConfig(layers);
  config.tags = asList(config.tags).map(String);
  if (config.unique_key !== undefined && Array.isArray(config.unique_key))
    config.unique_key = config.unique_key.map(String);
  node.config = config;
  const asWritten = comparesUnrendered(session) ? unrendered : {};
  const writtenPatch = asWritten.patch ?? patch;
  node.unrendered_config = writtenConfig({
    type: layers.type,
    fqn: node.fqn,
    ...unrenderedSectionsFor(session, owner, section),
    ...(writtenPatch ? { patch: writtenPatch } : {}),
    calls: asWritten.calls ?? calls,
  });
  for (const tag of config.tags as string[]) if (!node.tags.includes(tag)) node.tags.push(tag);
  if (isConfig(config.meta) && Object.keys(config.meta).length > 0) node.meta = config.meta;
  if (typeof config.group === 'string') node.group = config.group;
  if (node.resource_type === 'model' && typeof config.access === 'string') node.access = config.access;
  if (isConfig(config.docs)) {
    const { show, node_color: color } = config.docs;
    node.docs = { show: show !== false, node_color: typeof color === 'string' ? color : null };
  }
  if (isConfig(config.contract)) {
    node.contract = {
      enforced: config.contract.enforced === true,
      alias_types: config.contract.alias_types !== false,
      checksum: null,
    };
  }
}

/** The types that dbt refuses, with the place where the value most likely stands. */
function checkConfig(
  session: ParseSession,
  node: ManifestNode,
  path: string,
  patch: Patch | undefined,
): void {
  const { config } = node;
  const place = { path, range: { start: 0, end: 0 } };
  const patchPlace = (key: string): typeof place =>
    patch && isConfig(patch.value.config) && key in patch.value.config
      ? { path: patch.entry.yaml.file.path, range: entryRange(patch.entry, 'config', key) }
      : place;
  if (typeof config.enabled !== 'boolean') {
    session.problems.error(
      'config-type',
      `'enabled' of ${node.unique_id} must be true or false; it is ${JSON.stringify(config.enabled)}.`,
      patchPlace('enabled'),
    );
    config.enabled = true;
  }
  if (typeof config.materialized !== 'string') {
    session.problems.error(
      'config-type',
      `'materialized' of ${node.unique_id} must be a text such as 'table'; it is ${JSON.stringify(config.materialized)}.`,
      patchPlace('materialized'),
    );
    config.materialized = 'view';
  }
  if (node.resource_type === 'model' && !['private', 'protected', 'public'].includes(String(node.access))) {
    session.problems.error(
      'config-type',
      `Node ${node.unique_id} has an invalid value (${String(node.access)}) for the access field. Use private, protected or public.`,
      patchPlace('access'),
    );
    node.access = 'protected';
  }
  if (
    (node.resource_type === 'seed' && config.materialized !== 'seed') ||
    (node.resource_type === 'test' && config.materialized !== 'test')
  ) {
    session.problems.error(
      'config-type',
      `A ${node.resource_type} must have a materialized value of '${node.resource_type}' (${node.unique_id}).`,
      patchPlace('materialized'),
    );
  }
  if (node.resource_type === 'snapshot') checkSnapshot(session, node, path);
  if (node.resource_type === 'model' && node.access === 'public' && config.materialized === 'ephemeral') {
    session.problems.error(
      'config-type',
      `Node ${node.unique_id} with 'ephemeral' materialization has an invalid value (public) for the access field. Use private or protected.`,
      patchPlace('access'),
    );
  }
  if (node.resource_type === 'model' && node.config.materialized === 'snapshot') {
    session.problems.error(
      'config-type',
      `the model ${node.name} says materialized='snapshot'. Define a snapshot instead.`,
      patchPlace('materialized'),
    );
  }
}

/** A snapshot that cannot work is refused before anything runs, in dbt's words. */
function checkSnapshot(session: ParseSession, node: ManifestNode, path: string): void {
  const { strategy, unique_key: key, check_cols: columns, updated_at: updatedAt, materialized } = node.config;
  const report = (message: string): void => {
    session.problems.error('snapshot-config', `${message} (${node.unique_id})`, {
      path,
      range: { start: 0, end: 0 },
    });
  };
  if (!strategy || !key) report("Snapshots must be configured with a 'strategy' and 'unique_key'.");
  else if (strategy === 'check' && !columns)
    report('A snapshot configured with the check strategy must specify a check_cols configuration.');
  else if (strategy === 'check' && typeof columns === 'string' && columns !== 'all')
    report(`Invalid value for 'check_cols': ${columns}. Expected 'all' or a list of strings.`);
  else if (strategy === 'timestamp' && !updatedAt)
    report('When using the timestamp strategy, you must specify an updated_at configuration.');
  else if (materialized && materialized !== 'snapshot')
    report("A snapshot must have a materialized value of 'snapshot'");
}

/** A property must not stand both in `config` and beside it. */
function checkTwice(session: ParseSession, patch: Patch): void {
  const { value, entry } = patch;
  if (!isConfig(value.config)) return;
  for (const key of ['meta', 'docs', 'group', 'access', 'contract']) {
    if (value[key] === undefined || value.config[key] === undefined) continue;
    session.problems.error(
      'property-twice',
      `In ${entry.originalPath}: found ${key} dictionary in 'config' dictionary and as top-level key. Remove the top-level key and define it under 'config' dictionary only.`,
      placeIn(entry.yaml.file, entryRange(entry, key)),
    );
  }
}

function applyPatch(session: ParseSession, node: ManifestNode, patch: Patch, describe: Describe): void {
  const { entry, value } = patch;
  if (!patch.version) checkTwice(session, patch);
  const described = describe(typeof value.description === 'string' ? value.description : '', entry);
  node.description = described.text;
  node.doc_blocks = [...described.docBlocks];
  node.patch_path = `${entry.owner.name}://${entry.originalPath}`;
  node.columns = columnNodes(entry, asList(value.columns), describe, session.problems);
  if (node.resource_type !== 'model') return;
  node.constraints = asList(value.constraints).filter(isConfig).map(constraint);
  if (typeof value.deprecation_date === 'string') node.deprecation_date = value.deprecation_date;
  if (isConfig(value.time_spine)) node.time_spine = value.time_spine;
  captureConstraintTargets(node);
  checkContract(session, node, entry);
}

/** Foreign keys name their parent with ref() or source(); that makes it a parent. */
function captureConstraintTargets(node: ManifestNode): void {
  const constraints = [
    ...(node.constraints ?? []),
    ...Object.values(node.columns).flatMap((column) => column.constraints),
  ];
  for (const { type, to } of constraints) {
    if (type !== 'foreign_key' || typeof to !== 'string') continue;
    const names = [...to.matchAll(/['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '');
    if (/^\s*ref\s*\(/.test(to))
      node.refs.push({
        name: names.at(-1) ?? '',
        package: names.length > 1 ? (names[0] ?? null) : null,
        version: null,
      });
    else if (/^\s*source\s*\(/.test(to)) node.sources.push(names);
  }
}

function checkContract(session: ParseSession, node: ManifestNode, entry: SchemaEntry): void {
  checkConstraints(session, node, entry);
  if (!node.contract.enforced) return;
  const columns = Object.values(node.columns);
  const place = placeIn(entry.yaml.file, entryRange(entry));
  if (node.language !== 'sql') {
    session.problems.error(
      'contract',
      `Contract enforcement failed for: (${node.original_file_path}) Language Error: Expected 'sql' but found '${node.language}'.`,
      place,
    );
  }
  if (columns.length === 0) {
    session.problems.error(
      'contract',
      `the contract of ${node.name} needs its columns. List them with name and data_type under 'columns:'.`,
      place,
    );
  }
  node.contract = { ...node.contract, checksum: contractChecksum(columns) };
}

/** What no database would accept as constraints. */
function checkConstraints(session: ParseSession, node: ManifestNode, entry: SchemaEntry): void {
  const report = (message: string): void => {
    session.problems.error('contract', message, placeIn(entry.yaml.file, entryRange(entry)));
  };
  const own = node.constraints ?? [];
  const keyColumns = Object.values(node.columns).filter((column) => column.constraints.some(isPrimaryKey));
  if (keyColumns.length > 1) {
    report(
      `Primary key constraint error: (${node.original_file_path}) Found ${String(keyColumns.length)} columns with primary key constraints defined. Primary keys for multiple columns must be defined as a model level constraint.`,
    );
  }
  if (keyColumns.length > 0 && own.some(isPrimaryKey)) {
    report(
      `Primary key constraint error: (${node.original_file_path}) Primary key constraints defined at the model level and the columns level. Primary keys can be defined at the model level or the column level, not both.`,
    );
  }
  for (const item of [...own, ...Object.values(node.columns).flatMap((column) => column.constraints)]) {
    if (!CONSTRAINT_TYPES.has(String(item.type)))
      report(
        `Invalid constraint type '${String(item.type)}' on ${node.name}. Type must be one of ${[...CONSTRAINT_TYPES].join(', ')}.`,
      );
    if (item.type !== 'foreign_key' || typeof item.to !== 'string') continue;
    if (!/^\s*(?:ref|source)\s*\(\s*['"]/.test(item.to)) {
      report(
        `Invalid 'ref' or 'source' syntax on foreign key constraint 'to' on model ${node.name}: ${item.to}.`,
      );
    }
  }
}

const CONSTRAINT_TYPES = new Set(['check', 'not_null', 'unique', 'primary_key', 'foreign_key', 'custom']);

function isPrimaryKey(item: Config): boolean {
  return item.type === 'primary_key';
}

/** dbt's contract checksum: names and types of the columns, sorted, as Python prints them. */
function contractChecksum(columns: readonly ColumnNode[]): string {
  const sorted = [...columns].sort((a, b) => (a.name < b.name ? -1 : 1));
  return md5Hex(sorted.map((column) => `${column.name}|${column.data_type ?? repr(fromJs(null))}`).join(''));
}

/** Refs inside hooks make dependencies too. */
function captureHooks(session: ParseSession, node: ManifestNode, path: string): void {
  const hooks = [...asList(node.config['pre-hook']), ...asList(node.config['post-hook'])].filter(isConfig);
  if (hooks.length === 0) return;
  const parsing = parsingContext(session, node);
  for (const hook of hooks)
    if (typeof hook.sql === 'string') captureText(session, parsing, node, hook.sql, path);
  const captured = capturedOf(parsing);
  if (node.resource_type === 'seed' && captured.refs.length + captured.sources.length > 0) {
    session.problems.error(
      'seed-dependency',
      `Seeds cannot depend on other nodes: the seed '${node.name}' has a pre- or post-hook that calls 'ref' or 'source'. Move the hook to a model.`,
      { path, range: { start: 0, end: 0 } },
    );
    return;
  }
  node.refs.push(...captured.refs);
  node.sources.push(...captured.sources);
  for (const macro of captured.macros)
    if (!node.depends_on.macros.includes(macro)) node.depends_on.macros.push(macro);
}
