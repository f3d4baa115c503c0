/** The options of the command line, dbt's names and ours, in one table. */

export type OptionKind =
  /** `--x` */
  | 'flag'
  /** `--x` or `--no-x` */
  | 'toggle'
  /** `--x value` */
  | 'value'
  /** `--x a b c`, and repeated */
  | 'list';

export interface Option {
  readonly name: string;
  readonly kind: OptionKind;
  readonly short?: string;
  readonly aliases?: readonly string[];
  /** The environment variable that stands in for it. */
  readonly variable?: string;
  readonly help: string;
  /** What its value may be, where that is a closed list. */
  readonly choices?: readonly string[];
}

const RESOURCE_TYPES = [
  'model',
  'seed',
  'snapshot',
  'test',
  'unit_test',
  'source',
  'analysis',
  'exposure',
  'metric',
  'semantic_model',
  'saved_query',
  'function',
  'default',
  'all',
];

/** Options that every dbt command takes. */
export const GLOBAL_OPTIONS: readonly Option[] = [
  {
    name: 'project-dir',
    kind: 'value',
    variable: 'DBT_PROJECT_DIR',
    help: 'folder with dbt_project.yml; by default this one or the closest above',
  },
  {
    name: 'profiles-dir',
    kind: 'value',
    variable: 'DBT_PROFILES_DIR',
    help: 'folder with profiles.yml; by default this one, else ~/.dbt',
  },
  {
    name: 'profile',
    kind: 'value',
    variable: 'DBT_PROFILE',
    help: 'profile to use instead of the one dbt_project.yml names',
  },
  { name: 'target', kind: 'value', short: 't', variable: 'DBT_TARGET', help: 'output of the profile to use' },
  {
    name: 'target-path',
    kind: 'value',
    variable: 'DBT_TARGET_PATH',
    help: 'folder for compiled SQL and artifacts',
  },
  { name: 'vars', kind: 'value', help: 'variables, as a YAML mapping' },
  { name: 'threads', kind: 'value', help: 'how many nodes run at once' },
  {
    name: 'fail-fast',
    kind: 'toggle',
    short: 'x',
    variable: 'DBT_FAIL_FAST',
    help: 'stop at the first failure',
  },
  { name: 'warn-error', kind: 'flag', variable: 'DBT_WARN_ERROR', help: 'treat warnings as errors' },
  {
    name: 'warn-error-options',
    kind: 'value',
    variable: 'DBT_WARN_ERROR_OPTIONS',
    help: 'which warnings to treat as errors, as YAML',
  },
  { name: 'quiet', kind: 'toggle', short: 'q', variable: 'DBT_QUIET', help: 'print errors only' },
  {
    name: 'log-format',
    kind: 'value',
    variable: 'DBT_LOG_FORMAT',
    choices: ['text', 'default'],
    help: 'form of the log',
  },
  { name: 'log-format-file', kind: 'value', help: 'accepted; no log file is written' },
  {
    name: 'log-level',
    kind: 'value',
    variable: 'DBT_LOG_LEVEL',
    choices: ['debug', 'info', 'warn', 'error', 'none'],
    help: 'error and none are as --quiet',
  },
  { name: 'log-level-file', kind: 'value', help: 'accepted; no log file is written' },
  { name: 'log-path', kind: 'value', variable: 'DBT_LOG_PATH', help: 'accepted; no log file is written' },
  { name: 'debug', kind: 'toggle', short: 'd', variable: 'DBT_DEBUG', help: 'accepted for compatibility' },
  { name: 'use-colors', kind: 'toggle', variable: 'DBT_USE_COLORS', help: 'colours on a terminal' },
  { name: 'printer-width', kind: 'value', help: 'accepted for compatibility' },
  { name: 'print', kind: 'toggle', help: 'accepted; print() prints' },
  { name: 'write-json', kind: 'toggle', variable: 'DBT_WRITE_JSON', help: 'whether artifacts are written' },
  {
    name: 'partial-parse',
    kind: 'toggle',
    variable: 'DBT_PARTIAL_PARSE',
    help: 'accepted; parsing is always complete',
  },
  { name: 'partial-parse-file-path', kind: 'value', help: 'accepted for compatibility' },
  { name: 'partial-parse-file-diff', kind: 'toggle', help: 'accepted for compatibility' },
  { name: 'static-parser', kind: 'toggle', help: 'accepted for compatibility' },
  { name: 'use-experimental-parser', kind: 'toggle', help: 'accepted for compatibility' },
  { name: 'version-check', kind: 'toggle', help: 'accepted for compatibility' },
  { name: 'cache-selected-only', kind: 'toggle', help: 'accepted for compatibility' },
  { name: 'populate-cache', kind: 'toggle', help: 'accepted for compatibility' },
  { name: 'introspect', kind: 'toggle', help: 'whether templates may ask the warehouse while compiling' },
  { name: 'send-anonymous-usage-stats', kind: 'toggle', help: 'accepted; nothing is ever sent' },
  { name: 'log-cache-events', kind: 'flag', help: 'accepted for compatibility' },
  { name: 'show-all-deprecations', kind: 'flag', help: 'accepted for compatibility' },
  { name: 'record-timing-info', kind: 'value', short: 'r', help: 'accepted for compatibility' },
  { name: 'macro-debugging', kind: 'toggle', help: 'accepted for compatibility' },
  { name: 'single-threaded', kind: 'toggle', help: 'run one node at a time' },
  { name: 'use-fast-test-edges', kind: 'toggle', help: 'accepted for compatibility' },
  { name: 'upload-to-artifacts-ingest-api', kind: 'toggle', help: 'accepted; nothing is ever sent' },
  { name: 'help', kind: 'flag', short: 'h', help: 'this text' },
  { name: 'version', kind: 'flag', short: 'v', help: 'the version' },
];

