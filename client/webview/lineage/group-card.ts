/** A folder as a card: a tile for each node in it; those that failed are outlined. */

import type { TemplateResult } from 'lit-html';
import { nothing, svg } from 'lit-html';
import type { LineageGroup } from '../../../server/src/lsp/protocol.ts';
import { drawnIcon, type Detail } from './card.ts';
import { fit, textWidth } from './measured-text.ts';

/** As the server made room for them. */
const WIDTH = 224;
const HEAD = 32;
const TILE = 10;
const TILES_A_ROW = 20;

export function groupDrawing(group: LineageGroup, focus: string | null, detail: Detail): TemplateResult {
  const count = `${group.count} ${nounOf(group)}`;
  const failed = group.failed > 0 ? String(group.failed) : '';
  const countAt = WIDTH - 12;
  const failedAt = countAt - textWidth(count, 'meta') - 10 - textWidth(failed, 'meta');
  const room = (failed === '' ? countAt - textWidth(count, 'meta') : failedAt - 18) - 8 - 32;
  return svg`
    <rect class="card-body" width=${WIDTH} height=${group.height} rx="5"></rect>
    <title>${group.title}</title>
    ${drawnIcon(group.kind === 'source' ? 'database' : 'folder', 10, 8, 'kind')}
    ${
      detail === 'outline'
        ? nothing
        : svg`<text class="name" x="32" y="21">${fit(group.title, room, 'name')}</text>
          <text class="meta" x=${countAt} y="21" text-anchor="end">${count}</text>`
    }
    ${
      failed === ''
        ? nothing
        : svg`<g class="status fail">${drawnIcon('error', failedAt - 18, 9, '', 14)}</g>
          <text class="meta" x=${failedAt} y="21">${failed}</text>`
    }
    <path class="tiles" d=${tiles(group, (node) => !node.failed && node.status !== 'skipped')}></path>
    <path class="tiles idle" d=${tiles(group, (node) => !node.failed && node.status === 'skipped')}></path>
    <path class="tiles failed" d=${tiles(group, (node) => node.failed)}></path>
    <path class="tiles focus" d=${tiles(group, (node) => node.uniqueId === focus)}></path>`;
}

/** One shape for all tiles of a kind: a group of three hundred costs no more than one of three. */
function tiles({ nodes }: LineageGroup, belongs: (node: LineageGroup['nodes'][number]) => boolean): string {
  return nodes
    .map((node, index) => {
      if (!belongs(node)) return '';
      const { x, y } = tileAt(index);
      return `M${x + 1} ${y}h6q1 0 1 1v6q0 1-1 1h-6q-1 0-1-1v-6q0-1 1-1z`;
    })
    .join('');
}

function tileAt(index: number): { readonly x: number; readonly y: number } {
  return { x: 13 + (index % TILES_A_ROW) * TILE, y: HEAD + Math.floor(index / TILES_A_ROW) * TILE };
}

/** The node whose tile is at a point within the group's card. */
export function nodeAt(group: LineageGroup, x: number, y: number): LineageGroup['nodes'][number] | undefined {
  const column = Math.floor((x - 13) / TILE);
  const row = Math.floor((y - HEAD) / TILE);
  if (column < 0 || column >= TILES_A_ROW || row < 0) return undefined;
  return group.nodes[row * TILES_A_ROW + column];
}

function nounOf({ kind, layer, count }: LineageGroup): string {
  const noun =
    kind === 'source' ? 'table' : layer === 'raw' ? 'seed' : layer === 'exposure' ? 'exposure' : 'model';
  return count === 1 ? noun : `${noun}s`;
}

export function spokenGroup(group: LineageGroup): string {
  const failed = group.failed > 0 ? `, ${group.failed} failed` : '';
  return `${group.kind} ${group.title}, ${group.count} ${nounOf(group)}${failed}, layer ${group.layer}, Enter opens it`;
}
