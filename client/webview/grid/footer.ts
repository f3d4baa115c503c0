/** Below the grid: what is selected and what it adds up to, how rows are sorted, where they come from. */

import type { TemplateResult } from 'lit-html';
import { html, nothing } from 'lit-html';
import { icon } from '../shared/icons.ts';
import type { GridActions, GridModel, ShownResult } from './grid-model.ts';
import { HEADER, rectangleOf } from './selection.ts';
import { count, decimal, elapsed, plural } from './wording.ts';

/** More than this would not be looked at row by row, and has to fit into memory. */
export const ALL_ROWS = 1_000_000;
const MORE_ROWS = 10_000;

export function footer(model: GridModel, actions: GridActions): TemplateResult {
  const { preview, result } = model;
  const isFetching = preview?.phase === 'fetching';
  return html`<footer class="footer" role="contentinfo">
    ${result ? selected(result) : nothing}
    ${
      isFetching
        ? html`<span
              >${preview.rows === 0 ? 'Waiting for the first rows' : `${plural(preview.rows, 'row')} so far`}
              · ${elapsed(model.elapsed)}</span
            >
            <button
              class="link"
              @click=${() => {
                actions.stop();
              }}
            >
              Stop
            </button>`
        : nothing
    }
    <span class="gap"></span>
    ${
      preview && !model.isStale && preview.hasMore && !isFetching && model.canRerun
        ? more(preview.rows, actions)
        : nothing
    }
    ${result && model.arrangement.sort.length > 0 ? sorted(model, result) : nothing}
    ${preview ? connection(model, preview.connection) : nothing}
    <span class="read-only">Read only</span>
  </footer>`;
}

function selected({ selection, summary }: ShownResult): TemplateResult | typeof nothing {
  const { top, bottom, left, right } = rectangleOf(selection);
  if (bottom === HEADER) return nothing;
  const first = Math.max(0, top);
  return html`<span><strong>${count(bottom - first + 1)} × ${count(right - left + 1)}</strong> selected</span>
    ${
      summary && summary.count > 1 && summary.sum !== null
        ? html`<span>sum <strong>${figure(summary.sum)}</strong></span>
            <span>avg <strong>${figure(summary.average ?? '', places(summary.sum))}</strong></span>`
        : nothing
    }
    ${summary ? html`<span>NULL <strong>${count(summary.nulls)}</strong></span>` : nothing}`;
}

/** An average has as many places as the sum, and at least two. */
function places(sum: string): number {
  const point = sum.indexOf('.');
  return Math.max(2, point < 0 ? 0 : sum.length - point - 1);
}

function figure(text: string, most = 30): string {
  return decimal(text, most);
}

function more(rows: number, actions: GridActions): TemplateResult {
  const link = (label: string, limit: number) =>
    html`<button
      class="link"
      @click=${() => {
        actions.fetchMore(limit);
      }}
    >
      ${label}
    </button>`;
  return html`<span class="more"
    >There are more rows: ${rows < MORE_ROWS ? link(`fetch ${count(MORE_ROWS)}`, MORE_ROWS) : nothing}
    ${rows < ALL_ROWS ? link('fetch all', ALL_ROWS) : html`this view holds no more`}</span
  >`;
}

function sorted(model: GridModel, result: ShownResult): TemplateResult {
  return html`<span class="sorted"
    >sorted by
    ${model.arrangement.sort.map(
      ({ column, direction }, index) =>
        html`${index > 0 ? ', ' : ''}<strong>${result.state.columns[column]?.name ?? ''}</strong> ${
            direction === 'ascending' ? '↑' : '↓'
          }`,
    )}</span
  >`;
}

function connection(model: GridModel, address: string): TemplateResult {
  return model.away === undefined
    ? html`<span class="connection" title=${address}>${address}</span>`
    : html`<span class="connection away" title=${model.away}>${icon('warning')}${address} is away</span>`;
}
