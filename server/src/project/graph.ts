/** Who depends on whom: the directed graph of a manifest, its cycles, its neighbourhoods, and the order to run it in. */

import type { Manifest } from './manifest.ts';
import { memberOf, parentsOf } from './manifest.ts';
import type { GraphNode } from './nodes.ts';

export interface Graph {
  /** Every member; a parent that does not exist (or is disabled) is no member and has no edge. */
  readonly ids: ReadonlySet<string>;
  readonly parents: ReadonlyMap<string, readonly string[]>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  /**
   * The tests a node waits for beyond its parents, as `build` wants it. They order a run; no `+` of a selection follows
   * them.
   */
  readonly awaitedTests: ReadonlyMap<string, readonly string[]>;
}

export function buildGraph(manifest: Manifest): Graph {
  const parents = new Map<string, string[]>();
  const children = new Map<string, string[]>();
  const add = (id: string): void => {
    if (parents.has(id)) return;
    parents.set(id, []);
    children.set(id, []);
  };
  for (const node of inLinkOrder(manifest)) {
    add(node.unique_id);
    for (const parent of new Set(parentsOf(node))) {
      if (!memberOf(manifest, parent)) continue;
      add(parent);
      parents.get(node.unique_id)?.push(parent);
      children.get(parent)?.push(node.unique_id);
    }
  }
  return { ids: new Set(parents.keys()), parents, children, awaitedTests: new Map() };
}

/** The order in which dbt adds members decides which of several cycles is reported. */
function* inLinkOrder(manifest: Manifest): IterableIterator<GraphNode> {
  yield* manifest.sources.values();
  yield* manifest.nodes.values();
  yield* manifest.semanticModels.values();
  yield* manifest.exposures.values();
  yield* manifest.metrics.values();
  yield* manifest.unitTests.values();
  yield* manifest.savedQueries.values();
}

/** The members of one cycle, each a parent of the next and the last a parent of the first. */
export function findCycle(graph: Graph): string[] | undefined {
  const finished = new Set<string>();
  for (const start of graph.ids) {
    if (finished.has(start)) continue;
    const path = [start];
    const onPath = new Set(path);
    const pending = [(graph.children.get(start) ?? []).values()];
    while (pending.length > 0) {
      const step = pending.at(-1)?.next();
      if (!step || step.done) {
        pending.pop();
        const left = path.pop();
        if (left !== undefined) {
          onPath.delete(left);
          finished.add(left);
        }
        continue;
      }
      const child = step.value;
      if (onPath.has(child)) return path.slice(path.indexOf(child));
      if (finished.has(child)) continue;
      path.push(child);
      onPath.add(child);
      pending.push((graph.children.get(child) ?? []).values());
    }
  }
  return undefined;
}

/** What can be reached downwards within `depth` edges; one of `ids` is included only when another leads to it. */
export function descendants(graph: Graph, ids: Iterable<string>, depth = Infinity): Set<string> {
  return reach(graph.children, ids, depth);
}

/** What can be reached upwards within `depth` edges; one of `ids` is included only when another leads to it. */
export function ancestors(graph: Graph, ids: Iterable<string>, depth = Infinity): Set<string> {
  return reach(graph.parents, ids, depth);
}

function reach(
  edges: ReadonlyMap<string, readonly string[]>,
  ids: Iterable<string>,
  depth: number,
): Set<string> {
  const reached = new Set<string>();
  let layer: ReadonlySet<string> = new Set(ids);
  for (let level = 0; level < depth && layer.size > 0; level += 1) {
    const next = new Set<string>();
    for (const id of layer) {
      for (const neighbour of edges.get(id) ?? []) if (!reached.has(neighbour)) next.add(neighbour);
    }
    for (const id of next) reached.add(id);
    layer = next;
  }
  return reached;
}

/** The graph without the members that `keep` refuses, and without their edges. */
export function subgraph(graph: Graph, keep: (id: string) => boolean): Graph {
  const ids = new Set([...graph.ids].filter(keep));
  if (ids.size === graph.ids.size) return graph;
  const cut = (edges: ReadonlyMap<string, readonly string[]>): Map<string, string[]> =>
    new Map([...ids].map((id) => [id, (edges.get(id) ?? []).filter((other) => ids.has(other))]));
  return {
    ids,
    parents: cut(graph.parents),
    children: cut(graph.children),
    awaitedTests: cut(graph.awaitedTests),
  };
}

/**
 * Makes nodes wait for the tests above them: bad data must not flow on. A test with one parent holds back that parent's
 * children. A test with several holds back only what depends on all of them already, so no cycle can arise. Throws on a
 * cycle: look for one first.
 */
