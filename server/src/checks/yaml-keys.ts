/** What the keys of property files and of dbt_project.yml mean, and what their values must be. A table. */

import { PROPERTIES, type EntryKind } from './property-keys.ts';

/** `texts` is a text or a list of them; `any` is whatever the user means. */
export type YamlShape = 'text' | 'boolean' | 'number' | 'texts' | 'list' | 'mapping' | 'any';

export interface YamlKey {
  readonly says: string;
  readonly shape: YamlShape;
  /** The only texts that mean something. */
  readonly values?: readonly string[];
  /** The keys of the mapping, or of each mapping of the list. */
  readonly keys?: MappingKind;
}

// prettier-ignore
const SHARED: Readonly<Record<string, YamlKey>> = {
  name: { says: 'What it is called.', shape: 'text' },
  description: { says: 'What it is, in Markdown; `{{ doc(…) }}` puts a docs block here.', shape: 'text' },
  columns: { says: 'Its columns: their meaning, their tests.', shape: 'list' },
  data_tests: { says: 'What must hold of it; each test is a query that gives the rows that break the rule.', shape: 'list' },
  tests: { says: 'The older word for `data_tests`.', shape: 'list' },
  config: { says: 'How it is built, named and selected.', shape: 'mapping' },
  meta: { says: 'What is your own to say; `grain` in it declares which columns make a row unique.', shape: 'mapping' },
  docs: { says: 'Whether and how it is shown in the documentation.', shape: 'mapping', keys: 'docs' },
  tags: { says: 'Words to select it by: `--select tag:nightly`.', shape: 'texts' },
  access: { says: 'Who may ref the model: its group, its project, or anybody.', shape: 'text', values: ['private', 'protected', 'public'] },
  group: { says: 'The group that owns it.', shape: 'text' },
  constraints: { says: 'Rules that the warehouse itself keeps, where the contract is enforced.', shape: 'list', keys: 'constraints' },
  versions: { says: 'The versions of the model that exist side by side.', shape: 'list' },
  latest_version: { says: 'The version that a ref without one means.', shape: 'text' },
  deprecation_date: { says: 'From when on the model is not to be used any more.', shape: 'any' },
  defined_in: { says: "The file of this version, without `.sql`, where it is not the model's name and `_v1`.", shape: 'text' },
  v: { says: 'The number, or the word, of the version.', shape: 'text' },
  data_type: { says: 'The type of the column as the warehouse spells it; a contract compares it.', shape: 'text' },
  quote: { says: "Whether the column's name is quoted in SQL.", shape: 'boolean' },
  identifier: { says: 'The name of the table in the warehouse, where it is another.', shape: 'text' },
  database: { says: 'The database that it is in.', shape: 'text' },
  schema: { says: 'The schema that it is in; the name of the source where nothing is said.', shape: 'text' },
  loader: { says: 'Who loads it; for readers only.', shape: 'text' },
  loaded_at_field: { says: 'The column that says when a row arrived, for `source freshness`.', shape: 'text' },
  loaded_at_query: { says: 'A query that gives the time of the newest row, for `source freshness`.', shape: 'text' },
  freshness: { says: 'How old the newest row may be.', shape: 'mapping', keys: 'freshness' },
  quoting: { says: 'Which parts of the relation name are quoted.', shape: 'mapping', keys: 'quoting' },
  tables: { says: 'The tables of the source.', shape: 'list' },
  external: { says: 'What a package needs to make an external table.', shape: 'any' },
  arguments: { says: 'What it is called with.', shape: 'list' },
  type: { says: 'Of which type it is.', shape: 'text' },
  label: { says: 'What people call it.', shape: 'text' },
  url: { says: 'Where it is to be seen.', shape: 'text' },
  maturity: { says: 'How much it can be relied on.', shape: 'text', values: ['high', 'medium', 'low'] },
  owner: { says: 'Who answers for it: a name, an e-mail address.', shape: 'mapping', keys: 'owner' },
  depends_on: { says: 'What it reads: `ref(…)` and `source(…)`.', shape: 'list' },
  model: { says: 'The model that is tested.', shape: 'text' },
  given: { says: 'The rows that each of its inputs has during the test.', shape: 'list' },
  expect: { says: 'The rows that the model must give.', shape: 'mapping' },
  overrides: { says: 'What macros, vars and environment variables give during the test.', shape: 'mapping' },
  input: { says: "What the rows stand for: `ref(…)`, `source(…)`, or `this`.", shape: 'text' },
  format: { says: 'How the rows are written.', shape: 'text', values: ['dict', 'csv', 'sql'] },
  rows: { says: 'The rows; columns that are not named are null.', shape: 'any' },
  fixture: { says: 'A file below tests/fixtures that has the rows.', shape: 'text' },
  macros: { says: 'Macros by name, and what each gives.', shape: 'mapping' },
  vars: { says: 'Variables by name, and what each is.', shape: 'mapping' },
  env_vars: { says: 'Environment variables by name, and what each is.', shape: 'mapping' },
  relation: { says: 'What the snapshot is taken of: `ref(…)` or `source(…)`.', shape: 'text' },
  time_spine: { says: 'That the model is a row per day, hour or other period.', shape: 'mapping' },
  enabled: { says: 'Whether it is there at all.', shape: 'any' },
};

