/** Puts a manifest together: every resource read, configured, tested, linked. */

import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Context } from '../../jinja/index.ts';
import { asList, isConfig } from '../config.ts';
import { yamlContext } from '../context/file-contexts.ts';
import type { World } from '../context/world.ts';
import type { FileSet } from '../files.ts';
import type { Manifest } from '../manifest.ts';
import type { Config, DocNode, GraphNode, MacroNode, ManifestNode, SemanticNode } from '../nodes.ts';
import type { Package } from '../project-file.ts';
import { placeIn, type Problems } from '../problems.ts';
import type { Collected, Origin } from './collected.ts';
import { checkConfigPaths } from './config-paths.ts';
import { configureNode, type Patch } from './configure.ts';
import { describer, readDocs } from './docs.ts';
import { linkSemantic, readExposure, readGroup, readSemantic } from './exposures.ts';
import { genericTests, type TestItem, type TestTarget } from './generic-tests.ts';
import { NodeLookup, SourceLookup } from './lookup.ts';
import { checkMicrobatch } from './microbatch.ts';
import { macroNodes } from './macro-entries.ts';
import { readOperations } from './operations.ts';
import { modelVersions, type Describe } from './patches.ts';
import { inferPrimaryKeys } from './primary-keys.ts';
import { readNodes } from './read-nodes.ts';
import { resolveReferences, templatePlaces, type Lookups, type PlaceOf } from './resolve.ts';
import { entryRange, readSchemaFiles, type EntryKey, type SchemaEntry } from './schema-files.ts';
import { quietSession, type ParseSession } from './session.ts';
import { yamlSnapshot } from './snapshots.ts';
import { readSources } from './sources.ts';
import { readUnitTest } from './unit-tests.ts';

/** Which entries describe which resources. */
const ENTRY_KEY: Readonly<Record<string, EntryKey>> = {
  model: 'models',
  seed: 'seeds',
  snapshot: 'snapshots',
  analysis: 'analyses',
  test: 'data_tests',
};

export interface Assembled {
  readonly manifest: Manifest;
  /** Where each node's code stands. */
  readonly origins: ReadonlyMap<string, Origin>;
  readonly findings: ReadonlyMap<string, readonly Diagnostic[]>;
}

export function assemble(
  world: World,
  files: FileSet,
  selectors: ReadonlyMap<string, Config>,
  problems: Problems,
): Assembled {
  const packages = [...world.packages.values()];
  const docs = new Map<string, DocNode>();
  for (const owner of packages)
    for (const doc of readDocs(files, owner, problems)) docs.set(doc.unique_id, doc);
  const session: ParseSession = { world, files, docs, problems, createdAt: world.settings.startedAt / 1000 };
  const contexts = new Map<string, Context>();
  const contextFor = (packageName: string): Context => {
    let context = contexts.get(packageName);
    if (!context) contexts.set(packageName, (context = yamlContext(world, packageName)));
    return context;
  };
  const describe = describer(docs, world, problems);
  const collected: Collected = {
    nodes: new Map(),
    sources: new Map(),
    exposures: new Map(),
    semantic: [],
    unitTests: new Map(),
    groups: new Map(),
    disabled: new Map(),
    origins: new Map(),
    findings: new Map(),
  };
  const perPackage = packages.map((owner) => ({
    owner,
    entries: readSchemaFiles(files, owner, contextFor(owner.name), problems),
  }));
  for (const { owner, entries } of perPackage) addNodes(session, owner, entries, describe, collected);
  for (const { owner } of perPackage)
    for (const node of readOperations(session, owner)) collected.nodes.set(node.unique_id, node);
  for (const { entries } of perPackage) addEntries(session, entries, describe, contextFor, collected);
  const lookup = new NodeLookup(collected.nodes.values(), [...collected.disabled.values()].flat());
  for (const { entries } of perPackage) {
    for (const entry of entries) {
      if (entry.key !== 'unit_tests') continue;
      for (const unitTest of readUnitTest(session, entry, lookup)) {
        if (unitTest.config.enabled === false) addDisabled(collected, unitTest);
        else collected.unitTests.set(unitTest.unique_id, unitTest);
        collected.origins.set(unitTest.unique_id, { raw: null, entry, path: [] });
      }
    }
  }
  link(session, collected);
  checkMicrobatch(session, collected.nodes.values(), (node) => {
    const raw = collected.origins.get(node.unique_id)?.raw;
    return raw ? placeIn(raw.file) : undefined;
  });
  checkConfigPaths(session, collected);
  inferPrimaryKeys(collected);
  const macros = macroNodes(
    world,
    perPackage.flatMap(({ entries }) => entries),
    describe,
  );
  const { origins, findings } = collected;
  return { manifest: manifestOf(world, collected, macros, docs, selectors), origins, findings };
}

