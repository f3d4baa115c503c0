/** `exceptions.*`: how templates stop a compilation or warn, in dbt's words. */

import { HostObject, str, TemplateError, type Value } from '../../jinja/index.ts';
import { define, type Bound } from './host.ts';
import type { OnMessage } from './world.ts';

/** Each raiser: its signature, the class it raises, its message. */
const RAISERS: Readonly<Record<string, readonly [signature: string, pythonClass: string, message: (args: Bound) => string]>> = {
  raise_compiler_error: ['msg,node=', 'CompilationError', (args) => shown(args, 'msg')],
  raise_database_error: ['msg,node=', 'DbtDatabaseError', (args) => shown(args, 'msg')],
  raise_parsing_error: ['msg,node=', 'ParsingError', (args) => shown(args, 'msg')],
  raise_fail_fast_error: ['msg,node=', 'FailFastError', (args) => shown(args, 'msg')],
  raise_not_implemented: ['msg', 'NotImplementedError', (args) => `ERROR: ${shown(args, 'msg')}`],
  raise_duplicate_alias: ['kwargs,aliases,canonical_key', 'AliasError', (args) => `Got duplicate keys: (${shown(args, 'canonical_key')})`],
  missing_config: ['model,name', 'MissingConfigError', (args) => `Model '${shown(args, 'model')}' does not define a required config parameter '${shown(args, 'name')}'.`],
  missing_materialization: ['model,adapter_type', 'MissingMaterializationError', (args) => `No materialization was found for ${shown(args, 'model')} on ${shown(args, 'adapter_type')}!`],
  missing_relation: ['relation,model=', 'MissingRelationError', (args) => `Relation ${shown(args, 'relation')} not found!`],
  relation_wrong_type: ['relation,expected_type,model=', 'RelationWrongTypeError', (args) => `Trying to create ${shown(args, 'expected_type')} ${shown(args, 'relation')}, but it currently exists as another type. Either drop ${shown(args, 'relation')} manually, or run dbt with \`--full-refresh\` and dbt will drop it for you.`],
  column_type_missing: ['column_names', 'ColumnTypeMissingError', (args) => `Contracted models require data_type to be defined for each column.  Please ensure that the column name and data_type are defined within the YAML configuration for the ${shown(args, 'column_names')} column(s).`],
  raise_contract_error: ['yaml_columns,sql_columns', 'ContractError', (args) => contractMessage(args.value('yaml_columns'), args.value('sql_columns'))],
  raise_invalid_property_yml_version: ['path,issue', 'CompilationError', (args) => `The yml property file at ${shown(args, 'path')} is invalid because ${shown(args, 'issue')}.`],
  macro_invalid_dispatch_arg: ['macro_name', 'MacroDispatchArgError', (args) => `The "packages" argument of adapter.dispatch() has been deprecated. Use the "macro_namespace" argument instead. Raised during dispatch for: ${shown(args, 'macro_name')}`],
  bad_package_spec: ['repo,spec,error', 'BadSpecError', (args) => `Error checking out spec='${shown(args, 'spec')}' for repo ${shown(args, 'repo')}`],
}; // prettier-ignore

function shown(args: Bound, name: string): string {
  return str(args.value(name));
}

export class ExceptionsValue extends HostObject {
  readonly typeName = 'dict';
  readonly #onMessage: OnMessage;
  readonly #uniqueId: string | null;

  constructor(onMessage: OnMessage, uniqueId: string | null) {
    super();
    this.#onMessage = onMessage;
    this.#uniqueId = uniqueId;
  }

  override getAttribute(name: string): Value | undefined {
    if (name === 'warn') {
      return define(name, 'msg,node=', (args) => {
        this.#onMessage({ level: 'warning', text: shown(args, 'msg'), uniqueId: this.#uniqueId });
        return '';
      });
    }
    if (name === 'warn_snapshot_timestamp_data_types') {
      return define(name, 'snapshot_time_data_type,updated_at_data_type', (args) => {
        const [now, updatedAt] = [
          shown(args, 'snapshot_time_data_type'),
          shown(args, 'updated_at_data_type'),
        ];
        const text = `Data type of snapshot table timestamp columns (${now}) doesn't match derived column 'updated_at' (${updatedAt}). Please update snapshot config 'updated_at'.`;
        this.#onMessage({ level: 'warning', text, uniqueId: this.#uniqueId });
        return '';
      });
    }
    if (!Object.hasOwn(RAISERS, name)) return undefined;
    const [signature, pythonClass, message] = RAISERS[name] ?? ['', '', () => ''];
    const kind = pythonClass === 'DbtDatabaseError' ? 'database' : 'compilation';
    return define(name, signature, (args) => {
      throw new TemplateError(kind, pythonClass, message(args));
    });
  }

  override getItem(key: Value): Value | undefined {
    return typeof key === 'string' ? this.getAttribute(key) : undefined;
  }
}

interface ContractColumn {
  readonly name: string;
  readonly type: string;
}

/** The table of mismatches that dbt prints when a contract does not hold. */
function contractMessage(yamlColumns: Value, sqlColumns: Value): string {
  const declared = contractColumns(yamlColumns);
  const actual = contractColumns(sqlColumns);
  const rows: string[][] = [];
  for (const column of declared) {
    const match = actual.find((other) => other.name.toLowerCase() === column.name.toLowerCase());
    if (!match) rows.push([column.name, '', column.type, 'missing in definition']);
    else if (match.type !== column.type)
      rows.push([column.name, match.type, column.type, 'data type mismatch']);
  }
  for (const column of actual) {
    if (!declared.some((other) => other.name.toLowerCase() === column.name.toLowerCase())) {
      rows.push([column.name, column.type, '', 'missing in contract']);
    }
  }
  rows.sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
  const table = textTable(['column_name', 'definition_type', 'contract_type', 'mismatch_reason'], rows);
  return `This model has an enforced contract that failed.\nPlease ensure the name, data_type, and number of columns in your contract match the columns in your model's definition.\n\n${table}`;
}

function contractColumns(value: Value): ContractColumn[] {
  if (!Array.isArray(value)) return [];
  return value.map((item) => {
    const get = (key: string): string => {
      if (item === null || typeof item !== 'object' || Array.isArray(item)) return '';
      if ('get' in item) return str(item.get(key) ?? '');
      return '';
    };
    return { name: get('name'), type: get('formatted').slice(get('name').length).trim() || get('data_type') };
  });
}

function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, index) =>
    Math.max(name.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  return [
    line(header),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...rows.map(line),
  ].join('\n');
}
