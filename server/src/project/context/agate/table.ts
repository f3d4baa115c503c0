/** agate's Table: what queries and seeds give templates. */

import { HostObject, Tuple } from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';
import type { DataType } from './data-type.ts';
import { columnOf } from './column.ts';
import { MappedSequence } from './mapped-sequence.ts';
import { tableMethod } from './table-methods.ts';
import { structureText } from './print-table.ts';

/** Where a table's values are. */
export interface Cells {
  readonly rowCount: number;
  value(row: number, column: number): Value;
  /** The text that gives Postgres the value in COPY; null for NULL. */
  text(row: number, column: number): string | null;
  /** The digits behind the point that a column of numbers needs, where the cells know it without making the values. */
  decimalPlaces?(column: number): number;
}

/** Takes what `print_table()` and its like print, newline included. */
export type OnPrint = (text: string) => void;

export interface TableParts {
  /** Unique. */
  readonly columnNames: readonly string[];
  readonly columnTypes: readonly DataType[];
  readonly cells: Cells;
  /** What is printed is dropped when absent. */
  readonly onPrint?: OnPrint | undefined;
}

/** Immutable. False when it has no rows, as in Python. */
export class AgateTable extends HostObject implements TableParts {
  readonly typeName = 'Table';
  readonly columnNames: readonly string[];
  readonly columnTypes: readonly DataType[];
  readonly cells: Cells;
  readonly onPrint: OnPrint | undefined;
  #rows: MappedSequence | undefined;
  #columns: MappedSequence | undefined;

  constructor(parts: TableParts) {
    super();
    this.columnNames = parts.columnNames;
    this.columnTypes = parts.columnTypes;
    this.cells = parts.cells;
    this.onPrint = parts.onPrint;
  }

  override get qualifiedTypeName(): string {
    return 'agate.table.Table';
  }

  /** The same but for what is given. */
  with(changes: Partial<TableParts>): AgateTable {
    const { columnNames, columnTypes, cells, onPrint } = this;
    return new AgateTable({ columnNames, columnTypes, cells, onPrint, ...changes });
  }

  get rowCount(): number {
    return this.cells.rowCount;
  }

  value(row: number, column: number): Value {
    return this.cells.value(row, column);
  }

  /** The text that gives Postgres the same value in COPY as dbt's INSERT would; null for NULL. */
  cellText(row: number, column: number): string | null {
    return this.cells.text(row, column);
  }

  /** All values, row by row. */
  rowValues(): Value[][] {
    return Array.from({ length: this.rowCount }, (_, row) => this.#valuesOf(row));
  }

  /** `load_result(…).data`: a list of tuples. */
  matrix(): Tuple[] {
    return this.rowValues().map((values) => new Tuple(values));
  }

  #valuesOf(row: number): Value[] {
    return this.columnNames.map((_, column) => this.cells.value(row, column));
  }

  get rows(): MappedSequence {
    this.#rows ??= new MappedSequence(
      'MappedSequence',
      () => this.rowValues().map((values) => new MappedSequence('Row', () => values, this.columnNames)),
      null,
    );
    return this.#rows;
  }

  get columns(): MappedSequence {
    this.#columns ??= new MappedSequence(
      'MappedSequence',
      () => this.columnNames.map((_, index) => columnOf(this, index)),
      this.columnNames,
    );
    return this.#columns;
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'rows':
        return this.rows;
      case 'columns':
        return this.columns;
      case 'column_names':
        return new Tuple(this.columnNames);
      case 'column_types':
        return new Tuple(this.columnTypes);
      case 'row_names':
        return null;
      default:
        return tableMethod(this, name);
    }
  }

  override getItem(key: Value): Value | undefined {
    return this.rows.getItem(key);
  }

  /** All rows in order: what slices are taken of. */
  override sequence(): readonly Value[] {
    return this.rows.sequence();
  }

  override iterate(): Iterator<Value> {
    return this.rows.iterate();
  }

  override length(): number {
    return this.rowCount;
  }

  override toStr(): string {
    return structureText(this);
  }

  override toRepr(): string {
    return '<agate.table.Table object>';
  }
}

/** A table without rows and columns, as a statement without a result gives. */
export function emptyTable(onPrint?: OnPrint): AgateTable {
  return new AgateTable({ columnNames: [], columnTypes: [], cells: cellsOf([]), onPrint });
}

/** Cells that hold their values. */
export function cellsOf(
  rows: readonly (readonly Value[])[],
  text: (row: number, column: number) => string | null = () => null,
): Cells {
  return { rowCount: rows.length, value: (row, column) => rows[row]?.[column] ?? null, text };
}
