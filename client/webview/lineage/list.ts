/** The same as the drawing, as a table: for those who read it with their ears, and for those who like lists. */

import type { TemplateResult } from 'lit-html';
import { html, nothing } from 'lit-html';
import type { LineageLane, LineageNode, LineageView, RunNode } from '../../../server/src/lsp/protocol.ts';
import { icon } from '../shared/icons.ts';
import { kindIcon, statusClass, statusIcon, statusName } from '../shared/node-icons.ts';
import { factsOf } from './card.ts';

export interface ListActions {
  openFile(node: LineageNode): void;
  enter(group: string): void;
}

export function list(
  view: LineageView,
  status: (node: LineageNode) => RunNode['status'] | null,
  actions: ListActions,
): TemplateResult {
  const names = new Map([
    ...view.nodes.map(({ uniqueId, name }) => [uniqueId, name] as const),
    ...view.groups.map(({ id, title }) => [id, title] as const),
  ]);
  const neighbours = (id: string, near: 'from' | 'to', far: 'from' | 'to', hidden: number): string => {
    const shown = view.edges.filter((edge) => edge[near] === id).map((edge) => names.get(edge[far]) ?? '');
    return [...shown, ...(hidden > 0 ? [`${hidden} more`] : [])].join(', ');
  };
  const row = (node: LineageNode): TemplateResult => {
    const last = status(node);
    return html`<tr class=${node.uniqueId === view.focus ? 'middle' : ''}>
      <th scope="row">
        <span class="kind ${node.layer}">${icon(kindIcon(node.type, node.materialized))}</span
        ><button
          class="link"
          ?disabled=${!node.location}
          @click=${() => {
            actions.openFile(node);
          }}
        >
          ${node.name}
        </button>
      </th>
      <td>${factsOf(node)}</td>
      <td>${testsOf(node)}</td>
      <td>
        ${last === null ? html`<span class="dim">not run</span>` : html`<span class="status ${statusClass(last)}">${icon(statusIcon(last))}</span> ${statusName(last)}`}
      </td>
      <td>${neighbours(node.uniqueId, 'to', 'from', node.hiddenUp)}</td>
      <td>${neighbours(node.uniqueId, 'from', 'to', node.hiddenDown)}</td>
    </tr>`;
  };
  const groupRow = (group: LineageView['groups'][number]): TemplateResult =>
    html`<tr>
      <th scope="row">
        <span class="kind ${group.layer}">${icon(group.kind === 'source' ? 'database' : 'folder')}</span
        ><button
          class="link"
          @click=${() => {
            actions.enter(group.id);
          }}
        >
          ${group.title}
        </button>
      </th>
      <td>${group.count} nodes</td>
      <td></td>
      <td>
        ${group.failed > 0 ? html`<span class="status fail">${icon('error')}</span> ${group.failed} failed` : nothing}
      </td>
      <td>${neighbours(group.id, 'to', 'from', 0)}</td>
      <td>${neighbours(group.id, 'from', 'to', 0)}</td>
    </tr>`;
  const body = ({ layer, title, count }: LineageLane): TemplateResult =>
    html`<tbody>
      <tr class="lane-row">
        <th colspan="6" scope="rowgroup">
          <span class="dot ${layer}"></span>${title} <span class="dim">${count}</span>
        </th>
      </tr>
      ${view.groups.filter((group) => group.layer === layer).map(groupRow)}
      ${view.nodes.filter((node) => node.layer === layer).map(row)}
    </tbody>`;
  return html`<div class="list" tabindex="0">
    <table>
      <thead>
        <tr>
          ${['Name', 'What', 'Tests', 'Last run', 'Reads', 'Read by'].map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      ${uniqueLayers(view.lanes).map(body)}
    </table>
  </div>`;
}

/** A layer may have two lanes; the list says it once. */
function uniqueLayers(lanes: readonly LineageLane[]): readonly LineageLane[] {
  return lanes.filter(({ layer }, index) => lanes.findIndex((lane) => lane.layer === layer) === index);
}

function testsOf({ tests }: LineageNode): string {
  if (tests.total === 0) return '';
  return tests.failed > 0 ? `${tests.total}, ${tests.failed} failed` : String(tests.total);
}
