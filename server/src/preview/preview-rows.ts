/** The rows of one preview: they come in portions, and are asked for by page, by rectangle and as text. */

import type { Cell } from '../warehouse/port.ts';
import type {
  Arrangement,
  CellRange,
  CellSummary,
  Column,
  ExportForm,
  Page,
  PageRow,
} from './arrangement.ts';
import { arrangeRows } from './arranged-rows.ts';
import { ColumnCells } from './column-cells.ts';
import { booleanText, isBooleanType, isNumericType } from './comparison.ts';
import { DecimalSum } from './decimal.ts';
import { exportText } from './export-text.ts';

/** Longer text is cut in a page: a grid shows no more of it, and a page stays small. */
const LONGEST_IN_PAGE = 256;

export class PreviewRows {
  readonly columns: readonly Column[];
  readonly #cells: readonly ColumnCells[];
  readonly #booleans: readonly boolean[];
  #count = 0;
  /** The order that was asked for last: a page's neighbours are asked for next. */
  #arranged: { key: string; count: number; rows: Uint32Array | undefined } | undefined;

  constructor(columns: readonly Column[]) {
    this.columns = columns;
    this.#cells = columns.map(() => new ColumnCells());
    this.#booleans = columns.map(({ type }) => isBooleanType(type));
  }

  /** Rows that came so far. */
  get count(): number {
    return this.#count;
  }

  nulls(column: number): number {
    return this.#cells[column]?.nulls ?? 0;
  }

  append(rows: readonly (readonly Cell[])[]): void {
    for (const row of rows)
      this.#cells.forEach((cells, column) => {
        const cell = row[column] ?? null;
        // The server prints t and f; the grid, its filters and what is copied say true and false.
        cells.add(cell !== null && this.#booleans[column] ? (booleanText(cell) ?? cell) : cell);
      });
    this.#count += rows.length;
  }

  page(query: Arrangement & { readonly offset: number; readonly count: number }): Page {
    const rows = this.#arrange(query);
    const matching = rows?.length ?? this.#count;
    const first = Math.max(0, Math.min(query.offset, matching));
    const last = Math.min(matching, first + Math.max(0, query.count));
    return {
      offset: first,
      matching,
      rows: Array.from({ length: last - first }, (_, index) =>
        this.#pageRow(rows ? (rows[first + index] ?? 0) : first + index),
      ),
    };
  }

  summary(query: Arrangement & { readonly cells: CellRange }): CellSummary {
    const rows = this.#arrange(query);
    const columns = query.cells.columns.filter((column) => column in this.columns);
    const [from, to] = this.#bounds(query.cells, rows);
    const count = Math.max(0, to - from + 1) * columns.length;
    let nulls = 0;
    const sum = columns.every((column) => isNumericType(this.columns[column]?.type ?? ''))
      ? new DecimalSum()
      : undefined;
    let allNumbers = sum !== undefined && columns.length > 0;
    for (const column of columns) {
      const cells = this.#cells[column] as ColumnCells;
      for (let at = from; at <= to; at++) {
        const row = rows ? (rows[at] ?? 0) : at;
        if (cells.isNull(row)) nulls += 1;
        else if (allNumbers && sum) allNumbers = sum.add(cells.at(row) ?? '');
      }
    }
    const filled = count - nulls;
    if (!sum || !allNumbers || filled === 0) return { count, nulls, sum: null, average: null };
    return { count, nulls, sum: sum.sum(), average: sum.average(filled) };
  }

  /** Without cells: everything that matches. */
  export(query: Arrangement & { readonly cells?: CellRange; readonly form: ExportForm }): string {
    const rows = this.#arrange(query);
    const all = { fromRow: 0, toRow: this.#count - 1, columns: this.columns.map((_, index) => index) };
    const cells = query.cells ?? all;
    const [from, to] = this.#bounds(cells, rows);
    const columns = cells.columns.filter((column) => column in this.columns);
    return exportText(query.form, {
      columns: columns.map((column) => this.columns[column] as Column),
      count: Math.max(0, to - from + 1),
      at: (row, column) =>
        this.#cells[columns[column] ?? -1]?.at(rows ? (rows[from + row] ?? 0) : from + row) ?? null,
    });
  }

  #bounds(cells: CellRange, rows: Uint32Array | undefined): [from: number, to: number] {
    return [Math.max(0, cells.fromRow), Math.min(cells.toRow, (rows?.length ?? this.#count) - 1)];
  }

  #arrange({ sort, filters, find }: Arrangement): Uint32Array | undefined {
    const key = JSON.stringify([sort, filters, find]);
    if (this.#arranged?.key !== key || this.#arranged.count !== this.#count)
      this.#arranged = {
        key,
        count: this.#count,
        rows: arrangeRows(this.columns, this.#cells, this.#count, { sort, filters, find }),
      };
    return this.#arranged.rows;
  }

  #pageRow(row: number): PageRow {
    const cut: number[] = [];
    const cells = this.#cells.map((column, index) => {
      const cell = column.at(row);
      if (cell === null || cell.length <= LONGEST_IN_PAGE) return cell;
      cut.push(index);
      return cell.slice(0, wholeCharacters(cell, LONGEST_IN_PAGE));
    });
    return { number: row + 1, cells, cut };
  }
}

/** The length of the longest start that does not end within a surrogate pair. */
function wholeCharacters(text: string, length: number): number {
  return (text.codePointAt(length - 1) ?? 0) > 0xffff ? length - 1 : length;
}
