/** The page as it stands: toolbar, what is wrong, the drawing or the list or what to do when there is neither, keys. */

import { html, nothing, type TemplateResult } from 'lit-html';
import type { LineageNode, LineageView } from '../../../server/src/lsp/protocol.ts';
import { icon } from '../shared/icons.ts';
import { columnPanel } from './column-path.ts';
import { drawing, elementId, type Picture } from './drawing.ts';
import { ZOOM_IN, ZOOM_OUT, type KeyAction } from './keys.ts';
import { list } from './list.ts';
import { menu, menuEntries, type MenuChoice } from './menu.ts';
import type { Pointer } from './pointer.ts';
import type { State } from './state.ts';
import { titleOf, toolbar, type ToolbarActions } from './toolbar.ts';

export interface PageActions extends ToolbarActions {
  openFile(node: LineageNode): void;
  chooseFromMenu(choice: MenuChoice, node: LineageNode): void;
  closeMenu(): void;
  /** As its key does. */
  press(action: KeyAction): void;
  tryAgain(): void;
}

export function pageView(
  state: State,
  picture: (view: LineageView) => Picture,
  pointer: Pointer,
  actions: PageActions,
): TemplateResult {
  return html`<div class="lineage">
    ${toolbar(state, actions)}
    <div class="progress ${state.loading ? 'busy' : ''}" role="presentation"></div>
    ${state.problem === null ? nothing : failure(state.problem, state.view, actions)}
    ${body(state, picture, pointer, actions)} ${openedMenu(state, actions)}
  </div>`;
}

function failure(problem: string, view: LineageView | undefined, actions: PageActions): TemplateResult {
  return html`<div class="failure" role="alert">
    <strong>${problem}</strong>
    <div class="links">
      ${view ? html`<span class="dim">What was read last is kept below.</span>` : nothing}
      <button
        class="link"
        @click=${() => {
          actions.tryAgain();
        }}
      >
        Try again
      </button>
    </div>
  </div>`;
}

function body(
  state: State,
  picture: (view: LineageView) => Picture,
  pointer: Pointer,
  actions: PageActions,
): TemplateResult {
  const { view, form, camera, stage, active, tile, column } = state;
  if (!view) return html`<div class="stage"></div>`;
  if (view.nodes.length + view.groups.length === 0) return nothingThere(view, state.uniqueId, actions);
  const shown = picture(view);
  if (form === 'list')
    return list(view, shown.status, {
      openFile: (node) => {
        actions.openFile(node);
      },
      enter: (group) => {
        actions.backTo(group);
      },
    });
  const label = `Lineage of ${titleOf(state)}. Arrow keys follow the lines, Space shows columns, Enter opens.`;
  return html`<div
      class="stage"
      tabindex="0"
      role="listbox"
      aria-label=${label}
      aria-activedescendant=${active === null ? nothing : elementId(active)}
      @pointerdown=${pointer.down}
      @pointermove=${pointer.move}
      @pointerup=${pointer.up}
      @pointerleave=${pointer.leave}
      @contextmenu=${pointer.menu}
      @wheel=${pointer.wheel}
    >
      <svg class="graph" role="presentation" width=${stage.width} height=${stage.height}>
        ${drawing(shown)}
      </svg>
      <div class="zoom">
        ${zoomButton('zoom-out', 'Zoom out (−)', ZOOM_OUT, actions)}
        ${zoomButton('zoom-in', 'Zoom in (+)', ZOOM_IN, actions)}
        ${zoomButton('screen-full', 'Fit (F)', { kind: 'fit' }, actions)}
      </div>
      ${
        column === null
          ? nothing
          : columnPanel(column, () => {
              actions.press({ kind: 'back' });
            })
      }
    </div>
    <footer class="hints">
      ${hint(['←', '→'], 'follow edges')} ${hint(['↑', '↓'], 'same layer')} ${hint(['Space'], 'columns')}
      ${hint(['Enter'], 'open')} ${hint(['[', ']'], 'hops')} ${hint(['F'], 'fit')}
      <span class="spring"></span><span>${tile ?? ''}</span><span>${Math.round(camera.scale * 100)} %</span>
    </footer>`;
}

function hint(keys: readonly string[], words: string): TemplateResult {
  return html`<span>${keys.map((key) => html`<kbd>${key}</kbd>`)}${words}</span>`;
}

function zoomButton(
  name: 'zoom-in' | 'zoom-out' | 'screen-full',
  label: string,
  action: KeyAction,
  actions: PageActions,
): TemplateResult {
  return html`<button
    class="icon-button"
    title=${label}
    aria-label=${label}
    @pointerdown=${stop}
    @pointerup=${stop}
    @click=${() => {
      actions.press(action);
    }}
  >
    ${icon(name)}
  </button>`;
}

/** The drawing beneath must not take it for a drag. */
function stop(event: Event): void {
  event.stopPropagation();
}

function nothingThere(view: LineageView, uniqueId: string | null, actions: PageActions): TemplateResult {
  const [bold, dim] = wordsForNothing(view, uniqueId);
  const buttons = html`<div class="buttons">
    <button
      class="primary"
      @click=${() => {
        actions.press({ kind: 'find' });
      }}
    >
      Pick a model…
    </button>
    <button
      @click=${() => {
        actions.wholeProject();
      }}
    >
      Whole project
    </button>
  </div>`;
  return html`<div class="empty">
    ${icon('type-hierarchy')}<strong>${bold}</strong>
    <p>${dim}</p>
    ${view.total === 0 ? nothing : buttons}
  </div>`;
}

function wordsForNothing(
  { total }: LineageView,
  uniqueId: string | null,
): readonly [bold: string, dim: string] {
  if (total === 0) return ['This project has no models yet', 'Its lineage shows as soon as there is one.'];
  if (uniqueId === '')
    return ['Open a model to see its lineage', 'Or start from the whole project, grouped by folder.'];
  return ['Nothing of that name is in the project', 'It may be disabled, or not be read yet.'];
}

function openedMenu(
  { menu: opened, open, view }: State,
  actions: PageActions,
): TemplateResult | typeof nothing {
  const node = view?.nodes.find(({ uniqueId }) => uniqueId === opened?.id);
  if (!opened || !node) return nothing;
  return menu(
    opened,
    menuEntries(node, open.has(node.uniqueId)),
    (choice) => {
      actions.chooseFromMenu(choice, node);
    },
    () => {
      actions.closeMenu();
    },
  );
}
