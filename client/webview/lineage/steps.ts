/** Where the arrow keys lead: left and right along lines, up and down within a column. */

import type { LineageView } from '../../../server/src/lsp/protocol.ts';
import type { Rectangle } from './camera.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

export interface Spot extends Rectangle {
  readonly id: string;
}

/** Cards and groups alike, from left to right and from top to bottom. */
export function spotsOf(view: LineageView): readonly Spot[] {
  return [
    ...view.nodes.map(({ uniqueId: id, x, y, width, height }) => ({ id, x, y, width, height })),
    ...view.groups.map(({ id, x, y, width, height }) => ({ id, x, y, width, height })),
  ].sort((a, b) => a.x - b.x || a.y - b.y);
}

export function stepFrom(view: LineageView, from: string, direction: Direction): string | undefined {
  const spots = spotsOf(view);
  const here = spots.find(({ id }) => id === from);
  if (!here) return spots[0]?.id;
  if (direction === 'up' || direction === 'down') {
    const column = spots.filter(({ x }) => x === here.x);
    return column[column.indexOf(here) + (direction === 'up' ? -1 : 1)]?.id;
  }
  const neighbours = new Set(
    view.edges.flatMap(({ from: parent, to: child }) => {
      if (direction === 'left') return child === from ? [parent] : [];
      return parent === from ? [child] : [];
    }),
  );
  // The one in the nearest column that stands most level with this one.
  return spots
    .filter(({ id }) => neighbours.has(id))
    .sort(
      (a, b) =>
        Math.abs(a.x - here.x) - Math.abs(b.x - here.x) || Math.abs(a.y - here.y) - Math.abs(b.y - here.y),
    )[0]?.id;
}
