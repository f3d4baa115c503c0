/** The configuration keys that dbt and its adapters know, by resource type: dbt's own classes and its published JSON schemas. */

/** Every resource with code or data has these; most are some adapter's. */
// prettier-ignore
const COMMON = [
  'adapter_properties', 'as_columnstore', 'auto_liquid_cluster', 'auto_refresh', 'automatic_clustering',
  'backup', 'base_location_root', 'base_location_subpath', 'batch_id', 'bind', 'buckets', 'catalog',
  'catalog_name', 'category', 'cluster_by', 'clustered_by', 'compression', 'copy_grants',
  'databricks_compute', 'databricks_tags', 'dataproc_cluster_name', 'description', 'dist',
  'enable_list_inference', 'enable_refresh', 'enabled', 'external_volume', 'file_format',
  'grant_access_to', 'hours_to_expiration', 'include_full_name_in_path', 'indexes', 'initialize',
  'intermediate_format', 'jar_file_uri', 'kms_key_name', 'labels', 'labels_from_meta',
  'liquid_clustered_by', 'location_root', 'matched_condition', 'max_staleness',
  'merge_with_schema_evolution', 'meta', 'not_matched_by_source_action', 'not_matched_by_source_condition',
  'not_matched_condition', 'notebook_template_id', 'partition_by', 'partition_expiration_days',
  'partitions', 'primary_key', 'query_tag', 'quoting', 'refresh_interval_minutes', 'refresh_mode',
  'require_partition_filter', 'resource_tags', 'row_access_policy', 'schedule', 'secure',
  'skip_matched_step', 'skip_not_matched_step', 'snowflake_warehouse', 'sort', 'sort_type', 'source_alias',
  'static_analysis', 'table_tag', 'table_type', 'tags', 'target_alias', 'target_lag', 'tblproperties',
  'timeout', 'tmp_relation_type', 'transient',
] as const;

// prettier-ignore
export const CONFIG_KEYS: Readonly<Record<string, readonly string[]>> = {
  model: [
    ...COMMON,
    'access', 'additional_libs', 'alias', 'batch_size', 'begin', 'cluster_id', 'column_types',
    'concurrent_batches', 'contract', 'create_notebook', 'custom_checks', 'database', 'docs', 'event_time',
    'external_access_integrations', 'freshness', 'full_refresh', 'grants', 'group', 'http_path', 'imports',
    'incremental_predicates', 'incremental_strategy', 'index_url', 'job_cluster_config', 'location',
    'lookback', 'materialized', 'merge_exclude_columns', 'merge_update_columns', 'on_configuration_change',
    'on_schema_change', 'packages', 'persist_docs', 'post_hook', 'pre_hook', 'predicates',
    'python_job_config', 'python_version', 'schema', 'secrets', 'sql_header', 'state', 'strictness',
    'submission_method', 'sync', 'table_format', 'unique_key', 'use_anonymous_sproc',
    'user_folder_for_python',
  ],
  seed: [
    ...COMMON,
    'alias', 'batch_size', 'begin', 'column_types', 'concurrent_batches', 'contract', 'database',
    'delimiter', 'docs', 'event_time', 'full_refresh', 'grants', 'group', 'incremental_strategy',
    'lookback', 'materialized', 'on_configuration_change', 'on_schema_change', 'packages', 'persist_docs',
    'post_hook', 'pre_hook', 'quote_columns', 'schema', 'unique_key',
  ],
  snapshot: [
    ...COMMON,
    'alias', 'batch_size', 'begin', 'check_cols', 'column_types', 'concurrent_batches', 'contract',
    'database', 'dbt_valid_to_current', 'docs', 'event_time', 'full_refresh', 'grants', 'group',
    'hard_deletes', 'incremental_strategy', 'invalidate_hard_deletes', 'lookback', 'materialized',
    'on_configuration_change', 'on_schema_change', 'packages', 'persist_docs', 'post_hook', 'pre_hook',
    'quote_columns', 'schema', 'snapshot_meta_column_names', 'strategy', 'sync', 'target_database',
    'target_schema', 'unique_key', 'updated_at',
  ],
  test: [
    ...COMMON,
    'alias', 'database', 'error_if', 'fail_calc', 'full_refresh', 'group', 'limit', 'materialized',
    'schema', 'severity', 'store_failures', 'store_failures_as', 'warn_if', 'where',
  ],
  source: [
    ...COMMON,
    'event_time', 'freshness', 'loaded_at_field', 'loaded_at_query', 'schema_origin', 'sync',
  ],
  analysis: [
    'alias', 'batch_size', 'begin', 'column_types', 'concurrent_batches', 'contract', 'database',
    'description', 'docs', 'enabled', 'event_time', 'full_refresh', 'grants', 'group',
    'incremental_strategy', 'lookback', 'materialized', 'meta', 'on_configuration_change',
    'on_schema_change', 'packages', 'persist_docs', 'post_hook', 'pre_hook', 'quoting', 'schema',
    'static_analysis', 'tags', 'unique_key',
  ],
  unit_test: [
    'adapter_properties', 'as_columnstore', 'auto_liquid_cluster', 'auto_refresh', 'automatic_clustering',
    'backup', 'base_location_root', 'base_location_subpath', 'batch_id', 'bind', 'buckets', 'catalog',
    'catalog_name', 'category', 'cluster_by', 'clustered_by', 'compression', 'copy_grants',
    'databricks_compute', 'databricks_tags', 'dataproc_cluster_name', 'description', 'dist',
    'enable_list_inference', 'enable_refresh', 'enabled', 'external_volume', 'file_format',
    'grant_access_to', 'hours_to_expiration', 'include_full_name_in_path', 'indexes', 'initialize',
    'intermediate_format', 'jar_file_uri', 'kms_key_name', 'labels', 'labels_from_meta',
    'liquid_clustered_by', 'location_root', 'matched_condition', 'max_staleness',
    'merge_with_schema_evolution', 'meta', 'not_matched_by_source_action',
    'not_matched_by_source_condition', 'not_matched_condition', 'notebook_template_id', 'partition_by',
    'partition_expiration_days', 'partitions', 'primary_key', 'query_tag', 'refresh_interval_minutes',
    'refresh_mode', 'require_partition_filter', 'resource_tags', 'row_access_policy', 'schedule', 'secure',
    'skip_matched_step', 'skip_not_matched_step', 'snowflake_warehouse', 'sort', 'sort_type',
    'source_alias', 'static_analysis', 'table_tag', 'table_type', 'tags', 'target_alias', 'target_lag',
    'tblproperties', 'timeout', 'tmp_relation_type', 'transient',
  ],
  exposure: [
    'enabled', 'meta', 'tags',
  ],
};
