/** In which column each card stands: layers in order from left to right, every card right of what it reads, as far as circles allow. */

import type { Layer } from './lineage-graph.ts';

export interface Item {
  readonly id: string;
  /** A group has members that read each other both ways, which says nothing of its place. */
  readonly kind: 'card' | 'group';
  readonly layer: Layer;
  readonly height: number;
}

export interface Link {
  readonly from: string;
  readonly to: string;
}

export interface Arrangement {
  /** From left to right; none is empty. */
  readonly columns: readonly Column[];
  readonly columnOf: ReadonlyMap<string, number>;
  readonly links: readonly Link[];
}

export interface Column {
  readonly layer: Layer;
  readonly items: readonly Item[];
}

/** `other` has no place of its own: it goes where the fewest edges would run backwards. */
const ORDER: readonly Layer[] = ['raw', 'staging', 'intermediate', 'mart', 'exposure'];
/** The places where it may stand, the first of equally good ones wins. */
const PLACES_OF_OTHER = [3, 4, 2, 1, 5];

export function arrange(items: readonly Item[], links: readonly Link[]): Arrangement {
  const byId = new Map(items.map((item) => [item.id, item]));
  const within = links.filter(({ from, to }) => from !== to && byId.has(from) && byId.has(to));
  const lanes = orderOfLayers(byId, within);
  const ownLane = (id: string): number => lanes.indexOf(byId.get(id)?.layer ?? 'other');
  const parents = new Map<string, string[]>(items.map(({ id }) => [id, []]));
  for (const { from, to } of within) {
    const isOfGroups = byId.get(from)?.kind === 'group' || byId.get(to)?.kind === 'group';
    if (!isOfGroups || ownLane(from) <= ownLane(to)) parents.get(to)?.push(from);
  }
  const circles = inOrder(items, parents);
  // A card whose parent stands in a later lane stands there too: a line never runs backwards for the sake of a heading.
  const laneOf = new Map<string, number>();
  for (const circle of circles) {
    const above = circle.flatMap((id) => parents.get(id) ?? []);
    const lane = Math.max(...circle.map(ownLane), ...above.map((id) => laneOf.get(id) ?? 0));
    for (const id of circle) laneOf.set(id, lane);
  }
  const columns: { layer: Layer; items: Item[] }[] = [];
  const columnOf = new Map<string, number>();
  lanes.forEach((layer, lane) => {
    const first = columns.length;
    for (const circle of circles) {
      if (laneOf.get(circle[0] ?? '') !== lane) continue;
      const above = circle.flatMap((id) => parents.get(id) ?? []);
      const column = Math.max(first, ...above.map((id) => (columnOf.get(id) ?? -1) + 1));
      while (columns.length <= column) columns.push({ layer, items: [] });
      for (const id of circle) {
        columnOf.set(id, column);
        const item = byId.get(id);
        if (item) columns[column]?.items.push(item);
      }
    }
  });
  return { columns, columnOf, links: within };
}

/** Everything after its parents; those that are each other's parents, however far round, together. (Tarjan's algorithm.) */
function inOrder(
  items: readonly Item[],
  parents: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const found: string[][] = [];
  const numbers = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  // A recursion as deep as the longest chain; a view has at most a few hundred cards.
  const visit = (id: string): number => {
    const number = numbers.size;
    numbers.set(id, number);
    open.push(id);
    isOpen.add(id);
    let low = number;
    for (const parent of parents.get(id) ?? []) {
      if (!numbers.has(parent)) low = Math.min(low, visit(parent));
      else if (isOpen.has(parent)) low = Math.min(low, numbers.get(parent) ?? low);
    }
    if (low === number) {
      const circle = open.splice(open.indexOf(id));
      for (const each of circle) isOpen.delete(each);
      found.push(circle);
    }
    return low;
  };
  for (const { id } of items) if (!numbers.has(id)) visit(id);
  return found;
}

function orderOfLayers(byId: ReadonlyMap<string, Item>, links: readonly Link[]): readonly Layer[] {
  const orders = PLACES_OF_OTHER.map((place) => ORDER.toSpliced(place, 0, 'other'));
  const backwards = (order: readonly Layer[]): number => {
    const place = (id: string): number => order.indexOf(byId.get(id)?.layer ?? 'other');
    return links.filter(({ from, to }) => place(from) > place(to)).length;
  };
  const counts = orders.map(backwards);
  return orders[counts.indexOf(Math.min(...counts))] ?? ORDER;
}
