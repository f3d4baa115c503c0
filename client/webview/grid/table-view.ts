/** The grid as markup: the heading, and of the rows those that show. */

import type { TemplateResult } from 'lit-html';
import { html, nothing } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import type { PreviewColumn, Sort } from '../../../server/src/lsp/protocol.ts';
import { icon } from '../shared/icons.ts';
import { properties } from '../shared/properties.ts';
import type { ColumnLayout } from './column-layout.ts';
import { HEADER_HEIGHT } from './column-layout.ts';
import type { Row } from './row-pages.ts';
import type { Rectangle, Selection } from './selection.ts';
import { HEADER, rectangleOf } from './selection.ts';
import { count, shortType } from './wording.ts';

export interface TableModel {
  readonly columns: readonly PreviewColumn[];
  readonly layout: ColumnLayout;
  /** Rows that match, and all that were fetched. */
  readonly rows: number;
  readonly fetched: number;
  readonly sort: readonly Sort[];
  readonly selection: Selection;
  readonly find: string;
  rowAt(index: number): Row | undefined;
}

export interface TableWindow {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
  /** Of the first row, below the heading, and of all content, in pixels. */
  readonly top: number;
  readonly height: number;
}

export function tableView(model: TableModel, shown: TableWindow): TemplateResult {
  const chosen = rectangleOf(model.selection);
  const rows: number[] = [];
  for (let index = shown.firstRow; index <= shown.lastRow; index++) rows.push(index);
  return html`<div
    class="content"
    role="presentation"
    ${properties({
      width: `${model.layout.starts.at(-1) ?? 0}px`,
      height: `${shown.height + HEADER_HEIGHT}px`,
    })}
  >
    ${headingRow(model, shown, chosen)}
    <div class="rows" role="rowgroup" ${properties({ top: `${shown.top + HEADER_HEIGHT}px` })}>
      ${repeat(
        rows,
        (index) => index,
        (index) => guardedRow(model, shown, chosen, index),
      )}
    </div>
  </div>`;
}

function headingRow(model: TableModel, shown: TableWindow, chosen: Rectangle): TemplateResult {
  return html`<div class="row head" role="row" aria-rowindex="1">
    <div
      class="cell number pinned"
      role="columnheader"
      aria-colindex="1"
      aria-label="Row"
      title="Select all"
    ></div>
    ${heading(model, chosen, 0)} ${columnsShown(shown).map((column) => heading(model, chosen, column))}
  </div>`;
}

function columnsShown({ firstColumn, lastColumn }: TableWindow): number[] {
  const columns: number[] = [];
  for (let column = firstColumn; column <= lastColumn; column++) columns.push(column);
  return columns;
}

function heading(model: TableModel, chosen: Rectangle, index: number): TemplateResult | typeof nothing {
  const column = model.columns[index];
  if (!column) return nothing;
  const place = model.sort.findIndex((one) => one.column === index);
  const sort = model.sort[place];
  const { cursor } = model.selection;
  const isActive = cursor.row === HEADER && cursor.column === index;
  const filled = model.fetched === 0 ? 1 : 1 - column.nulls / model.fetched;
  const within = index >= chosen.left && index <= chosen.right && chosen.bottom >= 0;
  return html`<div
    class="cell heading c${index} ${index === 0 ? 'pinned' : ''} ${column.isNumeric ? 'number-like' : ''} ${
      isActive ? 'active' : ''
    } ${sort ? 'sorted' : ''} ${within ? 'within' : ''}"
    id=${isActive ? 'active-cell' : nothing}
    role="columnheader"
    aria-colindex=${index + 2}
    aria-sort=${sort ? sort.direction : 'none'}
    title=${headingTitle(column, model.fetched)}
  >
    <span class="name">
      ${column.isKey ? html`${icon('key')}<span class="aloud">key </span>` : nothing}<b>${column.name}</b>${
        sort
          ? html`${icon(sort.direction === 'ascending' ? 'arrow-up' : 'arrow-down')}${
              model.sort.length > 1 ? html`<span class="order">${place + 1}</span>` : nothing
            }`
          : nothing
      }
    </span>
    <span class="type">${shortType(column.type)}</span>
    ${
      column.nulls > 0
        ? html`<span class="share" ${properties({ '--share': `${(filled * 100).toFixed(1)}%` })}></span>`
        : nothing
    }
    <span class="grip" data-column=${index}></span>
  </div>`;
}

