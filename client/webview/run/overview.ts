/** How far a run is: a number, the time, a bar by status, counts with their icons, and what can be done with it. */

import type { TemplateResult } from 'lit-html';
import { html, nothing, svg } from 'lit-html';
import type { RunView } from '../../../server/src/lsp/protocol.ts';
import { icon, type IconName } from '../shared/icons.ts';
import { stateIcon } from './history.ts';
import {
  countsOf,
  doneOf,
  duration,
  isActive,
  STATUS_WORDS,
  STATUSES,
  timeLeft,
  type Counts,
} from './run-words.ts';

export interface OverviewActions {
  askToCancel(): void;
  cancel(): void;
  goOn(): void;
  rerun(): void;
  rerunFailed(): void;
}

const ICONS: Readonly<Record<keyof Counts, IconName>> = {
  pass: 'pass-filled',
  warn: 'warning',
  fail: 'error',
  skip: 'circle-slash',
  run: 'loading',
  queue: 'circle-large',
};

export function overview(
  run: RunView,
  now: number,
  asking: boolean,
  isNewest: boolean,
  actions: OverviewActions,
): TemplateResult {
  const counts = countsOf(run.nodes);
  const isTask = run.kind === 'task';
  const { word } = stateIcon(run);
  return html`<section class="overview" aria-label="Progress">
    <div class="line">
      <strong class="far"
        >${isTask || run.nodes.length === 0 ? word : `${number(doneOf(counts))} of ${number(run.nodes.length)}`}</strong
      >
      <span class="dim figures">${figures(run, counts, now)}</span>
      <span class="spring"></span>
      ${isActive(run) ? cancelButton(run, asking, actions) : againButtons(run, counts, isNewest, actions)}
    </div>
    ${run.nodes.length === 0 ? nothing : html`${bar(counts, run.nodes.length)}${legend(counts)}`}
  </section>`;
}

function figures(run: RunView, counts: Counts, now: number): string {
  const left = isActive(run) ? timeLeft(run, counts, now) : undefined;
  const words = [
    run.kind === 'run' && run.threads > 0 ? `${run.threads} ${run.threads === 1 ? 'thread' : 'threads'}` : '',
    `${duration((run.endedAt ?? now) - run.startedAt)}${isActive(run) ? ' elapsed' : ''}`,
    left === undefined ? '' : `about ${duration(Math.max(1000, left))} left`,
    !isActive(run) && run.nodes.length > 0 ? stateIcon(run).word : '',
  ];
  return words.filter((word) => word !== '').join(' · ');
}

/** Stopping what has run for minutes is asked once more, where the button stood. */
function cancelButton(run: RunView, asking: boolean, actions: OverviewActions): TemplateResult {
  if (run.state === 'cancelling') return html`<button disabled>${icon('loading')}Stopping…</button>`;
  if (!asking)
    return html`<button
      @click=${() => {
        actions.askToCancel();
      }}
    >
      ${icon('debug-stop')}Cancel run
    </button>`;
  return html`<span class="ask" role="alertdialog" aria-label="Stop this run?">
    <span>Stop this run? What is built stays.</span>
    <button
      class="primary"
      id="really"
      @click=${() => {
        actions.cancel();
      }}
    >
      Stop it
    </button>
    <button
      @click=${() => {
        actions.goOn();
      }}
    >
      Keep running
    </button>
  </span>`;
}

function againButtons(
  run: RunView,
  counts: Counts,
  isNewest: boolean,
  actions: OverviewActions,
): TemplateResult {
  return html`${
    counts.fail > 0 && isNewest && run.kind === 'run'
      ? html`<button
          @click=${() => {
            actions.rerunFailed();
          }}
        >
          ${icon('refresh')}Rerun failed
        </button>`
      : nothing
  }${
    run.order
      ? html`<button
          @click=${() => {
            actions.rerun();
          }}
        >
          ${icon('run-all')}Rerun
        </button>`
      : nothing
  }`;
}

function bar(counts: Counts, total: number): TemplateResult {
  let x = 0;
  return html`<svg
    class="bar"
    height="6"
    viewBox="0 0 ${total} 6"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    ${STATUSES.filter((status) => counts[status] > 0).map((status) => {
      const from = x;
      x += counts[status];
      return svg`<rect class="part ${status}" x=${from} width=${counts[status]} height="6"></rect>`;
    })}
  </svg>`;
}

function legend(counts: Counts): TemplateResult {
  return html`<div class="legend">
    ${STATUSES.filter((status) => counts[status] > 0).map(
      (status) =>
        html`<span
          ><span class="status ${status}">${icon(ICONS[status])}</span>${counts[status]}
          <span class="dim">${STATUS_WORDS[status]}</span></span
        >`,
    )}
  </div>`;
}

function number(count: number): string {
  return count.toLocaleString('en');
}
