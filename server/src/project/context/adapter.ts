/** `adapter`: dbt's adapter methods for Postgres, most of them a call of the macro that does the work. */

import { then, type MaybePromise } from '../../base/maybe-promise.ts';
import type { CapturedText } from '../../jinja/index.ts';
import {
  callValue,
  Dict,
  fromJs,
  HostObject,
  str,
  TemplateError,
  toJs,
  Tuple,
  type Context,
  type Value,
} from '../../jinja/index.ts';
import { dispatchCandidates, findMacro, findPackageMacro, isBuiltin } from '../macros.ts';
import { AgateTable, columnSqlType, tableFromQuery } from './agate/index.ts';
import { Column, fromDescription } from './column.ts';
import { renderColumnConstraints, renderModelConstraints } from './constraints.ts';
import { define, dictOf, isText, type Bound } from './host.ts';
import { parseIndex } from './indexes.ts';
import { Relation, createRelation, InformationSchema, relationType } from './relation.ts';
import type { MacroScope } from './macro-scope.ts';
import { driverTypeName } from './type-names.ts';
import type { WarehouseAccess } from './warehouse-access.ts';
import { projectQuoting, type World } from './world.ts';

const STRATEGIES = ['append', 'delete+insert', 'merge', 'microbatch'];

export interface AdapterOptions {
  readonly world: World;
  readonly scope: MacroScope;
  /** The context that macros called on the adapter's behalf see. */
  readonly context: Context;
  /** null while parsing: questions answer none, as dbt's do. */
  readonly access: WarehouseAccess | null;
}

export class AdapterValue extends HostObject {
  readonly typeName = 'DatabaseWrapper';
  readonly #options: AdapterOptions;

  constructor(options: AdapterOptions) {
    super();
    this.#options = options;
  }

