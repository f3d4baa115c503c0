/** A table as CSV and as JSON, in agate's and dbt's form. */

import { Dict, PyFloat, str, valueError } from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';
import { pythonJson } from '../modules/python-json.ts';
import { csvCell, jsonCell } from './data-type.ts';
import type { DataType } from './data-type.ts';
import type { TableParts } from './table.ts';

/** With a header; lines end with a line feed. */
export function csvText(table: TableParts): string {
  let text = csvLine(table.columnNames);
  for (let row = 0; row < table.cells.rowCount; row++) {
    text += csvLine(table.columnNames.map((_, column) => csvCell(table.cells.value(row, column)) ?? ''));
  }
  return text;
}

function csvLine(cells: readonly string[]): string {
  if (cells.length === 1 && cells[0] === '') return '""\n';
  return `${cells.map(quoted).join(',')}\n`;
}

function quoted(cell: string): string {
  const text = cell.replaceAll('\r', '\n');
  return /[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export interface JsonOptions {
  /** The column whose values name the rows: an object instead of a list. */
  readonly key?: string | undefined;
  /** One row a line, without brackets around. */
  readonly isLines?: boolean | undefined;
  readonly indent?: number | undefined;
}

export function jsonText(table: TableParts, options: JsonOptions = {}): string {
  const { key, isLines = false, indent } = options;
  const dump = (value: Value): string => pythonJson(value, { ensureAscii: false, indent });
  const rows = rowDicts(table);
  if (key !== undefined) return dump(keyed(rows, key));
  return isLines ? rows.map((row) => `${dump(row)}\n`).join('') : dump(rows);
}

function keyed(rows: readonly Dict[], key: string): Dict {
  const named = new Dict();
  for (const row of rows) {
    const name = row.get(key) ?? null;
    if (named.has(name)) throw valueError(`Value ${str(name)} is not unique in the key column.`);
    named.set(name, row);
  }
  return named;
}

/** The rows as dbt shows and compares them: numbers are floats, dates and times text. */
export function rowDicts(table: TableParts): Dict[] {
  return Array.from({ length: table.cells.rowCount }, (_, row) =>
    Dict.of(
      table.columnNames.map(
        (name, column) =>
          [name, jsonCell(table.columnTypes[column] as DataType, table.cells.value(row, column))] as const,
      ),
    ),
  );
}

export type PlainCell = null | boolean | number | bigint | string;

/** {@link rowDicts} in plain data; ints beyond 2**53 are bigints. */
export function tableRows(table: TableParts): Record<string, PlainCell>[] {
  return rowDicts(table).map((row) =>
    Object.fromEntries([...row.entries()].map(([name, value]) => [str(name), plainCell(value)])),
  );
}

function plainCell(value: Value): PlainCell {
  if (value instanceof PyFloat) return value.value;
  return value !== null && typeof value === 'object' ? csvCell(value) : value;
}
