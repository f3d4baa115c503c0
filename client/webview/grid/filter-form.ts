/** The form of one filter: a column, an operator, a value. Enter applies it, Escape closes it. */

import { html, nothing, render } from 'lit-html';
import type { Filter, PreviewColumn } from '../../../server/src/lsp/protocol.ts';
import { place } from '../shared/menu.ts';

const OPERATORS: readonly Filter['operator'][] = [
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'contains',
  'is null',
  'is not null',
];

/** `given` is what the form begins with: the filter that is changed, or a column's usual one. */
export function openFilterForm(
  anchor: Element,
  columns: readonly PreviewColumn[],
  given: Filter,
  apply: (filter: Filter) => void,
): void {
  const before = document.activeElement;
  const element = document.createElement('form');
  element.className = 'menu filter-form';
  element.setAttribute('role', 'dialog');
  element.setAttribute('aria-label', 'Filter');
  const life = new AbortController();
  let filter = given;
  let problem = '';

  const close = (focus: 'give back' | 'leave'): void => {
    if (life.signal.aborted) return;
    life.abort();
    element.remove();
    if (focus === 'give back' && before instanceof HTMLElement && before.isConnected) before.focus();
  };
  const change = (changed: Filter): void => {
    filter = changed;
    problem = '';
    draw();
  };
  const draw = (): void => {
    const needsValue = filter.operator !== 'is null' && filter.operator !== 'is not null';
    render(
      html`<select
          aria-label="Column"
          @change=${(event: Event) => {
            change({ ...filter, column: Number((event.target as HTMLSelectElement).value) });
          }}
        >
          ${columns.map(
            (column, index) =>
              html`<option value=${index} ?selected=${index === filter.column}>${column.name}</option>`,
          )}
        </select>
        <select
          class="data"
          aria-label="Operator"
          @change=${(event: Event) => {
            change({
              ...filter,
              operator: OPERATORS[(event.target as HTMLSelectElement).selectedIndex] ?? '=',
            });
          }}
        >
          ${OPERATORS.map(
            (operator) => html`<option ?selected=${operator === filter.operator}>${operator}</option>`,
          )}
        </select>
        ${
          needsValue
            ? html`<input
                class="data value"
                aria-label="Value"
                placeholder="value"
                spellcheck="false"
                autocomplete="off"
                aria-invalid=${problem === '' ? 'false' : 'true'}
                .value=${filter.value ?? ''}
                @input=${(event: Event) => {
                  change({ ...filter, value: (event.target as HTMLInputElement).value });
                }}
              />`
            : nothing
        }
        <button class="primary" type="submit">Apply</button>
        <p class="problem" role="alert">${problem}</p>`,
      element,
    );
  };
  draw();
  document.body.append(element);
  place(element, anchor);
  const value = element.querySelector<HTMLInputElement>('.value');
  (value ?? element.querySelector('select'))?.focus();
  value?.select();

  element.addEventListener('submit', (event) => {
    event.preventDefault();
    problem = problemOf(filter, columns[filter.column]);
    draw();
    if (problem !== '') return;
    close('give back');
    apply(
      filter.operator === 'is null' || filter.operator === 'is not null'
        ? { column: filter.column, operator: filter.operator }
        : { ...filter, value: filter.value ?? '' },
    );
  });
  element.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key !== 'Escape') return;
    event.preventDefault();
    close('give back');
  });
  addEventListener(
    'pointerdown',
    (event) => {
      if (!(event.target instanceof Node && element.contains(event.target))) close('leave');
    },
    { capture: true, signal: life.signal },
  );
}

/** What a column of numbers could never be compared with. */
function problemOf(filter: Filter, column: PreviewColumn | undefined): string {
  if (!column?.isNumeric || filter.operator === 'contains') return '';
  if (filter.operator === 'is null' || filter.operator === 'is not null') return '';
  const value = (filter.value ?? '').trim();
  const isNumber = value !== '' && (!Number.isNaN(Number(value)) || value.toLowerCase() === 'nan');
  return isNumber ? '' : `${column.name} is a number: "${value}" is none.`;
}
