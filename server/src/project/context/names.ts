/** The names that dbt's contexts have, by phase; what a context does not have is undefined there, however well it is known elsewhere. */

/** Everywhere, profiles.yml included. */
export const BASE_NAMES = [
  'builtins', 'context', 'dbt_version', 'diff_of_two_dicts', 'env_var', 'flags', 'fromjson', 'fromyaml', 'invocation_id', 'local_md5', 'log',
  'modules', 'print', 'return', 'run_started_at', 'set', 'set_strict', 'thread_id', 'tojson', 'toyaml', 'var', 'zip', 'zip_strict',
] as const; // prettier-ignore

/** In dbt_project.yml, packages.yml and selectors.yml. */
export const PROJECT_FILE_NAMES = [...BASE_NAMES, 'target'] as const;

/** In property files; descriptions have `doc`, too. */
export const PROPERTY_NAMES = [...PROJECT_FILE_NAMES, 'project_name'] as const;

/** In the query comment, beside every macro. */
export const QUERY_COMMENT_NAMES = [...PROPERTY_NAMES, 'context_macro_stack'] as const;

/** Where macros run for no resource of their own: operations, name generators; and where generic tests are parsed. */
export const MACRO_NAMES = [
  ...QUERY_COMMENT_NAMES,
  '_sql_results', 'adapter', 'adapter_macro', 'api', 'column', 'config', 'database', 'dbt_metadata_envs', 'env', 'exceptions', 'execute',
  'function', 'graph', 'invocation_args_dict', 'load_agate_table', 'load_result', 'metric', 'model', 'post_hooks', 'pre_hooks', 'ref', 'render',
  'schema', 'selected_resources', 'source', 'sql', 'sql_now', 'store_raw_result', 'store_result', 'submit_python_job', 'try_or_compiler_error',
  'validation', 'write',
] as const; // prettier-ignore

/** In a resource's own code, its materialization and its hooks; on-run-end hooks add their own. */
export const MODEL_NAMES = [...MACRO_NAMES, 'compiled_code', 'defer_relation', 'this'] as const;

export type ContextKind = 'macro' | 'model';

const BY_KIND: Readonly<Record<ContextKind, ReadonlySet<string>>> = {
  macro: new Set(MACRO_NAMES),
  model: new Set(MODEL_NAMES),
};

export function namesOf(kind: ContextKind): ReadonlySet<string> {
  return BY_KIND[kind];
}
