/** A seed's CSV as a table: dbt's inference of types, values made when they are asked for. */

import type { Value } from '../../../jinja/index.ts';
import {
  booleanIn,
  dateIn,
  dateTimeIn,
  isNullToken,
  isoDateTimeIn,
  numberIn,
  stripEnd,
  stripped,
  stripStart,
} from './cell-text.ts';
import { letterName, uniqueNames } from './column-names.ts';
import type { CsvCells } from './csv-reader.ts';
import { readCsv } from './csv-reader.ts';
import { csvCell, dataTypes } from './data-type.ts';
import type { DataType, TypeName } from './data-type.ts';
import { Decimal, wholeText } from './decimal.ts';
import { digitCount, normalized, PRECISION } from './decimal-number.ts';
import { isPlainDate, isPlainDateTime, isPlainNumber } from './plain-cells.ts';
import type { Cells, OnPrint } from './table.ts';
import { AgateTable } from './table.ts';

export interface SeedOptions {
  /** One character. */
  readonly delimiter: string;
  /** The columns that stay text: those with a configured type. */
  readonly textColumns: ReadonlySet<string>;
  readonly onPrint?: OnPrint | undefined;
}

/** A CSV that is no table. */
export class CsvError extends Error {
  /** The range of the line at fault, in UTF-16 units, line ends counted as one. */
  readonly start: number;
  readonly end: number;
  /** From one up. */
  readonly line: number;

  constructor(message: string, text: string, start: number) {
    super(message);
    this.name = 'CsvError';
    const lineEnd = text.indexOf('\n', start);
    this.start = start;
    this.end = lineEnd < 0 ? text.length : lineEnd;
    this.line = text.slice(0, start).split('\n').length;
  }
}

/** The line of the file, from one up, on which a row of the table begins; the row after the header is 1. */
export function seedLine(source: string, delimiter: string, row: number): number {
  const csv = readCsv(source, delimiter);
  return csv.text.slice(0, csv.rowStart(Math.min(row, csv.rowCount - 1))).split('\n').length;
}

/** Throws a {@link CsvError} for an empty file and for a row with more values than there are columns. */
export function tableFromCsv(source: string, options: SeedOptions): AgateTable {
  const csv = readCsv(source.startsWith('\ufeff') ? source.slice(1) : source, options.delimiter);
  const columnNames = columnNamesOf(csv);
  checkWidths(csv, columnNames.length);
  const columnTypes = inferTypes(csv, columnNames, options.textColumns);
  return new AgateTable({
    columnNames,
    columnTypes,
    cells: new SeedCells(csv, columnTypes),
    onPrint: options.onPrint,
  });
}

function columnNamesOf(csv: CsvCells): string[] {
  if (csv.rowCount === 0) {
    throw new CsvError('the seed is empty: its first line must name the columns', csv.text, 0);
  }
  const width = csv.cellCount(0);
  if (width > 0) return uniqueNames(Array.from({ length: width }, (_, column) => csv.cell(0, column)));
  // An empty first line names nothing: the first row says how many columns there are.
  return csv.rowCount < 2 ? [] : Array.from({ length: csv.cellCount(1) }, (_, column) => letterName(column));
}

function checkWidths(csv: CsvCells, width: number): void {
  for (let row = 1; row < csv.rowCount; row++) {
    const count = csv.cellCount(row);
    if (count <= width) continue;
    const start = csv.rowStart(row);
    const error = new CsvError('', csv.text, start);
    error.message =
      `this row has ${count} values, but the header names ${width} column${width === 1 ? '' : 's'}: ` +
      'quote the value that contains the delimiter, or name the column';
    throw error;
  }
}

const NUMBER = 1;
const DATE = 2;
const DATE_TIME = 4;
const ISO_DATE_TIME = 8;
const BOOLEAN = 16;
const ANY = NUMBER | DATE | DATE_TIME | ISO_DATE_TIME | BOOLEAN;

/** The types that every value of the column can be, the first of dbt's order. */
function inferTypes(csv: CsvCells, names: readonly string[], textColumns: ReadonlySet<string>): DataType[] {
  const isText = names.map((name) => textColumns.has(name));
  const possible = new Uint8Array(names.length).fill(ANY);
  const hasCells = new Uint8Array(names.length);
  csv.forEachCell(1, (column, text, start, end) => {
    hasCells[column] = 1;
    const candidates = possible[column] as number;
    if (candidates === 0 || isText[column]) return;
    const from = stripStart(text, start, end);
    possible[column] = possibleTypes(text, from, stripEnd(text, from, end), candidates);
  });
  return names.map(
    (_, column) =>
      dataTypes[typeOf(possible[column] as number, hasCells[column] === 1, isText[column] === true)],
  );
}

function typeOf(possible: number, hasCells: boolean, isText: boolean): TypeName {
  if (isText) return 'Text';
  if (!hasCells) return 'Integer';
  if (possible & NUMBER) return 'Number';
  if (possible & DATE) return 'Date';
  if (possible & DATE_TIME) return 'DateTime';
  if (possible & ISO_DATE_TIME) return 'ISODateTime';
  return possible & BOOLEAN ? 'Boolean' : 'Text';
}

