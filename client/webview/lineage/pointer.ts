/** What the mouse (or a finger) means on the drawing: a drag pans, the wheel pans or zooms, a click is a click on a card or a part of it. */

export interface PointerActions {
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: { readonly x: number; readonly y: number }): void;
  hover(id: string | null, at: { readonly x: number; readonly y: number }): void;
  click(id: string | null, part: string | null): void;
  menu(id: string, at: { readonly x: number; readonly y: number }): void;
}

/** A hand that clicks is never quite still. */
const STILL = 4;
const LINE_HEIGHT = 20;

export class Pointer {
  readonly #actions: PointerActions;
  #drag: { x: number; y: number; moved: boolean } | undefined;

  constructor(actions: PointerActions) {
    this.#actions = actions;
  }

  readonly down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    this.#drag = { x: event.clientX, y: event.clientY, moved: false };
  };

  readonly move = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (!drag) {
      this.#actions.hover(cardOf(event), within(event));
      return;
    }
    const dx = event.clientX - drag.x;
    const dy = event.clientY - drag.y;
    if (!drag.moved && Math.hypot(dx, dy) < STILL) return;
    if (!drag.moved) stageOf(event).setPointerCapture(event.pointerId);
    this.#drag = { x: event.clientX, y: event.clientY, moved: true };
    this.#actions.pan(dx, dy);
  };

  readonly up = (event: PointerEvent): void => {
    const drag = this.#drag;
    this.#drag = undefined;
    if (drag && !drag.moved) this.#actions.click(cardOf(event), partOf(event));
  };

  readonly leave = (): void => {
    if (!this.#drag?.moved) this.#drag = undefined;
    this.#actions.hover(null, { x: 0, y: 0 });
  };

  readonly menu = (event: MouseEvent): void => {
    const id = cardOf(event);
    event.preventDefault();
    if (id !== null) this.#actions.menu(id, { x: event.clientX, y: event.clientY });
  };

  readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_HEIGHT : 1;
    if (event.ctrlKey || event.metaKey)
      this.#actions.zoom(Math.exp(-event.deltaY * unit * 0.004), within(event));
    else if (event.shiftKey && event.deltaX === 0) this.#actions.pan(-event.deltaY * unit, 0);
    else this.#actions.pan(-event.deltaX * unit, -event.deltaY * unit);
  };
}

/** In the stage's own pixels. */
function within(event: MouseEvent): { readonly x: number; readonly y: number } {
  const { left, top } = stageOf(event).getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

function stageOf(event: Event): HTMLElement {
  return event.currentTarget as HTMLElement;
}

function cardOf(event: Event): string | null {
  return closest(event, '[data-id]')?.getAttribute('data-id') ?? null;
}

function partOf(event: Event): string | null {
  return closest(event, '[data-part]')?.getAttribute('data-part') ?? null;
}

function closest(event: Event, selector: string): Element | null {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}
