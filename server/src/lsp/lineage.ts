/** The lineage view of a project: the pure graph, with documents for its files. */

import { loadLayout } from '../ide/lineage/layout.ts';
import { lineageView } from '../ide/lineage/lineage-view.ts';
import type { ProjectHost } from './project-host.ts';
import type { LineageQuery, LineageView, TestOutcome } from './protocol.ts';
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
