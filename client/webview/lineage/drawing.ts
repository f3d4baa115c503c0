/** The drawing itself: lanes, lines, cards, as far as they are in view. */

import type { TemplateResult } from 'lit-html';
import { nothing, svg } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import type {
  Layer,
  LineageEdge,
  LineageNode,
  LineageView,
  RunNode,
} from '../../../server/src/lsp/protocol.ts';
import type { Camera, Rectangle, Size } from './camera.ts';
import { HEADINGS, inView, overlap } from './camera.ts';
import { cardDrawing, spokenCard, type Detail } from './card.ts';
import { kindClass, type ColumnPath } from './column-path.ts';
import { groupDrawing, spokenGroup } from './group-card.ts';
import { textWidth } from './measured-text.ts';
import { drawEdge, sidesOf, type Path } from './paths.ts';

/** Below this scale nobody can read it. */
const READABLE = 0.4;

export interface Picture {
  readonly view: LineageView;
  readonly camera: Camera;
  readonly stage: Size;
  /** Absent where nothing is lit. */
  readonly path: Path | ColumnPath | undefined;
  /** Whether what is off the path is dimmed. */
  readonly dims: 'dim the rest' | 'leave the rest';
  readonly active: string | null;
  readonly focus: string | null;
  readonly open: ReadonlySet<string>;
  readonly status: (node: LineageNode) => RunNode['status'] | null;
}

export function drawing(picture: Picture): TemplateResult {
  const { camera, view, stage } = picture;
  return svg`
    <g class="lanes">${lanes(view, camera, stage.height + 1)}</g>
    <g transform="translate(${camera.x} ${camera.y}) scale(${camera.scale})">${content(picture)}</g>
    <g class="headings">
      <rect class="strip" width=${stage.width} height=${HEADINGS}></rect>
      ${lanes(view, camera, HEADINGS - 1)} ${headings(view, camera)}
    </g>`;
}

function content(picture: Picture): TemplateResult {
  const { view, camera, stage, path, dims, focus } = picture;
  const seen = inView(camera, stage);
  const detail: Detail = camera.scale < READABLE ? 'outline' : 'full';
  const isDim = (id: string): boolean => path !== undefined && dims === 'dim the rest' && !path.ids.has(id);
  const kept = (id: string, box: Rectangle): boolean => id === picture.active || overlap(box, seen);
  const around = focus === null ? undefined : sidesOf(view, focus);
  // What hides beside the way to the middle shows only when it is looked at.
  const isOutward = (id: string, side: 'up' | 'down'): boolean =>
    id === focus || !around || around[side].has(id);
  // Folders read each other to and fro: those beside each other are joined only where it is asked.
  const edges = view.edges.filter(
    (edge) => overlap(drawEdge(edge).bounds, seen) && (!isBow(edge) || path?.edges.has(edge) === true),
  );
  const hot = edges.filter((edge) => path?.edges.has(edge));
  const kinds = path && 'kinds' in path ? path : undefined;
  const className = (id: string, layer: Layer, failed: boolean): string =>
    [
      `card ${layer}`,
      id === focus ? 'middle' : '',
      id === picture.active ? 'active' : '',
      // A failure never dims.
      isDim(id) && !failed ? 'faint' : '',
    ].join(' ');
  return svg`
    <g class="edges ${path && dims === 'dim the rest' ? 'faint' : ''}">
      ${edges.map((edge) => svg`<path class="edge" d=${drawEdge(edge).d} stroke-width=${edgeWidth(edge.count)}></path>`)}
    </g>
    <g class="edges hot">
      ${hot.map((edge) => svg`<path class=${`edge ${kindClass(kinds?.kinds.get(edge))}`} d=${drawEdge(edge).d} stroke-width=${Math.max(2, edgeWidth(edge.count))}></path>`)}
    </g>
    ${repeat(
      view.groups.filter((group) => kept(group.id, group)),
      ({ id }) => id,
      (
        group,
      ) => svg`<g id=${elementId(group.id)} data-id=${group.id} role="option" aria-selected=${group.id === picture.active}
        aria-label=${spokenGroup(group)} class="group ${className(group.id, group.layer, group.failed > 0)}"
        transform="translate(${group.x} ${group.y})">
        ${guard([group, focus, detail], () => groupDrawing(group, focus, detail))}${rings(group)}
      </g>`,
    )}
    ${repeat(
      view.nodes.filter((node) => kept(node.uniqueId, node)),
      ({ uniqueId }) => uniqueId,
      (node) => {
        const status = picture.status(node);
        const isOpen = picture.open.has(node.uniqueId) && node.columns.length > 0;
        const lit = kinds?.columns.get(node.uniqueId);
        const failed = node.tests.failed > 0 || status === 'error' || status === 'fail';
        return svg`<g id=${elementId(node.uniqueId)} data-id=${node.uniqueId} role="option"
          aria-selected=${node.uniqueId === picture.active} aria-label=${spokenCard({ node, status })}
          class=${className(node.uniqueId, node.layer, failed)} transform="translate(${node.x} ${node.y})">
          ${guard([node, status, isOpen, detail, lit], () => cardDrawing({ node, status, isOpen, detail, lit }))}
          ${rings(node)} ${detail === 'full' ? pills(node, isOutward) : nothing}
        </g>`;
      },
    )}`;
}

