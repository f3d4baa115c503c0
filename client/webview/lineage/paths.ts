/** Lines: how they are drawn, where they are, and which belong to the path through a card. */

import type { LineageEdge, LineageView } from '../../../server/src/lsp/protocol.ts';
import type { Rectangle } from './camera.ts';

interface Drawn {
  readonly d: string;
  readonly bounds: Rectangle;
}

const drawn = new WeakMap<LineageEdge, Drawn>();

export function drawEdge(edge: LineageEdge): Drawn {
  let known = drawn.get(edge);
  if (!known) drawn.set(edge, (known = draw(edge)));
  return known;
}

function draw({ points }: LineageEdge): Drawn {
  const [start, ...rest] = points;
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  const word = (point: { readonly x: number; readonly y: number } | undefined): string =>
    `${round(point?.x ?? 0)} ${round(point?.y ?? 0)}`;
  return {
    d: `M${word(start)}C${rest.map(word).join(' ')}`,
    bounds: { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 },
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export interface Path {
  readonly ids: ReadonlySet<string>;
  readonly edges: ReadonlySet<LineageEdge>;
}

/** What a card is made of and what is made of it, as far as it is shown; among folders, which read each other to and fro, only the nearest. */
export function pathThrough(view: LineageView, id: string): Path {
  const ids = new Set([id]);
  const edges = new Set<LineageEdge>();
  if (view.groups.length > 0) {
    for (const edge of view.edges.filter(({ from, to }) => from === id || to === id)) {
      edges.add(edge);
      ids.add(edge.from).add(edge.to);
    }
    return { ids, edges };
  }
  follow(view, id, 'to', 'from', ids, edges);
  follow(view, id, 'from', 'to', ids, edges);
  return { ids, edges };
}

export interface Sides {
  readonly up: ReadonlySet<string>;
  readonly down: ReadonlySet<string>;
}

const sides = new WeakMap<LineageView, Map<string, Sides>>();

/** What stands before a card, and what behind it. */
export function sidesOf(view: LineageView, id: string): Sides {
  const known = sides.get(view) ?? new Map<string, Sides>();
  sides.set(view, known);
  const found = known.get(id);
  if (found) return found;
  const up = new Set<string>();
  const down = new Set<string>();
  follow(view, id, 'to', 'from', up, new Set());
  follow(view, id, 'from', 'to', down, new Set());
  known.set(id, { up, down });
  return { up, down };
}

function follow(
  { edges }: LineageView,
  start: string,
  near: 'from' | 'to',
  far: 'from' | 'to',
  ids: Set<string>,
  into: Set<LineageEdge>,
): void {
  const reached = new Set([start]);
  const pending = [start];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    for (const edge of edges) {
      if (edge[near] !== id) continue;
      into.add(edge);
      ids.add(edge[far]);
      if (reached.has(edge[far])) continue;
      reached.add(edge[far]);
      pending.push(edge[far]);
    }
  }
}
