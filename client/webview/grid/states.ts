/** What stands where the rows would: nothing yet, none, on their way, or why they could not be fetched. */

import type { TemplateResult } from 'lit-html';
import { html, nothing } from 'lit-html';
import type { Location, PreviewState } from '../../../server/src/lsp/protocol.ts';
import { icon } from '../shared/icons.ts';
import type { GridActions, GridModel } from './grid-model.ts';
import { duration, plural } from './wording.ts';

/** Above the rows, or in their place. */
export function failure(model: GridModel, actions: GridActions): TemplateResult | typeof nothing {
  const { preview, result } = model;
  // Rows may be refused later, when the server has started anew and knows nothing of them.
  const lost = result?.pages.problem;
  const problem = preview?.problem ?? (lost === undefined ? null : { message: lost });
  if (!preview || !problem) return nothing;
  const [first = '', ...rest] = problem.message.split('\n');
  const location = 'location' in problem ? problem.location : undefined;
  return html`<div class="failure" role="alert">
      <strong .textContent=${first}></strong>
      ${rest.length > 0 ? html`<div class="more-words" .textContent=${rest.join('\n')}></div>` : nothing}
      <div class="links">
        ${
          location
            ? html`<button
                class="link"
                @click=${() => {
                  actions.open(location);
                }}
              >
                ${placeText(location, preview.folder)}
              </button>`
            : nothing
        }
        ${preview.sql === '' ? nothing : sqlLink(actions)}
        ${
          model.canRerun
            ? html`<button
                class="link"
                @click=${() => {
                  actions.rerun();
                }}
              >
                Run again
              </button>`
            : nothing
        }
      </div>
    </div>
    ${
      model.isStale && result
        ? html`<p class="kept">
            The last good result (${result.at}, ${plural(result.state.rows, 'row')}) is kept below, marked
            stale.
          </p>`
        : nothing
    }`;
}

function sqlLink(actions: GridActions): TemplateResult {
  return html`<button
    class="link"
    @click=${() => {
      actions.showSql();
    }}
  >
    Show compiled SQL
  </button>`;
}

/** `models/marts/fct_orders.sql:14:7` */
function placeText({ uri, range }: Location, folder: string): string {
  const path = uri.startsWith(`${folder}/`)
    ? uri.slice(folder.length + 1)
    : uri.slice(uri.lastIndexOf('/') + 1);
  return `${decodeURIComponent(path)}:${range.start.line + 1}:${range.start.character + 1}`;
}

export function inPlaceOfRows(model: GridModel, actions: GridActions): TemplateResult | typeof nothing {
  const { preview, result } = model;
  if (!preview) return nothingYet(actions);
  if (!result)
    return preview.phase === 'fetching'
      ? onTheirWay()
      : preview.problem
        ? nothing
        : noRows(model, preview, actions);
  const isEmpty = result.pages.matching === 0 && preview.phase !== 'fetching';
  return isEmpty ? noRows(model, preview, actions) : nothing;
}

function nothingYet(actions: GridActions): TemplateResult {
  return html`<div class="empty">
    ${icon('table')}<strong>No rows yet</strong>
    <p>Preview a model to see what it gives, as its text stands now.</p>
    <div class="buttons">
      <button
        class="primary"
        @click=${() => {
          actions.preview();
        }}
      >
        ${icon('play')}Preview the open model
      </button>
    </div>
  </div>`;
}

/** Bars in the form of what will come. */
function onTheirWay(): TemplateResult {
  const widths = ['w3', 'w5', 'w6', 'w4', 'w5', 'w3', 'w6', 'w5'];
  return html`<div class="skeleton" aria-hidden="true">
    ${Array.from(
      { length: 12 },
      (_, row) =>
        html`<div>
          ${widths.map((_, column) => html`<span class=${widths[(row * 3 + column) % 8] ?? ''}></span>`)}
        </div>`,
    )}
  </div>`;
}

function noRows(model: GridModel, preview: PreviewState, actions: GridActions): TemplateResult {
  const { filters, find } = model.arrangement;
  const filtered = (filters.length > 0 || find !== '') && preview.rows > 0;
  if (filtered)
    return html`<div class="empty">
      ${icon('table')}<strong>No row matches</strong>
      <p>
        ${plural(preview.rows, 'row')} came;
        ${find === '' ? 'the filters leave none' : `none has "${find}" in what is shown`}.
      </p>
      <div class="buttons">
        ${
          filters.length > 0
            ? html`<button
                @click=${() => {
                  actions.clearFilters();
                }}
              >
                ${icon('filter')}Clear ${plural(filters.length, 'filter')}
              </button>`
            : nothing
        }
        ${
          find !== ''
            ? html`<button
                @click=${() => {
                  actions.find('');
                }}
              >
                ${icon('search')}Clear the search
              </button>`
            : nothing
        }
      </div>
    </div>`;
  const how =
    preview.phase === 'stopped'
      ? `It was stopped after ${duration(preview.elapsed)}, before a row came.`
      : `The query ran in ${duration(preview.elapsed)} and returned ${plural(preview.columns.length, 'column')} and no rows.`;
  return html`<div class="empty">
    ${icon('table')}<strong>No rows</strong>
    <p>${how}</p>
    <div class="buttons">
      ${
        model.canRerun
          ? html`<button
              @click=${() => {
                actions.rerun();
              }}
            >
              ${icon('refresh')}Run again
            </button>`
          : nothing
      }
      ${
        preview.sql === ''
          ? nothing
          : html`<button
              @click=${() => {
                actions.showSql();
              }}
            >
              Show compiled SQL
            </button>`
      }
    </div>
  </div>`;
}
