/** Above the drawing: what is shown and how much of it, hops, search, pin, form, export. */

import type { TemplateResult } from 'lit-html';
import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { IconName } from '../shared/icons.ts';
import { icon } from '../shared/icons.ts';
import { kindIcon } from '../shared/node-icons.ts';
import { matches } from './find.ts';
import { MOST_HOPS, type State } from './state.ts';

export interface ToolbarActions {
  hops(side: 'up' | 'down', by: 1 | -1): void;
  wholeProject(): void;
  backTo(group: string | null): void;
  togglePin(): void;
  toggleForm(): void;
  exportSvg(): void;
  find(text: string): void;
  stepFind(by: 1 | -1): void;
  choose(uniqueId: string): void;
  closeFind(): void;
}

export function toolbar(state: State, actions: ToolbarActions): TemplateResult {
  const { view, uniqueId } = state;
  return html`<div class="toolbar" role="toolbar" aria-label="Lineage">
      ${icon('type-hierarchy')}
      <strong class="title" title=${titleOf(state)}>${titleOf(state)}</strong>
      <span class="dim count" role="status">${view ? countOf(state) : ''}</span>
      ${
        uniqueId === null || uniqueId === ''
          ? nothing
          : html`<span class="bar"></span>${stepper('Upstream', 'up', state.up, actions)}
              ${stepper('Downstream', 'down', state.down, actions)}`
      }
      <span class="spring"></span>
      ${findField(state, actions)}
      ${toggle('folder', 'Whole project', uniqueId === null, () => {
        actions.wholeProject();
      })}
      ${toggle(state.pinned ? 'pinned' : 'pin', 'Pin: do not follow the editor (P)', state.pinned, () => {
        actions.togglePin();
      })}
      ${toggle('list-tree', 'Show as a list (L)', state.form === 'list', () => {
        actions.toggleForm();
      })}
      <button
        class="icon-button"
        title="Save as SVG"
        aria-label="Save as SVG"
        ?disabled=${!view || state.form === 'list'}
        @click=${() => {
          actions.exportSvg();
        }}
      >
        ${icon('desktop-download')}
      </button>
    </div>
    ${trail(state, actions)}`;
}

export function titleOf({ view, uniqueId, project }: State): string {
  if (uniqueId === null) return project || 'Whole project';
  const id = view?.focus ?? uniqueId;
  return view?.all.find((each) => each.uniqueId === id)?.name ?? 'Lineage';
}

function countOf({ view }: State): string {
  if (!view) return '';
  const shown = view.nodes.length + view.groups.reduce((sum, { count }) => sum + count, 0);
  const total = view.total.toLocaleString('en');
  // Nothing is asked for yet, or it is not there.
  return shown === 0 || shown === view.total
    ? `${total} nodes`
    : `${shown.toLocaleString('en')} of ${total} nodes`;
}

function stepper(label: string, side: 'up' | 'down', hops: number, actions: ToolbarActions): TemplateResult {
  return html`<span class="dim label">${label}</span>
    <span class="stepper" role="group" aria-label="${label} hops">
      <button
        class="icon-button"
        aria-label="Fewer hops ${label.toLowerCase()}"
        ?disabled=${hops === 0}
        @click=${() => {
          actions.hops(side, -1);
        }}
      >
        ${icon('remove')}
      </button>
      <output aria-label="${label} hops">${hops}</output>
      <button
        class="icon-button"
        aria-label="More hops ${label.toLowerCase()}"
        ?disabled=${hops >= MOST_HOPS}
        @click=${() => {
          actions.hops(side, 1);
        }}
      >
        ${icon('add')}
      </button>
    </span>`;
}

function toggle(name: IconName, label: string, pressed: boolean, act: () => void): TemplateResult {
  return html`<button
    class="icon-button"
    title=${label}
    aria-label=${label}
    aria-pressed=${pressed}
    @click=${act}
  >
    ${icon(name)}
  </button>`;
}

function findField({ find, view }: State, actions: ToolbarActions): TemplateResult {
  const found = find && view ? matches(view.all, find.text) : [];
  const chosen = found[find?.index ?? 0];
  const keydown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') actions.stepFind(1);
    else if (event.key === 'ArrowUp') actions.stepFind(-1);
    else if (event.key === 'Enter' && chosen) actions.choose(chosen.uniqueId);
    else if (event.key === 'Escape') actions.closeFind();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<div class="find">
    <div class="field">
      ${icon('search')}
      <input
        id="find"
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck="false"
        placeholder="Find a model or source"
        aria-label="Find a model or source"
        aria-expanded=${found.length > 0}
        aria-controls="found"
        aria-activedescendant=${chosen ? `found-${find?.index ?? 0}` : nothing}
        .value=${live(find?.text ?? '')}
        @input=${(event: Event) => {
          actions.find((event.target as HTMLInputElement).value);
        }}
        @keydown=${keydown}
        @blur=${() => {
          actions.closeFind();
        }}
      />
      <kbd>/</kbd>
    </div>
    ${
      find && find.text !== ''
        ? html`<ul id="found" class="menu found" role="listbox" aria-label="Found">
            ${found.map(
              (each, index) =>
                html`<li
                  id="found-${index}"
                  role="option"
                  aria-selected=${each === chosen}
                  @pointerdown=${(event: Event) => {
                    // Before the field loses the focus, and the list with it.
                    event.preventDefault();
                    actions.choose(each.uniqueId);
                  }}
                >
                  ${icon(kindIcon(each.type, null))}<span class="text">${each.name}</span
                  ><span class="dim">${each.type.replaceAll('_', ' ')}</span>
                </li>`,
            )}
            ${found.length === 0 ? html`<li class="dim nothing">Nothing is called so</li>` : nothing}
          </ul>`
        : nothing
    }
  </div>`;
}

/** Only where nodes are grouped. */
function trail({ view, project }: State, actions: ToolbarActions): TemplateResult | typeof nothing {
  if (!view || (view.groups.length === 0 && view.trail.length === 0)) return nothing;
  if (view.trail.length === 0)
    return html`<div class="trail dim">Grouped by folder. Open a group to see its models.</div>`;
  const back = (label: string, group: string | null): TemplateResult =>
    html`<button
      class="link"
      @click=${() => {
        actions.backTo(group);
      }}
    >
      ${label}
    </button>`;
  return html`<nav class="trail" aria-label="Groups">
    ${back(project || 'Whole project', null)}
    ${view.trail.map(
      ({ id, title }, index) =>
        html`${icon('chevron-right')}${index === view.trail.length - 1 ? html`<strong>${title}</strong>` : back(title, id)}`,
    )}
  </nav>`;
}
