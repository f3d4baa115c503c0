/** What `print_table` and `print_structure` write, as agate lays it out. */

import { str } from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';
import type { DataType } from './data-type.ts';
import { dataTypes } from './data-type.ts';
import { Decimal } from './decimal.ts';
import { decimalText, digitCount, normalized, plainText, PRECISION, rescale } from './decimal-number.ts';
import type { TableParts } from './table.ts';

export interface PrintOptions {
  /** null for all. */
  readonly maxRows: number | null;
  readonly maxColumns: number | null;
  /** In characters; null for any width. */
  readonly maxColumnWidth: number | null;
  /** Digits behind the point; null for all. */
  readonly maxPrecision: number | null;
  /** Whose separators numbers have: `en_US`. */
  readonly locale: string;
}

export const usualPrintOptions: PrintOptions = {
  maxRows: 20,
  maxColumns: 6,
  maxColumnWidth: 20,
  maxPrecision: 3,
  locale: 'en_US',
};

const ELLIPSIS = '...';

type CellText = (value: Value) => string;

/** The whole text, a newline behind each line. */
export function tableText(table: TableParts, options: Partial<PrintOptions> = {}): string {
  const { maxRows, maxColumns, maxColumnWidth, maxPrecision, locale } = { ...usualPrintOptions, ...options };
  const rowCount = Math.min(maxRows ?? Infinity, table.cells.rowCount);
  const columnCount = Math.min(maxColumns ?? Infinity, table.columnNames.length);
  const isCut = columnCount < table.columnNames.length;
  const shortened = (text: string): string => truncated(text, maxColumnWidth);
  const header = table.columnNames.slice(0, columnCount).map(shortened);
  if (isCut) header.push(ELLIPSIS);
  const writers = table.columnTypes
    .slice(0, columnCount)
    .map((type, column) => cellWriter(table, type, column, rowCount, maxPrecision ?? Infinity, locale));
  const lines: string[][] = [];
  for (let row = 0; row < rowCount; row++) {
    const line = writers.map((write, column) => shortened(write(table.cells.value(row, column))));
    if (isCut) line.push(ELLIPSIS);
    lines.push(line);
  }
  const widths = header.map((name, column) =>
    Math.max(...[name, ...lines.map((line) => line[column] ?? '')].map(widthOf)),
  );
  const written = (line: readonly string[]): string => {
    const cells = line.map((text, column) => {
      const padding = ' '.repeat(Math.max(0, (widths[column] as number) - widthOf(text)));
      return table.columnTypes[column]?.typeName === 'Text' ? ` ${text}${padding} ` : ` ${padding}${text} `;
    });
    return `|${cells.join('|')}|\n`;
  };
  const divider = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |\n`;
  const isShort = rowCount < table.cells.rowCount;
  return (
    written(header) +
    divider +
    lines.map(written).join('') +
    (isShort ? written(header.map(() => ELLIPSIS)) : '')
  );
}

/** `str(table)`: the names and types of the columns, as a table. */
export function structureText(table: TableParts, maxRows: number | null = null): string {
  const rows = table.columnNames.map((name, index) => [name, table.columnTypes[index]?.typeName ?? 'Text']);
  return tableText(
    {
      columnNames: ['column', 'data_type'],
      columnTypes: [dataTypes.Text, dataTypes.Text],
      cells: { rowCount: rows.length, value: (row, column) => rows[row]?.[column] ?? null, text: () => null },
    },
    { maxRows, maxColumnWidth: null },
  );
}

function truncated(text: string, width: number | null): string {
  if (width === null || widthOf(text) <= width) return text;
  return (
    Array.from(text)
      .slice(0, Math.max(0, width - ELLIPSIS.length))
      .join('') + ELLIPSIS
  );
}

function widthOf(text: string): number {
  return Array.from(text).length;
}

function cellWriter(
  table: TableParts,
  type: DataType,
  column: number,
  rowCount: number,
  maxPrecision: number,
  locale: string,
): CellText {
  if (type.typeName !== 'Number') return (value) => (value === null ? '' : str(value));
  const values = Array.from({ length: rowCount }, (_, row) => table.cells.value(row, column));
  const places = maxDecimalPlaces(values);
  const isCut = places > maxPrecision;
  const separators = separatorsOf(locale);
  return (value) => {
    if (value === null) return '';
    if (!(value instanceof Decimal)) return str(value);
    return decimalCell(value, isCut ? maxPrecision : places, isCut, separators);
  };
}

interface Separators {
  readonly group: string;
  readonly decimal: string;
}

function separatorsOf(locale: string): Separators {
  const parts = new Intl.NumberFormat(locale.replaceAll('_', '-')).formatToParts(12345.6);
  const find = (type: string, usual: string): string =>
    parts.find((part) => part.type === type)?.value ?? usual;
  return { group: find('group', ','), decimal: find('decimal', '.') };
}

function decimalCell(value: Decimal, places: number, isCut: boolean, separators: Separators): string {
  const { number } = value;
  if (number.kind === 'infinity') return decimalText(number);
  // What is no number is written with the digits of one.
  if (number.kind !== 'finite') return `NaN${places > 0 ? `${separators.decimal}${'0'.repeat(places)}` : ''}`;
  const shown = plainText(rescale({ ...number, isNegative: false }, -Math.max(0, places)));
  const [whole = '', fraction] = shown.split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/gu, separators.group);
  const tail = isCut ? '…' : '';
  const sign = number.isNegative ? '-' : '';
  return sign + grouped + (fraction === undefined ? '' : separators.decimal + fraction) + tail;
}

/** The most digits behind the point that any value needs, fewer when the largest would not fit the precision beside them. */
export function maxDecimalPlaces(values: Iterable<Value>): number {
  let whole = 1;
  let decimal = 0;
  for (const value of values) {
    if (!(value instanceof Decimal) || value.number.kind !== 'finite') continue;
    const number = normalized(value.number);
    decimal = Math.max(decimal, -number.exponent);
    whole = Math.max(whole, digitCount(number.coefficient) + number.exponent);
  }
  return whole + decimal > PRECISION ? PRECISION - whole : decimal;
}