export function elementId(id: string): string {
  return `card-${id}`;
}

/** Round the open model, and round the keyboard's place; a class says which are seen. */
function rings({ width, height }: Size): TemplateResult {
  return svg`<rect class="ring" width=${width} height=${height} rx="5"></rect>
    <rect class="place" x="-3.5" y="-3.5" width=${width + 7} height=${height + 7} rx="8"></rect>`;
}

/** How many neighbours are left out; a click shows them. */
function pills(
  { uniqueId, hiddenUp, hiddenDown, width }: LineageNode,
  isOutward: (id: string, side: 'up' | 'down') => boolean,
): TemplateResult {
  const place = (side: 'up' | 'down'): string => (isOutward(uniqueId, side) ? '' : 'aside');
  return svg`${hiddenUp > 0 ? pill(hiddenUp, 'up', -8, place('up')) : nothing}
    ${hiddenDown > 0 ? pill(hiddenDown, 'down', width + 8, place('down')) : nothing}`;
}

function pill(count: number, side: 'up' | 'down', at: number, className: string): TemplateResult {
  const label = `+ ${count}`;
  const width = Math.max(28, textWidth(label, 'meta') + 14);
  const x = side === 'up' ? at - width : at;
  const from = side === 'up' ? 0 : 8;
  return svg`<g class="pill ${className}" data-part=${side}>
    <rect class="hit" x=${side === 'up' ? x : at - 8} y="12" width=${width + 8} height="22"></rect>
    <title>${side === 'up' ? `Show ${count} more that it reads` : `Show ${count} more that read it`}</title>
    <path class="edge" d="M${at - (side === 'up' ? 0 : from)} 23h8"></path>
    <rect class="capsule" x=${x} y="14" width=${width} height="18" rx="9"></rect>
    <text class="meta" x=${x + width / 2} y="27" text-anchor="middle">${label}</text>
  </g>`;
}

/** Many edges in one are a broader line, up to a point. */
function edgeWidth(count: number): number {
  return count === 1 ? 1.25 : Math.min(4, 1.25 + Math.log2(count) * 0.4);
}

function isBow({ points, count }: LineageEdge): boolean {
  return count > 1 && points[0]?.x === points.at(-1)?.x;
}

function lanes({ lanes: all }: LineageView, camera: Camera, height: number): TemplateResult[] {
  return all.map(
    ({ x, width }) =>
      svg`<rect class="lane" x=${x * camera.scale + camera.x} y="-1" width=${width * camera.scale} height=${height + 1}></rect>`,
  );
}

/** A heading stays in view as long as its lane is. */
function headings({ lanes: all }: LineageView, camera: Camera): TemplateResult[] {
  return all.map(({ layer, title, count, x, width }) => {
    const left = x * camera.scale + camera.x;
    const room = width * camera.scale - 24;
    const titleWidth = textWidth(title, 'name');
    const countWidth = textWidth(String(count), 'meta');
    const whole = 16 + titleWidth + 8 + countWidth;
    const at = Math.min(Math.max(left + 12, 12), left + 12 + Math.max(0, room - whole));
    return svg`<g class="heading ${layer}">
      <title>${`${title}: ${count}`}</title>
      <circle cx=${at + 4} cy="18" r="3.5"></circle>
      ${room > 16 + titleWidth ? svg`<text class="name" x=${at + 14} y="22">${title}</text>` : nothing}
      ${room > whole ? svg`<text class="meta" x=${at + 14 + titleWidth + 8} y="22">${count}</text>` : nothing}
    </g>`;
  });
}
