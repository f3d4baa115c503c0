/** How high each card stands in its column, so that few lines cross: asked of Graphviz, and remembered by what was asked. */

import type { Arrangement } from './arrange.ts';
import type { Point } from './lineage-graph.ts';

export type Layout = (arrangement: Arrangement) => Heights;

export interface Heights {
  /** The upper edge of each card, from 0 on. */
  readonly top: ReadonlyMap<string, number>;
  /** Where the lines that leave a card cross a column on their way, by `crossing`. */
  readonly crossings: ReadonlyMap<string, number>;
  readonly height: number;
}

export function crossing(from: string, column: number): string {
  return `${column}:${from}`;
}

/** The room between cards, and the room that a passing line has to itself. */
const GAP = 14;
const LINE = 6;
const DOTS_PER_INCH = 72;
/** Going back and forth between a few models asks the same again. */
const REMEMBERED = 32;

let loading: Promise<Layout> | undefined;

/** Graphviz is 800 KB of WebAssembly: only who opens a lineage waits for it. */
export function loadLayout(): Promise<Layout> {
  loading ??= import('@hpcc-js/wasm-graphviz')
    .then(({ Graphviz }) => Graphviz.load())
    .then((graphviz) => remembering((dot) => graphviz.layout(dot, 'plain', 'dot')));
  return loading;
}

function remembering(draw: (dot: string) => string): Layout {
  const known = new Map<string, Heights>();
  return (arrangement) => {
    const { dot, names } = describe(arrangement);
    // The same drawing may be of other cards: their names are not in it.
    const question = [dot, ...names.map(({ id }) => id)].join('\n');
    const heights = known.get(question) ?? readHeights(draw(dot), names);
    known.delete(question);
    known.set(question, heights);
    for (const oldest of known.keys()) {
      if (known.size <= REMEMBERED) break;
      known.delete(oldest);
    }
    return heights;
  };
}

interface Named {
  readonly kind: 'card' | 'crossing';
  readonly id: string;
  readonly height: number;
}

/** The columns are given, so a line over several columns is given a point in each; lines that leave the same card share them. */
function describe({ columns, columnOf, links }: Arrangement): {
  readonly dot: string;
  readonly names: readonly Named[];
} {
  const names: Named[] = [];
  const ranks: string[][] = columns.map(() => []);
  const add = (named: Named, column: number): string => {
    const name = `n${names.length}`;
    names.push(named);
    ranks[column]?.push(name);
    return name;
  };
  const cards = new Map<string, string>();
  columns.forEach(({ items }, column) => {
    for (const { id, height } of items) cards.set(id, add({ kind: 'card', id, height }, column));
  });
  const edges = new Map<string, string>();
  const joined = new Set<number>();
  const points = new Map<string, string>();
  for (const { from, to } of links) {
    const first = columnOf.get(from) ?? 0;
    const last = columnOf.get(to) ?? 0;
    let name = cards.get(from) ?? '';
    for (let column = first + 1; column <= last; column += 1) {
      const id = crossing(from, column);
      let next = column === last ? cards.get(to) : points.get(id);
      if (next === undefined) points.set(id, (next = add({ kind: 'crossing', id, height: LINE }, column)));
      // A line that goes far is worth more to be straight.
      const weight = (column > first + 1 ? 2 : 1) * (column < last ? 2 : 1);
      edges.set(`${name} -> ${next}`, `[weight=${weight}]`);
      joined.add(column);
      name = next;
    }
  }
  // Columns that nothing joins are kept in their order by a line that is not drawn.
  ranks.forEach((rank, column) => {
    const before = ranks[column - 1]?.[0];
    if (before !== undefined && !joined.has(column) && rank[0] !== undefined)
      edges.set(`${before} -> ${rank[0]}`, '[weight=0 style=invis]');
  });
  const size = (pixels: number): string => (pixels / DOTS_PER_INCH).toFixed(4);
  const dot = [
    `digraph { rankdir=LR; splines=false; nodesep=${size(GAP)}; ranksep=0.5;`,
    'node [shape=box fixedsize=true width=0.5 label=""];',
    ...names.map(({ height }, index) => `n${index} [height=${size(height)}];`),
    ...ranks.map((rank) => `{ rank=same; ${rank.join('; ')} }`),
    ...[...edges].map(([edge, attributes]) => `${edge} ${attributes};`),
    '}',
  ].join('\n');
  return { dot, names };
}

/** Graphviz's plain form is a line for each node: `node n4 9.36 0.32 …`, name and middle in inches. */
function readHeights(plain: string, names: readonly Named[]): Heights {
  const top = new Map<string, number>();
  const crossings = new Map<string, number>();
  const placed = plain.split('\n').flatMap((line) => {
    const [kind, name = '', , y] = line.split(' ', 4);
    const named = kind === 'node' ? names[Number(name.slice(1))] : undefined;
    if (!named) return [];
    // Graphviz counts upwards.
    const middle = -Number(y) * DOTS_PER_INCH;
    return [{ named, top: middle - named.height / 2, bottom: middle + named.height / 2 }];
  });
  const highest = Math.min(...placed.map((each) => each.top));
  const lowest = Math.max(...placed.map((each) => each.bottom));
  for (const { named, top: own } of placed) {
    const from = Math.round(own - highest);
    if (named.kind === 'card') top.set(named.id, from);
    else crossings.set(named.id, from + named.height / 2);
  }
  return { top, crossings, height: placed.length === 0 ? 0 : Math.ceil(lowest - highest) };
}

/** A line from card to card, level where it leaves, crosses a column and arrives. */
export function curve(
  stations: readonly { readonly enter: Point; readonly leave: Point }[],
): readonly Point[] {
  const points: Point[] = [];
  stations.forEach(({ enter, leave }, index) => {
    const before = stations[index - 1]?.leave;
    if (!before) {
      points.push(leave);
      return;
    }
    const bend = Math.max(24, Math.abs(enter.x - before.x) / 2);
    points.push({ x: before.x + bend, y: before.y }, { x: enter.x - bend, y: enter.y }, enter);
    if (index < stations.length - 1) points.push(...level(enter, leave));
  });
  return points;
}

function level(from: Point, to: Point): readonly Point[] {
  const third = (to.x - from.x) / 3;
  return [{ x: from.x + third, y: from.y }, { x: to.x - third, y: to.y }, to];
}
