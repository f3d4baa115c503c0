/** The Postgres type dbt gives a seed's column. */

import { DateTime } from '../modules/datetime/date-time.ts';
import { Decimal } from './decimal.ts';
import { maxDecimalPlaces } from './print-table.ts';
import type { AgateTable } from './table.ts';

/** `integer`, `float8`, `text`, `boolean`, `date`, `timestamp without time zone`. */
export function columnSqlType(table: AgateTable, index: number): string {
  switch (table.columnTypes[index]?.typeName) {
    case 'Integer':
      return 'integer';
    case 'Number':
      return decimalPlaces(table, index) === 0 ? 'integer' : 'float8';
    case 'Boolean':
      return 'boolean';
    case 'DateTime':
    case 'ISODateTime':
      return 'timestamp without time zone';
    case 'Date':
      return 'date';
    default:
      return 'text';
  }
}

/**
 * Whether a column's timestamps carry an offset. dbt inserts those as `timestamptz`, so that the session's zone tells what the column
 * without zone gets; in COPY their offset would be lost.
 */
export function columnHasOffsets({ cells, columnTypes }: AgateTable, column: number): boolean {
  if (columnTypes[column]?.typeName !== 'ISODateTime') return false;
  for (let row = 0; row < cells.rowCount; row++) {
    const value = cells.value(row, column);
    if (value instanceof DateTime && value.zone !== null) return true;
  }
  return false;
}

function decimalPlaces({ cells }: AgateTable, column: number): number {
  if (cells.decimalPlaces) return cells.decimalPlaces(column);
  const values: Decimal[] = [];
  for (let row = 0; row < cells.rowCount; row++) {
    const value = cells.value(row, column);
    if (value instanceof Decimal) values.push(value);
  }
  return maxDecimalPlaces(values);
}