function addNodes(
  session: ParseSession,
  owner: Package,
  entries: readonly SchemaEntry[],
  describe: Describe,
  collected: Collected,
): void {
  const patches = patchesByName(session, entries);
  const raws = [
    ...readNodes(session, owner),
    ...entries
      .filter((entry) => entry.key === 'snapshots')
      .flatMap((entry) => yamlSnapshot(session, entry) ?? []),
  ];
  const used = new Set<Patch>();
  const latest = latestPatches(patches, new Set(raws.map((raw) => raw.node.name)));
  for (const raw of raws) {
    const key = `${ENTRY_KEY[raw.node.resource_type] ?? 'models'}:${raw.node.name}`;
    const patch = patches.get(key) ?? latest.get(key);
    if (patch) used.add(patch);
    const { result: node, found } = session.problems.during(() =>
      configureNode(session, raw, patch, describe),
    );
    if (found.length > 0) collected.findings.set(node.unique_id, found);
    collected.origins.set(node.unique_id, { raw, entry: patch?.entry ?? null, path: [] });
    if (node.config.enabled === false) {
      addDisabled(collected, node);
      continue;
    }
    const other = collected.nodes.get(node.unique_id);
    if (other) {
      session.problems.error(
        'duplicate-resource',
        `dbt found two ${node.resource_type}s with the name "${node.name}". Since these resources have the same name, dbt will be unable to find the correct resource when looking for ref("${node.name}"). To fix this, change the name of one of them: ${other.original_file_path}, ${node.original_file_path}`,
        placeIn(raw.file),
      );
      continue;
    }
    collected.nodes.set(node.unique_id, node);
  }
  for (const patch of patches.values()) {
    if (used.has(patch) || patch.entry.key === 'data_tests' || patch.entry.key === 'tests') continue;
    session.problems.warning(
      'unknown-patch',
      `Did not find matching node for patch with name '${patch.version?.definedIn ?? patch.entry.name}' in the '${patch.entry.key}' section of file '${patch.entry.originalPath}'`,
      placeIn(patch.entry.yaml.file, entryRange(patch.entry, 'name')),
    );
  }
}

/** Keyed by the entry's section and the file name it stands for. */
function patchesByName(session: ParseSession, entries: readonly SchemaEntry[]): Map<string, Patch> {
  const patches = new Map<string, Patch>();
  const add = (key: string, patch: Patch): void => {
    const other = patches.get(key);
    if (!other) {
      patches.set(key, patch);
      return;
    }
    session.problems.error(
      'duplicate-patch',
      `dbt found two schema.yml entries for the same resource named ${patch.entry.name}. Resources and their associated columns may only be described a single time. To fix this, remove one of the resource entries for ${patch.entry.name} in ${patch.entry.originalPath} or ${other.entry.originalPath}.`,
      placeIn(patch.entry.yaml.file, entryRange(patch.entry, 'name')),
    );
  };
  for (const entry of entries) {
    if (!['models', 'seeds', 'snapshots', 'analyses', 'data_tests', 'tests'].includes(entry.key)) continue;
    const key = entry.key === 'tests' ? 'data_tests' : entry.key;
    const versions = entry.key === 'models' ? modelVersions(entry) : [];
    if (versions.length === 0) add(`${key}:${entry.name}`, { entry, value: entry.value });
    for (const version of versions)
      add(`${key}:${version.definedIn}`, { entry, value: version.value, version });
  }
  return patches;
}

/** The latest version may live in a file without a suffix: by section and the model's name, where no file has the version's own name. */
function latestPatches(patches: ReadonlyMap<string, Patch>, names: ReadonlySet<string>): Map<string, Patch> {
  const latest = new Map<string, Patch>();
  for (const patch of patches.values()) {
    if (patch.version?.isLatest !== true || names.has(patch.version.definedIn)) continue;
    const key = `${patch.entry.key}:${patch.entry.name}`;
    if (!latest.has(key)) latest.set(key, patch);
  }
  return latest;
}

