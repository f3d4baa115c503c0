/** The artifacts as their published JSON schemas allow them. */

// Those schemas permit no key they do not know, and dbt has written more keys since 1.10 under the same schema version.
// Whoever validates needs them left out, and every reader of the version does without them.

type Json = Record<string, unknown>;

/**
 * `published` is valid against the schema at schemas.getdbt.com; `dbt-1.11` has every key that dbt 1.11 writes.
 */
export type ArtifactShape = 'published' | 'dbt-1.11';

const NEWER_METADATA: readonly string[] = ['invocation_started_at', 'quoting', 'run_started_at'];

/** Newer keys of an entry by its resource type; those of the types not named here are NODE_KEYS. */
const NEWER_KEYS: Readonly<Record<string, readonly string[]>> = {
  source: ['doc_blocks', 'loaded_at_query'],
  group: ['config', 'description'],
  macro: ['config'],
  saved_query: ['tags'],
};
const NODE_KEYS: readonly string[] = ['doc_blocks', 'functions'];

const ENTRY_SECTIONS: readonly string[] = [
  'nodes',
  'sources',
  'macros',
  'groups',
  'metrics',
  'saved_queries',
  'semantic_models',
];

/** For run results, sources and catalog, whose newer keys are all in their metadata. */
export function withPublishedMetadata(artifact: Json): Json {
  return { ...artifact, metadata: without(asMapping(artifact.metadata), NEWER_METADATA) };
}

export function toPublishedManifest(manifest: Json): Json {
  const published = without(withPublishedMetadata(manifest), ['functions']);
  for (const section of ENTRY_SECTIONS)
    published[section] = mapValues(asMapping(published[section]), publishedEntry);
  published.disabled = mapValues(asMapping(published.disabled), (entries) =>
    asList(entries).map(publishedEntry),
  );
  return published;
}

function publishedEntry(value: unknown): Json {
  const entry = asMapping(value);
  switch (entry.resource_type) {
    case 'metric':
      return { ...entry, type_params: without(asMapping(entry.type_params), ['metric_aggregation_params']) };
    case 'semantic_model':
      return {
        ...entry,
        entities: withoutConfigs(entry.entities),
        measures: withoutConfigs(entry.measures),
        dimensions: withoutConfigs(entry.dimensions),
      };
    default:
      return without(entry, NEWER_KEYS[String(entry.resource_type)] ?? NODE_KEYS);
  }
}

function withoutConfigs(elements: unknown): Json[] {
  return asList(elements).map((element) => without(asMapping(element), ['config']));
}

function without(mapping: Json, keys: readonly string[]): Json {
  const kept: Json = {};
  for (const key of Object.keys(mapping)) if (!keys.includes(key)) kept[key] = mapping[key];
  return kept;
}

function mapValues<T>(mapping: Json, change: (value: unknown) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(mapping).map(([key, value]) => [key, change(value)]));
}

function asMapping(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
