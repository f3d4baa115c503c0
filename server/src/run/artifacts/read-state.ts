/** Reads the artifacts of an earlier run, of this engine or of dbt, into the state that selection and deferral compare with. */

import type { TimeSpan } from '../../project/microbatch.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Manifest } from '../../project/manifest.ts';
import type {
  ColumnNode,
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
} from '../../project/nodes.ts';
import type { PreviousFreshness, PreviousResult } from '../../project/state/previous-state.ts';
import type { ArtifactName } from './metadata.ts';
import { SCHEMA_VERSIONS, schemaUrl } from './metadata.ts';

/** What was read, or one error diagnostic `unreadable-artifact`. */
export type ReadArtifact<T> =
  | { readonly value: T; readonly diagnostic?: undefined }
  | { readonly value?: undefined; readonly diagnostic: Diagnostic };

/** The oldest schema version of each artifact that can still be read. */
const OLDEST: Readonly<Record<ArtifactName, number>> = {
  manifest: 4,
  'run-results': 4,
  catalog: 1,
  sources: 3,
};

type Json = Record<string, unknown>;

/** `json` is the parsed contents of manifest.json, `file` its name for messages. */
export function readManifestState(json: unknown, file = 'manifest.json'): ReadArtifact<Manifest> {
  return read('manifest', json, file, (root) => {
    const metadata = mapping(root.metadata);
    return {
      projectName: text(metadata.project_name) ?? '',
      nodes: section(root.nodes, parsedNode),
      sources: section(root.sources, sourceNode),
      exposures: section(root.exposures, exposureNode),
      metrics: section(root.metrics, semanticNode),
      semanticModels: section(root.semantic_models, semanticNode),
      savedQueries: section(root.saved_queries, semanticNode),
      unitTests: section(root.unit_tests, unitTestNode),
      groups: section(root.groups, (entry) => entry as unknown as GroupNode),
      macros: section(root.macros, macroNode),
      docs: section(root.docs, (entry) => entry as unknown as DocNode),
      disabled: new Map(
        Object.entries(mapping(root.disabled)).map(([id, entries]) => [id, list(entries).map(disabledNode)]),
      ),
      selectors: section(root.selectors, (entry) => entry),
    };
  });
}

/** `json` is the parsed contents of run_results.json. */
export function readRunResults(
  json: unknown,
  file = 'run_results.json',
): ReadArtifact<readonly PreviousResult[]> {
  return read('run-results', json, file, (root) =>
    list(root.results).map((entry) => {
      const result = mapping(entry);
      const batches = result.batch_results;
      return {
        uniqueId: text(result.unique_id) ?? '',
        status: text(result.status) ?? '',
        ...(isMapping(batches)
          ? { batches: { successful: timeSpans(batches.successful), failed: timeSpans(batches.failed) } }
          : {}),
      };
    }),
  );
}

function timeSpans(value: unknown): TimeSpan[] {
  return list(value).flatMap((pair): TimeSpan[] => {
    const [start = NaN, end = NaN] = list(pair).map((time) => Date.parse(text(time) ?? ''));
    return Number.isNaN(start) || Number.isNaN(end) ? [] : [[start, end]];
  });
}

/** `json` is the parsed contents of sources.json. */
export function readSources(
  json: unknown,
  file = 'sources.json',
): ReadArtifact<readonly PreviousFreshness[]> {
  return read('sources', json, file, (root) =>
    list(root.results).map((entry) => {
      const result = mapping(entry);
      const loaded = Date.parse(text(result.max_loaded_at) ?? '');
      return {
        uniqueId: text(result.unique_id) ?? '',
        status: text(result.status) ?? '',
        maxLoadedAt: Number.isNaN(loaded) ? undefined : loaded,
      };
    }),
  );
}

