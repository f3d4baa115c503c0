/** A column's lineage for Graphviz: a box for each resource, an edge for each way. */

import type { ColumnGraph } from '../ide/lineage/column-lineage.ts';
import { membersOfLineage } from '../ide/lineage/members.ts';
import { placeKey, type ColumnEdge, type ColumnPlace } from '../ide/lineage/model-edges.ts';
import type { Snapshot } from '../ide/snapshot.ts';
import { givesValue } from '../sql/lineage/how.ts';

export function lineageDot({ project }: Snapshot, _uniqueId: string, graphs: readonly ColumnGraph[]): string {
  const { byId } = membersOfLineage(project);
  const edges = new Map<string, ColumnEdge>();
  const owners = new Map<string, Map<string, ColumnPlace>>();
  const note = (place: ColumnPlace): void => {
    const places = owners.get(place.uniqueId) ?? new Map<string, ColumnPlace>();
    owners.set(place.uniqueId, places.set(placeKey(place), place));
  };
  for (const { start, upstream, downstream } of graphs) {
    note(start);
    for (const edge of [...upstream, ...downstream]) {
      edges.set(JSON.stringify([placeKey(edge.from), placeKey(edge.to), edge.how]), edge);
      note(edge.from);
      note(edge.to);
    }
  }
  const boxes = [...owners].map(([id, places], index) => {
    const nodes = [...places.values()].map((place) => `    ${quoted(placeKey(place))} [label=${quoted(place.column ?? '(rows)')}];`); // prettier-ignore
    return [`  subgraph cluster_${String(index)} {`, `    label=${quoted(byId.get(id)?.name ?? id)};`, ...nodes, '  }'].join('\n'); // prettier-ignore
  });
  const lines = [...edges.values()].map(
    ({ from, to, how }) =>
      `  ${quoted(placeKey(from))} -> ${quoted(placeKey(to))} [label=${quoted(how)}${givesValue(how) ? '' : ', style=dashed'}];`,
  );
  return ['digraph lineage {', '  rankdir=LR;', '  node [shape=box];', ...boxes, ...lines, '}'].join('\n');
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '.')}"`;
}
