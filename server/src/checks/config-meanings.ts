/** What configuration keys mean and the values they take. A table. */

export interface ConfigKey {
  readonly says: string;
  /** Texts. */
  readonly values?: readonly string[];
  /** Whether a macro of the project's may make more of them. */
  readonly isOpen?: boolean;
  readonly isBoolean?: boolean;
  /** What the value must be, where one kind alone is right. */
  readonly shape?: 'text' | 'texts' | 'number' | 'mapping';
  /** The keys of the mapping that are true or false. */
  readonly booleans?: readonly string[];
}

// prettier-ignore
export const CONFIG_MEANINGS: Readonly<Record<string, ConfigKey>> = {
  materialized: { says: 'How the model becomes a relation.', values: ['view', 'table', 'incremental', 'ephemeral', 'materialized_view'], isOpen: true },
  on_schema_change: { says: 'What an incremental model does when its columns are no longer those of its table.', values: ['ignore', 'fail', 'append_new_columns', 'sync_all_columns'] },
  incremental_strategy: { says: 'How new rows get into an incremental model.', values: ['append', 'delete+insert', 'merge', 'microbatch'], isOpen: true, shape: 'text' },
  on_configuration_change: { says: 'What is done with a materialized view whose configuration changed.', values: ['apply', 'continue', 'fail'] },
  unique_key: { says: 'The columns by which a new row replaces an old one.', shape: 'texts' },
  enabled: { says: 'Whether the resource is there at all.', isBoolean: true },
  full_refresh: { says: 'Whether an incremental model or seed is always, or never, built anew.', isBoolean: true },
  schema: { says: "The schema, behind the target's own unless generate_schema_name says otherwise.", shape: 'text' },
  database: { says: 'The database.', shape: 'text' },
  alias: { says: "The relation's name, where it is not the resource's.", shape: 'text' },
  tags: { says: 'Words to select the resource by: `--select tag:nightly`.', shape: 'texts' },
  meta: { says: 'What is your own to say of the resource; `grain` in it declares which columns make a row unique.', shape: 'mapping' },
  pre_hook: { says: 'Statements to run before the resource is built.' },
  post_hook: { says: 'Statements to run after the resource is built.' },
  grants: { says: 'Who may do what with the relation.', shape: 'mapping' },
  group: { says: 'The group that owns the resource.', shape: 'text' },
  access: { says: 'Who may ref the model.', values: ['private', 'protected', 'public'] },
  contract: { says: "Whether the model's columns must be those that its property file lists.", shape: 'mapping', booleans: ['enforced', 'alias_types'] },
  persist_docs: { says: 'Whether descriptions become comments in the warehouse.', shape: 'mapping', booleans: ['relation', 'columns'] },
  quoting: { says: 'Which parts of the relation name are quoted.', shape: 'mapping' },
  indexes: { says: 'The indexes to make on the table.' },
  event_time: { says: 'The column that says when a row happened.', shape: 'text' },
  batch_size: { says: 'How much time one batch of a microbatch model holds.', values: ['hour', 'day', 'month', 'year'], shape: 'text' },
  begin: { says: 'When the first batch of a microbatch model begins.' },
  lookback: { says: 'How many batches before the latest are built again.', shape: 'number' },
  concurrent_batches: { says: 'Whether batches may be built side by side.', isBoolean: true },
  incremental_predicates: { says: 'Conditions on the rows of the table that new rows are compared with.', shape: 'texts' },
  merge_update_columns: { says: 'The columns that a merge overwrites.', shape: 'texts' },
  merge_exclude_columns: { says: 'The columns that a merge leaves as they are.', shape: 'texts' },
  sql_header: { says: 'SQL to stand before the statement that builds the model.', shape: 'text' },
  docs: { says: "Whether and how the resource is shown in the documentation.", shape: 'mapping' },
  strategy: { says: 'How a snapshot sees that a row changed.', values: ['timestamp', 'check'], isOpen: true, shape: 'text' },
  updated_at: { says: 'The column that says when a row changed last.', shape: 'text' },
  check_cols: { says: "The columns whose change makes a new row of the snapshot; 'all' for every one.", shape: 'texts' },
  hard_deletes: { says: 'What a snapshot does with rows that are gone.', values: ['ignore', 'invalidate', 'new_record'] },
  invalidate_hard_deletes: { says: 'Whether rows that are gone end in the snapshot.', isBoolean: true },
  dbt_valid_to_current: { says: 'What stands in dbt_valid_to of rows that hold today.', shape: 'text' },
  target_schema: { says: 'The schema of the snapshot.', shape: 'text' },
  target_database: { says: 'The database of the snapshot.', shape: 'text' },
  column_types: { says: 'The types of columns of a seed.', shape: 'mapping' },
  delimiter: { says: 'What stands between the values of a seed.', shape: 'text' },
  quote_columns: { says: 'Whether the column names of a seed are quoted.', isBoolean: true },
  severity: { says: 'Whether a failing test is an error or a warning.', values: ['error', 'warn'] },
  error_if: { says: "When a test's number of failures is an error, such as `>10`.", shape: 'text' },
  warn_if: { says: "When a test's number of failures is a warning, such as `>0`.", shape: 'text' },
  fail_calc: { says: 'What is counted of the rows that a test gives; `count(*)` unless it says otherwise.', shape: 'text' },
  where: { says: 'Which rows a test looks at.', shape: 'text' },
  limit: { says: 'How many failures a test gives at most.', shape: 'number' },
  store_failures: { says: 'Whether failing rows are kept as a table.', isBoolean: true },
  store_failures_as: { says: 'What failing rows are kept as.', values: ['ephemeral', 'table', 'view'] },
  loaded_at_field: { says: 'The column that says when a row arrived, for freshness.', shape: 'text' },
  freshness: { says: 'How old the newest row may be.' },
};

/** Other words for one key. */
export function configKey(written: string): ConfigKey | undefined {
  const plain = written.replaceAll('-', '_');
  return Object.hasOwn(CONFIG_MEANINGS, plain) ? CONFIG_MEANINGS[plain] : undefined;
}