export function withTestEdges(graph: Graph, manifest: Manifest): Graph {
  const awaited = new Map<string, string[]>();
  const order = topologicalOrder(graph).filter((id) => {
    const node = manifest.nodes.get(id);
    return node !== undefined && node.resource_type !== 'test';
  });
  const runs = new Set(order);
  const hold = (id: string, test: string): void => {
    const tests = awaited.get(id);
    if (tests) tests.push(test);
    else awaited.set(id, [test]);
  };
  const together: { readonly test: string; readonly tested: readonly string[] }[] = [];
  for (const { unique_id: test, resource_type } of manifest.nodes.values()) {
    if (resource_type !== 'test') continue;
    const tested = graph.parents.get(test) ?? [];
    const [only] = tested;
    if (tested.length > 1) together.push({ test, tested });
    else if (only !== undefined) {
      for (const child of graph.children.get(only) ?? []) if (runs.has(child)) hold(child, test);
    }
  }
  const isBelowAll = belowAll(graph, order, new Set(together.flatMap(({ tested }) => tested)));
  for (const { test, tested } of together) {
    for (const id of order) {
      if (!isBelowAll(id, tested)) continue;
      // What is further down waits through the first that waits.
      const isFirst = !(graph.parents.get(id) ?? []).some((parent) => isBelowAll(parent, tested));
      if (isFirst) hold(id, test);
    }
  }
  return { ...graph, awaitedTests: awaited };
}

/** Tells whether a node is below all of some `marked` ids; remembers for each node only which of those are above it. */
function belowAll(
  graph: Graph,
  order: readonly string[],
  marked: ReadonlySet<string>,
): (id: string, above: readonly string[]) => boolean {
  const places = new Map([...marked].map((id, place) => [id, place]));
  const words = Math.ceil(places.size / 32);
  const bits = new Map<string, Uint32Array>();
  for (const id of order) {
    const own = new Uint32Array(words);
    for (const parent of graph.parents.get(id) ?? []) {
      bits.get(parent)?.forEach((word, index) => {
        own[index] = (own[index] ?? 0) | word;
      });
      const place = places.get(parent);
      if (place !== undefined) own[place >> 5] = (own[place >> 5] ?? 0) | (1 << (place & 31));
    }
    bits.set(id, own);
  }
  return (id, above) => {
    const own = bits.get(id);
    if (!own) return false;
    return above.every((each) => {
      const place = places.get(each) ?? 0;
      return ((own[place >> 5] ?? 0) & (1 << (place & 31))) !== 0;
    });
  };
}

/** A member of a run and the members of the same run that must be done before it. */
export interface Scheduled {
  readonly id: string;
  /** The length of the longest chain above it within the run; dbt hands out the lowest first, ties by id. */
  readonly level: number;
  readonly waitsFor: readonly string[];
}

/**
 * The selected members in the order in which dbt's queue would hand them out to one thread that finishes each level
 * before the next. An order that leads through members not selected is kept. Throws on a cycle: look for one first.
 */
export function schedule(graph: Graph, selected: Iterable<string>): Scheduled[] {
  const chosen = new Set(selected);
  const earlier = new Map([...graph.ids].map((id) => [id, before(graph, id)]));
  const relevant = reach(earlier, chosen, Infinity);
  const nearest = new Map<string, ReadonlySet<string>>();
  const levels = new Map<string, number>();
  const result: Scheduled[] = [];
  for (const id of topologicalOrder(graph)) {
    if (!chosen.has(id) && !relevant.has(id)) continue;
    const above = new Set<string>();
    for (const parent of earlier.get(id) ?? []) {
      if (chosen.has(parent)) above.add(parent);
      else for (const further of nearest.get(parent) ?? []) above.add(further);
    }
    nearest.set(id, above);
    if (!chosen.has(id)) continue;
    let level = 0;
    for (const parent of above) level = Math.max(level, (levels.get(parent) ?? 0) + 1);
    levels.set(id, level);
    result.push({ id, level, waitsFor: [...above].sort() });
  }
  return result.sort((a, b) => a.level - b.level || compareIds(a.id, b.id));
}

/** Every member after its parents and awaited tests, level by level, ties by id. Throws on a cycle: look for one first. */
export function topologicalOrder(graph: Graph): string[] {
  const waiting = new Map<string, number>();
  const after = new Map<string, string[]>();
  for (const id of graph.ids) {
    const earlier = before(graph, id);
    waiting.set(id, earlier.length);
    for (const parent of earlier) {
      const later = after.get(parent);
      if (later) later.push(id);
      else after.set(parent, [id]);
    }
  }
  const order: string[] = [];
  let level = [...graph.ids].filter((id) => waiting.get(id) === 0).sort();
  while (level.length > 0) {
    order.push(...level);
    const next: string[] = [];
    for (const id of level) {
      for (const later of after.get(id) ?? []) {
        const left = (waiting.get(later) ?? 0) - 1;
        waiting.set(later, left);
        if (left === 0) next.push(later);
      }
    }
    level = next.sort();
  }
  if (order.length < graph.ids.size)
    throw new Error(`the graph has a cycle: ${findCycle(graph)?.join(' --> ') ?? ''}`);
  return order;
}

function before(graph: Graph, id: string): readonly string[] {
  const parents = graph.parents.get(id) ?? [];
  const tests = (graph.awaitedTests.get(id) ?? []).filter((test) => graph.ids.has(test));
  return tests.length === 0 ? parents : [...new Set([...parents, ...tests])];
}

function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
