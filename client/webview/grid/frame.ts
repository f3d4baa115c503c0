/** The whole page as markup; the grid draws its rows into `.scroller` by itself. */

import type { TemplateResult } from 'lit-html';
import { html } from 'lit-html';
import { footer } from './footer.ts';
import type { GridActions, GridModel } from './grid-model.ts';
import { failure, inPlaceOfRows } from './states.ts';
import { toolbar } from './toolbar.ts';
import { viewer } from './viewer.ts';

export function frame(model: GridModel, actions: GridActions, announcement: string): TemplateResult {
  const { result, preview } = model;
  const isDim = model.isStale && preview?.phase !== 'fetching';
  return html`${toolbar(model, actions)} ${failure(model, actions)}
    <div class="middle">
      <div class="table ${isDim ? 'stale' : ''}">
        <div
          class="scroller data"
          role="grid"
          tabindex="0"
          aria-label="${result?.state.title ?? 'Results'}"
          aria-multiselectable="true"
          aria-readonly="true"
          aria-description="Enter on a heading sorts, Shift and Enter adds to the sort, F filters, Alt and an arrow changes the width"
          ?hidden=${result === undefined}
        ></div>
        ${inPlaceOfRows(model, actions)}
      </div>
      ${viewer(model, actions)}
    </div>
    ${footer(model, actions)}
    <div class="aloud" role="status" aria-live="polite">${announcement}</div>`;
}
