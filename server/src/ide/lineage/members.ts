/** What of a project can have a card, with the tests that are folded into each: found once for a project, whatever is asked of it. */

import { membersOf } from '../../project/manifest.ts';
import type { GraphNode, ManifestNode, UnitTestNode } from '../../project/nodes.ts';
import type { Project } from '../../project/project.ts';
import { layerOf } from './layers.ts';
import type { CardType, Layer, LineageName } from './lineage-graph.ts';

export interface Member extends LineageName {
  readonly node: GraphNode;
  readonly layer: Layer;
  readonly tests: readonly (ManifestNode | UnitTestNode)[];
  /** Neighbours that can have a card. */
  readonly parents: readonly string[];
  readonly children: readonly string[];
}

export interface Members {
  /** In the order of their names. */
  readonly byId: ReadonlyMap<string, Member>;
  /** The card into which a test is folded. */
  readonly testedBy: ReadonlyMap<string, string>;
  readonly names: readonly LineageName[];
}

const known = new WeakMap<Project, Members>();

export function membersOfLineage(project: Project): Members {
  let members = known.get(project);
  if (!members) known.set(project, (members = findMembers(project)));
  return members;
}

function findMembers({ manifest, graph }: Project): Members {
  const cards = new Map<string, { readonly node: GraphNode; readonly type: CardType }>();
  const tests: (ManifestNode | UnitTestNode)[] = [];
  for (const node of membersOf(manifest)) {
    const type = cardType(node);
    if (type) cards.set(node.unique_id, { node, type });
    else if (node.resource_type === 'test' || node.resource_type === 'unit_test') tests.push(node);
  }
  const testsOf = new Map<string, (ManifestNode | UnitTestNode)[]>();
  const testedBy = new Map<string, string>();
  for (const test of tests) {
    for (const id of testedIds(test)) {
      if (!cards.has(id)) continue;
      if (!testedBy.has(test.unique_id)) testedBy.set(test.unique_id, id);
      const list = testsOf.get(id);
      if (list) list.push(test);
      else testsOf.set(id, [test]);
    }
  }
  const neighbours = (ids: readonly string[] = []): string[] => ids.filter((id) => cards.has(id));
  const members = [...cards].map(([uniqueId, { node, type }]): Member => ({
    uniqueId,
    name: shownName(node),
    type,
    node,
    layer: layerOf(node),
    tests: testsOf.get(uniqueId) ?? [],
    parents: neighbours(graph.parents.get(uniqueId)),
    children: neighbours(graph.children.get(uniqueId)),
  }));
  members.sort((a, b) => compare(a.name, b.name) || compare(a.uniqueId, b.uniqueId));
  return {
    byId: new Map(members.map((member) => [member.uniqueId, member])),
    testedBy,
    names: members.map(({ uniqueId, name, type }) => ({ uniqueId, name, type })),
  };
}

function cardType({ resource_type: type }: GraphNode): CardType | undefined {
  switch (type) {
    case 'model':
    case 'source':
    case 'seed':
    case 'snapshot':
    case 'analysis':
    case 'exposure':
    case 'metric':
    case 'semantic_model':
    case 'saved_query':
      return type;
    default:
      return undefined;
  }
}

/** A test of a property file belongs to what it stands under, a unit test to its model, any other to all that it reads. */
function testedIds(test: ManifestNode | UnitTestNode): readonly string[] {
  if (test.resource_type === 'unit_test')
    return test.tested_node_unique_id ? [test.tested_node_unique_id] : test.depends_on.nodes;
  return test.attached_node ? [test.attached_node] : [...new Set(test.depends_on.nodes)];
}

function shownName(node: GraphNode): string {
  if (node.resource_type === 'source') return `${node.source_name}.${node.name}`;
  const version = 'version' in node ? (node.version ?? null) : null;
  return version === null ? node.name : `${node.name}.v${version}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
