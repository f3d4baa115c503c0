/** What dbt's templates may call and read without defining it: for completion and hover. A table. */

export interface ContextName {
  /** As it is written; with `$1` places where it is a call. */
  readonly insert: string;
  readonly signature: string;
  readonly says: string;
}

// prettier-ignore
export const CONTEXT_NAMES: ReadonlyMap<string, ContextName> = new Map<string, ContextName>([
  ['ref', { insert: "ref('$1')", signature: "ref('model')", says: 'The relation of a model, seed or snapshot; it is built before this one.' }],
  ['source', { insert: "source('$1', '$2')", signature: "source('source', 'table')", says: 'The relation of a table that somebody else fills.' }],
  ['config', { insert: 'config($1)', signature: "config(materialized='table', …)", says: 'Sets how this resource is built.' }],
  ['var', { insert: "var('$1')", signature: "var('name', default)", says: 'A variable of dbt_project.yml or the command line.' }],
  ['env_var', { insert: "env_var('$1')", signature: "env_var('NAME', 'default')", says: 'A variable of the environment.' }],
  ['this', { insert: 'this', signature: 'this', says: 'The relation that this resource is built as.' }],
  ['target', { insert: 'target', signature: 'target', says: 'The target of profiles.yml: `target.name`, `target.schema`, `target.database`, …' }],
  ['is_incremental', { insert: 'is_incremental()', signature: 'is_incremental()', says: 'Whether the model is there already and gets new rows only.' }],
  ['adapter', { insert: 'adapter', signature: 'adapter', says: 'Asks and changes the warehouse: `adapter.get_relation(…)`, `adapter.dispatch(…)`, …' }],
  ['execute', { insert: 'execute', signature: 'execute', says: 'False while the project is only read: then queries answer nothing.' }],
  ['log', { insert: "log('$1', info=True)", signature: "log(message, info=False)", says: 'Writes a line to the log; to the terminal as well with `info`.' }],
  ['print', { insert: "print('$1')", signature: 'print(message)', says: 'Writes a line to the terminal.' }],
  ['return', { insert: 'return($1)', signature: 'return(value)', says: 'Ends the macro with a value that is not only text.' }],
  ['exceptions', { insert: 'exceptions', signature: 'exceptions', says: '`exceptions.raise_compiler_error(…)`, `exceptions.warn(…)`.' }],
  ['modules', { insert: 'modules', signature: 'modules', says: 'Parts of Python: `modules.datetime`, `modules.pytz`, `modules.re`, `modules.itertools`.' }],
  ['model', { insert: 'model', signature: 'model', says: "This resource as the manifest has it." }],
  ['graph', { insert: 'graph', signature: 'graph', says: 'Every resource of the project, once `execute` is true.' }],
  ['flags', { insert: 'flags', signature: 'flags', says: 'How the command was called: `flags.FULL_REFRESH`, `flags.WHICH`, …' }],
  ['project_name', { insert: 'project_name', signature: 'project_name', says: "The project's name." }],
  ['run_started_at', { insert: 'run_started_at', signature: 'run_started_at', says: 'When the command started, in UTC.' }],
  ['invocation_id', { insert: 'invocation_id', signature: 'invocation_id', says: "The command's id." }],
  ['dbt_version', { insert: 'dbt_version', signature: 'dbt_version', says: 'The dbt version whose behaviour holds.' }],
  ['builtins', { insert: 'builtins', signature: 'builtins', says: '`builtins.ref`, `builtins.source`, `builtins.config`: what a macro of that name may call.' }],
  ['selected_resources', { insert: 'selected_resources', signature: 'selected_resources', says: 'The unique ids that the command selects.' }],
  ['tojson', { insert: 'tojson($1)', signature: 'tojson(value)', says: 'A value as JSON.' }],
  ['fromjson', { insert: 'fromjson($1)', signature: 'fromjson(text)', says: 'JSON as a value.' }],
  ['toyaml', { insert: 'toyaml($1)', signature: 'toyaml(value)', says: 'A value as YAML.' }],
  ['fromyaml', { insert: 'fromyaml($1)', signature: 'fromyaml(text)', says: 'YAML as a value.' }],
  ['local_md5', { insert: 'local_md5($1)', signature: 'local_md5(text)', says: 'The MD5 of a text, computed here.' }],
  ['set', { insert: 'set($1)', signature: 'set(values)', says: 'The values without repetition.' }],
  ['zip', { insert: 'zip($1)', signature: 'zip(…lists)', says: 'Lists side by side, as tuples.' }],
  ['range', { insert: 'range($1)', signature: 'range(start, stop, step)', says: 'Integers in a row.' }],
  ['namespace', { insert: 'namespace($1)', signature: 'namespace(name=value)', says: 'An object whose attributes `set` may change inside a loop.' }],
]);

