/** In which column each card stands: layers in order from left to right, every card right of what it reads, as far as circles allow. */

import type { Layer } from './lineage-graph.ts';

export interface Item {
  readonly id: string;
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
  const { order, parents } = inOrder(items, within);
  const lanes = orderOfLayers(byId, within);
  // A card whose parent stands in a later lane stands there too: a line never runs backwards for the sake of a heading.
  const laneOf = new Map<string, number>();
  for (const id of order) {
    const own = lanes.indexOf(byId.get(id)?.layer ?? 'other');
    const above = (parents.get(id) ?? []).map((parent) => laneOf.get(parent) ?? 0);
    laneOf.set(id, Math.max(own, ...above));
  }
  const columns: { layer: Layer; items: Item[] }[] = [];
  const columnOf = new Map<string, number>();
  lanes.forEach((layer, lane) => {
    const first = columns.length;
    for (const id of order) {
      if (laneOf.get(id) !== lane) continue;
      const above = (parents.get(id) ?? []).map((parent) => columnOf.get(parent) ?? -1);
      const column = Math.max(first, ...above.map((each) => each + 1));
      columnOf.set(id, column);
      while (columns.length <= column) columns.push({ layer, items: [] });
      const item = byId.get(id);
      if (item) columns[column]?.items.push(item);
    }
  });
  return { columns, columnOf, links: within };
}

/** Everything after its parents; the edges that close a circle are left out of `parents`. */
function inOrder(
  items: readonly Item[],
  links: readonly Link[],
): { readonly order: readonly string[]; readonly parents: ReadonlyMap<string, readonly string[]> } {
  const all = new Map<string, string[]>(items.map(({ id }) => [id, []]));
  for (const { from, to } of links) all.get(to)?.push(from);
  const parents = new Map<string, string[]>();
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const { id: start } of items) {
    const stack = [{ id: start, next: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1) as { id: string; next: number };
      if (top.next === 0 && state.has(top.id)) {
        stack.pop();
        continue;
      }
      state.set(top.id, 'open');
      const above = all.get(top.id) ?? [];
      const parent = above[top.next];
      top.next += 1;
      if (parent === undefined) {
        parents.set(
          top.id,
          above.filter((each) => state.get(each) === 'done'),
        );
        state.set(top.id, 'done');
        order.push(top.id);
        stack.pop();
      } else if (!state.has(parent)) stack.push({ id: parent, next: 0 });
    }
  }
  return { order, parents };
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
