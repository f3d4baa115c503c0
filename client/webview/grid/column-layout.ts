/** How wide columns are and where they stand. Widths live in a style sheet of their own, so that no cell carries a style. */

import type { PreviewColumn } from '../../../server/src/lsp/protocol.ts';
import { shortType } from './wording.ts';

export const ROW_HEIGHT = 24;
export const HEADER_HEIGHT = 42;
export const NARROWEST = 48;
const WIDEST = 1200;
const WIDEST_AT_FIRST = 300;
/** Padding of 8 at both sides, and the line. */
const AROUND = 17;

export interface ColumnLayout {
  /** Of the row numbers. */
  readonly numbers: number;
  readonly widths: readonly number[];
  /** Where each column begins, the row numbers before it; the last is the width of all. */
  readonly starts: readonly number[];
}

export interface Measures {
  /** Of one character in the font of data, in pixels. */
  readonly data: number;
  /** Of a text as a heading writes it. */
  heading(text: string): number;
}

export function layOut(widths: readonly number[], rows: number, measures: Measures): ColumnLayout {
  const digits = Math.max(3, String(Math.max(1, rows)).length);
  const numbers = Math.ceil(digits * measures.data) + AROUND + 6;
  const starts = [numbers];
  for (const width of widths) starts.push((starts.at(-1) ?? 0) + width);
  return { numbers, widths, starts };
}

/** Wide enough for the heading and for what the first rows hold, within reason. */
export function fittingWidth(
  column: PreviewColumn,
  cells: readonly (string | null)[],
  measures: Measures,
  bound: 'at first' | 'on request',
): number {
  // The sort arrow and its number, and a key.
  const heading = measures.heading(column.name) + (column.isKey ? 18 : 0) + 32;
  const type = measures.heading(shortType(column.type)) * 0.82;
  const longest = cells.reduce((length, cell) => Math.max(length, cell?.length ?? 4), 0) * measures.data;
  const most = bound === 'at first' ? WIDEST_AT_FIRST : WIDEST;
  const wanted = Math.max(Math.min(heading, WIDEST), type, Math.min(longest, most));
  return boundedWidth(Math.ceil(wanted) + AROUND);
}

export function boundedWidth(width: number): number {
  return Math.max(NARROWEST, Math.min(Math.round(width), WIDEST));
}

/** The columns that show between two edges; the first is pinned and always shows. */
export function visibleColumns(
  { starts, widths }: ColumnLayout,
  scrollLeft: number,
  width: number,
): { readonly first: number; readonly last: number } {
  const left = scrollLeft + (starts[1] ?? 0);
  const right = scrollLeft + width;
  let first = 1;
  while (first < widths.length - 1 && (starts[first + 1] ?? 0) <= left) first += 1;
  let last = first;
  while (last < widths.length - 1 && (starts[last + 1] ?? 0) < right) last += 1;
  return { first, last: Math.min(last, widths.length - 1) };
}

const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);
let written = '';

/** Writes where each column stands: classes `c0`, `c1`, … and the whole width. */
export function writeLayout({ numbers, widths, starts }: ColumnLayout): void {
  const rules = widths.map((width, column) =>
    column === 0
      ? `.cell.pinned.c0{left:${numbers}px;width:${width}px}`
      : `.c${column}{left:${starts[column] ?? 0}px;width:${width}px}`,
  );
  const text = [...rules, `.number{width:${numbers}px}`, `.row{width:${starts.at(-1) ?? 0}px}`].join('\n');
  if (text === written) return;
  written = text;
  sheet.replaceSync(text);
}