export const SELECTION_OPTIONS: readonly Option[] = [
  { name: 'select', kind: 'list', short: 's', aliases: ['models', 'model', 'm'], help: 'nodes to include' },
  { name: 'exclude', kind: 'list', help: 'nodes to leave out' },
  { name: 'selector', kind: 'value', help: 'a selector of selectors.yml' },
  {
    name: 'resource-type',
    kind: 'list',
    aliases: ['resource-types'],
    choices: RESOURCE_TYPES,
    help: 'kinds of resource to include',
  },
  {
    name: 'exclude-resource-type',
    kind: 'list',
    aliases: ['exclude-resource-types'],
    choices: RESOURCE_TYPES,
    help: 'kinds of resource to leave out',
  },
  {
    name: 'indirect-selection',
    kind: 'value',
    variable: 'DBT_INDIRECT_SELECTION',
    choices: ['eager', 'cautious', 'buildable', 'empty'],
    help: 'which tests come with what is selected',
  },
  {
    name: 'state',
    kind: 'value',
    variable: 'DBT_STATE',
    help: 'folder with the artifacts of an earlier run',
  },
  {
    name: 'defer',
    kind: 'toggle',
    variable: 'DBT_DEFER',
    help: 'read what is not built here from where --state was built',
  },
  {
    name: 'defer-state',
    kind: 'value',
    variable: 'DBT_DEFER_STATE',
    help: 'folder with the manifest to defer to',
  },
  {
    name: 'favor-state',
    kind: 'toggle',
    variable: 'DBT_FAVOR_STATE',
    help: 'prefer the deferred relation even where one is built here',
  },
];

export const RUN_OPTIONS: readonly Option[] = [
  {
    name: 'full-refresh',
    kind: 'flag',
    short: 'f',
    variable: 'DBT_FULL_REFRESH',
    help: 'rebuild incremental models and seeds from scratch',
  },
  { name: 'empty', kind: 'toggle', variable: 'DBT_EMPTY', help: 'read no rows: build the shapes only' },
  {
    name: 'store-failures',
    kind: 'flag',
    variable: 'DBT_STORE_FAILURES',
    help: 'keep the failing rows of tests in tables',
  },
  {
    name: 'event-time-start',
    kind: 'value',
    variable: 'DBT_EVENT_TIME_START',
    help: 'start of the time span for microbatches',
  },
  {
    name: 'event-time-end',
    kind: 'value',
    variable: 'DBT_EVENT_TIME_END',
    help: 'end of the time span for microbatches',
  },
  { name: 'show', kind: 'flag', help: 'accepted for compatibility' },
  { name: 'include-saved-query', kind: 'toggle', help: 'accepted for compatibility' },
  { name: 'export-saved-queries', kind: 'toggle', help: 'accepted for compatibility' },
  {
    name: 'inject-ephemeral-ctes',
    kind: 'toggle',
    help: 'whether ephemeral models are put in front of compiled code',
  },
  { name: 'dry-run', kind: 'flag', help: 'print the plan as JSON and run nothing' },
];

