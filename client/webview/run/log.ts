/** What the run says line by line; it keeps to its end until somebody scrolls. */

import type { TemplateResult } from 'lit-html';
import { html, nothing } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import type { LogLine, RunView } from '../../../server/src/lsp/protocol.ts';
import { icon } from '../shared/icons.ts';
import type { State } from './state.ts';
import { clock } from './run-words.ts';

export interface LogActions {
  scrolled(element: HTMLElement): void;
  toEnd(): void;
  toggleWrap(): void;
  toggleLog(): void;
  copyLog(): void;
}

/** Older lines are in the copy, and in the log file of the project. */
const MOST_LINES = 2000;
/** Lines are drawn anew a piece at a time. */
const PIECE = 100;

export function log(run: RunView, { log: look }: State, actions: LogActions): TemplateResult {
  const isTask = run.kind === 'task' || run.nodes.length === 0;
  const isOpen = look.isOpen || isTask;
  const from = Math.max(0, Math.floor((run.log.length - MOST_LINES) / PIECE) * PIECE);
  const pieces = Array.from({ length: Math.ceil((run.log.length - from) / PIECE) }, (_, index) =>
    run.log.slice(from + index * PIECE, from + (index + 1) * PIECE),
  );
  return html`<section class="log ${isTask ? 'whole' : ''} ${isOpen ? '' : 'closed'}" aria-label="Log">
    <header>
      <h2>Log</h2>
      <span class="dim">${run.log.length === 0 ? '' : run.log.length.toLocaleString('en')}</span>
      <span class="spring"></span>
      ${look.follows || !isOpen ? nothing : button('arrow-down', 'Jump to the end', actions.toEnd.bind(actions))}
      ${isOpen ? button('word-wrap', 'Wrap lines', actions.toggleWrap.bind(actions), look.wraps) : nothing}
      ${button('copy', 'Copy the log', actions.copyLog.bind(actions))}
      ${isTask ? nothing : button(isOpen ? 'chevron-down' : 'chevron-up', isOpen ? 'Hide the log' : 'Show the log', actions.toggleLog.bind(actions))}
    </header>
    ${
      isOpen
        ? html`<div
            class="lines data ${look.wraps ? 'wraps' : ''}"
            role="log"
            aria-live="off"
            tabindex="0"
            @scroll=${(event: Event) => {
              actions.scrolled(event.currentTarget as HTMLElement);
            }}
          >
            ${from > 0 ? html`<div class="dim">${from.toLocaleString('en')} earlier lines are in the copy.</div>` : nothing}
            ${pieces.map((lines) => guard([run.runId, lines.length, lines[0]], () => lines.map(logLine)))}
            ${run.log.length === 0 ? html`<div class="dim">Nothing was said.</div>` : nothing}
          </div>`
        : nothing
    }
  </section>`;
}

function button(
  name: Parameters<typeof icon>[0],
  label: string,
  act: () => void,
  pressed?: boolean,
): TemplateResult {
  return html`<button
    class="icon-button"
    title=${label}
    aria-label=${label}
    aria-pressed=${pressed ?? nothing}
    @click=${act}
  >
    ${icon(name)}
  </button>`;
}

function logLine({ at, level, text }: LogLine): TemplateResult {
  const mark =
    level === 'error'
      ? html`<span class="status fail" title="error">${icon('error')}</span>`
      : level === 'warning'
        ? html`<span class="status warn" title="warning">${icon('warning')}</span>`
        : nothing;
  return html`<div class="log-line ${level}">
    <span class="time">${clock(at)}</span>${mark}<span>${plain(text)}</span>
  </div>`;
}

/** A process may colour its lines for a terminal. */
export function plain(text: string): string {
  return text.replaceAll(/\u001b\[[0-9;]*[A-Za-z]/gu, '');
}
