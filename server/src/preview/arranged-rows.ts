/** The rows that match an arrangement, in its order. */

import type { Arrangement, Column, Filter, Operator, Sort } from './arrangement.ts';
import type { ColumnCells } from './column-cells.ts';
import type { CompareRows } from './comparison.ts';
import { compareWith, rowOrder } from './comparison.ts';

/** Indices of rows; undefined stands for all rows as they were fetched. */
export function arrangeRows(
  columns: readonly Column[],
  cells: readonly ColumnCells[],
  count: number,
  arrangement: Arrangement,
): Uint32Array | undefined {
  const { sort, filters, find } = arrangement;
  if (sort.length === 0 && filters.length === 0 && find === '') return undefined;
  const matching = matchingRows(columns, cells, count, arrangement);
  return sort.length === 0 ? matching : sorted(columns, cells, matching, sort);
}

function matchingRows(
  columns: readonly Column[],
  cells: readonly ColumnCells[],
  count: number,
  { filters, find }: Arrangement,
): Uint32Array {
  const out = new Uint8Array(count);
  for (const filter of filters) {
    const column = columns[filter.column];
    const own = cells[filter.column];
    if (column && own) dropUnmatched(column, own, filter, out);
  }
  if (find !== '') dropWithout(cells, find, out);
  const rows = new Uint32Array(count);
  let matching = 0;
  for (let row = 0; row < count; row++) if (out[row] === 0) rows[matching++] = row;
  return rows.slice(0, matching);
}

/** Marks the rows that a filter leaves out. A NULL matches no comparison, as in SQL. */
function dropUnmatched(
  column: Column,
  cells: ColumnCells,
  { operator, value = '' }: Filter,
  out: Uint8Array,
): void {
  if (operator === 'contains') {
    dropWithout([cells], value, out);
    return;
  }
  const matches = rowTest(column, cells, operator, value);
  for (let row = 0; row < out.length; row++) if (out[row] === 0 && !matches(row)) out[row] = 1;
}

function rowTest(
  column: Column,
  cells: ColumnCells,
  operator: Exclude<Operator, 'contains'>,
  value: string,
): (row: number) => boolean {
  if (operator === 'is null') return (row) => cells.isNull(row);
  if (operator === 'is not null') return (row) => !cells.isNull(row);
  const compare = compareWith(column.type, value);
  if (!compare) return () => false;
  const holds = comparisonTest(operator);
  return (row) => {
    const text = cells.at(row);
    return text !== null && holds(compare(text));
  };
}

/** NaN, which says that a cell could not be compared, fulfils none of them. */
function comparisonTest(operator: Exclude<Operator, 'contains' | 'is null' | 'is not null'>) {
  switch (operator) {
    case '=':
      return (order: number) => order === 0;
    case '<>':
      return (order: number) => order < 0 || order > 0;
    case '<':
      return (order: number) => order < 0;
    case '<=':
      return (order: number) => order <= 0;
    case '>':
      return (order: number) => order > 0;
    case '>=':
      return (order: number) => order >= 0;
  }
}

function dropWithout(cells: readonly ColumnCells[], text: string, out: Uint8Array): void {
  const found = new Uint8Array(out.length);
  const pattern = new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&'), 'giu');
  for (const column of cells)
    column.find(pattern, (row) => {
      found[row] = 1;
    });
  for (let row = 0; row < out.length; row++) if (found[row] === 0) out[row] = 1;
}

/** Rows that compare equal stay as they came. NULLs are last, and first when descending, as Postgres has them. */
function sorted(
  columns: readonly Column[],
  cells: readonly ColumnCells[],
  rows: Uint32Array,
  sort: readonly Sort[],
): Uint32Array {
  const orders = sort.flatMap((one) => {
    const column = columns[one.column];
    const own = cells[one.column];
    return column && own ? [columnOrder(column, own, rows, one)] : [];
  });
  return rows.slice().sort((left, right) => {
    for (const order of orders) {
      const result = order(left, right);
      if (result !== 0) return result;
    }
    return left - right;
  });
}

function columnOrder(column: Column, cells: ColumnCells, rows: Uint32Array, sort: Sort): CompareRows {
  const sign = sort.direction === 'ascending' ? 1 : -1;
  if (cells.nulls === 0) {
    const compare = rowOrder(cells, column.type, rows);
    return (left, right) => sign * compare(left, right);
  }
  const isNull = new Uint8Array(cells.length);
  const filled = rows.filter((row) => {
    isNull[row] = cells.isNull(row) ? 1 : 0;
    return isNull[row] === 0;
  });
  const compare = rowOrder(cells, column.type, filled);
  return (left, right) => {
    const nulls = (isNull[left] as number) - (isNull[right] as number);
    if (nulls !== 0) return sign * nulls;
    return isNull[left] === 1 ? 0 : sign * compare(left, right);
  };
}
