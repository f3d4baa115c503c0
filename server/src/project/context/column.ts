/** dbt's Column: a name and a Postgres type in the parts that information_schema gives. */

import { plainText } from '../../base/plain-text.ts';
import {
  Dict,
  HostObject,
  missingArguments,
  repr,
  str,
  TemplateError,
  truthy,
  type Value,
} from '../../jinja/index.ts';
import { define, dictOf } from './host.ts';

export interface ColumnParts {
  readonly column: string;
  readonly dtype: string;
  readonly charSize: number | null;
  readonly numericPrecision: number | null;
  readonly numericScale: number | null;
}

const STRINGS = ['text', 'character varying', 'character', 'varchar'];
const INTEGERS = [
  'smallint',
  'integer',
  'bigint',
  'smallserial',
  'serial',
  'bigserial',
  'int2',
  'int4',
  'int8',
  'serial2',
  'serial4',
  'serial8',
];
const FLOATS = ['real', 'float4', 'float', 'double precision', 'float8', 'double'];

export class Column extends HostObject implements ColumnParts {
  readonly typeName = 'PostgresColumn';
  readonly column: string;
  readonly dtype: string;
  readonly charSize: number | null;
  readonly numericPrecision: number | null;
  readonly numericScale: number | null;

  constructor(parts: Pick<ColumnParts, 'column' | 'dtype'> & Partial<ColumnParts>) {
    super();
    this.column = parts.column;
    this.dtype = parts.dtype;
    this.charSize = parts.charSize ?? null;
    this.numericPrecision = parts.numericPrecision ?? null;
    this.numericScale = parts.numericScale ?? null;
  }

  isString(): boolean {
    return STRINGS.includes(this.dtype.toLowerCase());
  }

  isNumeric(): boolean {
    return ['numeric', 'decimal'].includes(this.dtype.toLowerCase());
  }

  isInteger(): boolean {
    return INTEGERS.includes(this.dtype.toLowerCase());
  }

  isFloat(): boolean {
    return FLOATS.includes(this.dtype.toLowerCase());
  }

  /** The type as DDL writes it. */
  dataType(): string {
    const type = this.dtype.toLowerCase();
    if (type === 'text' || (type === 'character varying' && this.charSize === null)) return this.dtype;
    if (this.isString()) return `character varying(${String(this.stringSize())})`;
    if (this.isNumeric()) return numericType(this.dtype, this.numericPrecision, this.numericScale);
    return this.dtype;
  }

  stringSize(): number {
    if (!this.isString())
      throw new TemplateError('compilation', 'DbtRuntimeError', 'Called string_size() on non-string field!');
    return this.dtype === 'text' || this.charSize === null ? 256 : this.charSize;
  }

  canExpandTo(other: Column): boolean {
    return this.isString() && other.isString() && other.stringSize() > this.stringSize();
  }

  override toRepr(): string {
    const fields = this.entries().map(([name, value]) => `${str(name)}=${repr(value)}`);
    return `PostgresColumn(${fields.join(', ')})`;
  }

  override isTruthy(): boolean {
    return true;
  }

  override equals(other: Value): boolean {
    return other instanceof Column && JSON.stringify(other.#parts()) === JSON.stringify(this.#parts());
  }

  override hashKey(): string {
    return `column:${JSON.stringify(this.#parts())}`;
  }

  #parts(): readonly unknown[] {
    return [this.column, this.dtype, this.charSize, this.numericPrecision, this.numericScale];
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'column':
      case 'name':
        return this.column;
      case 'dtype':
        return this.dtype;
      case 'char_size':
        return this.charSize;
      case 'numeric_precision':
        return this.numericPrecision;
      case 'numeric_scale':
        return this.numericScale;
      case 'quoted':
        return `"${this.column}"`;
      case 'data_type':
      case 'expanded_data_type':
        return this.dataType();
      case 'is_string':
        return define(name, '', () => this.isString());
      case 'is_numeric':
        return define(name, '', () => this.isNumeric());
      case 'is_integer':
        return define(name, '', () => this.isInteger());
      case 'is_float':
        return define(name, '', () => this.isFloat());
      case 'is_number':
        return define(name, '', () => this.isInteger() || this.isNumeric() || this.isFloat());
      case 'string_size':
        return define(name, '', () => this.stringSize());
      case 'can_expand_to':
        return define(name, 'other_column', (args) => {
          const other = args.value('other_column');
          return other instanceof Column && this.canExpandTo(other);
        });
      case 'literal':
        return define(name, 'value', (args) => `${args.text('value') ?? 'None'}::${this.dataType()}`);
      case 'to_dict':
        return define(name, 'omit_none=', () => Dict.of(this.entries()));
      default:
        return columnClassMethod(name);
    }
  }

  override entries(): readonly (readonly [Value, Value])[] {
    return Object.entries({
      column: this.column,
      dtype: this.dtype,
      char_size: this.charSize,
      numeric_precision: this.numericPrecision,
      numeric_scale: this.numericScale,
    });
  }
}

