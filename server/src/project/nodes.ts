/** The resources of a project, shaped and named as dbt's manifest (v12) has them, because `graph` and `model` in templates show them so. */

export type NodeType = 'model' | 'seed' | 'snapshot' | 'test' | 'analysis' | 'operation' | 'sql_operation';

export type ResourceType =
  | NodeType
  | 'source'
  | 'exposure'
  | 'metric'
  | 'semantic_model'
  | 'saved_query'
  | 'unit_test'
  | 'function'
  | 'group'
  | 'macro'
  | 'doc';

/** Plain JSON-like values: what YAML and config calls give. */
export type Config = Record<string, unknown>;

export interface Hook {
  sql: string;
  transaction: boolean;
  index: number | null;
}

export interface RefArgs {
  readonly name: string;
  readonly package: string | null;
  readonly version: string | number | null;
}

export interface DependsOn {
  macros: string[];
  nodes: string[];
}

export interface Checksum {
  readonly name: 'sha256' | 'path' | 'none';
  readonly checksum: string;
}

export interface ColumnNode {
  name: string;
  description: string;
  meta: Config;
  data_type: string | null;
  constraints: Config[];
  quote: boolean | null;
  config: { meta: Config; tags: string[] };
  tags: string[];
  granularity: string | null;
  doc_blocks: string[];
  [extra: string]: unknown;
}

interface Common {
  name: string;
  package_name: string;
  /** Relative to the folder it was found in, such as `staging/a.sql`. */
  path: string;
  /** Relative to its package's folder, such as `models/staging/a.sql`. */
  original_file_path: string;
  unique_id: string;
}

/** What is compiled to SQL: models, seeds, snapshots, tests, analyses, hooks. */
export interface ManifestNode extends Common {
  resource_type: NodeType;
  database: string;
  schema: string;
  fqn: string[];
  alias: string;
  checksum: Checksum;
  config: Config;
  tags: string[];
  description: string;
  columns: Record<string, ColumnNode>;
  meta: Config;
  group: string | null;
  docs: { show: boolean; node_color: string | null };
  patch_path: string | null;
  unrendered_config: Config;
  created_at: number;
  relation_name: string | null;
  raw_code: string;
  doc_blocks: string[];
  language: 'sql' | 'python';
  refs: RefArgs[];
  sources: string[][];
  metrics: string[][];
  depends_on: DependsOn;
  contract: { enforced: boolean; alias_types: boolean; checksum: string | null };
  // Models.
  access?: string;
  constraints?: Config[];
  version?: string | number | null;
  latest_version?: string | number | null;
  deprecation_date?: string | null;
  time_spine?: Config | null;
  primary_key?: string[];
  /** In a run, the batch that is being built: its id, and template values for start and end. */
  batch?: { readonly id: string; readonly event_time_start: unknown; readonly event_time_end: unknown };
  // Generic tests.
  column_name?: string | null;
  file_key_name?: string | null;
  attached_node?: string | null;
  test_metadata?: { name: string; kwargs: Config; namespace: string | null };
  // Seeds.
  root_path?: string | null;
  // Operations.
  index?: number;
}

export interface SourceNode extends Common {
  resource_type: 'source';
  database: string;
  schema: string;
  fqn: string[];
  source_name: string;
  source_description: string;
  loader: string;
  identifier: string;
  quoting: Config;
  loaded_at_field: string | null;
  loaded_at_query: string | null;
  freshness: Config | null;
  external: Config | null;
  description: string;
  columns: Record<string, ColumnNode>;
  meta: Config;
  source_meta: Config;
  tags: string[];
  config: Config;
  patch_path: string | null;
  unrendered_config: Config;
  relation_name: string;
  created_at: number;
  unrendered_database: string | null;
  unrendered_schema: string | null;
  doc_blocks: string[];
}

export interface ExposureNode extends Common {
  resource_type: 'exposure';
  fqn: string[];
  type: string;
  owner: Config;
  description: string;
  label: string | null;
  maturity: string | null;
  meta: Config;
  tags: string[];
  config: Config;
  unrendered_config: Config;
  url: string | null;
  depends_on: DependsOn;
  refs: RefArgs[];
  sources: string[][];
  metrics: string[][];
  created_at: number;
}

/** Metrics, semantic models and saved queries: kept, named and ordered in the graph; nothing of them runs. */
export interface SemanticNode extends Common {
  resource_type: 'metric' | 'semantic_model' | 'saved_query';
  fqn: string[];
  description: string;
  label: string | null;
  config: Config;
  meta: Config;
  tags: string[];
  group: string | null;
  depends_on: DependsOn;
  refs: RefArgs[];
  created_at: number;
  unrendered_config: Config;
  /** The entry as written. */
  definition: Config;
}

export interface UnitTestNode extends Common {
  resource_type: 'unit_test';
  fqn: string[];
  model: string;
  given: UnitTestInput[];
  expect: { rows: unknown; format: string; fixture: string | null };
  overrides: { macros: Config; vars: Config; env_vars: Config } | null;
  description: string;
  config: Config;
  depends_on: DependsOn;
  schema: string | null;
  checksum: string | null;
  versions: Config | null;
  version: string | number | null;
  tested_node_unique_id: string | null;
  this_input_node_unique_id: string | null;
  created_at: number;
}

export interface UnitTestInput {
  input: string;
  rows: unknown;
  format: string;
  fixture: string | null;
}

export interface GroupNode extends Common {
  resource_type: 'group';
  owner: Config;
  description: string | null;
  config: Config;
}

export interface MacroNode extends Common {
  resource_type: 'macro';
  macro_sql: string;
  depends_on: { macros: string[] };
  description: string;
  meta: Config;
  docs: { show: boolean; node_color: string | null };
  config: Config;
  patch_path: string | null;
  arguments: Config[];
  created_at: number;
  supported_languages: string[] | null;
}

export interface DocNode extends Common {
  resource_type: 'doc';
  block_contents: string;
}

/** Whatever has a place in the graph. */
export type GraphNode = ManifestNode | SourceNode | ExposureNode | SemanticNode | UnitTestNode;

/** The config under its manifest name, read with a type the caller vouches for by checking. */
export function configString(config: Config, key: string): string | undefined {
  const value = config[key];
  return typeof value === 'string' ? value : undefined;
}

export function isEphemeral(node: GraphNode): boolean {
  return node.resource_type === 'model' && node.config.materialized === 'ephemeral';
}
