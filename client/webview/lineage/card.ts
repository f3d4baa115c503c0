/** A card: stripe, kind, name and how it last went; beneath, what it is, its tests, and its columns when it is open. */

import type { TemplateResult } from 'lit-html';
import { nothing, svg } from 'lit-html';
import { unsafeSVG } from 'lit-html/directives/unsafe-svg.js';
import type { LineageNode, RunNode } from '../../../server/src/lsp/protocol.ts';
import type { IconName } from '../shared/icons.ts';
import { iconPaths } from '../shared/icons.ts';
import { kindIcon, kindName, statusClass, statusIcon, statusName, typeIcon } from '../shared/node-icons.ts';
import { fit, textWidth } from './measured-text.ts';

const WIDTH = 224;
const HEAD = 46;
const ROW = 22;

export type Detail = 'full' | 'outline';

export interface CardLook {
  readonly node: LineageNode;
  /** Of its last run, or of the run that goes on. */
  readonly status: RunNode['status'] | null;
  readonly isOpen: boolean;
  readonly detail: Detail;
  /** Columns that are on the way of the one that is followed. */
  readonly lit?: ReadonlySet<string> | undefined;
}

export function cardDrawing({ node, status, isOpen, detail, lit }: CardLook): TemplateResult {
  const outline = svg`
    <rect class="card-body" width=${WIDTH} height=${node.height} rx="5"></rect>
    <path class="stripe" d=${stripe(node.height)}></path>`;
  if (detail === 'outline')
    return svg`${outline}
      <rect class="blank" x="14" y="18" width=${Math.min(150, node.name.length * 7)} height="10" rx="3"></rect>
      ${status ? mark(status) : nothing}`;
  const right = WIDTH - 10 - (status ? 22 : 0);
  return svg`${outline}
    <title>${node.name}</title>
    ${drawnIcon(kindIcon(node.type, node.materialized), 12, 7, 'kind')}
    <text class="name" x="34" y="20">${fit(node.name, right - 34, 'name')}</text>
    ${status ? mark(status) : nothing}
    ${secondLine(node)}
    ${node.columns.length > 0 ? chevron(isOpen) : nothing}
    ${isOpen ? columns(node, lit) : nothing}`;
}

function stripe(height: number): string {
  return `M5 0.5H3.5V${height - 0.5}H5A4.5 4.5 0 0 1 0.5 ${height - 5}V5A4.5 4.5 0 0 1 5 0.5Z`;
}

/** The running icon turns; the others stand. */
function mark(status: RunNode['status']): TemplateResult {
  const kind = statusClass(status);
  return svg`<g class="status ${kind}" transform="translate(${WIDTH - 25} 7)">
    <g class=${kind === 'run' ? 'turning' : ''}>${drawnIcon(statusIcon(status), 0, 0, '')}</g>
  </g>`;
}

function secondLine(node: LineageNode): TemplateResult {
  const tests = testsText(node);
  const testsWidth = tests === '' ? 0 : 14 + textWidth(tests, 'meta');
  const end = WIDTH - 28 - testsWidth;
  return svg`
    <text class="meta" x="34" y="36">${shortFacts(node, end - 6 - 34)}</text>
    ${
      tests === ''
        ? nothing
        : svg`<g class="tests ${node.tests.failed > 0 ? 'failing' : ''}">
            ${drawnIcon('beaker', end, 25, '', 12)}
            <text class="meta" x=${end + 14} y="36">${tests}</text>
            <title>${node.tests.names.join('\n')}</title>
          </g>`
    }`;
}

/** Half a number says nothing: then only what it is. */
function shortFacts(node: LineageNode, room: number): string {
  const facts = factsOf(node);
  if (textWidth(facts, 'meta') <= room) return facts;
  return fit(kindName(node.type, node.materialized), room, 'meta');
}

export function factsOf(node: LineageNode): string {
  const kind = kindName(node.type, node.materialized);
  if (node.columnsFrom === null) return kind;
  const count = node.columns.length;
  if (node.columnsFrom === 'declared') return `${kind} · ${count} declared`;
  return `${kind} · ${count} ${count === 1 ? 'column' : 'columns'}`;
}

/** All passed or not run: how many; else how many of them passed. */
function testsText({ tests }: LineageNode): string {
  if (tests.total === 0) return '';
  return tests.failed > 0 ? `${tests.total - tests.failed}/${tests.total}` : `${tests.total}`;
}

function chevron(isOpen: boolean): TemplateResult {
  return svg`<g class="chevron" data-part="columns">
    <rect class="hit" x=${WIDTH - 28} y="22" width="28" height="24"></rect>
    ${drawnIcon(isOpen ? 'chevron-down' : 'chevron-right', WIDTH - 24, 25, '', 12)}
  </g>`;
}

function columns({ columns: list }: LineageNode, lit: ReadonlySet<string> | undefined): TemplateResult {
  return svg`
    <path class="inner-line" d="M3.5 ${HEAD}H${WIDTH - 0.5}"></path>
    ${list.map(({ name, type, isKey }, index) => {
      const y = HEAD + index * ROW;
      const shownType = fit(type ?? '', 84, 'data');
      const room = WIDTH - 34 - 16 - textWidth(shownType, 'data');
      return svg`<g class=${lit?.has(name) === true ? 'column lit' : 'column'} data-part=${`column:${name}`}>
        <rect class="hit column-row" x="4" y=${y} width=${WIDTH - 5} height=${ROW}></rect>
        <title>${type === null ? name : `${name} ${type}`}</title>
        ${isKey || type !== null ? drawnIcon(isKey ? 'key' : typeIcon(type), 13, y + 5, 'type-icon', 12) : nothing}
        <text class="data-text" x="34" y=${y + 15}>${fit(name, room, 'data')}</text>
        <text class="data-text dim-text" x=${WIDTH - 10} y=${y + 15} text-anchor="end">${shownType}</text>
      </g>`;
    })}`;
}

export function drawnIcon(
  name: IconName,
  x: number,
  y: number,
  className: string,
  size = 16,
): TemplateResult {
  return svg`<svg class="drawn ${className}" x=${x} y=${y} width=${size} height=${size} viewBox="0 0 16 16">${unsafeSVG(iconPaths(name))}</svg>`;
}

/** What a screen reader says of it. */
export function spokenCard({ node, status }: Pick<CardLook, 'node' | 'status'>): string {
  const { tests } = node;
  const words = [
    node.name,
    factsOf(node),
    `layer ${node.layer}`,
    tests.total === 0
      ? 'no tests'
      : `${tests.total} ${tests.total === 1 ? 'test' : 'tests'}${tests.failed > 0 ? `, ${tests.failed} failed` : ''}`,
    status === null ? 'not run' : `last run ${statusName(status)}`,
  ];
  if (node.hiddenUp > 0) words.push(`${node.hiddenUp} more it reads`);
  if (node.hiddenDown > 0) words.push(`${node.hiddenDown} more that read it`);
  return words.join(', ');
}