function addEntries(
  session: ParseSession,
  entries: readonly SchemaEntry[],
  describe: Describe,
  contextFor: (packageName: string) => Context,
  collected: Collected,
): void {
  for (const entry of entries) {
    const context = contextFor(entry.owner.name);
    if (entry.key === 'sources') addSources(session, entry, describe, context, collected);
    else if (entry.key === 'models' || entry.key === 'seeds' || entry.key === 'snapshots')
      addTests(session, entry, context, collected);
    else if (entry.key === 'exposures') {
      const exposure = readExposure(session, entry, describe);
      if (exposure.config.enabled === false) addDisabled(collected, exposure);
      else addUnique(session, collected.exposures, exposure, entry);
      collected.origins.set(exposure.unique_id, { raw: null, entry, path: [] });
    } else if (entry.key === 'groups') addUnique(session, collected.groups, readGroup(entry), entry);
    else if (entry.key === 'metrics' || entry.key === 'semantic_models' || entry.key === 'saved_queries') {
      const node = readSemantic(session, entry, describe);
      if (node.config.enabled === false) addDisabled(collected, node);
      else addSemantic(session, collected, node, entry);
    }
  }
}

function addSemantic(
  session: ParseSession,
  collected: Collected,
  node: SemanticNode,
  entry: SchemaEntry,
): void {
  const known = new Map(collected.semantic.map((item) => [item.unique_id, item]));
  addUnique(session, known, node, entry);
  if (known.get(node.unique_id) !== node) return;
  collected.semantic.push(node);
  collected.origins.set(node.unique_id, { raw: null, entry, path: [] });
}

function addUnique<
  Item extends {
    readonly unique_id: string;
    readonly name: string;
    readonly resource_type: string;
    readonly original_file_path: string;
  },
>(session: ParseSession, items: Map<string, Item>, item: Item, entry: SchemaEntry): void {
  const other = items.get(item.unique_id);
  if (!other) {
    items.set(item.unique_id, item);
    return;
  }
  session.problems.error(
    'duplicate-resource',
    `dbt found two ${item.resource_type}s with the name "${item.name}", in ${other.original_file_path} and ${item.original_file_path}. Rename one of them.`,
    placeIn(entry.yaml.file, entryRange(entry, 'name')),
  );
}

function addSources(
  session: ParseSession,
  entry: SchemaEntry,
  describe: Describe,
  context: Context,
  collected: Collected,
): void {
  for (const { node, path, table } of readSources(session, entry, describe)) {
    collected.origins.set(node.unique_id, { raw: null, entry, path });
    const target: TestTarget = {
      entry,
      path,
      name: `${node.source_name}_${node.name}`,
      isSource: true,
      reference: `source('${node.source_name}', '${node.name}')`,
      version: null,
      refs: [],
      sources: [[node.source_name, node.name]],
      quoteColumns: isConfig(node.quoting) && node.quoting.column === true,
      tags: [...asList(entry.value.tags).map(String), ...asList(table.tags).map(String)],
      attachedNode: null,
      group: null,
      fileKeyName: `sources.${node.source_name}`,
    };
    addTestItems(collected, genericTests(session, target, table, context));
    if (node.config.enabled === false) {
      addDisabled(collected, node);
      continue;
    }
    const other = collected.sources.get(node.unique_id);
    if (other) {
      session.problems.error(
        'duplicate-resource',
        `dbt found two sources with the name "${node.source_name}_${node.name}". To fix this, change the name of one of them: ${other.original_file_path}, ${node.original_file_path}`,
        placeIn(entry.yaml.file, entryRange(entry, ...path)),
      );
      continue;
    }
    collected.sources.set(node.unique_id, node);
  }
}

function addTests(session: ParseSession, entry: SchemaEntry, context: Context, collected: Collected): void {
  const versions = entry.key === 'models' ? modelVersions(entry) : [];
  const variants: readonly { readonly version: string | number | null; readonly value: Config }[] =
    versions.length === 0
      ? [{ version: null, value: entry.value }]
      : versions.map((version) => ({ version: version.v, value: version.value }));
  for (const { version, value } of variants) {
    const attached = attachedNode(collected, entry, version);
    const target: TestTarget = {
      entry,
      path: [],
      name: entry.name,
      isSource: false,
      reference:
        version === null ? `ref('${entry.name}')` : `ref('${entry.name}', version='${String(version)}')`,
      version,
      refs: [{ name: entry.name, package: null, version }],
      sources: [],
      quoteColumns: entry.value.quote_columns === true,
      tags: [],
      attachedNode: attached?.unique_id ?? null,
      group: attached?.group ?? null,
      fileKeyName: `${entry.key}.${entry.name}`,
    };
    addTestItems(collected, genericTests(session, target, value, context));
  }
}

function attachedNode(
  collected: Collected,
  entry: SchemaEntry,
  version: string | number | null,
): ManifestNode | undefined {
  const type = entry.key.slice(0, -1);
  const id = `${type}.${entry.owner.name}.${entry.name}${version === null ? '' : `.v${String(version)}`}`;
  const known = collected.nodes.get(id) ?? collected.disabled.get(id)?.[0];
  return known as ManifestNode | undefined;
}

