/** The grid's life: it scrolls, and keys and the mouse move what is selected. What to show is given to it; what is wanted it says. */

import { render } from 'lit-html';
import { HEADER_HEIGHT, ROW_HEIGHT, visibleColumns, writeLayout } from './column-layout.ts';
import type { Extent, Place, Selection } from './selection.ts';
import { HEADER, extendTo, moved, selectAll, selectCell, selectColumns, selectRows } from './selection.ts';
import { listenToPointer } from './table-pointer.ts';
import type { TableModel, TableWindow } from './table-view.ts';
import { tableView } from './table-view.ts';

export interface TableWishes {
  /** These rows are shown. */
  show(first: number, last: number): void;
  select(selection: Selection): void;
  sort(column: number, how: 'alone' | 'add'): void;
  resize(column: number, width: number): void;
  fit(column: number): void;
  filter(column: number): void;
  /** The cell's own menu, at a point. */
  menu(at: { readonly x: number; readonly y: number }): void;
  copy(): void;
  view(): void;
  leave(): void;
}

/** Rows drawn beyond what shows, so that a quick turn of the wheel meets no gap. */
const BEYOND = 6;
/** Browsers draw no element that is higher than some ten million pixels: above this, the scroll bar's way is scaled. */
const HIGHEST = 8_000_000;

export class Table {
  readonly element: HTMLElement;
  readonly #wishes: TableWishes;
  #model: TableModel | undefined;