function headingTitle(column: PreviewColumn, fetched: number): string {
  const nulls =
    column.nulls === 0 || fetched === 0
      ? ''
      : `\n${count(column.nulls)} NULL (${percent(column.nulls, fetched)})`;
  return `${column.name} ${column.type}${nulls}`;
}

/** Never 0 % of something nor 100 % of less than all. */
export function percent(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '0 %';
  const share = (part / whole) * 100;
  if (share < 1) return '< 1 %';
  if (share > 99 && part < whole) return '> 99 %';
  return `${Math.round(share)} %`;
}

/** A row is drawn again only when something of it changed: most of a scroll's rows stay as they are. */
function guardedRow(model: TableModel, shown: TableWindow, chosen: Rectangle, index: number): unknown {
  const row = model.rowAt(index);
  const { cursor } = model.selection;
  const isChosen = index >= chosen.top && index <= chosen.bottom;
  const key = [
    row,
    shown.firstColumn,
    shown.lastColumn,
    model.columns,
    model.layout.numbers,
    model.find,
    isChosen ? `${chosen.left} ${chosen.right} ${index === chosen.top} ${index === chosen.bottom}` : '',
    cursor.row === index ? cursor.column : -1,
  ];
  return guard(key, () => dataRow(model, shown, chosen, index, row));
}

function dataRow(
  model: TableModel,
  shown: TableWindow,
  chosen: Rectangle,
  index: number,
  row: Row | undefined,
): TemplateResult {
  const isActive = model.selection.cursor.row === index;
  return html`<div class="row ${isActive ? 'current' : ''}" role="row" aria-rowindex=${index + 2}>
    <div class="cell number pinned" role="rowheader" aria-colindex="1">${count(index + 1)}</div>
    ${cell(model, chosen, index, row, 0)}
    ${columnsShown(shown).map((column) => cell(model, chosen, index, row, column))}
  </div>`;
}

function cell(
  model: TableModel,
  chosen: Rectangle,
  index: number,
  row: Row | undefined,
  column: number,
): TemplateResult | typeof nothing {
  const shape = model.columns[column];
  if (!shape) return nothing;
  const value = row?.cells[column];
  const { cursor } = model.selection;
  const isActive = cursor.row === index && cursor.column === column;
  const isChosen = inside(chosen, index, column);
  const classes = [
    `cell c${column}`,
    column === 0 ? 'pinned' : '',
    shape.isNumeric ? 'number-like' : '',
    value === undefined ? 'coming' : value === null ? 'null' : '',
    isChosen ? `chosen ${edges(chosen, index, column)}` : '',
    isActive ? 'active' : '',
    typeof value === 'string' && model.find !== '' && holds(value, model.find) ? 'found' : '',
  ];
  return html`<div
    class=${classes.join(' ')}
    id=${isActive ? 'active-cell' : nothing}
    role="gridcell"
    aria-colindex=${column + 2}
    aria-selected=${isChosen ? 'true' : 'false'}
    aria-label=${value === '' ? 'empty' : nothing}
    .textContent=${value === null ? 'NULL' : oneLine(value ?? '', row?.cut.includes(column) ?? false)}
  ></div>`;
}

function inside({ top, bottom, left, right }: Rectangle, row: number, column: number): boolean {
  return row >= top && row <= bottom && column >= left && column <= right;
}

/** One cell needs no frame round it: it is the active one. */
function edges({ top, bottom, left, right }: Rectangle, row: number, column: number): string {
  if (top === bottom && left === right) return 'only';
  return [
    row === top ? 'top' : '',
    row === bottom ? 'bottom' : '',
    column === left ? 'left' : '',
    column === right ? 'right' : '',
  ].join(' ');
}

function holds(text: string, find: string): boolean {
  return text.toLowerCase().includes(find.toLowerCase());
}

/** Line breaks would push text out of its row: they show as signs. */
function oneLine(text: string, isCut: boolean): string {
  const line = /[\n\r\t]/.test(text)
    ? text
        .replaceAll('\r\n', '↵')
        .replaceAll(/[\n\r]/gu, '↵')
        .replaceAll('\t', '→')
    : text;
  return isCut ? `${line}…` : line;
}