/** The members of what templates read most. */
export const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  loop: [
    'index',
    'index0',
    'revindex',
    'revindex0',
    'first',
    'last',
    'length',
    'previtem',
    'nextitem',
    'cycle',
  ],
  target: ['name', 'schema', 'database', 'type', 'profile_name', 'threads', 'host', 'port', 'user', 'dbname'],
  this: ['database', 'schema', 'identifier', 'name', 'type', 'render', 'include', 'incorporate'],
  config: ['get', 'require', 'persist_relation_docs', 'persist_column_docs', 'meta_get', 'meta_require'],
  modules: ['datetime', 'pytz', 're', 'itertools'],
  exceptions: ['raise_compiler_error', 'warn'],
  builtins: ['ref', 'source', 'config'],
  adapter: [
    'dispatch', 'get_relation', 'get_columns_in_relation', 'get_missing_columns', 'create_schema', 'drop_schema', 'drop_relation',
    'rename_relation', 'truncate_relation', 'expand_target_column_types', 'check_schema_exists', 'list_relations_without_caching', 'quote',
  ], // prettier-ignore
};

export const FILTERS = [
  'abs', 'attr', 'batch', 'capitalize', 'center', 'default', 'dictsort', 'escape', 'filesizeformat', 'first', 'float', 'forceescape',
  'format', 'groupby', 'indent', 'int', 'items', 'join', 'last', 'length', 'list', 'lower', 'map', 'max', 'min', 'pprint', 'random', 'reject',
  'rejectattr', 'replace', 'reverse', 'round', 'safe', 'select', 'selectattr', 'slice', 'sort', 'string', 'striptags', 'sum', 'title',
  'tojson', 'trim', 'truncate', 'unique', 'upper', 'urlencode', 'urlize', 'wordcount', 'wordwrap', 'xmlattr', 'as_bool', 'as_native',
  'as_number', 'as_text',
] as const; // prettier-ignore

export interface Statement {
  readonly keyword: string;
  readonly insert: string;
}

/** Each with its end where it has one. */
export const STATEMENTS: readonly Statement[] = [
  { keyword: 'if', insert: 'if $1' },
  { keyword: 'for', insert: 'for ${1:item} in $2' },
  { keyword: 'set', insert: 'set $1 = $2' },
  { keyword: 'do', insert: 'do $1' },
  { keyword: 'call', insert: 'call $1' },
  { keyword: 'filter', insert: 'filter $1' },
  { keyword: 'raw', insert: 'raw' },
];

/** Only at the top of a macro, snapshot or docs file. */
export const DEFINITIONS: Readonly<Record<string, readonly Statement[]>> = {
  macros: [
    { keyword: 'macro', insert: 'macro ${1:name}($2)' },
    { keyword: 'test', insert: 'test ${1:name}(model, column_name)' },
    { keyword: 'materialization', insert: 'materialization ${1:name}, default' },
  ],
  snapshots: [{ keyword: 'snapshot', insert: 'snapshot ${1:name}' }],
  docs: [{ keyword: 'docs', insert: 'docs ${1:name}' }],
};
