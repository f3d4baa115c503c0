/** One node of a run: how it went, what it is, its rows, its time, and when in the run that was. */

import type { TemplateResult } from 'lit-html';
import { html, nothing, svg } from 'lit-html';
import type { RunNode } from '../../../server/src/lsp/protocol.ts';
import { icon } from '../shared/icons.ts';
import { kindIcon, kindName, statusClass, statusIcon, statusName } from '../shared/node-icons.ts';
import { nodeTime } from './run-words.ts';

/** The run's beginning, and how long it has lasted. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

export function nodeCells(node: RunNode, span: Span, now: number): TemplateResult {
  const kind = statusClass(node.status);
  return html`<span
      role="gridcell"
      class="status ${kind}"
      aria-label=${statusName(node.status)}
      title=${statusName(node.status)}
      >${icon(statusIcon(node.status))}</span
    >
    <span role="gridcell" class="kind-icon">${icon(kindIcon(node.type, node.materialized))}</span>
    <span role="rowheader" class="node-name" title=${node.name}>${node.name}</span>
    <span role="gridcell" class="dim kind-word">${kindName(node.type, node.materialized)}</span>
    <span role="gridcell" class="dim number">${rowsOf(node)}</span>
    <span role="gridcell" class="number ${kind === 'skip' ? 'dim' : ''}">${timeOf(node, now)}</span>
    <span role="gridcell" class="gantt">${gantt(node, span, now)}</span>`;
}

function rowsOf({ rows, type }: RunNode): string {
  if (rows === null) return '';
  const isTest = type === 'test' || type === 'unit_test';
  if (isTest) return rows === 0 ? '' : `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;
  return rows.toLocaleString('en');
}

function timeOf({ status, startedAt, endedAt }: RunNode, now: number): string {
  if (status === 'skipped') return 'skipped';
  if (startedAt === null) return '';
  return nodeTime((endedAt ?? now) - startedAt);
}

/** Bars as long as the time they took, never too short to be seen. */
function gantt(
  { status, startedAt, endedAt }: RunNode,
  { start, length }: Span,
  now: number,
): TemplateResult | typeof nothing {
  if (startedAt === null || length <= 0 || status === 'skipped') return nothing;
  const percent = (time: number): number => Math.max(0, Math.min(100, (time / length) * 100));
  const x = Math.min(99.2, percent(startedAt - start));
  const width = Math.max(0.8, percent((endedAt ?? now) - startedAt));
  return html`<svg width="100%" height="8" aria-hidden="true">
    ${svg`<rect class="part ${statusClass(status)}" x="${x}%" width="${Math.min(width, 100 - x)}%" y="1" height="6" rx="3"></rect>`}
  </svg>`;
}
