/** `exceptions.*`: how templates stop a compilation or warn, in dbt's words. */

import { isPromise } from '../../base/maybe-promise.ts';
import { Dict, HostObject, str, TemplateError, typeName, type Value } from '../../jinja/index.ts';
import { define, type Bound } from './host.ts';
import type { OnMessage } from './world.ts';

type Raiser = readonly [signature: string, pythonClass: string, message: (args: Bound) => string];

/** Each raiser: its signature, the class it raises, its message. In dbt's order, the two that warn left out. */
const RAISERS: Readonly<Record<string, Raiser>> = {
  missing_config: ['model,name', 'MissingConfigError', (args) => `Model '${memberOf(args, 'model', 'unique_id')}' does not define a required config parameter '${shown(args, 'name')}'.`],
  missing_materialization: ['model,adapter_type', 'MissingMaterializationError', (args) => `No materialization '${materializationOf(args)}' was found for adapter ${shown(args, 'adapter_type')}! (searched types 'default' and '${shown(args, 'adapter_type')}')`],
  missing_relation: ['relation,model=', 'MissingRelationError', (args) => `Relation ${shown(args, 'relation')} not found!`],
  raise_ambiguous_alias: ['node_1,node_2,duped_name=', 'AmbiguousAliasError', (args) => `dbt found two resources with the database representation "${args.text('duped_name') ?? 'None'}".\ndbt cannot create two resources with identical database representations. To fix this,\nchange the configuration of one of these resources:\n- ${memberOf(args, 'node_1', 'unique_id')} (${memberOf(args, 'node_1', 'original_file_path')})\n- ${memberOf(args, 'node_2', 'unique_id')} (${memberOf(args, 'node_2', 'original_file_path')})`],
  raise_ambiguous_catalog_match: ['unique_id,match_1,match_2', 'AmbiguousCatalogMatchError', (args) => `dbt found two relations in your warehouse with similar database identifiers. dbt\nis unable to determine which of these relations was created by the model "${shown(args, 'unique_id')}".\nIn order for dbt to correctly generate the catalog, one of the following relations must be deleted or renamed:`],
  raise_cache_inconsistent: ['message', 'CompilationError', (args) => `Internal Error\n  Cache inconsistency detected: ${shown(args, 'message')}`],
  raise_dataclass_not_dict: ['obj', 'DataclassNotDictError', (args) => notDict(shown(args, 'obj'))],
  raise_compiler_error: ['msg,node=', 'CompilationError', (args) => shown(args, 'msg')],
  raise_database_error: ['msg,node=', 'DbtDatabaseError', (args) => shown(args, 'msg')],
  raise_dep_not_found: ['node,node_description,required_pkg', 'DependencyNotFoundError', (args) => `Error while parsing ${shown(args, 'node_description')}.\nThe required package "${shown(args, 'required_pkg')}" was not found. Is the package installed?\nHint: You may need to run \`dbt deps\`.`],
  raise_dependency_error: ['msg', 'DependencyError', (args) => shown(args, 'msg')],
  raise_duplicate_patch_name: ['patch_1,existing_patch_path', 'DuplicatePatchPathError', (args) => `dbt found two schema.yml entries for the same resource named ${memberOf(args, 'patch_1', 'name')}. Resources and their associated columns may only be described a single time.`],
  raise_duplicate_resource_name: ['node_1,node_2', 'DuplicateResourceNameError', (args) => `dbt found two ${memberOf(args, 'node_1', 'resource_type')}s with the name "${memberOf(args, 'node_1', 'name')}".`],
  raise_invalid_property_yml_version: ['path,issue', 'PropertyYMLError', (args) => `The yml property file at ${shown(args, 'path')} is invalid because ${shown(args, 'issue')}. Please consult the documentation for more information on yml property file syntax:\n\nhttps://docs.getdbt.com/reference/configs-and-properties`],
  raise_not_implemented: ['msg', 'CompilationError', (args) => `ERROR: ${shown(args, 'msg')}`],
  relation_wrong_type: ['relation,expected_type,model=', 'RelationWrongTypeError', (args) => `Trying to create ${shown(args, 'expected_type')} ${shown(args, 'relation')}, but it currently exists as a ${memberOf(args, 'relation', 'type')}. Either drop ${shown(args, 'relation')} manually, or run dbt with \`--full-refresh\` and dbt will drop it for you.`],
  raise_contract_error: ['yaml_columns,sql_columns', 'ContractError', (args) => contractMessage(args.value('yaml_columns'), args.value('sql_columns'))],
  column_type_missing: ['column_names', 'ColumnTypeMissingError', (args) => `Contracted models require data_type to be defined for each column. Please ensure that the column name and data_type are defined within the YAML configuration for the ${shown(args, 'column_names')} column(s).`],
  raise_fail_fast_error: ['msg,node=', 'FailFastError', (args) => shown(args, 'msg')],
}; // prettier-ignore

/** dbt's names, in its order. */
const NAMES = ['warn', ...Object.keys(RAISERS), 'warn_snapshot_timestamp_data_types'];

/** What a relation says that is used as a dictionary. */
export function notDict(object: string): string {
  return `The object ("${object}") was used as a dictionary. This capability has been removed from objects of this type.`;
}

/** An argument's attribute or key, as Python would find it. */
function memberOf(args: Bound, parameter: string, name: string): string {
  const value = args.value(parameter);
  const found = attributeOf(value, name);
  if (found !== undefined) return str(found);
  throw new TemplateError('type', 'AttributeError', `'${typeName(value)}' object has no attribute '${name}'`);
}

function materializationOf(args: Bound): string {
  const config = attributeOf(args.value('model'), 'config');
  return config === undefined ? '' : str(attributeOf(config, 'materialized') ?? '');
}

function attributeOf(value: Value, name: string): Value | undefined {
  if (value instanceof HostObject) {
    const found = value.getAttribute(name);
    return isPromise(found) ? undefined : found;
  }
  return value instanceof Dict ? value.get(name) : undefined;
}

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
    return this.#member(name);
  }

  #member(name: string): Value | undefined {
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
    return typeof key === 'string' ? this.#member(key) : undefined;
  }

  override entries(): readonly (readonly [Value, Value])[] {
    return NAMES.map((name) => [name, this.#member(name) ?? null]);
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
  if (declared.length === 0)
    return "This model has an enforced contract, and its 'columns' specification is missing";
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
