/** Everything a project declares, by unique id: the result of parsing, before anything is compiled. */

import type {
  Config,
  DocNode,
  ExposureNode,
  GraphNode,
  GroupNode,
  MacroNode,
  ManifestNode,
  SemanticNode,
  SourceNode,
  UnitTestNode,
} from './nodes.ts';

export interface Manifest {
  readonly projectName: string;
  /** Models, seeds, snapshots, tests, analyses and the on-run hooks (operations). */
  readonly nodes: ReadonlyMap<string, ManifestNode>;
  readonly sources: ReadonlyMap<string, SourceNode>;
  readonly exposures: ReadonlyMap<string, ExposureNode>;
  readonly metrics: ReadonlyMap<string, SemanticNode>;
  readonly semanticModels: ReadonlyMap<string, SemanticNode>;
  readonly savedQueries: ReadonlyMap<string, SemanticNode>;
  readonly unitTests: ReadonlyMap<string, UnitTestNode>;
  readonly groups: ReadonlyMap<string, GroupNode>;
  readonly macros: ReadonlyMap<string, MacroNode>;
  readonly docs: ReadonlyMap<string, DocNode>;
  /** Resources that a config switched off; a list because a name may be disabled more than once. */
  readonly disabled: ReadonlyMap<string, readonly GraphNode[]>;
  /** The `selectors` of selectors.yml, by name, as written. */
  readonly selectors: ReadonlyMap<string, Config>;
}

/** The graph member with this id, wherever it is kept. */
export function memberOf(manifest: Manifest, uniqueId: string): GraphNode | undefined {
  return (
    manifest.nodes.get(uniqueId) ??
    manifest.sources.get(uniqueId) ??
    manifest.exposures.get(uniqueId) ??
    manifest.unitTests.get(uniqueId) ??
    manifest.metrics.get(uniqueId) ??
    manifest.semanticModels.get(uniqueId) ??
    manifest.savedQueries.get(uniqueId)
  );
}

/** Every graph member, in the order of the manifest's sections. */
export function* membersOf(manifest: Manifest): IterableIterator<GraphNode> {
  yield* manifest.nodes.values();
  yield* manifest.sources.values();
  yield* manifest.exposures.values();
  yield* manifest.metrics.values();
  yield* manifest.semanticModels.values();
  yield* manifest.savedQueries.values();
  yield* manifest.unitTests.values();
}

/** The ids a member depends on. */
export function parentsOf(node: GraphNode): readonly string[] {
  return node.resource_type === 'source' ? [] : node.depends_on.nodes;
}
