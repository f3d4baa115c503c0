/** agate tables: what queries and seeds are to templates. */

export { AgateTable, emptyTable } from './table.ts';
export type { OnPrint } from './table.ts';
export { tableFromQuery } from './query-table.ts';
export type { QueryResult } from './query-table.ts';
export { CsvError, seedLine, tableFromCsv } from './seed-table.ts';
export type { SeedOptions } from './seed-table.ts';
export { columnHasOffsets, columnSqlType } from './sql-type.ts';
export { csvText, jsonText, rowDicts, tableRows } from './table-text.ts';
export type { PlainCell } from './table-text.ts';
export { tableText, usualPrintOptions } from './print-table.ts';
export type { PrintOptions } from './print-table.ts';
export { Decimal } from './decimal.ts';