  override getAttribute(name: string): Value | undefined {
    if (name === 'behavior') return new BehaviorValue(this.#options.world);
    if (name === 'Relation') return new RelationClass(this.#options.world);
    if (name === 'config') return null;
    const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
    if (!method) return undefined;
    const { access } = this.#options;
    return define(name, method.signature, (args) => {
      if (method.needsWarehouse && !access)
        return typeof method.whileParsing === 'function' ? method.whileParsing() : null;
      return method.body(args, this.#options, access as WarehouseAccess);
    });
  }
}

interface Method {
  readonly signature: string;
  readonly needsWarehouse: boolean;
  /** What dbt answers while it parses; none when absent. */
  readonly whileParsing?: () => Value;
  readonly body: (args: Bound, options: AdapterOptions, access: WarehouseAccess) => MaybePromise<Value>;
}

function pure(
  signature: string,
  body: (args: Bound, options: AdapterOptions) => MaybePromise<Value>,
): Method {
  return { signature, needsWarehouse: false, body };
}

function asks(signature: string, body: Method['body'], whileParsing: () => Value = () => null): Method {
  return { signature, needsWarehouse: true, body, whileParsing };
}

const METHODS: Readonly<Record<string, Method>> = {
  type: pure('', () => 'postgres'),
  quote: pure('identifier', (args) => `"${args.text('identifier') ?? ''}"`),
  quote_as_configured: pure('identifier,quote_key', (args, { world }) => {
    const identifier = args.text('identifier') ?? '';
    const policy = projectQuoting(world);
    const key = args.text('quote_key');
    const isQuoted = key === 'database' || key === 'schema' || key === 'identifier' ? policy[key] : false;
    return isQuoted ? `"${identifier}"` : identifier;
  }),
  quote_seed_column: pure('column,quote_config', (args) =>
    args.value('quote_config') === false ? (args.text('column') ?? '') : `"${args.text('column') ?? ''}"`,
  ),
  dispatch: pure('macro_name,macro_namespace=,packages=', (args, options) =>
    dispatch(args.text('macro_name') ?? '', args.text('macro_namespace'), options),
  ),
  valid_incremental_strategies: pure('', () => [...STRATEGIES]),
  get_incremental_strategy_macro: pure('model_context,strategy', (args, options) =>
    strategyMacro(args, options),
  ),
  verify_database: pure('database', (args, { world }) => {
    const database = (args.text('database') ?? '').replaceAll('"', '');
    if (database.toLowerCase() === world.settings.target.database.toLowerCase()) return '';
    throw new TemplateError(
      'compilation',
      'UnexpectedDbReferenceError',
      `Cross-db references not allowed in postgres (${database} vs ${world.settings.target.database})`,
    );
  }),
  convert_type: pure('agate_table,col_idx', (args) => {
    const table = args.value('agate_table');
    return table instanceof AgateTable ? columnSqlType(table, Number(args.value('col_idx'))) : 'text';
  }),
  parse_index: pure('raw_index', (args) => parseIndex(args.value('raw_index'))),
  render_raw_columns_constraints: pure('raw_columns', (args) =>
    fromJs(renderColumnConstraints(toJs(args.value('raw_columns')))),
  ),
  render_raw_model_constraints: pure('raw_constraints', (args) =>
    fromJs(renderModelConstraints(toJs(args.value('raw_constraints')))),
  ),
  standardize_grants_dict: pure('grants_table', (args) => grantsDict(args.value('grants_table'))),
  build_catalog_relation: pure('model', () => null),
  get_catalog_integration: pure('name', () => null),
  nice_connection_name: pure('', () => 'master'),
  is_cancelable: pure('', () => true),
  timestamp_add_sql: pure(
    'add_to,number=,interval=',
    (args) =>
      `${args.text('add_to') ?? ''} + interval '${args.text('number') ?? '1'} ${args.text('interval') ?? 'hour'}'`,
  ),
  date_function: pure('', () => 'now()'),
  clear_transaction: asks('', (_args, _options, access) => then(access.clearTransaction(), () => '')),
  commit: asks(
    '',
    (_args, _options, access) => then(access.commit(), () => ''),
    () => '',
  ),
  execute: asks(
    'sql,auto_begin=,fetch=,limit=',
    executeMethod,
    () => new Tuple(['', tableFromQuery({ columns: [], rows: [] })]),
  ),
  add_query: asks('sql,auto_begin=,bindings=,abridge_sql_log=', addQuery, () => new Tuple([null, null])),
  run_sql_for_tests: asks('sql,fetch,conn', executeMethod),
  copy_rows: asks('relation,agate_table,columns=', (args, _options, access) => {
    const relation = relationArgument(args, 'relation');
    const table = args.value('agate_table');
    if (!(table instanceof AgateTable))
      throw new TemplateError('type', 'TypeError', 'copy_rows() needs an agate table');
    const columns = toJs(args.get('columns') ?? null);
    return access.copyRows(relation, table, Array.isArray(columns) ? columns.map(String) : table.columnNames);
  }),
  get_relation: asks('database,schema,identifier', (args, { world }, access) => {
    // Names that the project leaves unquoted are folded to lower case by the server.
    const quoting = projectQuoting(world);
    const name = (part: 'schema' | 'identifier'): string => {
      const written = args.text(part) ?? '';
      return quoting[part] ? written : written.toLowerCase();
    };
    return access.relations.find(args.text('database') ?? '', name('schema'), name('identifier'));
  }),
  already_exists: asks(
    'schema,name',
    (args, { world }, access) =>
      then(
        access.relations.find(
          world.settings.target.database,
          args.text('schema') ?? '',
          args.text('name') ?? '',
        ),
        (found) => found !== null,
      ),
    () => false,
  ),
  list_relations: asks(
    'database,schema',
    (args, _options, access) =>
      then(access.relations.list(args.text('database') ?? '', args.text('schema') ?? ''), (found) => [
        ...found,
      ]),
    () => [],
  ),
  list_relations_without_caching: asks(
    'schema_relation',
    (args, options) =>
      then(
        callMacro(options, 'list_relations_without_caching', [args.value('schema_relation')]),
        relationsOf,
      ),
    () => [],
  ),
  list_schemas: asks(
    'database',
    (args, options) =>
      then(callMacro(options, 'list_schemas', [args.value('database')]), (table) => firstColumn(table)),
    () => [],
  ),
  check_schema_exists: asks(
    'database,schema',
    (args, options) => {
      const information = new InformationSchema(
        new Relation({ database: args.text('database'), quotePolicy: projectQuoting(options.world) }),
        null,
      );
      return then(
        callMacro(options, 'check_schema_exists', [information, args.value('schema')]),
        (table) => Number(toJs(firstColumn(table)[0] ?? 0)) > 0,
      );
    },
    () => false,
  ),
  create_schema: asks('relation', (args, options, access) =>
    then(callMacro(options, 'create_schema', [withoutIdentifier(args)]), () =>
      then(access.commit(), () => ''),
    ),
  ),
  drop_schema: asks('relation', (args, options, access) => {
    const relation = relationArgument(args, 'relation');
    return then(callMacro(options, 'drop_schema', [withoutIdentifier(args)]), () => {
      access.relations.schemaDropped(relation.database ?? '', relation.schema ?? '');
      return then(access.commit(), () => '');
    });
  }),
  drop_relation: asks('relation', (args, options, access) => {
    const relation = relationArgument(args, 'relation');
    if (relation.type === null) {
      throw new TemplateError(
        'compilation',
        'RelationTypeNullError',
        `Tried to drop relation ${relation.render()}, but its type is null.`,
      );
    }
    access.relations.dropped(relation);
    return then(callMacro(options, 'drop_relation', [relation]), () => '');
  }),
  truncate_relation: asks('relation', (args, options) =>
    then(callMacro(options, 'truncate_relation', [args.value('relation')]), () => ''),
  ),
  rename_relation: asks('from_relation,to_relation', (args, options, access) => {
    const from = relationArgument(args, 'from_relation');
    const to = relationArgument(args, 'to_relation');
    access.relations.renamed(from, to);
    return then(callMacro(options, 'rename_relation', [from, to]), () => '');
  }),
  cache_added: asks(
    'relation',
    (args, _options, access) => {
      access.relations.added(relationArgument(args, 'relation'));
      return '';
    },
    () => '',
  ),
  cache_dropped: asks(
    'relation',
    (args, _options, access) => {
      access.relations.dropped(relationArgument(args, 'relation'));
      return '';
    },
    () => '',
  ),
  cache_renamed: asks(
    'from_relation,to_relation',
    (args, _options, access) => {
      access.relations.renamed(
        relationArgument(args, 'from_relation'),
        relationArgument(args, 'to_relation'),
      );
      return '';
    },
    () => '',
  ),
  get_columns_in_relation: asks(
    'relation',
    (args, options) => callMacro(options, 'get_columns_in_relation', [args.value('relation')]),
    () => [],
  ),
  get_columns_in_table: asks(
    'schema,identifier',
    (args, options) => {
      const { target } = options.world.settings;
      const relation = new Relation({
        database: target.database,
        schema: args.text('schema'),
        identifier: args.text('identifier'),
      });
      return callMacro(options, 'get_columns_in_relation', [relation]);
    },
    () => [],
  ),
  get_missing_columns: asks(
    'from_relation,to_relation',
    (args, options) =>
      then(columnsIn(options, args.value('from_relation')), (from) =>
        then(columnsIn(options, args.value('to_relation')), (to) => {
          const known = new Set(to.map((column) => column.column));
          return from.filter((column) => !known.has(column.column));
        }),
      ),
    () => [],
  ),
  expand_target_column_types: asks('from_relation,to_relation', (args, options) =>
    expandColumnTypes(args, options),
  ),
  alter_column_type: asks('relation,column_name,new_column_type', (args, options) =>
    then(
      callMacro(options, 'alter_column_type', [
        args.value('relation'),
        args.value('column_name'),
        args.value('new_column_type'),
      ]),
      () => '',
    ),
  ),
  get_column_schema_from_query: asks(
    'sql',
    (args, _options, access) =>
      then(access.execute(sqlArgument(args), { autoBegin: false, fetch: true, limit: null }), (result) =>
        result.columns.map((column) => fromDescription(column.name, driverTypeName(column.typeOid))),
      ),
    () => [],
  ),
  valid_snapshot_target: asks('relation,column_names=', (args, options) =>
    validSnapshotTarget(args, options, false),
  ),
  assert_valid_snapshot_target_given_strategy: asks('relation,column_names,strategy', (args, options) => {
    const strategy = args.value('strategy');
    const isNewRecord = strategy instanceof Dict && strategy.get('hard_deletes') === 'new_record';
    return validSnapshotTarget(args, options, isNewRecord);
  }),
  get_hard_deletes_behavior: pure('config', (args) => hardDeletes(args.value('config'))),
  get_rows_different_sql: pure('relation_a,relation_b,column_names=,except_operator=', (args) =>
    rowsDifferentSql(args),
  ),
};

function callMacro(options: AdapterOptions, name: string, positional: readonly Value[]): MaybePromise<Value> {
  const macro = options.scope.find(name);
  if (macro === undefined)
    throw new TemplateError(
      'compilation',
      'DbtRuntimeError',
      `dbt could not find a macro with the name '${name}' in any package`,
    );
  return callValue(macro, { positional, keyword: new Map() });
}

function dispatch(name: string, namespace: string | null, options: AdapterOptions): Value {
  if (name.includes('.')) {
    const [suggestedPackage = '', ...rest] = name.split('.');
    throw new TemplateError(
      'compilation',
      'CompilationError',
      `In adapter.dispatch, got a macro name of "${name}", but "." is not a valid macro name component. Did you mean \`adapter.dispatch("${rest.join('.')}", macro_namespace="${suggestedPackage}")\`?`,
    );
  }
  const { world, scope } = options;
  const candidates = dispatchCandidates(world.macros, world.root.dispatch, name, namespace);
  for (const candidate of candidates) {
    const macro =
      candidate.packageName === null
        ? scope.find(candidate.name)
        : scope.findIn(candidate.packageName, candidate.name);
    if (macro !== undefined) return macro;
  }
  const searched = candidates.map(
    ({ packageName, name: full }) => `'${packageName === null ? full : `${packageName}.${full}`}'`,
  );
  throw new TemplateError(
    'compilation',
    'CompilationError',
    `In dispatch: No macro named '${name}' found within namespace: '${namespace ?? 'None'}'\n    Searched for: ${searched.join(', ')}`,
  );
}

function strategyMacro(args: Bound, { scope, world }: AdapterOptions): Value {
  const strategy = args.text('strategy') ?? 'default';
  if (strategy === 'insert_overwrite') {
    throw new TemplateError(
      'compilation',
      'DbtRuntimeError',
      `The incremental strategy '${strategy}' is not valid for this adapter`,
    );
  }
  const name = `get_incremental_${strategy.replaceAll('+', '_')}_sql`;
  const macro = scope.find(name);
  if (macro !== undefined) return macro;
  throw new TemplateError(
    'compilation',
    'DbtRuntimeError',
    `dbt could not find an incremental strategy macro with the name "${name}" in ${world.root.name}`,
  );
}

/** What `execute` and `statement` call a response: prints its message. */
export class AdapterResponse extends HostObject {
  readonly typeName = 'AdapterResponse';
  readonly message: string;
  readonly code: string;
  readonly rowsAffected: number | null;

  constructor(message: string, code: string, rowsAffected: number | null) {
    super();
    this.message = message;
    this.code = code;
    this.rowsAffected = rowsAffected;
  }

  override toStr(): string {
    return this.message;
  }

  override toRepr(): string {
    return `AdapterResponse(_message='${this.message}', code='${this.code}', rows_affected=${String(this.rowsAffected)})`;
  }

  override getAttribute(name: string): Value | undefined {
    if (name === '_message' || name === 'message') return this.message;
    if (name === 'code') return this.code;
    return name === 'rows_affected' ? this.rowsAffected : undefined;
  }

  override entries(): readonly (readonly [Value, Value])[] {
    return [
      ['_message', this.message],
      ['code', this.code],
      ['rows_affected', this.rowsAffected],
    ];
  }

  /** As run_results.json has it. */
  toJson(): Record<string, unknown> {
    return {
      _message: this.message,
      code: this.code,
      ...(this.rowsAffected === null ? {} : { rows_affected: this.rowsAffected }),
    };
  }
}

/** The command tag in psycopg2's parts: `INSERT 0 3` is code `INSERT`, three rows. */
export function responseOf(command: string, rowCount: number): AdapterResponse {
  const words = command.split(' ');
  const numbers = words.filter((word) => /^\d+$/.test(word));
  const rows = numbers.length > 0 ? Number(numbers.at(-1)) : rowCount;
  return new AdapterResponse(command, words.filter((word) => !/^\d+$/.test(word)).join(' '), rows);
}

function sqlArgument(args: Bound, name = 'sql'): string | CapturedText {
  const sql = args.value(name);
  return isText(sql) ? sql : str(sql);
}

function executeMethod(args: Bound, _options: AdapterOptions, access: WarehouseAccess): MaybePromise<Value> {
  const isFetching = args.get('fetch') === true;
  const limit = args.get('limit');
  return then(
    access.execute(sqlArgument(args), {
      autoBegin: args.get('auto_begin') === true,
      fetch: isFetching,
      limit: typeof limit === 'number' ? limit : null,
    }),
    (result) =>
      new Tuple([
        responseOf(result.command, result.columns.length > 0 ? result.rows.length : -1),
        tableFromQuery(
          isFetching
            ? { columns: [...result.columns], rows: result.rows.map((row) => [...row]) }
            : { columns: [], rows: [] },
        ),
      ]),
  );
}

function addQuery(args: Bound, _options: AdapterOptions, access: WarehouseAccess): MaybePromise<Value> {
  const bindings = args.get('bindings');
  const sql =
    bindings === undefined || bindings === null
      ? sqlArgument(args)
      : boundSql(str(args.value('sql')), toJs(bindings));
  return then(
    access.execute(sql, { autoBegin: args.get('auto_begin') !== false, fetch: false, limit: null }),
    () => new Tuple([null, null]),
  );
}

/** psycopg2's client-side `%s` binding. */
function boundSql(sql: string, bindings: unknown): string {
  const values: unknown[] = Array.isArray(bindings) ? [...(bindings as unknown[])] : [];
  return sql.replace(/%s|%%/g, (mark) => (mark === '%%' ? '%' : sqlLiteral(values.shift())));
}

function sqlLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

export function relationArgument(args: Bound, name: string): Relation {
  const value = args.value(name);
  if (value instanceof Relation) return value;
  throw new TemplateError(
    'compilation',
    'MacroArgTypeError',
    `'adapter' expects ${name} to be a Relation; got ${str(value)}`,
  );
}

function withoutIdentifier(args: Bound): Relation {
  const relation = relationArgument(args, 'relation');
  return relation.with({ identifier: null, includePolicy: { ...relation.includePolicy, identifier: false } });
}

/** The rows of `list_relations_without_caching`: database, name, schema, type. */
export function relationsOf(table: Value): Value[] {
  if (!(table instanceof AgateTable)) return [];
  return table.rowValues().map(
    ([database, name, schema, type]) =>
      new Relation({
        database: str(database ?? ''),
        schema: str(schema ?? ''),
        identifier: str(name ?? ''),
        type: relationType(type ?? null),
      }),
  );
}

function firstColumn(table: Value): Value[] {
  return table instanceof AgateTable ? table.rowValues().map((row) => row[0] ?? null) : [];
}

function columnsIn(options: AdapterOptions, relation: Value): MaybePromise<Column[]> {
  return then(callMacro(options, 'get_columns_in_relation', [relation]), (columns) =>
    Array.isArray(columns) ? columns.filter((column) => column instanceof Column) : [],
  );
}

/** Widens text columns of an existing table to what the new rows need. */
function expandColumnTypes(args: Bound, options: AdapterOptions): MaybePromise<Value> {
  return then(columnsIn(options, args.value('from_relation')), (goal) =>
    then(columnsIn(options, args.value('to_relation')), (current) => {
      const changes = goal.flatMap((column) => {
        const target = current.find((other) => other.column === column.column);
        return target?.canExpandTo(column)
          ? [{ name: column.column, type: `character varying(${String(column.stringSize())})` }]
          : [];
      });
      return changes.reduce<MaybePromise<Value>>(
        (before, change) =>
          then(before, () =>
            then(
              callMacro(options, 'alter_column_type', [args.value('to_relation'), change.name, change.type]),
              () => '',
            ),
          ),
        '',
      );
    }),
  );
}

function validSnapshotTarget(
  args: Bound,
  options: AdapterOptions,
  isNewRecord: boolean,
): MaybePromise<Value> {
  const names = args.get('column_names');
  return then(columnsIn(options, args.value('relation')), (columns) => {
    const known = new Set(columns.map((column) => column.column.toLowerCase()));
    const wanted = [
      'dbt_scd_id',
      'dbt_valid_from',
      'dbt_valid_to',
      ...(isNewRecord ? ['dbt_is_deleted'] : []),
    ];
    const missing = wanted
      .map((name) => (names instanceof Dict ? str(names.get(name) ?? name) : name))
      .filter((name) => !known.has(name.toLowerCase()));
    if (missing.length === 0) return '';
    throw new TemplateError(
      'compilation',
      'SnapshotTargetNotSnapshotTableError',
      `Snapshot target is missing configured columns (missing ${missing.map((name) => `"${name}"`).join(', ')}). See https://docs.getdbt.com/docs/build/snapshots#snapshot-meta-fields for more information.`,
    );
  });
}

/** What a snapshot does with rows that are gone, from the new setting or the old one. */
function hardDeletes(config: Value): string {
  const read = (key: string): MaybePromise<Value> => {
    if (config instanceof Dict) return config.get(key) ?? null;
    const get = config instanceof HostObject ? config.getAttribute('get') : undefined;
    return get === undefined || get instanceof Promise
      ? null
      : callValue(get, { positional: [key], keyword: new Map() });
  };
  const isInvalidating = toJs(read('invalidate_hard_deletes') as Value);
  const asked = toJs(read('hard_deletes') as Value);
  if (isInvalidating !== null && asked !== null) {
    throw new TemplateError(
      'compilation',
      'DbtValidationError',
      'You cannot set both the invalidate_hard_deletes and hard_deletes config properties on the same snapshot.',
    );
  }
  if (isInvalidating === true || asked === 'invalidate') return 'invalidate';
  if (asked === 'new_record') return 'new_record';
  if (asked === null || asked === 'ignore') return 'ignore';
  throw new TemplateError('compilation', 'DbtValidationError', 'Invalid setting for property hard_deletes.');
}

function grantsDict(table: Value): Dict {
  const grants = new Dict();
  if (!(table instanceof AgateTable)) return grants;
  const grantee = table.columnNames.indexOf('grantee');
  const privilege = table.columnNames.indexOf('privilege_type');
  for (const row of table.rowValues()) {
    const key = row[privilege] ?? null;
    const known = grants.get(key);
    if (Array.isArray(known)) known.push(row[grantee] ?? null);
    else grants.set(key, [row[grantee] ?? null]);
  }
  return grants;
}

function rowsDifferentSql(args: Bound): string {
  const a = str(args.value('relation_a'));
  const b = str(args.value('relation_b'));
  const written = toJs(args.get('column_names') ?? null);
  const columns = Array.isArray(written)
    ? written
        .map((name) => `"${String(name)}"`)
        .sort()
        .join(', ')
    : '*';
  const except = args.text('except_operator') ?? 'EXCEPT';
  return `
with diff_count as (
    SELECT
        1 as id,
        COUNT(*) as num_missing FROM (
            (SELECT ${columns} FROM ${a} ${except}
             SELECT ${columns} FROM ${b})
             UNION ALL
            (SELECT ${columns} FROM ${b} ${except}
             SELECT ${columns} FROM ${a})
        ) as a
), table_a as (
    SELECT COUNT(*) as num_rows FROM ${a}
), table_b as (
    SELECT COUNT(*) as num_rows FROM ${b}
), row_count_diff as (
    select
        1 as id,
        table_a.num_rows - table_b.num_rows as difference
    from table_a, table_b
)
select
    row_count_diff.difference as row_count_difference,
    diff_count.num_missing as num_mismatched
from row_count_diff
join diff_count using (id)
`.trim();
}

/** `adapter.behavior.flag`: dbt's behaviour flags, true where dbt_project.yml sets them. */
class BehaviorValue extends HostObject {
  readonly typeName = 'Behavior';
  readonly #world: World;

  constructor(world: World) {
    super();
    this.#world = world;
  }

  override getAttribute(name: string): Value | undefined {
    const isSet = this.#world.root.flags[name] === true;
    return new BehaviorFlag(isSet);
  }
}

class BehaviorFlag extends HostObject {
  readonly typeName = 'BehaviorFlag';
  readonly #isSet: boolean;

  constructor(isSet: boolean) {
    super();
    this.#isSet = isSet;
  }

  override isTruthy(): boolean {
    return this.#isSet;
  }

  override getAttribute(name: string): Value | undefined {
    return name === 'no_warn' || name === 'setting' ? this.#isSet : undefined;
  }

  override toRepr(): string {
    return this.#isSet ? 'True' : 'False';
  }
}

/** `api.Relation`: makes relations with the project's quoting. */
export class RelationClass extends HostObject {
  readonly typeName = 'RelationProxy';
  readonly #world: World;

  constructor(world: World) {
    super();
    this.#world = world;
  }

  override getAttribute(name: string): Value | undefined {
    if (name === 'create') {
      return define(name, 'database=,schema=,identifier=,type=,**rest', (args) =>
        createRelation(args, projectQuoting(this.#world)),
      );
    }
    if (name === 'create_from') {
      return define(name, 'quoting,relation_config,**rest', (args) =>
        relationFromDict(args.value('relation_config')),
      );
    }
    return new Relation({}).getAttribute(name);
  }
}

function relationFromDict(node: Value): Relation {
  const plain = toJs(node) as Record<string, unknown> | null;
  const text = (key: string): string | null => (typeof plain?.[key] === 'string' ? plain[key] : null);
  return new Relation({
    database: text('database'),
    schema: text('schema'),
    identifier: text('alias') ?? text('identifier'),
  });
}

export { dictOf, findMacro, findPackageMacro, isBuiltin };