  constructor(element: HTMLElement, wishes: TableWishes) {
    this.element = element;
    this.#wishes = wishes;
    element.addEventListener('scroll', () => {
      this.#draw();
    });
    element.addEventListener('keydown', (event) => {
      if (this.#key(event)) event.preventDefault();
    });
    new ResizeObserver(() => {
      this.#draw();
    }).observe(element);
    listenToPointer(this, wishes);
  }

  get model(): TableModel | undefined {
    return this.#model;
  }

  show(model: TableModel): void {
    this.#model = model;
    writeLayout(model.layout);
    this.#draw();
  }

  /** The cell under a point of the window; beyond the edges, the nearest. */
  placeAt(x: number, y: number): (Place & { readonly isNumber: boolean }) | undefined {
    const model = this.#model;
    if (!model) return undefined;
    const box = this.element.getBoundingClientRect();
    const { numbers, starts, widths } = model.layout;
    const across = x - box.left;
    const isPinned = across < (starts[1] ?? 0);
    const along = isPinned ? across : across + this.element.scrollLeft;
    let column = widths.findIndex((width, index) => along < (starts[index] ?? 0) + width);
    if (column < 0) column = widths.length - 1;
    const down = y - box.top - HEADER_HEIGHT;
    const row = down < 0 ? HEADER : Math.floor((this.#virtualTop() + down) / ROW_HEIGHT);
    return { row: Math.min(row, model.rows - 1), column, isNumber: across < numbers };
  }

  reveal({ row, column }: Place): void {
    const model = this.#model;
    if (!model) return;
    if (row >= 0) {
      const top = row * ROW_HEIGHT;
      const height = this.#bodyHeight();
      const now = this.#virtualTop();
      if (top < now) this.#scrollToVirtual(top);
      else if (top + ROW_HEIGHT > now + height) this.#scrollToVirtual(top + ROW_HEIGHT - height);
    }
    if (column > 0) {
      const { starts } = model.layout;
      const left = (starts[column] ?? 0) - (starts[1] ?? 0);
      const right = starts[column + 1] ?? 0;
      if (left < this.element.scrollLeft) this.element.scrollLeft = left;
      else if (right > this.element.scrollLeft + this.element.clientWidth)
        this.element.scrollLeft = Math.min(left, right - this.element.clientWidth);
    }
  }

  scrollToTop(): void {
    this.element.scrollTop = 0;
  }

  extent(): Extent {
    return {
      rows: this.#model?.rows ?? 0,
      columns: this.#model?.columns.length ?? 0,
      window: Math.max(1, Math.floor(this.#bodyHeight() / ROW_HEIGHT)),
    };
  }

  #draw(): void {
    const model = this.#model;
    if (!model) return;
    const shown = this.#window(model);
    render(tableView(model, shown), this.element);
    const { cursor } = model.selection;
    const isDrawn = this.element.querySelector('#active-cell') !== null;
    if (isDrawn) this.element.setAttribute('aria-activedescendant', 'active-cell');
    else this.element.removeAttribute('aria-activedescendant');
    this.element.setAttribute('aria-rowcount', String(model.rows + 1));
    this.element.setAttribute('aria-colcount', String(model.columns.length + 1));
    this.element.classList.toggle('scrolled-across', this.element.scrollLeft > 0);
    this.element.classList.toggle('in-heading', cursor.row === HEADER);
    this.#wishes.show(shown.firstRow, shown.lastRow);
  }

  #window(model: TableModel): TableWindow {
    const top = this.#virtualTop();
    const firstRow = Math.max(0, Math.floor(top / ROW_HEIGHT) - BEYOND);
    const lastRow = Math.min(model.rows - 1, Math.ceil((top + this.#bodyHeight()) / ROW_HEIGHT) + BEYOND);
    const across = visibleColumns(model.layout, this.element.scrollLeft, this.element.clientWidth);
    return {
      firstRow,
      lastRow,
      firstColumn: across.first,
      lastColumn: across.last,
      top: this.element.scrollTop - (top - firstRow * ROW_HEIGHT),
      height: this.#height(),
    };
  }

  #bodyHeight(): number {
    return Math.max(0, this.element.clientHeight - HEADER_HEIGHT);
  }

  #height(): number {
    return Math.min((this.#model?.rows ?? 0) * ROW_HEIGHT, HIGHEST);
  }

  /** How far down the rows the window's upper edge is, as if the content were as high as it is long. */
  #virtualTop(): number {
    const body = this.#bodyHeight();
    const virtual = (this.#model?.rows ?? 0) * ROW_HEIGHT - body;
    const real = this.#height() - body;
    if (virtual <= 0) return 0;
    return virtual === real ? this.element.scrollTop : (this.element.scrollTop * virtual) / real;
  }

  #scrollToVirtual(top: number): void {
    const body = this.#bodyHeight();
    const virtual = (this.#model?.rows ?? 0) * ROW_HEIGHT - body;
    const real = this.#height() - body;
    this.element.scrollTop = virtual === real || virtual <= 0 ? top : (top * real) / virtual;
  }

  /** Whether the key meant something here. */
  #key(event: KeyboardEvent): boolean {
    const model = this.#model;
    if (!model || model.columns.length === 0) return false;
    const ctrl = event.ctrlKey || event.metaKey;
    const { cursor } = model.selection;
    if (event.altKey) return this.#resizeByKey(event.key, model, cursor);
    const next = moved(model.selection, { key: event.key, ctrl, shift: event.shiftKey }, this.extent());
    if (next) {
      this.#select(next);
      return true;
    }
    return ctrl ? this.#controlKey(event.key, model) : this.#plainKey(event, model);
  }

  #controlKey(key: string, model: TableModel): boolean {
    switch (key) {
      case 'a':
        this.choose(selectAll(this.extent()));
        return true;
      case 'c':
        this.#wishes.copy();
        return true;
      case ' ':
        this.choose(
          selectColumns(model.selection.anchor.column, model.selection.cursor.column, this.extent()),
        );
        return true;
      default:
        return false;
    }
  }

  #plainKey(event: KeyboardEvent, model: TableModel): boolean {
    const { cursor, anchor } = model.selection;
    const inHeading = cursor.row === HEADER;
    switch (event.key) {
      case 'Enter':
        if (inHeading) this.#wishes.sort(cursor.column, event.shiftKey ? 'add' : 'alone');
        else this.#wishes.view();
        return true;
      case ' ':
        if (event.shiftKey && !inHeading) this.choose(selectRows(anchor.row, cursor.row, this.extent()));
        return true;
      case 'Escape':
        if (anchor.row === cursor.row && anchor.column === cursor.column) this.#wishes.leave();
        else this.#select(selectCell(cursor));
        return true;
      case 'f':
        this.#wishes.filter(cursor.column);
        return true;
      case 'ContextMenu':
      case 'F10': {
        if (event.key === 'F10' && !event.shiftKey) return false;
        const box = this.element.querySelector('#active-cell')?.getBoundingClientRect();
        if (box) this.#wishes.menu({ x: box.left + 8, y: box.bottom });
        return true;
      }
      default:
        return false;
    }
  }

  /** Alt and an arrow makes the cursor's column narrower or wider; Alt and Enter as wide as what it holds. */
  #resizeByKey(key: string, model: TableModel, { column }: Place): boolean {
    const width = model.layout.widths[column] ?? 0;
    if (key === 'ArrowLeft') this.#wishes.resize(column, width - 16);
    else if (key === 'ArrowRight') this.#wishes.resize(column, width + 16);
    else if (key === 'Enter') this.#wishes.fit(column);
    else return false;
    return true;
  }

  /** Known here at once: the next key or move of the mouse may come before the picture is drawn. */
  choose(selection: Selection): void {
    if (!this.#model) return;
    this.#model = { ...this.#model, selection };
    this.#wishes.select(selection);
  }

  #select(selection: Selection): void {
    this.choose(selection);
    this.reveal(selection.cursor);
  }

  /** For the mouse, which drags the cursor of what is selected. */
  extend(place: Place): void {
    const model = this.#model;
    if (!model) return;
    this.#select(extendTo(model.selection, { row: Math.max(0, place.row), column: place.column }));
  }
}
