/** What can be done with one card, where it was asked for. */

import type { TemplateResult } from 'lit-html';
import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import type { LineageNode } from '../../../server/src/lsp/protocol.ts';
import { icon } from '../shared/icons.ts';

export type MenuChoice = 'open' | 'centre' | 'columns' | 'build' | 'test' | 'preview';

interface Entry {
  readonly choice: MenuChoice;
  readonly label: string;
  readonly icon: Parameters<typeof icon>[0];
}

export function menuEntries(node: LineageNode, isOpen: boolean): readonly Entry[] {
  const runs = node.type === 'model' || node.type === 'seed' || node.type === 'snapshot';
  const entries: (Entry | false)[] = [
    node.location !== null && { choice: 'open', label: 'Open file', icon: 'go-to-file' },
    { choice: 'centre', label: 'Lineage of this', icon: 'target' },
    node.columns.length > 0 && {
      choice: 'columns',
      label: isOpen ? 'Hide columns' : 'Show columns',
      icon: 'list-tree',
    },
    runs && { choice: 'build', label: 'Build', icon: 'play' },
    node.tests.total > 0 && { choice: 'test', label: 'Test', icon: 'beaker' },
    (runs || node.type === 'source') && { choice: 'preview', label: 'Preview rows', icon: 'table' },
  ];
  return entries.filter((entry) => entry !== false);
}

export function menu(
  at: { readonly x: number; readonly y: number },
  entries: readonly Entry[],
  choose: (choice: MenuChoice) => void,
  close: () => void,
): TemplateResult {
  const keydown = (event: KeyboardEvent): void => {
    const buttons = [...(event.currentTarget as HTMLElement).querySelectorAll('button')];
    const here = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (event.key === 'ArrowDown') buttons[(here + 1) % buttons.length]?.focus();
    else if (event.key === 'ArrowUp') buttons.at(here - 1)?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') close();
    else if (event.key !== 'Enter' && event.key !== ' ') return;
    event.stopPropagation();
    if (event.key !== 'Enter' && event.key !== ' ') event.preventDefault();
  };
  return html`<div
    class="menu"
    role="menu"
    aria-label="Actions"
    @keydown=${keydown}
    ${ref((element) => {
      if (element instanceof HTMLElement && !element.dataset.placed) place(element, at);
    })}
  >
    ${entries.map(
      (entry) =>
        html`${entry.choice === 'build' ? html`<hr />` : nothing}<button
            role="menuitem"
            @click=${() => {
              choose(entry.choice);
            }}
          >
            ${icon(entry.icon)}${entry.label}
          </button>`,
    )}
  </div>`;
}

/** Within the page, and with the keyboard in it; once its entries are there. */
function place(element: HTMLElement, { x, y }: { readonly x: number; readonly y: number }): void {
  element.dataset.placed = 'yes';
  queueMicrotask(() => {
    const { width, height } = element.getBoundingClientRect();
    element.style.setProperty('left', `${Math.max(4, Math.min(x, innerWidth - width - 8))}px`);
    element.style.setProperty('top', `${Math.max(4, Math.min(y, innerHeight - height - 8))}px`);
    element.querySelector('button')?.focus();
  });
}
