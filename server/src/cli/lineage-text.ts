/** A column's lineage for a reader: a tree upwards and one downwards, with the expression at each hop. */

import type { ColumnGraph } from '../ide/lineage/column-lineage.ts';
import { membersOfLineage } from '../ide/lineage/members.ts';
import { placeKey, type ColumnEdge, type ColumnPlace } from '../ide/lineage/model-edges.ts';
import type { Snapshot } from '../ide/snapshot.ts';
import { givesValue } from '../sql/lineage/how.ts';

export function lineageText(snapshot: Snapshot, _uniqueId: string, graphs: readonly ColumnGraph[]): string {
  const name = placeName(snapshot);
  return graphs
    .flatMap((graph) => [
      name(graph.start),
      ...branches(graph.upstream, graph.start, 'from', name, '  ', new Set()),
      ...branches(graph.downstream, graph.start, 'to', name, '  ', new Set()),
    ])
    .join('\n');
}

export function placeName({ project }: Snapshot): (place: ColumnPlace) => string {
  const { byId } = membersOfLineage(project);
  return ({ uniqueId, column }) => {
    const owner = byId.get(uniqueId)?.name ?? uniqueId;
    return column === null ? `the rows of ${owner}` : `${owner}.${column}`;
  };
}

/** `from`: what it comes from; `to`: what is made of it. A column that was shown before is not opened again. */
function branches(
  edges: readonly ColumnEdge[],
  at: ColumnPlace,
  side: 'from' | 'to',
  name: (place: ColumnPlace) => string,
  indent: string,
  shown: Set<string>,
): readonly string[] {
  shown.add(placeKey(at));
  const near = side === 'from' ? 'to' : 'from';
  const own = edges.filter((edge) => placeKey(edge[near]) === placeKey(at));
  const lines = own
    .filter(({ how }) => givesValue(how))
    .flatMap((edge) => {
      const far = edge[side];
      const arrow = side === 'from' ? '←' : '→';
      const line = `${indent}${arrow} ${name(far)}  ${edge.how}${expressions(edge)}`;
      return shown.has(placeKey(far))
        ? [line]
        : [line, ...branches(edges, far, side, name, `${indent}  `, shown)];
    });
  const others = own.filter(({ how }) => !givesValue(how));
  // Rows are decided for all columns of the model alike.
  const rows = side === 'from' && at.column !== null ? edges.filter(({ to, from }) => to.uniqueId === at.uniqueId && to.column === null && from.column !== null) : []; // prettier-ignore
  return [...lines, ...rowLines([...others, ...rows], side, name, indent)];
}

function rowLines(
  edges: readonly ColumnEdge[],
  side: 'from' | 'to',
  name: (place: ColumnPlace) => string,
  indent: string,
): readonly string[] {
  const byHow = new Map<string, string[]>();
  for (const edge of edges) {
    const names = byHow.get(edge.how) ?? [];
    if (!names.includes(name(edge[side]))) names.push(name(edge[side]));
    byHow.set(edge.how, names);
  }
  return [...byHow].map(([how, names]) => `${indent}${how}: ${names.join(', ')}`);
}

const LONGEST = 120;

/** Of the hops that make something new; a reader of a terminal is spared the end of a long one, which JSON has. */
function expressions({ hops }: ColumnEdge): string {
  const texts = hops
    .filter(({ how, expression }) => expression !== null && how !== 'passed through' && how !== 'renamed')
    .map(({ query, expression: written }) => {
      const text = written ?? '';
      const shown = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
      return query === '' ? shown : `${query}: ${shown}`;
    });
  return texts.length === 0 ? '' : `  ${texts.join('  ←  ')}`;
}
