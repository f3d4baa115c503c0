/** What a node has to say for itself, opened beneath its row: the message first, then where, then what can be looked at. */

import type { TemplateResult } from 'lit-html';
import { html, nothing } from 'lit-html';
import type { Location, RunNode, UnitTestDifference } from '../../../server/src/lsp/protocol.ts';
import { statusClass } from '../shared/node-icons.ts';

export interface DetailActions {
  /** Of the project, which no path repeats. */
  readonly folder: string;
  open(location: Location): void;
  showSql(node: RunNode): void;
  showRows(node: RunNode): void;
  showLineage(node: RunNode): void;
}

/** Whether there is anything to open. */
export function hasDetail(node: RunNode): boolean {
  return (
    node.message !== null || node.error !== null || node.difference !== null || node.compiledSql !== null
  );
}

export function nodeDetail(
  node: RunNode,
  skippedBelow: number | undefined,
  actions: DetailActions,
): TemplateResult {
  const kind = statusClass(node.status);
  const isTest = node.type === 'test';
  const rows = node.rows ?? 0;
  const [first = '', ...rest] = (node.message ?? '').split('\n');
  return html`<div class="detail ${kind}" role="gridcell">
    ${node.message === null ? nothing : html`<pre><strong>${first}</strong>${rest.length > 0 ? `\n${rest.join('\n')}` : ''}</pre>`}
    ${node.difference ? difference(node.difference) : nothing}
    <div class="links">
      ${place(node, actions)}
      ${node.error?.related.map(
        (location) =>
          html`<button
            class="link"
            @click=${() => {
              actions.open(location);
            }}
          >
            in ${placeName(location, actions.folder)}
          </button>`,
      )}
      ${
        node.compiledSql === null
          ? nothing
          : html`<button
              class="link"
              @click=${() => {
                actions.showSql(node);
              }}
            >
              Compiled SQL
            </button>`
      }
      ${
        isTest && rows > 0 && (kind === 'fail' || kind === 'warn')
          ? html`<button
              class="link"
              @click=${() => {
                actions.showRows(node);
              }}
            >
              Show the ${rows === 1 ? 'row' : `${rows.toLocaleString('en')} rows`}
            </button>`
          : nothing
      }
      <button
        class="link"
        @click=${() => {
          actions.showLineage(node);
        }}
      >
        Show lineage
      </button>
      ${
        skippedBelow !== undefined && skippedBelow > 0
          ? html`<span
              >${skippedBelow}
              ${skippedBelow === 1 ? 'model downstream was skipped' : 'models downstream were skipped'}</span
            >`
          : nothing
      }
    </div>
  </div>`;
}

/** Where the error stands, else the file. */
function place(node: RunNode, actions: DetailActions): TemplateResult | typeof nothing {
  const location = node.error?.location ?? node.location;
  if (!location) return nothing;
  return html`<button
    class="link"
    title="Open (Enter)"
    @click=${() => {
      actions.open(location);
    }}
  >
    ${placeName(location, actions.folder, node.error ? 'with its line' : 'the file')}
  </button>`;
}

function placeName(
  { uri, range }: Location,
  folder: string,
  form: 'with its line' | 'the file' = 'with its line',
): string {
  const path = decodeURIComponent(uri.startsWith(`${folder}/`) ? uri.slice(folder.length + 1) : uri);
  return form === 'the file' ? path : `${path}:${range.start.line + 1}:${range.start.character + 1}`;
}

/** Rows that were expected and did not come, and those that came unexpected. */
function difference({ columns, rows }: UnitTestDifference): TemplateResult {
  const signs = { same: ' ', expected: '−', actual: '+' };
  const words = { same: '', expected: 'expected', actual: 'came' };
  return html`<div class="difference">
    <table>
      <thead>
        <tr>
          <th scope="col"><span class="aloud">Which</span></th>
          ${columns.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ kind, cells }) =>
            html`<tr class=${kind}>
              <th scope="row">${signs[kind]} ${words[kind]}</th>
              ${cells.map((cell) => html`<td>${cell ?? html`<i class="null">NULL</i>`}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
