/** Where a column comes from and where it goes, through all of a project's models; what is not known is said where it is met. */

import { givesValue } from '../../sql/lineage/how.ts';
import type { Snapshot } from '../snapshot.ts';
import { modelEdges, placeKey, type ColumnEdge, type ColumnPlace } from './model-edges.ts';

export interface ColumnGraph {
  readonly start: ColumnPlace;
  /** From nearest to farthest. What only decides about rows ends a path: it is not followed. */
  readonly upstream: readonly ColumnEdge[];
  readonly downstream: readonly ColumnEdge[];
  readonly unknown: readonly UnknownHop[];
}

/** A model that is on the way and says nothing of its columns. */
export interface UnknownHop {
  readonly uniqueId: string;
  readonly side: 'upstream' | 'downstream';
  readonly reason: string;
}

export type Directions = 'upstream' | 'downstream' | 'both';

export function columnLineage(snapshot: Snapshot, start: ColumnPlace, directions: Directions): ColumnGraph {
  const up = directions === 'downstream' ? NOTHING : upstreamOf(snapshot, start);
  const down = directions === 'upstream' ? NOTHING : downstreamOf(snapshot, start);
  return { start, upstream: up.edges, downstream: down.edges, unknown: [...up.unknown, ...down.unknown] };
}

interface Walked {
  readonly edges: readonly ColumnEdge[];
  readonly unknown: readonly UnknownHop[];
}

const NOTHING: Walked = { edges: [], unknown: [] };

function upstreamOf(snapshot: Snapshot, start: ColumnPlace): Walked {
  const edges: ColumnEdge[] = [];
  const unknown = new Map<string, UnknownHop>();
  const models = new Set<string>();
  walk(start, (place) => {
    const { uniqueId } = place;
    const known = modelEdges(snapshot, uniqueId);
    if (known?.kind === 'unknown')
      unknown.set(uniqueId, { uniqueId, side: 'upstream', reason: known.reason });
    if (known?.kind !== 'known') return [];
    const own = known.to.get(place.column) ?? [];
    // What decides about a model's rows is told once for all its columns.
    const rows = place.column === null || models.has(uniqueId) ? [] : (known.to.get(null) ?? []);
    models.add(uniqueId);
    edges.push(...own, ...rows);
    return own.filter(isFollowed).map(({ from }) => from);
  });
  return { edges, unknown: [...unknown.values()] };
}

function downstreamOf(snapshot: Snapshot, start: ColumnPlace): Walked {
  const edges: ColumnEdge[] = [];
  const unknown = new Map<string, UnknownHop>();
  walk(start, (place) => {
    const next: ColumnPlace[] = [];
    for (const child of snapshot.project.graph.children.get(place.uniqueId) ?? []) {
      const known = modelEdges(snapshot, child);
      if (known?.kind === 'unknown')
        unknown.set(child, { uniqueId: child, side: 'downstream', reason: known.reason });
      if (known?.kind !== 'known') continue;
      const own = known.from.get(placeKey(place)) ?? [];
      edges.push(...own);
      next.push(...own.filter(({ how, to }) => givesValue(how) && to.column !== null).map(({ to }) => to));
    }
    return next;
  });
  return { edges, unknown: [...unknown.values()] };
}

/** Breadth first, each place once. */
function walk(start: ColumnPlace, next: (place: ColumnPlace) => readonly ColumnPlace[]): void {
  const seen = new Set([placeKey(start)]);
  const waiting = [start];
  for (let place = waiting.shift(); place; place = waiting.shift())
    for (const other of next(place)) {
      if (seen.has(placeKey(other))) continue;
      seen.add(placeKey(other));
      waiting.push(other);
    }
}

/** Values are followed, and rows to the rows that they are made of. */
function isFollowed({ from, to, how }: ColumnEdge): boolean {
  return givesValue(how) || (from.column === null && to.column === null);
}

/** Where the way up ends: columns (or rows) of sources and seeds, and of models of which nothing is known. */
export function endsOf({ start, upstream }: ColumnGraph): readonly ColumnPlace[] {
  const into = new Map<string, ColumnPlace[]>();
  for (const edge of upstream.filter(isFollowed)) {
    const places = into.get(placeKey(edge.to)) ?? [];
    into.set(placeKey(edge.to), [...places, edge.from]);
  }
  const ends: ColumnPlace[] = [];
  walk(start, (place) => {
    const next = into.get(placeKey(place)) ?? [];
    if (next.length === 0 && place !== start) ends.push(place);
    return next;
  });
  return ends;
}
