/** Above the grid: what is shown and how long it took, finding, and what can be done with all rows; below it the filters. */

import type { TemplateResult } from 'lit-html';
import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { IconName } from '../shared/icons.ts';
import { icon } from '../shared/icons.ts';
import type { GridActions, GridModel } from './grid-model.ts';
import { count, duration, elapsed, filterText, filterValue, plural } from './wording.ts';

export function toolbar(model: GridModel, actions: GridActions): TemplateResult {
  const { preview, result } = model;
  const isFetching = preview?.phase === 'fetching';
  const hasRows = result !== undefined;
  return html`<header class="toolbar" role="toolbar" aria-label="Results">
      ${icon('table')}
      <h1 title=${preview?.title ?? ''}>${preview?.title ?? 'Results'}</h1>
      <span class="meta">${meta(model)}</span>
      ${
        model.isStale && hasRows
          ? html`<span class="badge" title="From ${result.at}; the query has failed or not answered since">
              ${icon('warning')}stale
            </span>`
          : nothing
      }
      <span class="gap"></span>
      <label class="field find">
        ${icon('search')}
        <input
          type="search"
          placeholder="Find in results"
          aria-label="Find in results"
          spellcheck="false"
          .value=${live(model.arrangement.find)}
          ?disabled=${!hasRows}
          @input=${(event: Event) => {
            actions.find((event.target as HTMLInputElement).value);
          }}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key === 'Enter' || event.key === 'ArrowDown') actions.focusGrid();
            if (event.key === 'Escape') {
              actions.find('');
              actions.focusGrid();
            }
          }}
        />
      </label>
      ${button(
        'filter',
        'Filters',
        () => {
          actions.toggleFilterRow();
        },
        !hasRows,
        hasRows && model.filterRow === 'open',
      )}
      <span class="rule"></span>
      ${button(
        'copy',
        'Copy the selected cells (Ctrl+C)',
        () => {
          actions.copy();
        },
        !hasRows,
      )}
      ${menuButton(
        'chevron-down',
        'Copy as…',
        (anchor) => {
          actions.copyMenu(anchor);
        },
        !hasRows,
      )}
      ${menuButton(
        'desktop-download',
        'Save all rows as…',
        (anchor) => {
          actions.exportMenu(anchor);
        },
        !hasRows,
      )}
      ${button(
        'layout-sidebar-right',
        'Cell viewer (Enter)',
        () => {
          actions.toggleViewer();
        },
        !hasRows,
        model.viewer === 'open',
      )}
      ${
        isFetching
          ? button(
              'debug-stop',
              'Stop fetching',
              () => {
                actions.stop();
              },
              false,
            )
          : button(
              'refresh',
              'Run again',
              () => {
                actions.rerun();
              },
              !model.canRerun,
            )
      }
    </header>
    <div
      class="progress ${isFetching ? 'busy' : ''}"
      role=${isFetching ? 'progressbar' : nothing}
      aria-label=${isFetching ? 'Fetching rows' : nothing}
    ></div>
    ${hasRows && model.filterRow === 'open' ? filterRow(model, actions) : nothing}`;
}

function meta(model: GridModel): string {
  const { preview, result, isStale } = model;
  if (!preview) return '';
  // The filter row says it too, when it is open.
  const found = model.filterRow === 'closed' && preview.phase !== 'fetching' ? matches(model) : '';
  if (found !== '') return found;
  if (isStale && result)
    return `${plural(result.state.rows, 'row')} · ${plural(result.state.columns.length, 'column')}`;
  const rows = plural(preview.rows, 'row');
  switch (preview.phase) {
    case 'fetching':
      return preview.rows === 0
        ? `Waiting for the first rows · ${elapsed(model.elapsed)}`
        : `${rows} so far · ${elapsed(model.elapsed)}`;
    case 'failed':
      return `Failed after ${duration(preview.elapsed)}`;
    case 'stopped':
      return `${rows} · ${plural(preview.columns.length, 'column')} · stopped after ${duration(preview.elapsed)}`;
    case 'done':
      return `${preview.hasMore ? `first ${rows}` : rows} · ${plural(preview.columns.length, 'column')} · ${duration(preview.elapsed)}`;
  }
}

function button(
  name: IconName,
  label: string,
  act: () => void,
  isDisabled: boolean,
  isPressed?: boolean,
): TemplateResult {
  return html`<button
    class="icon-button"
    title=${label}
    aria-label=${label}
    aria-pressed=${isPressed === undefined ? nothing : String(isPressed)}
    ?disabled=${isDisabled}
    @click=${act}
  >
    ${icon(name)}
  </button>`;
}

function menuButton(
  name: IconName,
  label: string,
  open: (anchor: Element) => void,
  isDisabled: boolean,
): TemplateResult {
  return html`<button
    class="icon-button ${name === 'chevron-down' ? 'narrow' : ''}"
    title=${label}
    aria-label=${label}
    aria-haspopup="menu"
    ?disabled=${isDisabled}
    @click=${(event: Event) => {
      open(event.currentTarget as Element);
    }}
  >
    ${icon(name)}
  </button>`;
}

function filterRow(model: GridModel, actions: GridActions): TemplateResult {
  const { result, arrangement } = model;
  const columns = result?.state.columns ?? [];
  return html`<div class="filter-row" role="group" aria-label="Filters">
    ${icon('filter')}
    ${arrangement.filters.map((filter, index) => {
      const column = columns[filter.column];
      if (!column) return nothing;
      return html`<span class="chip data">
        <button
          class="text"
          title="Change this filter"
          @click=${(event: Event) => {
            actions.editFilter((event.currentTarget as Element).closest('.chip') as Element, index);
          }}
        >
          <span>${column.name}</span> <span class="operator">${filter.operator}</span>
          <span>${filterValue(filter, column)}</span>
        </button>
        <button
          title="Remove this filter"
          aria-label="Remove the filter ${filterText(filter, column)}"
          @click=${() => {
            actions.removeFilter(index);
          }}
        >
          ${icon('close')}
        </button>
      </span>`;
    })}
    <span class="matches">${matches(model)}</span>
    <span class="gap"></span>
    <button
      class="pill"
      @click=${(event: Event) => {
        actions.editFilter(event.currentTarget as Element);
      }}
    >
      ${icon('add')}Add filter
    </button>
  </div>`;
}

export function matches({ result, arrangement }: GridModel): string {
  if (!result || (arrangement.filters.length === 0 && arrangement.find === '')) return '';
  const { matching } = result.pages;
  if (matching === undefined) return 'Looking…';
  return `${count(matching)} of ${plural(result.state.rows, 'row matches', 'rows match')}`;
}
