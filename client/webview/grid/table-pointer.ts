/** The mouse in the grid: a click selects, a drag extends, headings sort, their edges resize, row numbers select rows. */

import { HEADER, rectangleOf, selectAll, selectCell, selectRows } from './selection.ts';
import type { Table, TableWishes } from './table.ts';

export function listenToPointer(table: Table, wishes: TableWishes): void {
  const { element } = table;

  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    const grip = gripOf(event);
    if (grip !== undefined) {
      dragWidth(table, wishes, event, grip);
      return;
    }
    if (onScrollBar(element, event)) return;
    const place = table.placeAt(event.clientX, event.clientY);
    const model = table.model;
    if (!place || !model) return;
    if (place.row === HEADER) {
      if (place.isNumber) table.choose(selectAll(table.extent()));
      else wishes.sort(place.column, event.shiftKey ? 'add' : 'alone');
      return;
    }
    if (place.isNumber) {
      const from = event.shiftKey ? Math.max(0, model.selection.anchor.row) : place.row;
      table.choose(selectRows(from, place.row, table.extent()));
      dragSelection(table, event, (row) => {
        table.choose(selectRows(from, row, table.extent()));
      });
      return;
    }
    if (event.shiftKey) table.extend(place);
    else table.choose(selectCell(place));
    dragSelection(table, event, (row, column) => {
      table.extend({ row, column });
    });
  });

  element.addEventListener('dblclick', (event) => {
    const grip = gripOf(event);
    if (grip !== undefined) wishes.fit(grip);
    else if ((table.placeAt(event.clientX, event.clientY)?.row ?? HEADER) !== HEADER) wishes.view();
  });

  element.addEventListener('contextmenu', (event) => {
    // The menu key is answered where keys are.
    event.preventDefault();
    if (event.button !== 2) return;
    const place = table.placeAt(event.clientX, event.clientY);
    const model = table.model;
    if (!place || !model) return;
    const { top, bottom, left, right } = rectangleOf(model.selection);
    const isInside = place.row >= top && place.row <= bottom && place.column >= left && place.column <= right;
    if (!isInside) table.choose(selectCell(place));
    wishes.menu({ x: event.clientX, y: event.clientY });
  });
}

function gripOf(event: Event): number | undefined {
  const grip = event.target instanceof Element ? event.target.closest<HTMLElement>('.grip') : null;
  return grip ? Number(grip.dataset.column) : undefined;
}

function onScrollBar(element: HTMLElement, event: MouseEvent): boolean {
  const box = element.getBoundingClientRect();
  return event.clientX > box.left + element.clientWidth || event.clientY > box.top + element.clientHeight;
}

function dragWidth(table: Table, wishes: TableWishes, event: PointerEvent, column: number): void {
  const start = event.clientX;
  const width = table.model?.layout.widths[column] ?? 0;
  follow(table.element, event, (move) => {
    wishes.resize(column, width + move.clientX - start);
  });
}

/** While the mouse is outside, the grid goes on scrolling towards it. */
function dragSelection(
  table: Table,
  event: PointerEvent,
  select: (row: number, column: number) => void,
): void {
  let last: PointerEvent = event;
  let moves = 0;
  const extend = (): void => {
    const place = table.placeAt(last.clientX, last.clientY);
    if (place) select(Math.max(0, place.row), place.column);
  };
  const ahead = setInterval(() => {
    const box = table.element.getBoundingClientRect();
    if (moves > 0 && (last.clientY < box.top || last.clientY > box.bottom)) {
      table.element.scrollTop += last.clientY < box.top ? -48 : 48;
      extend();
    }
  }, 50);
  follow(
    table.element,
    event,
    (move) => {
      moves += 1;
      last = move;
      extend();
    },
    () => {
      clearInterval(ahead);
    },
  );
}

function follow(
  element: HTMLElement,
  event: PointerEvent,
  move: (event: PointerEvent) => void,
  end?: () => void,
): void {
  const life = new AbortController();
  const stop = (): void => {
    life.abort();
    end?.();
  };
  element.setPointerCapture(event.pointerId);
  element.addEventListener('pointermove', move, { signal: life.signal });
  element.addEventListener('pointerup', stop, { signal: life.signal });
  element.addEventListener('pointercancel', stop, { signal: life.signal });
}