function numericType(dtype: string, precision: unknown, scale: unknown): string {
  if (precision === null || precision === undefined || scale === null || scale === undefined) return dtype;
  return `${dtype}(${plainText(precision)},${plainText(scale)})`;
}

/** What both `api.Column` and an instance answer. */
export function columnClassMethod(name: string): Value | undefined {
  switch (name) {
    case 'translate_type':
      return define(name, 'dtype', (args) => translateType(args.text('dtype') ?? ''));
    case 'create':
      return define(
        name,
        'name,label_or_dtype',
        (args) =>
          new Column({
            column: args.text('name') ?? '',
            dtype: translateType(args.text('label_or_dtype') ?? ''),
          }),
      );
    case 'string_type':
      return define(name, 'size', (args) => `character varying(${args.text('size') ?? ''})`);
    case 'numeric_type':
      return define(name, 'dtype,precision=,scale=', (args) =>
        numericType(args.text('dtype') ?? '', args.text('precision'), args.text('scale')),
      );
    case 'from_description':
      return define(name, 'name,raw_data_type', (args) =>
        fromDescription(args.text('name') ?? '', args.text('raw_data_type') ?? ''),
      );
    default:
      return undefined;
  }
}

export function translateType(dtype: string): string {
  return dtype.toUpperCase() === 'STRING' ? 'TEXT' : dtype;
}

/** `numeric(10,2)`, `character varying(30)`, … taken apart. */
export function fromDescription(column: string, description: string): Column {
  const match = /^([^(]+)(?:\(([^)]+)\))?/.exec(description);
  if (!match)
    throw new TemplateError(
      'compilation',
      'DbtRuntimeError',
      `Could not interpret data type "${description}"`,
    );
  const [, dtype = description, sizes] = match;
  const parts = (sizes ?? '').split(',').filter(Boolean);
  const wrong = parts.find((part) => !/^\s*[-+]?\d+\s*$/.test(part));
  if (wrong !== undefined) {
    throw new TemplateError(
      'compilation',
      'DbtRuntimeError',
      `Could not interpret data_type "${description}": could not convert "${wrong}" to an integer`,
    );
  }
  const numbers = parts.map(Number);
  const [first = null, second = null] = numbers;
  return numbers.length === 2
    ? new Column({ column, dtype, numericPrecision: first, numericScale: second })
    : new Column({ column, dtype, charSize: first });
}

/** `api.Column`: callable, with the class methods. */
export class ColumnClass extends HostObject {
  readonly typeName = 'type';

  override call(args: {
    readonly positional: readonly Value[];
    readonly keyword: ReadonlyMap<string, Value>;
  }): Value {
    const names = ['column', 'dtype', 'char_size', 'numeric_precision', 'numeric_scale'];
    const given = new Map(args.keyword);
    args.positional.forEach((value, index) => given.set(names[index] ?? '', value));
    const lacking = ['column', 'dtype'].filter(
      (name) => !given.has(name) && !(name === 'column' && given.has('name')),
    );
    if (lacking.length > 0) throw missingArguments('__init__', lacking);
    const number = (name: string): number | null => {
      const value = given.get(name);
      // A scale of 0 is one: numeric(5, 0) is not numeric.
      if (value === 0 || value === 0n) return 0;
      return value === undefined || value === null || !truthy(value) ? null : Number(value);
    };
    return new Column({
      column: str(given.get('column') ?? given.get('name') ?? ''),
      dtype: str(given.get('dtype') ?? ''),
      charSize: number('char_size'),
      numericPrecision: number('numeric_precision'),
      numericScale: number('numeric_scale'),
    });
  }

  override getAttribute(name: string): Value | undefined {
    return columnClassMethod(name);
  }

  override toRepr(): string {
    return "<class 'dbt.adapters.postgres.column.PostgresColumn'>";
  }
}

export function columnsDict(columns: readonly Column[]): Dict {
  return dictOf(Object.fromEntries(columns.map((column) => [column.column, column])));
}