/** Options of single commands. */
export const OWN_OPTIONS: Readonly<Record<string, readonly Option[]>> = {
  ls: [
    {
      name: 'output',
      kind: 'value',
      choices: ['selector', 'name', 'path', 'json'],
      help: 'form of each line',
    },
    { name: 'output-keys', kind: 'list', help: 'keys of --output json' },
  ],
  show: [
    { name: 'inline', kind: 'value', help: 'SQL to preview instead of a model' },
    { name: 'inline-direct', kind: 'value', help: 'SQL to preview as it is, without templates' },
    { name: 'limit', kind: 'value', help: 'how many rows; -1 for all; 5 by default' },
    { name: 'output', kind: 'value', choices: ['text', 'json'], help: 'form of the rows' },
  ],
  compile: [
    { name: 'inline', kind: 'value', help: 'SQL to compile instead of a model' },
    { name: 'output', kind: 'value', choices: ['text', 'json'], help: 'form of the SQL' },
  ],
  'run-operation': [{ name: 'args', kind: 'value', help: "the macro's arguments, as a YAML mapping" }],
  render: [
    { name: 'context', kind: 'value', help: 'JSON file with an object: the names that the template may use' },
    { name: 'corpus', kind: 'value', help: 'JSON file of templates with what each must give' },
  ],
  clean: [
    {
      name: 'clean-project-files-only',
      kind: 'toggle',
      help: 'refuse to clean outside the project (the default)',
    },
  ],
  docs: [
    { name: 'compile', kind: 'toggle', help: 'compile before reading the catalog' },
    { name: 'empty-catalog', kind: 'flag', help: 'write a catalog without asking the warehouse' },
    { name: 'static', kind: 'flag', help: 'accepted for compatibility' },
  ],
  source: [{ name: 'output', kind: 'value', short: 'o', help: 'where sources.json goes' }],
  debug: [{ name: 'connection', kind: 'flag', help: 'test the connection only' }],
  deps: [
    { name: 'add-package', kind: 'value', help: 'accepted for compatibility' },
    { name: 'lock', kind: 'flag', help: 'accepted for compatibility' },
    { name: 'upgrade', kind: 'flag', help: 'accepted for compatibility' },
  ],
  ingest: [{ name: 'force', kind: 'flag', help: 'apply again, by key, what was ingested before' }],
  check: [
    { name: 'format', kind: 'value', choices: ['text', 'json', 'sarif'], help: 'form of the diagnostics' },
  ],
  lineage: [
    { name: 'upstream', kind: 'flag', help: 'only what it comes from' },
    { name: 'downstream', kind: 'flag', help: 'only what is made of it' },
    { name: 'format', kind: 'value', choices: ['text', 'json', 'dot'], help: 'form of the lineage' },
  ],
  grain: [{ name: 'format', kind: 'value', choices: ['text', 'json'], help: 'form of the verdicts' }],
  analyze: [
    {
      name: 'schema',
      kind: 'value',
      help: 'SQL file with the DDL of what the query reads; else the target is asked',
    },
    {
      name: 'key',
      kind: 'value',
      help: 'columns of the result that should tell its rows apart, with commas between',
    },
    {
      name: 'cases',
      kind: 'value',
      help: 'JSON file with a list of {id, ddl, sql, declared_key}: one line of JSON for each',
    },
    { name: 'format', kind: 'value', choices: ['text', 'json'], help: 'form of the report' },
  ],
};
