/** The types of agate's columns that dbt uses, its own Integer among them. */

import { HostObject, PyFloat, str } from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';
import { PyDate } from '../modules/datetime/date.ts';
import { DateTime } from '../modules/datetime/date-time.ts';
import { Decimal } from './decimal.ts';

export type TypeName = 'Integer' | 'Number' | 'Date' | 'DateTime' | 'ISODateTime' | 'Boolean' | 'Text';

const MODULES: Readonly<Record<TypeName, string>> = {
  Integer: 'dbt_common.clients.agate_helper.Integer',
  Number: 'dbt_common.clients.agate_helper.Number',
  Date: 'agate.data_types.date.Date',
  DateTime: 'agate.data_types.date_time.DateTime',
  ISODateTime: 'dbt_common.clients.agate_helper.ISODateTime',
  Boolean: 'agate.data_types.boolean.Boolean',
  Text: 'agate.data_types.text.Text',
};

export class DataType extends HostObject {
  readonly typeName: TypeName;

  constructor(name: TypeName) {
    super();
    this.typeName = name;
  }

  override get qualifiedTypeName(): string {
    return MODULES[this.typeName];
  }
}

export const dataTypes: Readonly<Record<TypeName, DataType>> = {
  Integer: new DataType('Integer'),
  Number: new DataType('Number'),
  Date: new DataType('Date'),
  DateTime: new DataType('DateTime'),
  ISODateTime: new DataType('ISODateTime'),
  Boolean: new DataType('Boolean'),
  Text: new DataType('Text'),
};

/** A cell's text in CSV; null for an empty one. */
export function csvCell(value: Value): string | null {
  if (value === null) return null;
  if (value instanceof PyDate || value instanceof DateTime) return value.isoFormat();
  return str(value);
}

/** A cell as JSON has it: ints, floats, booleans, texts, None. */
export function jsonCell(type: DataType, value: Value): Value {
  if (value === null) return null;
  switch (type.typeName) {
    case 'Integer':
    case 'Boolean':
      return value;
    case 'Number':
      return new PyFloat(value instanceof Decimal ? value.toFloat() : Number(str(value)));
    default:
      return csvCell(value);
  }
}
