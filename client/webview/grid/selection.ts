/** Which cells are selected, and where the keys lead: pure arithmetic on rows and columns. Row -1 is the header. */

import type { CellRange } from '../../../server/src/lsp/protocol.ts';

export interface Place {
  readonly row: number;
  readonly column: number;
}

/** A rectangle between a fixed corner and the cursor. */
export interface Selection {
  readonly anchor: Place;
  readonly cursor: Place;
}

export interface Extent {
  readonly rows: number;
  readonly columns: number;
  /** Rows that fit into the window. */
  readonly window: number;
}

export const HEADER = -1;

export interface Rectangle {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export function rectangleOf({ anchor, cursor }: Selection): Rectangle {
  return {
    top: Math.min(anchor.row, cursor.row),
    bottom: Math.max(anchor.row, cursor.row),
    left: Math.min(anchor.column, cursor.column),
    right: Math.max(anchor.column, cursor.column),
  };
}

export function rangeOf(selection: Selection): CellRange | undefined {
  const { top, bottom, left, right } = rectangleOf(selection);
  if (bottom < 0) return undefined;
  return {
    fromRow: Math.max(0, top),
    toRow: bottom,
    columns: Array.from({ length: right - left + 1 }, (_, index) => left + index),
  };
}

export function selectCell(place: Place): Selection {
  return { anchor: place, cursor: place };
}

export function extendTo(selection: Selection, cursor: Place): Selection {
  return { anchor: selection.anchor, cursor };
}

export function selectAll({ rows, columns }: Extent): Selection {
  return { anchor: { row: 0, column: 0 }, cursor: { row: Math.max(0, rows - 1), column: columns - 1 } };
}

export function selectRows(from: number, to: number, { columns }: Extent): Selection {
  return { anchor: { row: from, column: columns - 1 }, cursor: { row: to, column: 0 } };
}

export function selectColumns(from: number, to: number, { rows }: Extent): Selection {
  return { anchor: { row: Math.max(0, rows - 1), column: from }, cursor: { row: 0, column: to } };
}

/** The selection kept within what there is; undefined when there is no cell at all. */
export function clampSelection(selection: Selection, extent: Extent): Selection {
  return { anchor: clamp(selection.anchor, extent), cursor: clamp(selection.cursor, extent) };
}

export interface KeyStroke {
  readonly key: string;
  /** Ctrl, or Command on a Mac. */
  readonly ctrl: boolean;
  readonly shift: boolean;
}

/** Where a key leads the cursor; undefined for keys that do not move it. */
export function moved(selection: Selection, stroke: KeyStroke, extent: Extent): Selection | undefined {
  const to = target(selection.cursor, stroke, extent);
  if (!to) return undefined;
  // The header is no part of a range of cells.
  const place = clamp(
    stroke.shift && selection.anchor.row !== HEADER ? { ...to, row: Math.max(0, to.row) } : to,
    extent,
  );
  return stroke.shift ? extendTo(selection, place) : selectCell(place);
}

function target({ row, column }: Place, { key, ctrl }: KeyStroke, extent: Extent): Place | undefined {
  const lastRow = extent.rows - 1;
  const lastColumn = extent.columns - 1;
  switch (key) {
    case 'ArrowUp':
      return { row: ctrl ? (row > 0 ? 0 : HEADER) : row - 1, column };
    case 'ArrowDown':
      return { row: ctrl ? lastRow : row + 1, column };
    case 'ArrowLeft':
      return { row, column: ctrl ? 0 : column - 1 };
    case 'ArrowRight':
      return { row, column: ctrl ? lastColumn : column + 1 };
    case 'Home':
      return { row: ctrl ? 0 : row, column: 0 };
    case 'End':
      return { row: ctrl ? lastRow : row, column: lastColumn };
    case 'PageUp':
      return { row: row === HEADER ? HEADER : Math.max(0, row - extent.window), column };
    case 'PageDown':
      return { row: row + extent.window, column };
    default:
      return undefined;
  }
}

function clamp({ row, column }: Place, { rows, columns }: Extent): Place {
  return {
    row: Math.max(HEADER, Math.min(row, rows - 1)),
    column: Math.max(0, Math.min(column, columns - 1)),
  };
}
