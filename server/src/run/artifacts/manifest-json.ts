/** manifest.json, schema version 12. */

import { md5Hex } from '../../base/hash.ts';
import type { Manifest } from '../../project/manifest.ts';
import { membersOf, parentsOf } from '../../project/manifest.ts';
import type { Config, GraphNode } from '../../project/nodes.ts';
import { dictionaryForm } from '../../project/select/dictionary-form.ts';
import type { CompiledNode, Entry } from '../../project/state/entry.ts';
import { docEntry, groupEntry, macroEntry, manifestEntry } from '../../project/state/entry.ts';
import type { ArtifactMetadata } from './metadata.ts';
import { metadataJson, offsetTime } from './metadata.ts';
import type { ArtifactShape } from './published-schema.ts';
import { toPublishedManifest } from './published-schema.ts';

export interface ManifestMetadata extends ArtifactMetadata {
  /** Of dbt_project.yml, completed with the adapter's defaults. */
  readonly quoting?: { readonly database: boolean; readonly schema: boolean; readonly identifier: boolean };
}

/** The artifact as a plain object, keys in dbt's order. `compiled` has the nodes that were compiled, by id. */
export function manifestJson(
  manifest: Manifest,
  metadata: ManifestMetadata,
  compiled: ReadonlyMap<string, CompiledNode> = new Map(),
  shape: ArtifactShape = 'published',
): Record<string, unknown> {
  const complete = completeManifest(manifest, metadata, compiled);
  return shape === 'published' ? toPublishedManifest(complete) : complete;
}

function completeManifest(
  manifest: Manifest,
  metadata: ManifestMetadata,
  compiled: ReadonlyMap<string, CompiledNode>,
): Record<string, unknown> {
  const members = (section: ReadonlyMap<string, GraphNode>): Record<string, Entry> =>
    entries(section, (node, id) => manifestEntry(node, manifest, compiled.get(id)));
  return {
    metadata: {
      ...metadataJson('manifest', metadata),
      project_name: manifest.projectName,
      project_id: md5Hex(manifest.projectName),
      user_id: null,
      send_anonymous_usage_stats: false,
      adapter_type: 'postgres',
      quoting: { ...(metadata.quoting ?? { database: true, schema: true, identifier: true }), column: null },
      run_started_at: offsetTime(metadata.invocationStartedAt),
    },
    nodes: members(manifest.nodes),
    sources: members(manifest.sources),
    macros: entries(manifest.macros, macroEntry),
    docs: entries(manifest.docs, docEntry),
    exposures: members(manifest.exposures),
    metrics: members(manifest.metrics),
    groups: entries(manifest.groups, groupEntry),
    selectors: selectorsJson(manifest.selectors),
    disabled: entries(manifest.disabled, (nodes) => nodes.map((node) => manifestEntry(node, manifest))),
    parent_map: parentMap(manifest),
    child_map: childMap(manifest),
    group_map: groupMap(manifest),
    saved_queries: members(manifest.savedQueries),
    semantic_models: members(manifest.semanticModels),
    unit_tests: members(manifest.unitTests),
    functions: {},
  };
}

function entries<T, E>(
  section: ReadonlyMap<string, T>,
  toEntry: (value: T, id: string) => E,
): Record<string, E> {
  return Object.fromEntries([...section].map(([id, value]) => [id, toEntry(value, id)]));
}

/** Each member's parents by id, sorted; a parent named twice stands twice. */
export function parentMap(manifest: Manifest): Record<string, string[]> {
  return Object.fromEntries(
    [...mapOrder(manifest)].map((node) => [node.unique_id, [...parentsOf(node)].sort()]),
  );
}

/** Each member's children by id, sorted. */
export function childMap(manifest: Manifest): Record<string, string[]> {
  const children = new Map([...mapOrder(manifest)].map((node): [string, string[]] => [node.unique_id, []]));
  for (const node of mapOrder(manifest)) {
    for (const parent of parentsOf(node)) children.get(parent)?.push(node.unique_id);
  }
  return Object.fromEntries([...children].map(([id, ids]) => [id, ids.sort()]));
}

function mapOrder(manifest: Manifest): Iterable<GraphNode> {
  return membersOf(manifest);
}

/** Each group's nodes, in the order of the manifest. */
function groupMap(manifest: Manifest): Record<string, string[]> {
  const groups = new Map([...manifest.groups.values()].map((group): [string, string[]] => [group.name, []]));
  const groupable = [
    ...manifest.nodes.values(),
    ...manifest.savedQueries.values(),
    ...manifest.semanticModels.values(),
    ...manifest.metrics.values(),
  ];
  for (const node of groupable) if (node.group !== null) groups.get(node.group)?.push(node.unique_id);
  return Object.fromEntries(groups);
}

function selectorsJson(selectors: ReadonlyMap<string, Config>): Record<string, Config> {
  const written: Record<string, Config> = {};
  for (const [name, selector] of selectors) {
    written[name] = { ...selector, definition: dictionaryForm(selector.definition, written) };
  }
  return written;
}
