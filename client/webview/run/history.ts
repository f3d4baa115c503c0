/** The runs of this session, newest first. */

import type { TemplateResult } from 'lit-html';
import { html, nothing } from 'lit-html';
import type { RunView } from '../../../server/src/lsp/protocol.ts';
import type { IconName } from '../shared/icons.ts';
import { icon } from '../shared/icons.ts';
import { countsOf, isActive, shortTitle, summary, when } from './run-words.ts';

export function history(
  runs: readonly RunView[],
  shown: RunView | undefined,
  now: number,
  choose: (runId: string) => void,
): TemplateResult {
  const keydown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const next = by === 0 ? undefined : runs[runs.findIndex((run) => run === shown) + by];
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    if (next) choose(next.runId);
  };
  return html`<nav class="history" aria-label="History">
    <h2>History</h2>
    <ul
      role="listbox"
      tabindex="0"
      aria-label="Runs"
      aria-activedescendant=${shown ? `run-${shown.runId}` : nothing}
      @keydown=${keydown}
    >
      ${runs.map((run) => {
        const { name, kind } = stateIcon(run);
        return html`<li
          id="run-${run.runId}"
          role="option"
          aria-selected=${run === shown}
          title=${run.title}
          @click=${() => {
            choose(run.runId);
          }}
        >
          <span class="status ${kind}">${icon(name)}</span>
          <span class="words"
            ><span class="title">${shortTitle(run)}</span><span class="dim">${summary(run, now)}</span></span
          >
          <span class="dim when">${isActive(run) ? 'now' : when(run.startedAt, now)}</span>
        </li>`;
      })}
    </ul>
  </nav>`;
}

export function stateIcon(run: RunView): {
  readonly name: IconName;
  readonly kind: string;
  readonly word: string;
} {
  switch (run.state) {
    case 'running':
      return { name: 'loading', kind: 'run', word: 'running' };
    case 'cancelling':
      return { name: 'loading', kind: 'run', word: 'stopping' };
    case 'cancelled':
      return { name: 'circle-slash', kind: 'skip', word: 'cancelled' };
    case 'failed':
      return { name: 'error', kind: 'fail', word: 'failed' };
    case 'done':
      return countsOf(run.nodes).warn > 0
        ? { name: 'warning', kind: 'warn', word: 'done, with warnings' }
        : { name: 'pass-filled', kind: 'pass', word: 'done' };
  }
}
