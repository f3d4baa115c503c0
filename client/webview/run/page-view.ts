/** The page as it stands: the command, the history, the run that is shown, keys; or what to do when there is no run. */

import { html, nothing, type TemplateResult } from 'lit-html';
import type { RunView } from '../../../server/src/lsp/protocol.ts';
import { icon } from '../shared/icons.ts';
import { history } from './history.ts';
import { log, type LogActions } from './log.ts';
import { nodeList, type NodeListActions, type Scroll } from './node-list.ts';
import { overview, type OverviewActions } from './overview.ts';
import { clock, countsOf, doneOf } from './run-words.ts';
import type { State } from './state.ts';

export interface PageActions extends OverviewActions, NodeListActions, LogActions {
  choose(runId: string): void;
  copyCommand(run: RunView): void;
  command(name: 'build' | 'buildAll'): void;
}

export interface Moment extends Scroll {
  readonly now: number;
  /** What a screen reader is told. */
  readonly said: string;
}

export function pageView(
  state: State,
  run: RunView | undefined,
  moment: Moment,
  actions: PageActions,
): TemplateResult {
  return html`<div class="run">
    ${toolbar(state.runs ?? [], run, actions)}
    <div class="progress ${state.runs ? '' : 'busy'}" role="presentation"></div>
    <div class="aloud" role="status">${moment.said}</div>
    ${
      state.problem === null
        ? nothing
        : html`<div class="failure" role="alert"><strong>${state.problem}</strong></div>`
    }
    ${run ? body(state, run, moment, actions) : state.runs ? nothingYet(actions) : html`<div class="spring"></div>`}
    ${footer(state, run)}
  </div>`;
}

function toolbar(runs: readonly RunView[], run: RunView | undefined, actions: PageActions): TemplateResult {
  // In a narrow page the history is a list to choose from.
  const choice = html`<select
    class="narrow-history"
    aria-label="History"
    @change=${(event: Event) => {
      actions.choose((event.target as HTMLSelectElement).value);
    }}
  >
    ${runs.map(
      (each) =>
        html`<option value=${each.runId} ?selected=${each === run}>
          ${clock(each.startedAt)} ${each.title}
        </option>`,
    )}
  </select>`;
  return html`<header class="toolbar">
    ${icon('run-all')}<strong>Run</strong>
    <span class="data command" title=${run?.title ?? ''}>${run?.title ?? ''}</span>
    <span class="spring"></span>
    ${runs.length > 1 ? choice : nothing}
    ${
      run
        ? html`<button
            class="icon-button"
            title="Copy the command"
            aria-label="Copy the command"
            @click=${() => {
              actions.copyCommand(run);
            }}
          >
            ${icon('copy')}
          </button>`
        : nothing
    }
  </header>`;
}

function body(state: State, run: RunView, moment: Moment, actions: PageActions): TemplateResult {
  const runs = state.runs ?? [];
  const newest = runs.find(({ kind }) => kind === 'run');
  return html`<div class="columns">
    ${history(runs, run, moment.now, (runId) => {
      actions.choose(runId);
    })}
    <div class="shown">
      ${overview(run, moment.now, state.asking, run === newest, actions)}
      ${run.nodes.length > 0 ? nodeList(run, state, moment, moment.now, actions) : nothing}
      ${log(run, state, actions)}
    </div>
  </div>`;
}

function nothingYet(actions: PageActions): TemplateResult {
  return html`<div class="empty">
    ${icon('run-all')}<strong>No runs in this workspace</strong>
    <p>Run the open model with its parents and children, or everything.</p>
    <div class="buttons">
      <button
        class="primary"
        @click=${() => {
          actions.command('build');
        }}
      >
        ${icon('play')}Build the open model
      </button>
      <button
        @click=${() => {
          actions.command('buildAll');
        }}
      >
        Build all
      </button>
    </div>
  </div>`;
}

function footer({ address }: State, run: RunView | undefined): TemplateResult {
  const hasNodes = run !== undefined && doneOf(countsOf(run.nodes)) > 0;
  const hint = (key: string, words: string): TemplateResult => html`<span><kbd>${key}</kbd>${words}</span>`;
  return html`<footer class="hints">
    ${address === null ? nothing : html`<span>${address}</span>`}
    ${run?.target ? html`<span>target <strong>${run.target}</strong></span>` : nothing}
    <span class="spring"></span>
    ${hasNodes ? html`${hint('F8', 'next failure')} ${hint('Space', 'details')} ${hint('Enter', 'open file')}` : nothing}
    ${run?.state === 'running' ? hint('Esc', 'cancel run') : nothing}
  </footer>`;
}
