/** `adapter`: dbt's adapter methods for Postgres, most of them a call of the macro that does the work. */

import { then, type MaybePromise } from '../../../base/maybe-promise.ts';
import {
  Dict,
  fromJs,
  HostObject,
  TemplateError,
  toJs,
  Tuple,
  typeName,
  type Value,
} from '../../../jinja/index.ts';
import { AgateTable, columnSqlType, tableFromQuery } from '../agate/index.ts';
import { fromDescription } from '../column.ts';
import { renderColumnConstraints, renderModelConstraints } from '../constraints.ts';
import { define, type Bound } from '../host.ts';
import { parseIndex } from '../indexes.ts';
import { InformationSchema, Relation } from '../relation.ts';
import { RuntimeConfigValue } from '../runtime-config.ts';
import { driverTypeName } from '../type-names.ts';
import type { WarehouseAccess } from '../warehouse-access.ts';
import { projectQuoting } from '../world.ts';
import { BehaviorValue } from './behavior.ts';
import { askedColumns, columnsIn, expandColumnTypes } from './columns.ts';
import { grantsDict } from './grants.ts';
import { callMacro, dispatch, strategyMacro } from './macro-calls.ts';
import type { AdapterOptions } from './options.ts';
import { RelationClass } from './relation-class.ts';
import { firstColumn, relationArgument, withoutIdentifier } from './relations.ts';
import { hardDeletes, validSnapshotTarget } from './snapshots.ts';
import { addQuery, executeMethod, sqlArgument } from './statements.ts';

export class AdapterValue extends HostObject {
  readonly typeName: string;
  readonly #options: AdapterOptions;

  constructor(options: AdapterOptions) {
    super();
    const phase = options.access ? 'Runtime' : 'Parse';
    this.typeName = `dbt.context.providers.${phase}DatabaseWrapper`;
    this.#options = options;
  }

  override getAttribute(name: string): Value | undefined {
    if (name === 'behavior') return new BehaviorValue(this.#options.world);
    if (name === 'Relation') return new RelationClass(this.#options.world);
    if (name === 'config') return new RuntimeConfigValue(this.#options.world);
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
  quote_seed_column: pure('column,quote_config', (args) => {
    const isQuoted = args.value('quote_config') ?? true;
    if (typeof isQuoted !== 'boolean') {
      throw new TemplateError(
        'compilation',
        'QuoteConfigTypeError',
        `The seed configuration value of "quote_columns" has an invalid type <class '${typeName(isQuoted)}'>`,
      );
    }
    return isQuoted ? `"${args.text('column') ?? ''}"` : (args.text('column') ?? '');
  }),
  dispatch: pure('macro_name,macro_namespace=,packages=', (args, options) =>
    dispatch(
      args.text('macro_name') ?? '',
      { namespace: args.value('macro_namespace'), packages: args.value('packages') },
      options,
    ),
  ),
  get_incremental_strategy_macro: asks('model_context,strategy', (args, options) =>
    strategyMacro(args, options),
  ),
  verify_database: pure('database', (args, { world }) => {
    const database = (args.text('database') ?? '').replaceAll('"', '');
    if (database.toLowerCase() === world.settings.target.database.toLowerCase()) return '';
    throw new TemplateError(
      'compilation',
      'CompilationError',
      `ERROR: Cross-db references not allowed in postgres (${database} vs ${world.settings.target.database})`,
    );
  }),
  convert_type: pure('agate_table,col_idx', (args) => {
    const table = args.value('agate_table');
    return table instanceof AgateTable ? columnSqlType(table, Number(args.value('col_idx'))) : 'text';
  }),
  parse_index: pure('raw_index', (args, { world }) => parseIndex(args.value('raw_index'), world)),
  render_raw_columns_constraints: pure('raw_columns', (args) =>
    fromJs(renderColumnConstraints(toJs(args.value('raw_columns')))),
  ),
  render_raw_model_constraints: pure('raw_constraints', (args) =>
    fromJs(renderModelConstraints(toJs(args.value('raw_constraints')))),
  ),
  standardize_grants_dict: pure('grants_table', (args) => grantsDict(args.value('grants_table'))),
  build_catalog_relation: pure('model', () => null),
  get_catalog_integration: pure('name', () => null),
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
    (args, options) => askedColumns(options, args.value('relation')),
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
      return askedColumns(options, relation);
    },
    () => [],
  ),
  get_partitions_metadata: asks(
    'table',
    () => {
      throw new TemplateError(
        'compilation',
        'CompilationError',
        'ERROR: `get_partitions_metadata` is not implemented for this adapter!',
      );
    },
    () => new Tuple(['', tableFromQuery({ columns: [], rows: [] })]),
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
  get_hard_deletes_behavior: asks('config', (args) => hardDeletes(args.value('config'))),
};
