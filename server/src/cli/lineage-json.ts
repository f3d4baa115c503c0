/** A column's lineage for a program. */

import type { ColumnGraph } from '../ide/lineage/column-lineage.ts';
import { endsOf } from '../ide/lineage/column-lineage.ts';
import { membersOfLineage } from '../ide/lineage/members.ts';
import type { ColumnEdge, ColumnPlace } from '../ide/lineage/model-edges.ts';
import type { Snapshot } from '../ide/snapshot.ts';

export function lineageJson({ project }: Snapshot, uniqueId: string, graphs: readonly ColumnGraph[]): string {
  const { byId } = membersOfLineage(project);
  const place = ({ uniqueId: id, column }: ColumnPlace): object => ({ unique_id: id, name: byId.get(id)?.name ?? id, column }); // prettier-ignore
  const edge = ({ from, to, how, hops }: ColumnEdge): object => ({
    from: place(from),
    to: place(to),
    how,
    hops,
  });
  const columns = graphs.map((graph) => ({
    column: graph.start.column,
    sources: endsOf(graph).map(place),
    upstream: graph.upstream.map(edge),
    downstream: graph.downstream.map(edge),
    unknown: graph.unknown.map(({ uniqueId: id, side, reason }) => ({ unique_id: id, side, reason })),
  }));
  return JSON.stringify(
    { unique_id: uniqueId, name: byId.get(uniqueId)?.name ?? uniqueId, columns },
    null,
    2,
  );
}
