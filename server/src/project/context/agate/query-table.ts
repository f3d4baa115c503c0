/** A query's result as a table: the driver's values, and the types dbt finds for them. */

import { Dict, floatRepr, PyFloat, str, textOf, truthy, Tuple } from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';
import { DateTime } from '../modules/datetime/date-time.ts';
import { PyDate } from '../modules/datetime/date.ts';
import { MIDNIGHT, PyTime } from '../modules/datetime/time.ts';
import { pythonJson } from '../modules/python-json.ts';
import { resultNames, uniqueNames } from './column-names.ts';
import { dataTypes } from './data-type.ts';
import type { DataType, TypeName } from './data-type.ts';
import { Decimal } from './decimal.ts';
import { decoderOf } from './postgres-values.ts';
import type { OnPrint } from './table.ts';
import { AgateTable } from './table.ts';

/** What the server sent, in its text format. */
export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly typeOid: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Raises a ValueError for a date that Python does not have. */
export function tableFromQuery(result: QueryResult, onPrint?: OnPrint): AgateTable {
  const { columns, rows } = result;
  const named = resultNames(columns.map((column) => column.name));
  // A name that comes twice even so holds the last of its values in both places.
  const places = named.map((name) => named.lastIndexOf(name));
  const typed = places.map((place) => {
    const decode = decoderOf(columns[place]?.typeOid ?? 0);
    return typedColumn(rows.map((row) => decoded(row[place] ?? null, decode)));
  });
  return new AgateTable({
    columnNames: uniqueNames(named),
    columnTypes: typed.map((column) => column.type),
    cells: {
      rowCount: rows.length,
      value: (row, column) => typed[column]?.values[row] ?? null,
      text: (row, column) => rows[row]?.[places[column] as number] ?? null,
    },
    onPrint,
  });
}

function decoded(text: string | null, decode: (text: string) => Value): Value {
  return text === null ? null : decode(text);
}

interface TypedColumn {
  readonly type: DataType;
  readonly values: readonly Value[];
}

/** Lists and dicts become JSON text; a column with one of them or with a text is text as a whole. */
function typedColumn(given: readonly Value[]): TypedColumn {
  const values = given.map((value) => (isContainer(value) ? containerText(value) : value));
  const type = typeOfColumn(values);
  return { type: dataTypes[type], values: values.map((value) => cast(type, value)) };
}

function isContainer(value: Value): boolean {
  return Array.isArray(value) || value instanceof Dict || value instanceof Tuple;
}

function containerText(value: Value): string {
  return pythonJson(value, {
    otherwise(inner) {
      if (inner instanceof Decimal) return new PyFloat(inner.toFloat());
      if (inner instanceof DateTime || inner instanceof PyDate || inner instanceof PyTime)
        return inner.isoFormat();
      return str(inner);
    },
  });
}

const ORDER: readonly TypeName[] = [
  'Integer',
  'Number',
  'Date',
  'DateTime',
  'ISODateTime',
  'Boolean',
  'Text',
];

function typeOfColumn(values: readonly Value[]): TypeName {
  let possible = ORDER;
  for (const value of values) {
    if (value === null) continue;
    const own = typesOf(value);
    possible = possible.filter((type) => own.includes(type));
  }
  return possible[0] ?? 'Text';
}

function typesOf(value: Value): readonly TypeName[] {
  switch (typeof value) {
    case 'boolean':
      return ['Boolean', 'Text'];
    case 'number':
      return value === 0 || value === 1
        ? ['Integer', 'Number', 'Boolean', 'Text']
        : ['Integer', 'Number', 'Text'];
    case 'bigint':
      return ['Integer', 'Number', 'Text'];
    default:
      break;
  }
  if (value instanceof PyFloat || value instanceof Decimal) return ['Number', 'Text'];
  if (value instanceof PyDate) return ['Date', 'DateTime', 'ISODateTime', 'Text'];
  if (value instanceof DateTime) return ['DateTime', 'ISODateTime', 'Text'];
  return ['Text'];
}

function cast(type: TypeName, value: Value): Value {
  if (value === null) return null;
  switch (type) {
    case 'Number':
      if (value instanceof Decimal) return value;
      return Decimal.parse(value instanceof PyFloat ? floatRepr(value.value) : str(value)) ?? null;
    case 'DateTime':
    case 'ISODateTime':
      if (!(value instanceof PyDate)) return value;
      return new DateTime({ year: value.year, month: value.month, day: value.day, ...MIDNIGHT, zone: null });
    case 'Boolean':
      return truthy(value);
    case 'Text':
      return textOf(value) ?? str(value);
    default:
      return value;
  }
}