function addTestItems(collected: Collected, items: readonly TestItem[]): void {
  for (const { node, entry, path } of items) {
    collected.origins.set(node.unique_id, { raw: null, entry, path });
    if (node.config.enabled === false) addDisabled(collected, node);
    else collected.nodes.set(node.unique_id, node);
  }
}

function addDisabled(collected: Collected, node: GraphNode): void {
  const known = collected.disabled.get(node.unique_id);
  if (known) known.push(node);
  else collected.disabled.set(node.unique_id, [node]);
}

function link(session: ParseSession, collected: Collected): void {
  const disabled = [...collected.disabled.values()].flat();
  const lookups = {
    nodes: new NodeLookup(collected.nodes.values(), disabled),
    sources: new SourceLookup(collected.sources.values(), disabled),
  };
  for (const node of [...collected.nodes.values()]) {
    if (node.resource_type === 'seed') continue;
    const { result: isComplete, found } = session.problems.during(() =>
      linkNode(session, node, lookups, collected.origins.get(node.unique_id)),
    );
    if (found.length > 0)
      collected.findings.set(node.unique_id, [...(collected.findings.get(node.unique_id) ?? []), ...found]);
    if (isComplete || node.resource_type !== 'test') continue;
    collected.nodes.delete(node.unique_id);
    addDisabled(collected, { ...node, config: { ...node.config, enabled: false } });
  }
  for (const node of [...collected.exposures.values(), ...collected.semantic])
    resolveReferences(session, node, lookups, () => undefined);
  const report = (node: SemanticNode, message: string): void => {
    const entry = collected.origins.get(node.unique_id)?.entry;
    session.problems.error(
      'semantic-layer',
      message,
      entry ? placeIn(entry.yaml.file, entryRange(entry, 'name')) : undefined,
    );
  };
  linkSemantic(collected.semantic, disabled.filter(isSemantic), report);
  checkAliases(session, collected);
}

export function linkNode(
  session: ParseSession,
  node: ManifestNode,
  lookups: Lookups,
  origin: Origin | undefined,
): boolean {
  const quiet = quietSession(session, origin?.raw?.template ?? null);
  return resolveReferences(quiet, node, lookups, placesOf(origin));
}

function isSemantic(node: GraphNode): node is SemanticNode {
  return ['metric', 'semantic_model', 'saved_query'].includes(node.resource_type);
}

/** Where a resource names another one, by that one's name. */
export function placesOf(origin: Origin | undefined): PlaceOf {
  if (!origin) return () => undefined;
  if (origin.raw) return templatePlaces(origin.raw.template);
  const { entry, path } = origin;
  return () => (entry ? placeIn(entry.yaml.file, entryRange(entry, ...path)) : undefined);
}

/** Two resources must not build the same relation. */
function checkAliases(session: ParseSession, collected: Collected): void {
  const byRelation = new Map<string, ManifestNode>();
  for (const node of collected.nodes.values()) {
    if (!['model', 'seed', 'snapshot'].includes(node.resource_type)) continue;
    const relation = `${node.database}.${node.schema}.${node.alias}`;
    const other = byRelation.get(relation);
    if (!other) {
      byRelation.set(relation, node);
      continue;
    }
    const raw = collected.origins.get(node.unique_id)?.raw;
    session.problems.error(
      'ambiguous-alias',
      `dbt found two resources with the database representation "${relation}". dbt cannot create two resources with identical database representations. To fix this, change the configuration of one of these resources: ${other.unique_id} (${other.original_file_path}), ${node.unique_id} (${node.original_file_path})`,
      raw ? placeIn(raw.file) : undefined,
    );
  }
}

function manifestOf(
  world: World,
  collected: Collected,
  macros: ReadonlyMap<string, MacroNode>,
  docs: ReadonlyMap<string, DocNode>,
  selectors: ReadonlyMap<string, Config>,
): Manifest {
  const semantic = (type: SemanticNode['resource_type']): Map<string, SemanticNode> =>
    new Map(
      collected.semantic.filter((node) => node.resource_type === type).map((node) => [node.unique_id, node]),
    );
  return {
    projectName: world.root.name,
    nodes: collected.nodes,
    sources: collected.sources,
    exposures: collected.exposures,
    metrics: semantic('metric'),
    semanticModels: semantic('semantic_model'),
    savedQueries: semantic('saved_query'),
    unitTests: collected.unitTests,
    groups: collected.groups,
    macros,
    docs,
    disabled: collected.disabled,
    selectors,
  };
}

export { yamlContext };
