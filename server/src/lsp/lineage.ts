/** The lineage view of a project: the pure graph, with documents for its files. */

import { columnLineage } from '../ide/lineage/column-lineage.ts';
import { loadLayout } from '../ide/lineage/layout.ts';
import { lineageView } from '../ide/lineage/lineage-view.ts';
import { membersOfLineage } from '../ide/lineage/members.ts';
import type { ColumnEdge, ColumnPlace } from '../ide/lineage/model-edges.ts';
import { givesValue } from '../sql/lineage/how.ts';
import type { ProjectHost } from './project-host.ts';
import type {
  ColumnLineageEdge,
  ColumnLineageEnd,
  ColumnLineageQuery,
  ColumnLineageView,
  LineageQuery,
  LineageView,
  TestOutcome,
} from './protocol.ts';
import { readyProject } from './readiness.ts';

export async function lineageOf(
  host: ProjectHost,
  outcomes: ReadonlyMap<string, TestOutcome>,
  query: LineageQuery,
): Promise<LineageView> {
  const graph = lineageView(readyProject(host), host.catalog, outcomes, query, await loadLayout());
  return {
    ...graph,
    nodes: graph.nodes.map(({ place, ...node }) => ({
      ...node,
      location: place ? host.locationOf(place) : null,
    })),
  };
}

/** Of unsaved text, too. */
export function columnLineageOf(
  host: ProjectHost,
  { uniqueId, column }: ColumnLineageQuery,
): ColumnLineageView {
  const { snapshot } = host;
  // Says why, where the project cannot be read.
  readyProject(host);
  if (!snapshot) return { edges: [], unknown: [] };
  const graph = columnLineage(snapshot, { uniqueId, column }, 'both');
  const { byId } = membersOfLineage(snapshot.project);
  const nameOf = (id: string): string => byId.get(id)?.name ?? id;
  const end = (place: ColumnPlace): ColumnLineageEnd => ({ ...place, name: nameOf(place.uniqueId) });
  const edge = ({ from, to, how, hops }: ColumnEdge): ColumnLineageEdge => ({
    from: end(from),
    to: end(to),
    how,
    gives: givesValue(how) ? 'value' : 'rows',
    expressions: hops
      .filter((hop) => hop.expression !== null && hop.how !== 'passed through' && hop.how !== 'renamed')
      .map(({ query, expression }) => `${query === '' ? '' : `${query}: `}${expression ?? ''}`),
  });
  return {
    edges: [...graph.upstream, ...graph.downstream].map(edge),
    unknown: graph.unknown.map(({ uniqueId: id, reason }) => ({ uniqueId: id, name: nameOf(id), reason })),
  };
}
