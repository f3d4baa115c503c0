/** Cells as text for a clipboard or a file. In every form that can say it, NULL is not an empty text. */

import type { Cell } from '../warehouse/port.ts';
import type { Column, ExportForm } from './arrangement.ts';
import { isBooleanType, isNumericType } from './comparison.ts';
import { parseDecimal } from './decimal.ts';

export interface Rectangle {
  readonly columns: readonly Column[];
  readonly count: number;
  at(row: number, column: number): Cell;
}

export function exportText(form: ExportForm, cells: Rectangle): string {
  switch (form) {
    case 'cell':
      return cells.count > 0 && cells.columns.length > 0 ? (cells.at(0, 0) ?? '') : '';
    case 'tsv':
      return lines(cells, (row) => fields(row, TSV), '\n');
    case 'tsv-with-headers':
      return [header(cells, TSV), ...rowsOf(cells, (row) => fields(row, TSV))].join('\n');
    case 'csv':
      return [header(cells, CSV), ...rowsOf(cells, (row) => fields(row, CSV)), ''].join('\r\n');
    case 'markdown':
      return toMarkdown(cells);
    case 'json':
      return toJson(cells);
    case 'sql-values':
      return toSqlValues(cells);
  }
}

interface Separated {
  readonly separator: string;
  /** What a field holds that must be quoted. */
  readonly special: RegExp;
}

/** RFC 4180. */
const CSV: Separated = { separator: ',', special: /[",\r\n]/u };
/** As spreadsheets paste it. */
const TSV: Separated = { separator: '\t', special: /["\t\r\n]/u };

function header({ columns }: Rectangle, form: Separated): string {
  return fields(
    columns.map(({ name }) => name),
    form,
  );
}

/** NULL is nothing and an empty text a pair of quotes, as Postgres's COPY writes and reads them. */
function fields(cells: readonly Cell[], { separator, special }: Separated): string {
  return cells
    .map((cell) => {
      if (cell === null) return '';
      return cell === '' || special.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
    })
    .join(separator);
}

function rowsOf(cells: Rectangle, write: (row: readonly Cell[], index: number) => string): string[] {
  const columns = cells.columns.map((_, index) => index);
  return Array.from({ length: cells.count }, (_, row) =>
    write(
      columns.map((column) => cells.at(row, column)),
      row,
    ),
  );
}

function lines(
  cells: Rectangle,
  write: (row: readonly Cell[], index: number) => string,
  between: string,
): string {
  return rowsOf(cells, write).join(between);
}

function toMarkdown(cells: Rectangle): string {
  const line = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
  const escaped = (text: string) =>
    text
      .replaceAll('\\', '\\\\')
      .replaceAll('|', '\\|')
      .replaceAll(/\r\n|\r|\n/gu, '<br>');
  return [
    line(cells.columns.map(({ name }) => escaped(name))),
    line(cells.columns.map(({ type }) => (isNumericType(type) ? '---:' : '---'))),
    ...rowsOf(cells, (row) => line(row.map((cell) => (cell === null ? '*NULL*' : escaped(cell))))),
  ].join('\n');
}

function toJson(cells: Rectangle): string {
  const names = uniqueNames(cells.columns.map(({ name }) => name)).map((name) => JSON.stringify(name));
  const rows = rowsOf(
    cells,
    (row) =>
      `  { ${row
        .map((cell, index) => `${names[index] ?? ''}: ${jsonValue(cell, cells.columns[index]?.type ?? '')}`)
        .join(', ')} }`,
  );
  return rows.length === 0 ? '[]' : `[\n${rows.join(',\n')}\n]`;
}

/** A second column of the same name would hide the first. */
function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let number = 2; taken.has(unique); number++) unique = `${name}_${number}`;
    taken.add(unique);
    return unique;
  });
}

/** Numbers keep all their digits: JSON has no greatest number, whatever a reader makes of it. */
function jsonValue(cell: Cell, type: string): string {
  if (cell === null) return 'null';
  if (isNumericType(type)) return parseDecimal(cell)?.kind === 'finite' ? cell : JSON.stringify(cell);
  if (isBooleanType(type) || type === 'json' || type === 'jsonb') return cell;
  return JSON.stringify(cell);
}

/** A query that gives the rows again. The first row's casts give the columns their types. */
function toSqlValues(cells: Rectangle): string {
  const names = uniqueNames(cells.columns.map(({ name }) => name)).map(
    (name) => `"${name.replaceAll('"', '""')}"`,
  );
  const head = 'select *\nfrom (values';
  const tail = `) as result (${names.join(', ')})`;
  if (cells.count === 0) {
    const typed = cells.columns.map(({ type }) => `null::${type}`).join(', ');
    return `${head}\n  (${typed})\n${tail}\nwhere false`;
  }
  const rows = lines(
    cells,
    (row, index) =>
      `  (${row
        .map((cell, column) => {
          const type = cells.columns[column]?.type ?? 'text';
          return index === 0 ? `${sqlLiteral(cell, type)}::${type}` : sqlLiteral(cell, type);
        })
        .join(', ')})`,
    ',\n',
  );
  return `${head}\n${rows}\n${tail}`;
}

/** Types whose plain numbers keep the type of a column that the first row set. */
const PLAIN_NUMBERS = /^(integer|bigint|numeric|double precision)\b/u;

function sqlLiteral(cell: Cell, type: string): string {
  if (cell === null) return 'null';
  // A sign would bind weaker than the cast, and more digits than an integer has would make a numeric of it.
  if (PLAIN_NUMBERS.test(type) && /^\d{1,9}(\.\d+)?$/u.test(cell)) return cell;
  if (type === 'boolean' && (cell === 'true' || cell === 'false')) return cell;
  return `'${cell.replaceAll("'", "''")}'`;
}
