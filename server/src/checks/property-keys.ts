/** The properties that entries of property files may have: dbt's own classes and its published JSON schemas, all versions since 1.8 together. */

/** Each kind of entry, and the kinds of entry nested in it. */
// prettier-ignore
export const PROPERTIES = {
  models: [
    'access', 'agg_time_dimension', 'columns', 'config', 'constraints', 'data_tests', 'data_type',
    'deprecation_date', 'derived_semantics', 'description', 'docs', 'group', 'identifier',
    'latest_version', 'meta', 'metrics', 'name', 'primary_entity', 'quote_columns', 'semantic_model',
    'static_analysis_off_reason', 'tests', 'time_spine', 'versions',
  ],
  seeds: [
    'access', 'columns', 'config', 'constraints', 'data_tests', 'data_type', 'description', 'docs',
    'group', 'meta', 'name', 'quote_columns', 'static_analysis_off_reason', 'tests',
  ],
  snapshots: [
    'access', 'columns', 'config', 'constraints', 'data_tests', 'data_type', 'description', 'docs',
    'group', 'meta', 'name', 'quote_columns', 'relation', 'static_analysis_off_reason', 'tests',
  ],
  analyses: [
    'access', 'columns', 'config', 'constraints', 'data_type', 'description', 'docs', 'group', 'meta',
    'name', 'static_analysis_off_reason',
  ],
  sources: [
    'catalog', 'config', 'database', 'description', 'enabled', 'freshness', 'loaded_at_field',
    'loaded_at_query', 'loader', 'meta', 'name', 'overrides', 'quoting', 'schema',
    'tables', 'tags',
  ],
  tables: [
    'columns', 'config', 'constraints', 'data_tests', 'data_type', 'description', 'docs', 'external',
    'freshness', 'identifier', 'loaded_at_field', 'loaded_at_query', 'loader',
    'meta', 'name', 'quoting', 'tags', 'tests',
  ],
  columns: [
    'column_mask', 'config', 'constraints', 'data_tests', 'data_type', 'databricks_tags', 'description',
    'dimension', 'docs', 'entity', 'granularity', 'meta', 'name', 'policy_tags', 'quote', 'tags', 'tests',
  ],
  versions: [
    'access', 'columns', 'config', 'constraints', 'data_tests', 'data_type', 'defined_in',
    'deprecation_date', 'description', 'docs', 'meta', 'quote_columns', 'tests', 'time_spine', 'v',
  ],
  exposures: [
    'config', 'depends_on', 'description', 'label', 'maturity', 'meta', 'name', 'owner', 'tags', 'type',
    'url',
  ],
  macros: [
    'arguments', 'config', 'constraints', 'data_type', 'description', 'docs', 'meta', 'name',
  ],
  arguments: [
    'description', 'name', 'type',
  ],
  unit_tests: [
    'config', 'description', 'enabled', 'expect', 'given', 'model', 'name', 'overrides', 'static_analysis_off_reason',
    'tags', 'versions',
  ],
  given: [
    'fixture', 'format', 'input', 'rows',
  ],
  expect: [
    'fixture', 'format', 'rows',
  ],
  overrides: [
    'env_vars', 'macros', 'vars',
  ],
  groups: [
    'config', 'description', 'name', 'owner',
  ],
  singular_tests: [
    'config', 'constraints', 'data_type', 'description', 'docs', 'meta', 'name',
    'static_analysis_off_reason',
  ],
} as const;

export type EntryKind = keyof typeof PROPERTIES;
