/** The graph: neighbourhoods, cycles, and the order that dbt's queue hands nodes out in. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import type { Graph, Scheduled } from '../../server/src/project/graph.ts';
import {
  ancestors,
  buildGraph,
  descendants,
  findCycle,
  schedule,
  topologicalOrder,
  withTestEdges,
} from '../../server/src/project/graph.ts';
import { readManifestState } from '../../server/src/run/artifacts/read-state.ts';

/** `a > b, b > c`: each edge from parent to child. */
function graphOf(edges: string): Graph {
  const parents = new Map<string, string[]>();
  const children = new Map<string, string[]>();
  for (const edge of edges.split(', ')) {
    const [parent = '', child] = edge.split(' > ');
    for (const id of [parent, child]) {
      if (id === undefined || parents.has(id)) continue;
      parents.set(id, []);
      children.set(id, []);
    }
    if (child === undefined) continue;
    parents.get(child)?.push(parent);
    children.get(parent)?.push(child);
  }
  return { ids: new Set(parents.keys()), parents, children, awaitedTests: new Map() };
}

describe('neighbourhoods', () => {
  const graph = graphOf('a > b, b > c, c > d, a > d');
  test('reach as far as they are asked to', () => {
    assert.deepEqual([...descendants(graph, ['a'])].sort(), ['b', 'c', 'd']);
    assert.deepEqual([...descendants(graph, ['b'], 1)], ['c']);
    assert.deepEqual([...ancestors(graph, ['d'], 1)].sort(), ['a', 'c']);
    assert.deepEqual([...ancestors(graph, ['d'], 0)], []);
  });
  test('have a start only when another start leads to it', () => {
    assert.deepEqual([...descendants(graph, ['a', 'b'], 1)].sort(), ['b', 'c', 'd']);
  });
});

describe('cycles', () => {
  test('are found and begin where they close', () => {
    assert.deepEqual(findCycle(graphOf('a > b, b > c, c > d, d > b')), ['b', 'c', 'd']);
    assert.deepEqual(findCycle(graphOf('a > a')), ['a']);
  });
  test('are not found where paths only meet again', () => {
    assert.equal(findCycle(graphOf('a > b, a > c, b > d, c > d, e')), undefined);
  });
  test('have no order', () => {
    assert.throws(() => topologicalOrder(graphOf('a > b, b > a')), /cycle: a --> b/);
  });
});

test('an order puts parents first, level by level, ties by name', () => {
  assert.deepEqual(topologicalOrder(graphOf('z > b, a > c, c > b, y')), ['a', 'y', 'z', 'c', 'b']);
});

interface QueueCase {
  readonly tests: boolean;
  readonly ids: string[];
  readonly order: [number, string][];
  /** Parent and child, without those that follow from others. */
  readonly edges: [string, string][];
}

describe("dbt's queue", () => {
  const { value: manifest } = readManifestState(load('shop-manifest.json'));
  assert.ok(manifest);
  const plain = buildGraph(manifest);
  const withTests = withTestEdges(plain, manifest);
  for (const each of load('dbt-queue.json') as QueueCase[]) {
    const scheduled = schedule(each.tests ? withTests : plain, each.ids);
    const title = `${each.ids.length} nodes ${each.tests ? 'that wait for tests' : 'without waiting for tests'}`;
    test(`hands out ${title} in the same order`, () => {
      assert.deepEqual(
        scheduled.map(({ level, id }) => [level, id]),
        each.order,
      );
    });
    test(`makes ${title} wait for the same nodes`, () => {
      assert.deepEqual(needed(scheduled), each.edges);
    });
  }
});

/** The waits that no other wait implies, sorted. */
function needed(scheduled: readonly Scheduled[]): [string, string][] {
  const waits = new Map(scheduled.map(({ id, waitsFor }) => [id, waitsFor]));
  const above = (id: string): Set<string> => {
    const direct = waits.get(id) ?? [];
    return new Set(direct.flatMap((parent) => [parent, ...above(parent)]));
  };
  return scheduled
    .flatMap(({ id, waitsFor }) =>
      waitsFor
        .filter((parent) => !waitsFor.some((other) => above(other).has(parent)))
        .map((parent): [string, string] => [parent, id]),
    )
    .sort(([a, b], [c, d]) => (a === c ? (b < d ? -1 : 1) : a < c ? -1 : 1));
}

function load(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`../cases/select/${file}`, import.meta.url), 'utf8'));
}
