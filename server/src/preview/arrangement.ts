/** What may be asked of fetched rows: which of them, in which order, and what of them. The shapes are those of the editor's protocol. */

import type { Cell } from '../warehouse/port.ts';

export interface Column {
  readonly name: string;
  /** As `format_type` spells it: it decides how cells compare and how they are written as SQL. */
  readonly type: string;
}

export interface Sort {
  readonly column: number;
  readonly direction: 'ascending' | 'descending';
}

export type Operator = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'contains' | 'is null' | 'is not null';

export interface Filter {
  readonly column: number;
  readonly operator: Operator;
  /** Absent for the two that need none. */
  readonly value?: string;
}

export interface Arrangement {
  readonly sort: readonly Sort[];
  readonly filters: readonly Filter[];
  /** Text to find in any cell, upper and lower case alike; empty finds everything. */
  readonly find: string;
}

/** A rectangle of the arranged rows; both ends included. */
export interface CellRange {
  readonly fromRow: number;
  readonly toRow: number;
  readonly columns: readonly number[];
}

export interface PageRow {
  /** As it was fetched, one-based. */
  readonly number: number;
  readonly cells: readonly Cell[];
  /** The columns whose text is longer than the page shows. */
  readonly cut: readonly number[];
}

export interface Page {
  readonly offset: number;
  readonly matching: number;
  readonly rows: readonly PageRow[];
}

export interface CellSummary {
  readonly count: number;
  readonly nulls: number;
  /** Exact decimal text; null when a cell is no number. */
  readonly sum: string | null;
  readonly average: string | null;
}

export type ExportForm = 'tsv' | 'tsv-with-headers' | 'csv' | 'markdown' | 'json' | 'sql-values' | 'cell';
