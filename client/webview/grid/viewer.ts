/** The whole of one cell, at the right of the grid: JSON laid out, long text in its lines. */

import type { TemplateResult } from 'lit-html';
import { html, nothing } from 'lit-html';
import type { PreviewColumn } from '../../../server/src/lsp/protocol.ts';
import type { IconName } from '../shared/icons.ts';
import { icon } from '../shared/icons.ts';
import { properties } from '../shared/properties.ts';
import type { GridActions, GridModel, ViewedCell } from './grid-model.ts';
import type { Token } from './json-text.ts';
import { layOutJson } from './json-text.ts';
import { percent } from './table-view.ts';
import { count, plural, shortType } from './wording.ts';

/** A browser lays out so much text at once; the rest opens in an editor. */
const LONGEST = 200_000;
const NARROWEST = 220;

export function viewer(model: GridModel, actions: GridActions): TemplateResult | typeof nothing {
  const { result, viewed } = model;
  if (model.viewer === 'closed' || !result) return nothing;
  const column = viewed && result.state.columns[viewed.column];
  const button = (name: IconName, label: string, act: () => void, isPressed?: boolean) =>
    html`<button
      class="icon-button"
      title=${label}
      aria-label=${label}
      aria-pressed=${isPressed === undefined ? nothing : String(isPressed)}
      @click=${act}
    >
      ${icon(name)}
    </button>`;
  return html`<aside
    class="viewer"
    aria-label="Cell viewer"
    ${properties({ width: `${model.viewerWidth}px` })}
  >
    ${edge(model, actions)}
    <header>
      ${icon(column ? kindIcon(column) : 'symbol-string')}
      <h2>${column?.name ?? ''}</h2>
      <span class="dim">${column ? shortType(column.type) : ''}</span>
      <span class="gap"></span>
      ${button(
        'word-wrap',
        'Wrap lines',
        () => {
          actions.toggleWrap();
        },
        model.wrap === 'wrap',
      )}
      ${button('copy', 'Copy the whole text', () => {
        actions.copyViewed();
      })}
      ${button('go-to-file', 'Open in an editor', () => {
        actions.openViewed();
      })}
      ${button('close', 'Close the viewer (Escape)', () => {
        actions.toggleViewer();
      })}
    </header>
    <div class="text data ${model.wrap === 'wrap' ? 'wrapped' : ''}" tabindex="0">
      ${viewed ? content(viewed) : nothing}
    </div>
    ${viewed && column ? facts(model, viewed, column) : nothing}
  </aside>`;
}

function edge(model: GridModel, actions: GridActions): TemplateResult {
  return html`<div
    class="edge"
    role="separator"
    aria-orientation="vertical"
    aria-label="Width of the viewer"
    aria-valuenow=${model.viewerWidth}
    tabindex="0"
    @keydown=${(event: KeyboardEvent) => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      event.preventDefault();
      actions.setViewerWidth(bounded(model.viewerWidth + (event.key === 'ArrowLeft' ? 24 : -24)));
    }}
    @pointerdown=${(event: PointerEvent) => {
      const element = event.currentTarget as HTMLElement;
      element.setPointerCapture(event.pointerId);
      element.onpointermove = (move) => {
        actions.setViewerWidth(bounded(innerWidth - move.clientX));
      };
      element.onpointerup = element.onpointercancel = () => {
        element.onpointermove = null;
      };
    }}
  ></div>`;
}

function bounded(width: number): number {
  return Math.round(Math.max(NARROWEST, Math.min(width, innerWidth - 160)));
}

function kindIcon(column: PreviewColumn): IconName {
  if (column.type === 'json' || column.type === 'jsonb') return 'json';
  if (column.isNumeric) return 'symbol-numeric';
  if (column.type === 'boolean') return 'symbol-boolean';
  return /^(date|time)/u.test(column.type) ? 'calendar' : 'symbol-string';
}

function content({ text }: ViewedCell): TemplateResult {
  if (text === undefined) return html`<span class="dim">Reading the whole text…</span>`;
  if (text === null) return html`<span class="null">NULL</span>`;
  if (text === '') return html`<span class="dim">The text is empty.</span>`;
  const shown = text.slice(0, LONGEST);
  const lines = shown.length === text.length ? layOutJson(text) : undefined;
  if (lines) return html`${lines.map(jsonLine)}`;
  return html`<div class="plain" .textContent=${shown}></div>
    ${
      shown.length < text.length
        ? html`<p class="dim">${count(text.length - shown.length)} more characters: open it in an editor.</p>`
        : nothing
    }`;
}

/** Text goes in as a property: white space counts here, and a template's own would show. */
function jsonLine(tokens: readonly Token[]): TemplateResult {
  return html`<div class="line">
    ${tokens.map(({ kind, text }) => html`<span class="json-${kind}" .textContent=${text}></span>`)}
  </div>`;
}

function facts(model: GridModel, viewed: ViewedCell, column: PreviewColumn): TemplateResult {
  const { result } = model;
  const rows = result?.pages.matching ?? 0;
  return html`<dl>
    <dt>Row</dt>
    <dd>${count(viewed.row + 1)} of ${count(rows)}</dd>
    <dt>Length</dt>
    <dd>
      ${viewed.text === undefined ? '…' : viewed.text === null ? 'NULL' : plural([...viewed.text].length, 'character')}
    </dd>
    <dt>NULL in this column</dt>
    <dd>${percent(column.nulls, result?.state.rows ?? 0)}</dd>
  </dl>`;
}
