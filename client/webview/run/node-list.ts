/** The nodes of a run, as far as they are in view, each with its details beneath where they are open. */

import { html, nothing, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import type { RunNode, RunView } from '../../../server/src/lsp/protocol.ts';
import { hasDetail, nodeDetail, type DetailActions } from './node-detail.ts';
import { nodeCells, type Span } from './node-row.ts';
import { rowWindow } from './row-window.ts';
import { duration, isActive } from './run-words.ts';
import type { State } from './state.ts';

export const ROW = 24;

export interface NodeListActions extends DetailActions {
  toggle(node: RunNode): void;
  scrolledNodes(): void;
}

export interface Scroll {
  /** What the open details add to their rows, by index. */
  readonly extra: ReadonlyMap<number, number>;
  readonly scrolled: { readonly top: number; readonly height: number };
}

export function nodeList(
  run: RunView,
  state: State,
  { extra, scrolled }: Scroll,
  now: number,
  actions: NodeListActions,
): TemplateResult {
  const span = { start: run.startedAt, length: (run.endedAt ?? now) - run.startedAt };
  const { from, to, above, below } = rowWindow(run.nodes.length, ROW, extra, scrolled);
  const { active } = state;
  return html`<div class="head" aria-hidden="true">
      <span></span><span></span><span>Node</span><span>Kind</span><span class="number">Rows</span
      ><span class="number">Time</span>
      <span class="scale"><span>0 s</span><span>${duration(span.length)}</span></span>
    </div>
    <div
      class="nodes"
      role="grid"
      tabindex="0"
      aria-label="Nodes of the run"
      aria-rowcount=${run.nodes.length}
      aria-colcount="7"
      aria-activedescendant=${active === null ? nothing : `node-${active}`}
      @scroll=${() => {
        actions.scrolledNodes();
      }}
    >
      <svg class="room" width="1" height=${above}></svg>
      ${repeat(
        run.nodes.slice(from, to).map((node, index) => ({ node, index: from + index })),
        ({ node }) => node.uniqueId,
        ({ node, index }) => row(run, state, node, index, span, now, actions),
      )}
      <svg class="room" width="1" height=${below}></svg>
    </div>`;
}

function row(
  run: RunView,
  { active, open, skippedBelow }: State,
  node: RunNode,
  index: number,
  span: Span,
  now: number,
  actions: NodeListActions,
): TemplateResult {
  const id = node.uniqueId;
  const isOpen = open.has(id) && hasDetail(node);
  // While it runs its bar grows; once the run has ended nothing moves.
  const moment = isActive(run) ? now : 0;
  return html`<div
      class="row ${id === active ? 'active' : ''}"
      id="node-${id}"
      role="row"
      aria-rowindex=${index + 1}
      aria-selected=${id === active}
      aria-expanded=${hasDetail(node) ? isOpen : nothing}
      @click=${() => {
        actions.toggle(node);
      }}
      @dblclick=${() => {
        if (node.location) actions.open(node.location);
      }}
    >
      ${guard([node, span.length, moment], () => nodeCells(node, span, now))}
    </div>
    ${
      isOpen
        ? html`<div class="detail-row" data-id=${id} role="row">
            ${nodeDetail(node, skippedBelow.get(`${run.runId} ${id}`), actions)}
          </div>`
        : nothing
    }`;
}