// prettier-ignore
const SPECIAL: Readonly<Record<string, YamlKey>> = {
  'exposures.type': { says: 'What kind of thing reads the data.', shape: 'text', values: ['dashboard', 'notebook', 'analysis', 'ml', 'application'] },
  'sources.overrides': { says: 'The package whose source of this name this one replaces.', shape: 'text' },
  'unit_tests.versions': { says: 'Which versions of the model are tested.', shape: 'mapping' },
};

// prettier-ignore
const MAPPINGS = {
  docs: {
    show: { says: 'Whether it is shown in the documentation.', shape: 'boolean' },
    node_color: { says: 'Its colour in the documentation.', shape: 'text' },
  },
  quoting: {
    database: { says: 'Whether the database is quoted.', shape: 'boolean' },
    schema: { says: 'Whether the schema is quoted.', shape: 'boolean' },
    identifier: { says: 'Whether the name is quoted.', shape: 'boolean' },
    column: { says: 'Whether the columns are quoted.', shape: 'boolean' },
  },
  freshness: {
    warn_after: { says: 'The age from which on it is a warning.', shape: 'mapping', keys: 'period' },
    error_after: { says: 'The age from which on it is an error.', shape: 'mapping', keys: 'period' },
    filter: { says: 'Which rows are looked at.', shape: 'text' },
    build_after: { says: 'How long after new rows the model is built again.', shape: 'mapping', keys: 'period' },
  },
  period: {
    count: { says: 'How many.', shape: 'any' },
    period: { says: 'Of what.', shape: 'text', values: ['minute', 'hour', 'day'] },
  },
  owner: {
    name: { says: 'Who it is.', shape: 'text' },
    email: { says: 'Where to write to.', shape: 'texts' },
  },
  constraints: {
    type: { says: 'The rule.', shape: 'text', values: ['check', 'not_null', 'unique', 'primary_key', 'foreign_key', 'custom'] },
    expression: { says: 'What a check asks, or what a foreign key refers to.', shape: 'text' },
    columns: { says: 'The columns that it is about.', shape: 'list' },
    name: { says: 'What the warehouse calls it.', shape: 'text' },
    to: { says: 'What a foreign key refers to: `ref(…)` or `source(…)`.', shape: 'text' },
    to_columns: { says: 'The columns that a foreign key refers to.', shape: 'list' },
    warn_unenforced: { says: 'Whether to warn where the warehouse does not keep it.', shape: 'boolean' },
    warn_unsupported: { says: 'Whether to warn where the warehouse does not know it.', shape: 'boolean' },
  },
  dispatch: {
    macro_namespace: { says: 'The package whose macros are looked for.', shape: 'text' },
    search_order: { says: 'The packages to look in, the first first.', shape: 'list' },
  },
  project: {
    name: { says: 'What the project is called; letters, digits and `_`.', shape: 'text' },
    version: { says: "The project's own version.", shape: 'text' },
    'config-version': { says: 'The version of this file; 2.', shape: 'number' },
    profile: { says: 'The profile of profiles.yml that says how to connect.', shape: 'text' },
    'model-paths': { says: 'The folders of models.', shape: 'list' },
    'seed-paths': { says: 'The folders of seeds.', shape: 'list' },
    'test-paths': { says: 'The folders of tests.', shape: 'list' },
    'analysis-paths': { says: 'The folders of analyses.', shape: 'list' },
    'macro-paths': { says: 'The folders of macros.', shape: 'list' },
    'snapshot-paths': { says: 'The folders of snapshots.', shape: 'list' },
    'docs-paths': { says: 'The folders of docs blocks.', shape: 'list' },
    'asset-paths': { says: 'The folders that the documentation takes along.', shape: 'list' },
    'function-paths': { says: 'The folders of functions.', shape: 'list' },
    'target-path': { says: 'The folder that compiled SQL and artifacts are written to.', shape: 'text' },
    'log-path': { says: 'The folder of logs.', shape: 'text' },
    'clean-targets': { says: 'What `clean` removes.', shape: 'list' },
    'packages-install-path': { says: 'The folder of installed packages.', shape: 'text' },
    'require-dbt-version': { says: 'Which versions the project works with.', shape: 'texts' },
    'query-comment': { says: 'A comment to stand before every statement.', shape: 'any' },
    'on-run-start': { says: 'Statements to run before anything is built.', shape: 'texts' },
    'on-run-end': { says: 'Statements to run at the end.', shape: 'texts' },
    quoting: { says: 'Which parts of relation names are quoted.', shape: 'mapping', keys: 'quoting' },
    dispatch: { says: 'In which packages macros are looked for.', shape: 'list', keys: 'dispatch' },
    'restrict-access': { says: 'Whether models that are not public are closed to other projects.', shape: 'boolean' },
    vars: { says: 'Variables, which `var(…)` gives.', shape: 'mapping' },
    flags: { says: 'Settings of the program.', shape: 'mapping' },
    models: { says: 'Configuration of models by folder; a `+` marks a key.', shape: 'mapping' },
    seeds: { says: 'Configuration of seeds by folder; a `+` marks a key.', shape: 'mapping' },
    snapshots: { says: 'Configuration of snapshots by folder; a `+` marks a key.', shape: 'mapping' },
    sources: { says: 'Configuration of sources by folder; a `+` marks a key.', shape: 'mapping' },
    analyses: { says: 'Configuration of analyses by folder; a `+` marks a key.', shape: 'mapping' },
    data_tests: { says: 'Configuration of tests by folder; a `+` marks a key.', shape: 'mapping' },
    tests: { says: 'The older word for `data_tests`.', shape: 'mapping' },
    unit_tests: { says: 'Configuration of unit tests by folder; a `+` marks a key.', shape: 'mapping' },
    exposures: { says: 'Configuration of exposures by folder; a `+` marks a key.', shape: 'mapping' },
  },
  file: {
    version: { says: 'The version of the file; 2. It may be left out.', shape: 'text' },
    models: { says: 'What there is to say of models.', shape: 'list' },
    seeds: { says: 'What there is to say of seeds.', shape: 'list' },
    snapshots: { says: 'What there is to say of snapshots, or whole snapshots.', shape: 'list' },
    sources: { says: 'Tables that something else loads, for `source(…)`.', shape: 'list' },
    exposures: { says: 'What reads the data outside of the project.', shape: 'list' },
    macros: { says: 'What there is to say of macros.', shape: 'list' },
    analyses: { says: 'What there is to say of analyses.', shape: 'list' },
    unit_tests: { says: 'Tests of a model on rows that are written down.', shape: 'list' },
    data_tests: { says: 'What there is to say of singular tests.', shape: 'list' },
    groups: { says: 'Groups, which own models.', shape: 'list' },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, {
  readonly says: string;
  readonly shape: YamlShape;
  readonly values?: readonly string[];
  readonly keys?: string;
}>>>>;

export type MappingKind = keyof typeof MAPPINGS;

export type YamlKind = EntryKind | MappingKind;

// Entries of a kind and mappings under a key that is called alike are two things, but for `constraints`.
export function isEntryKind(kind: YamlKind): kind is EntryKind {
  return Object.hasOwn(PROPERTIES, kind);
}

/** undefined for a key that is none of the kind's, or of which nothing is said. */
export function yamlKey(kind: YamlKind, key: string): YamlKey | undefined {
  if (!isEntryKind(kind)) {
    const keys: Readonly<Record<string, YamlKey>> = MAPPINGS[kind];
    return Object.hasOwn(keys, key) ? keys[key] : undefined;
  }
  const known: readonly string[] = PROPERTIES[kind];
  if (!known.includes(key)) return undefined;
  const special = `${kind}.${key}`;
  if (Object.hasOwn(SPECIAL, special)) return SPECIAL[special];
  return Object.hasOwn(SHARED, key) ? SHARED[key] : undefined;
}

export function yamlKeys(kind: YamlKind): readonly string[] {
  return isEntryKind(kind) ? PROPERTIES[kind] : Object.keys(MAPPINGS[kind]);
}