/** Those of the candidates that a stripped cell can be. */
function possibleTypes(text: string, start: number, end: number, candidates: number): number {
  if (isNullToken(text, start, end)) return candidates;
  if (candidates & NUMBER && isPlainNumber(text, start, end)) return NUMBER;
  if (candidates & DATE && isPlainDate(text, start, end)) return DATE;
  if (candidates & DATE_TIME && isPlainDateTime(text, start, end)) return DATE_TIME;
  const cell = text.slice(start, end);
  let possible = 0;
  if (candidates & NUMBER && numberIn(cell)) possible |= NUMBER;
  if (candidates & DATE && dateIn(cell)) possible |= DATE;
  if (candidates & DATE_TIME && dateTimeIn(cell)) possible |= DATE_TIME;
  if (candidates & ISO_DATE_TIME && isoDateTimeIn(cell)) possible |= ISO_DATE_TIME;
  if (candidates & BOOLEAN && booleanIn(cell) !== undefined) possible |= BOOLEAN;
  return possible;
}

class SeedCells implements Cells {
  readonly rowCount: number;
  readonly #csv: CsvCells;
  readonly #types: readonly DataType[];
  readonly #places: (number | undefined)[] = [];

  constructor(csv: CsvCells, types: readonly DataType[]) {
    this.#csv = csv;
    this.#types = types;
    this.rowCount = csv.rowCount - 1;
  }

  value(row: number, column: number): Value {
    const raw = this.#raw(row, column);
    if (raw === undefined) return null;
    const cell = stripped(raw);
    if (isNullToken(cell, 0, cell.length)) return null;
    switch (this.#types[column]?.typeName) {
      case 'Number':
        return numberIn(cell) ?? null;
      case 'Date':
        return dateIn(cell) ?? null;
      case 'DateTime':
        return dateTimeIn(cell) ?? null;
      case 'ISODateTime':
        return isoDateTimeIn(cell) ?? null;
      case 'Boolean':
        return booleanIn(cell) ?? null;
      default:
        return raw;
    }
  }

  text(row: number, column: number): string | null {
    const raw = this.#raw(row, column);
    if (raw === undefined) return null;
    const start = stripStart(raw, 0, raw.length);
    const end = stripEnd(raw, start, raw.length);
    if (isNullToken(raw, start, end)) return null;
    return this.#isAsWritten(raw, start, end, column) ? raw.slice(start, end) : this.#castText(row, column);
  }

  /** Whether Postgres reads the stripped text as the value. */
  #isAsWritten(raw: string, start: number, end: number, column: number): boolean {
    switch (this.#types[column]?.typeName) {
      case 'Number':
        // A point is no part of an integer, a zero has no sign, and further digits would be rounded.
        if (end - start > PRECISION || !isPlainNumber(raw, start, end) || raw.startsWith('-0', start))
          return false;
        return this.decimalPlaces(column) !== 0 || !raw.includes('.', start);
      case 'Date':
        return isPlainDate(raw, start, end);
      case 'DateTime':
        return isPlainDateTime(raw, start, end);
      default:
        return false;
    }
  }

  #castText(row: number, column: number): string | null {
    const value = this.value(row, column);
    if (!(value instanceof Decimal)) return typeof value === 'boolean' ? String(value) : csvCell(value);
    // The driver writes infinities as NaN.
    if (value.number.kind !== 'finite') return 'NaN';
    const text = this.decimalPlaces(column) === 0 ? wholeText(value) : value.toStr();
    return /[1-9]/u.test(text) ? text : text.replace('-', '');
  }

  /** See `maxDecimalPlaces`: the same without making the values. */
  decimalPlaces(column: number): number {
    this.#places[column] ??= this.#countPlaces(column);
    return this.#places[column];
  }

  #countPlaces(column: number): number {
    let whole = 1;
    let decimal = 0;
    for (let row = 0; row < this.rowCount; row++) {
      const raw = this.#raw(row, column);
      if (raw === undefined) continue;
      const start = stripStart(raw, 0, raw.length);
      const end = stripEnd(raw, start, raw.length);
      if (isNullToken(raw, start, end)) continue;
      const [wholeDigits, decimalDigits] = placesOf(raw, start, end);
      whole = Math.max(whole, wholeDigits);
      decimal = Math.max(decimal, decimalDigits);
    }
    return whole + decimal > PRECISION ? PRECISION - whole : decimal;
  }

  #raw(row: number, column: number): string | undefined {
    return column < this.#csv.cellCount(row + 1) ? this.#csv.cell(row + 1, column) : undefined;
  }
}

/** Digits before and behind the point, without the zeros that do not count. */
function placesOf(text: string, start: number, end: number): readonly [whole: number, decimal: number] {
  if (end - start <= PRECISION && isPlainNumber(text, start, end)) {
    let first = text.charCodeAt(start) === 0x2d ? start + 1 : start;
    const point = text.indexOf('.', first);
    const wholeEnd = point < 0 || point >= end ? end : point;
    while (first < wholeEnd && text.charCodeAt(first) === 0x30) first++;
    let last = end;
    while (last > wholeEnd + 1 && text.charCodeAt(last - 1) === 0x30) last--;
    return [wholeEnd - first, Math.max(0, last - wholeEnd - 1)];
  }
  const number = numberIn(text.slice(start, end))?.number;
  if (number?.kind !== 'finite') return [0, 0];
  const { coefficient, exponent } = normalized(number);
  return [digitCount(coefficient) + exponent, -exponent];
}
