/** How the cells of a column compare, by its type: numbers as exact numbers, moments as moments, everything else by code point. */

import type { Decimal } from './decimal.ts';
import { compareDecimals, parseDecimal } from './decimal.ts';
import type { Moment } from './moment.ts';
import { compareMoments, parseInterval, parseMoment, parseTime } from './moment.ts';
import type { ColumnCells } from './column-cells.ts';

/** Negative, zero or positive, for two rows whose cells are not NULL. */
export type CompareRows = (left: number, right: number) => number;

/** Compares a cell's text with a value that was fixed before. */
export type CompareWithValue = (text: string) => number;

type Kind = 'number' | 'boolean' | 'moment' | 'time' | 'interval' | 'text';

export function isNumericType(type: string): boolean {
  return kindOf(type) === 'number';
}

export function isBooleanType(type: string): boolean {
  return kindOf(type) === 'boolean';
}

/** An order of the given rows. A column with a cell that its type cannot be read from compares as text. */
export function rowOrder(cells: ColumnCells, type: string, rows: Uint32Array): CompareRows {
  const kind = kindOf(type);
  switch (kind) {
    case 'number':
      return numberOrder(cells, rows) ?? textOrder(cells, rows);
    case 'moment':
    case 'time':
    case 'interval':
      return momentOrder(cells, rows, parserOf(kind)) ?? textOrder(cells, rows);
    case 'boolean':
    case 'text':
      return textOrder(cells, rows);
  }
}

/** Undefined where the value cannot be read as the column's type: then no cell compares with it. */
export function compareWith(type: string, value: string): CompareWithValue | undefined {
  const kind = kindOf(type);
  switch (kind) {
    case 'number': {
      const decimal = parseDecimal(value);
      return decimal && numberComparison(value, decimal);
    }
    case 'boolean': {
      const truth = booleanText(value);
      return truth === undefined ? undefined : (text) => compareTexts(text, truth);
    }
    case 'moment':
    case 'time':
    case 'interval': {
      const parse = parserOf(kind);
      const moment = parse(value);
      return (
        moment &&
        ((text) => {
          const other = parse(text);
          return other ? compareMoments(other, moment) : NaN;
        })
      );
    }
    case 'text':
      return (text) => compareTexts(text, value);
  }
}

/** What a person may write for a truth value, as the grid shows it. */
export function booleanText(value: string): 'true' | 'false' | undefined {
  const word = value.trim().toLowerCase();
  if (['t', 'true', 'y', 'yes', 'on', '1'].includes(word)) return 'true';
  if (['f', 'false', 'n', 'no', 'off', '0'].includes(word)) return 'false';
  return undefined;
}

/** By code point. UTF-16 units give another order only where a surrogate meets a character above all surrogates. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  let at = 0;
  while (at < length && left.charCodeAt(at) === right.charCodeAt(at)) at += 1;
  if (at === length) return left.length - right.length;
  return unitRank(left.charCodeAt(at)) - unitRank(right.charCodeAt(at));
}

function unitRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

function kindOf(type: string): Kind {
  switch (type.replace(/\([^)]*\)/u, '').trim()) {
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'numeric':
    case 'real':
    case 'double precision':
    case 'oid':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'date':
    case 'timestamp without time zone':
    case 'timestamp with time zone':
      return 'moment';
    case 'time without time zone':
    case 'time with time zone':
      return 'time';
    case 'interval':
      return 'interval';
    default:
      return 'text';
  }
}

function parserOf(kind: 'moment' | 'time' | 'interval'): (text: string) => Moment | undefined {
  switch (kind) {
    case 'moment':
      return parseMoment;
    case 'time':
      return parseTime;
    case 'interval':
      return parseInterval;
  }
}

/** A floating point number holds this many decimal digits for certain: shorter texts are equal where their numbers are. */
const EXACT_DIGITS = 15;

function numberOrder(cells: ColumnCells, rows: Uint32Array): CompareRows | undefined {
  const numbers = new Float64Array(cells.length);
  const exact = new Uint8Array(cells.length);
  for (const row of rows) {
    const text = cells.at(row) ?? '';
    const number = Number(text);
    if (Number.isNaN(number) && text !== 'NaN') return undefined;
    numbers[row] = Number.isNaN(number) ? Infinity : number;
    exact[row] = text.length <= EXACT_DIGITS && Number.isFinite(number) ? 1 : 0;
  }
  return (left, right) => {
    const a = numbers[left] as number;
    const b = numbers[right] as number;
    if (a < b) return -1;
    if (a > b) return 1;
    if (exact[left] === 1 && exact[right] === 1) return 0;
    return compareDecimalTexts(cells.at(left) ?? '', cells.at(right) ?? '');
  };
}

function compareDecimalTexts(left: string, right: string): number {
  if (left === right) return 0;
  const [a, b] = [parseDecimal(left), parseDecimal(right)];
  return a && b ? compareDecimals(a, b) : compareTexts(left, right);
}

function numberComparison(value: string, decimal: Decimal): CompareWithValue {
  const number = decimal.kind === 'finite' ? Number(value) : NaN;
  return (text) => {
    const other = Number(text);
    if (other < number) return -1;
    if (other > number) return 1;
    const exactly = parseDecimal(text);
    return exactly ? compareDecimals(exactly, decimal) : NaN;
  };
}

/** Microseconds go beyond what a floating point number holds exactly, so seconds and the rest are kept apart. */
function momentOrder(
  cells: ColumnCells,
  rows: Uint32Array,
  parse: (text: string) => Moment | undefined,
): CompareRows | undefined {
  const seconds = new Float64Array(cells.length);
  const rest = new Int32Array(cells.length);
  for (const row of rows) {
    const moment = parse(cells.at(row) ?? '');
    if (!moment) return undefined;
    const instant = moment.wall - (moment.offset ?? 0n);
    seconds[row] = Number(instant / 1_000_000n);
    rest[row] = Number(instant % 1_000_000n);
  }
  return (left, right) =>
    (seconds[left] as number) - (seconds[right] as number) ||
    (rest[left] as number) - (rest[right] as number);
}

function textOrder(cells: ColumnCells, rows: Uint32Array): CompareRows {
  const texts = new Array<string>(cells.length).fill('');
  let plain = true;
  for (const row of rows) {
    const text = cells.at(row) ?? '';
    texts[row] = text;
    // Only texts with units from the surrogates on order differently by code point.
    plain &&= !/[\ud800-\uffff]/.test(text);
  }
  if (!plain) return (left, right) => compareTexts(texts[left] as string, texts[right] as string);
  return (left, right) => {
    const a = texts[left] as string;
    const b = texts[right] as string;
    return a < b ? -1 : a > b ? 1 : 0;
  };
}
