/** A menu that opens at a control or a point: arrows move, Enter chooses, Escape and a click elsewhere close it. */

import { html, nothing, render } from 'lit-html';

export interface MenuItem {
  readonly label: string;
  /** Shown at the right, such as the key that does the same. */
  readonly hint?: string;
  choose(): void;
}

/** Groups are set apart by a line. */
export type MenuGroups = readonly (readonly MenuItem[])[];

/** Opens below an element, or at a point; closes whatever menu is open. Focus goes back to where it was. */
export function openMenu(
  at: Element | { readonly x: number; readonly y: number },
  groups: MenuGroups,
  label: string,
): void {
  const before = document.activeElement;
  const element = document.createElement('div');
  element.className = 'menu';
  element.setAttribute('role', 'menu');
  element.setAttribute('aria-label', label);
  const life = new AbortController();

  const close = (focus: 'give back' | 'leave'): void => {
    if (life.signal.aborted) return;
    life.abort();
    element.remove();
    if (focus === 'give back' && before instanceof HTMLElement) before.focus();
  };
  const choose = (item: MenuItem): void => {
    close('give back');
    item.choose();
  };
  render(
    groups
      .filter((group) => group.length > 0)
      .map(
        (group, index) => html`
          ${index > 0 ? html`<hr role="separator" />` : nothing}
          ${group.map(
            (item) =>
              html`<button
                role="menuitem"
                tabindex="-1"
                @click=${() => {
                  choose(item);
                }}
              >
                <span class="label">${item.label}</span>${
                  item.hint ? html`<span class="hint">${item.hint}</span>` : nothing
                }
              </button>`,
          )}
        `,
      ),
    element,
  );
  document.body.append(element);
  place(element, at);

  const items = [...element.querySelectorAll('button')];
  items[0]?.focus();
  element.addEventListener('keydown', (event) => {
    const index = items.indexOf(document.activeElement as HTMLButtonElement);
    const go = (to: number): void => {
      items[(to + items.length) % items.length]?.focus();
      event.preventDefault();
    };
    event.stopPropagation();
    if (event.key === 'ArrowDown') go(index + 1);
    else if (event.key === 'ArrowUp') go(index - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(items.length - 1);
    else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      close('give back');
    }
  });
  const outside = (event: Event): void => {
    if (!(event.target instanceof Node && element.contains(event.target))) close('leave');
  };
  addEventListener('pointerdown', outside, { capture: true, signal: life.signal });
  addEventListener(
    'blur',
    () => {
      close('leave');
    },
    { signal: life.signal },
  );
  addEventListener(
    'resize',
    () => {
      close('leave');
    },
    { signal: life.signal },
  );
}

/** Puts a floating element below an element or at a point, within the window. */
export function place(floating: HTMLElement, at: Element | { readonly x: number; readonly y: number }): void {
  const anchor =
    at instanceof Element ? at.getBoundingClientRect() : { left: at.x, right: at.x, top: at.y, bottom: at.y };
  const { width, height } = floating.getBoundingClientRect();
  const gap = at instanceof Element ? 2 : 0;
  const left = anchor.left + width > innerWidth - 8 ? anchor.right - width : anchor.left;
  const below = anchor.bottom + gap;
  const top = below + height > innerHeight - 8 ? anchor.top - gap - height : below;
  floating.style.setProperty('left', `${Math.max(8, left)}px`);
  floating.style.setProperty('top', `${Math.max(8, top)}px`);
}