function read<T>(name: ArtifactName, json: unknown, file: string, value: (root: Json) => T): ReadArtifact<T> {
  if (!isMapping(json))
    return failed(`${file} does not hold a JSON object: build it again with the engine or with dbt`);
  const written = text(mapping(json.metadata).dbt_schema_version);
  const version = written === undefined ? NaN : Number(/\/v(\d+)\.json$/.exec(written)?.[1]);
  const known =
    written === schemaUrl(name, version) && version >= OLDEST[name] && version <= SCHEMA_VERSIONS[name];
  if (!known) {
    const found = written === undefined ? 'nothing' : `"${written}"`;
    return failed(
      `Expected a schema version of "${schemaUrl(name)}" in ${file}, but found ${found}. Build it again with a matching version`,
    );
  }
  return { value: value(json) };
}

function failed(message: string): ReadArtifact<never> {
  return { diagnostic: { code: 'unreadable-artifact', severity: 'error', message } };
}

function section<T>(value: unknown, node: (entry: Json) => T): Map<string, T> {
  return new Map(Object.entries(mapping(value)).map(([id, entry]) => [id, node(mapping(entry))]));
}

/** Older manifests lack what newer ones always have; the comparisons and the graph need it. */
function parsedNode(entry: Json): ManifestNode {
  const node = {
    ...entry,
    ...common(entry),
    raw_code: text(entry.raw_code) ?? text(entry.raw_sql) ?? '',
    columns: columns(entry.columns),
    contract: { enforced: false, alias_types: true, checksum: null, ...mapping(entry.contract) },
    checksum: isMapping(entry.checksum) ? entry.checksum : { name: 'none', checksum: '' },
    group: entry.group ?? null,
  };
  return node as unknown as ManifestNode;
}

function sourceNode(entry: Json): SourceNode {
  return { ...entry, ...common(entry), columns: columns(entry.columns) } as unknown as SourceNode;
}

function semanticNode(entry: Json): SemanticNode {
  // A saved query's tags have a place of their own only in newer manifests; its configuration always had them.
  const tags = list(entry.tags ?? mapping(entry.config).tags);
  const node = { label: null, group: null, ...entry, ...common(entry), tags, definition: entry };
  return { ...node, description: text(entry.description) ?? '' } as unknown as SemanticNode;
}

function exposureNode(entry: Json): ExposureNode {
  return { ...entry, ...common(entry) } as unknown as ExposureNode;
}

function unitTestNode(entry: Json): UnitTestNode {
  return { ...entry, ...common(entry) } as unknown as UnitTestNode;
}

function macroNode(entry: Json): MacroNode {
  return { ...entry, depends_on: { macros: list(mapping(entry.depends_on).macros) } } as unknown as MacroNode;
}

function disabledNode(value: unknown): GraphNode {
  const entry = mapping(value);
  switch (entry.resource_type) {
    case 'source':
      return sourceNode(entry);
    case 'exposure':
      return exposureNode(entry);
    case 'unit_test':
      return unitTestNode(entry);
    case 'metric':
    case 'semantic_model':
    case 'saved_query':
      return semanticNode(entry);
    default:
      return parsedNode(entry);
  }
}

function common(entry: Json): Json {
  return {
    config: mapping(entry.config),
    unrendered_config: mapping(entry.unrendered_config),
    tags: list(entry.tags),
    meta: mapping(entry.meta),
    fqn: list(entry.fqn),
    depends_on: dependsOn(entry.depends_on),
  };
}

function dependsOn(value: unknown): { macros: unknown[]; nodes: unknown[] } {
  const written = mapping(value);
  return { macros: list(written.macros), nodes: list(written.nodes) };
}

function columns(value: unknown): Record<string, ColumnNode> {
  return Object.fromEntries(
    Object.entries(mapping(value)).map(([name, entry]) => {
      const written = mapping(entry);
      const column: Config = {
        ...written,
        name,
        description: text(written.description) ?? '',
        data_type: text(written.data_type) ?? null,
        constraints: list(written.constraints),
      };
      return [name, column as unknown as ColumnNode];
    }),
  );
}

function mapping(value: unknown): Json {
  return isMapping(value) ? value : {};
}

function isMapping(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
