/** `grainline/lineage`: the resources around one, or a whole project, placed so that they can be drawn as they are. */

import type { Catalog } from '../../project/catalog.ts';
import type { Project } from '../../project/project.ts';
import { arrange, type Arrangement, type Item, type Link } from './arrange.ts';
import { CARD_WIDTH, cardOf, hasFailed, statusOf, type Card, type LastResults } from './cards.ts';
import { groupMembers, MOST_CARDS, type Group, type Grouping } from './groups.ts';
import { crossing, curve, type Heights, type Layout } from './layout.ts';
import type {
  Layer,
  LineageEdge,
  LineageGraph,
  LineageGroup,
  LineageLane,
  LineageQuery,
  Point,
} from './lineage-graph.ts';
import { membersOfLineage, type Member, type Members } from './members.ts';

/** Where the lines meet a card: the middle of its head, open or not. */
const PORT = 23;
/** From one column's left edge to the next one's. */
const PITCH = 292;
const MARGIN = 26;
const HEAD = 52;
const FOOT = 26;
const LANE_GAP = 16;

export const GROUP_HEAD = 32;
export const TILE = 10;
export const TILES_A_ROW = 20;
const GROUP_FOOT = 8;

const TITLES: Readonly<Record<Layer, string>> = {
  raw: 'Raw',
  staging: 'Staging',
  intermediate: 'Intermediate',
  mart: 'Mart',
  exposure: 'Exposures',
  other: 'Other',
};

export function lineageView(
  project: Project,
  catalog: Catalog,
  results: LastResults,
  query: LineageQuery,
  layout: Layout,
): LineageGraph {
  const members = membersOfLineage(project);
  const focus = query.uniqueId === null ? null : focusOf(members, query.uniqueId);
  const shown = shownMembers(members, focus, query);
  const grouping = grouped(project, shown, query.group ?? null);
  const open = new Set(query.open);
  const cards = grouping.cards.map((member) =>
    cardOf(project, catalog, results, member, open.has(member.uniqueId) ? 'open' : 'closed'),
  );
  const homes = new Map([
    ...grouping.cards.map(({ uniqueId }) => [uniqueId, uniqueId] as const),
    ...grouping.groups.flatMap((group) => group.members.map((each) => [each.uniqueId, group.id] as const)),
  ]);
  const links = linksBetween(members, homes);
  const groups = relevantGroups(grouping, links).map((group) => groupCard(group, results));
  const items: Item[] = [
    ...cards.map(({ uniqueId: id, layer, height }) => ({ id, kind: 'card' as const, layer, height })),
    ...groups.map(({ id, layer, height }) => ({ id, kind: 'group' as const, layer, height })),
  ];
  const arrangement = arrange(items, links);
  const heights = layout(arrangement);
  const place = (id: string): Point => ({
    x: MARGIN + (arrangement.columnOf.get(id) ?? 0) * PITCH,
    y: HEAD + (heights.top.get(id) ?? 0),
  });
  const visible = new Set(shown.map(({ uniqueId }) => uniqueId));
  const hidden = (ids: readonly string[] = []): number => ids.filter((id) => !visible.has(id)).length;
  return {
    focus,
    nodes: cards.map((card) => ({
      ...card,
      ...place(card.uniqueId),
      hiddenUp: hidden(members.byId.get(card.uniqueId)?.parents),
      hiddenDown: hidden(members.byId.get(card.uniqueId)?.children),
    })),
    groups: groups.map((group) => ({ ...group, ...place(group.id) })),
    trail: grouping.trail,
    edges: edgesOf(arrangement, heights, links, place),
    lanes: lanesOf(arrangement, cards, groups),
    width: MARGIN * 2 + Math.max(0, arrangement.columns.length - 1) * PITCH + CARD_WIDTH,
    height: HEAD + heights.height + FOOT,
    total: members.byId.size,
    all: members.names,
  };
}

/** A test stands in the card of what it tests; what is not there is nobody's middle. */
function focusOf({ byId, testedBy }: Members, uniqueId: string): string | null {
  return byId.has(uniqueId) ? uniqueId : (testedBy.get(uniqueId) ?? null);
}

function shownMembers(members: Members, focus: string | null, query: LineageQuery): readonly Member[] {
  if (query.uniqueId === null) return [...members.byId.values()];
  if (focus === null) return [];
  const shown = new Set([focus]);
  reach(members, focus, query.up, 'parents', shown);
  reach(members, focus, query.down, 'children', shown);
  for (const { uniqueId, side } of query.expanded ?? [])
    if (shown.has(uniqueId)) reach(members, uniqueId, 1, side === 'up' ? 'parents' : 'children', shown);
  return [...members.byId.values()].filter(({ uniqueId }) => shown.has(uniqueId));
}

function reach(
  { byId }: Members,
  start: string,
  hops: number,
  along: 'parents' | 'children',
  into: Set<string>,
): void {
  const reached = new Set([start]);
  let edge = [start];
  for (let hop = 0; hop < hops && edge.length > 0; hop += 1) {
    edge = [...new Set(edge.flatMap((id) => byId.get(id)?.[along] ?? []))].filter((id) => !reached.has(id));
    for (const id of edge) reached.add(id);
  }
  for (const id of reached) into.add(id);
}

function grouped(project: Project, shown: readonly Member[], open: string | null): Grouping {
  if (shown.length <= MOST_CARDS) return { groups: [], cards: shown, trail: [] };
  return groupMembers(shown, open, project.world.root.name);
}

/** Edges between what has a card: those from folder to folder are counted. */
function linksBetween(
  { byId }: Members,
  homes: ReadonlyMap<string, string>,
): readonly (Link & { readonly count: number })[] {
  const counts = new Map<string, { from: string; to: string; count: number }>();
  for (const [id, to] of homes) {
    for (const parent of byId.get(id)?.parents ?? []) {
      const from = homes.get(parent);
      if (from === undefined || from === to) continue;
      const key = `${from}\n${to}`;
      const known = counts.get(key);
      if (known) known.count += 1;
      else counts.set(key, { from, to, count: 1 });
    }
  }
  return [...counts.values()];
}

/** Inside a group, of what is outside only that with which it has to do. */
function relevantGroups({ groups, cards, trail }: Grouping, links: readonly Link[]): readonly Group[] {
  const opened = trail.at(-1)?.id;
  if (opened === undefined) return groups;
  const inside = new Set([
    ...cards.map(({ uniqueId }) => uniqueId),
    ...groups.filter(({ id }) => isBelow(id, opened)).map(({ id }) => id),
  ]);
  const beside = new Set(
    links.flatMap(({ from, to }) => (inside.has(from) ? [to] : inside.has(to) ? [from] : [])),
  );
  return groups.filter(({ id }) => inside.has(id) || beside.has(id));
}

function isBelow(id: string, opened: string): boolean {
  return id.startsWith(`${opened}/`) || id.startsWith(`${opened}#`);
}

function groupCard(group: Group, results: LastResults): Omit<LineageGroup, 'x' | 'y'> {
  const nodes = group.members.map((member) => ({
    uniqueId: member.uniqueId,
    name: member.name,
    status: statusOf(member.uniqueId, results),
    failed: hasFailed(member, results),
  }));
  return {
    id: group.id,
    title: group.title,
    kind: group.kind,
    layer: group.layer,
    count: nodes.length,
    failed: nodes.filter(({ failed }) => failed).length,
    nodes,
    width: CARD_WIDTH,
    height: GROUP_HEAD + TILE * Math.ceil(nodes.length / TILES_A_ROW) + GROUP_FOOT,
  };
}

function edgesOf(
  { columnOf }: Arrangement,
  heights: Heights,
  links: readonly (Link & { readonly count: number })[],
  place: (id: string) => Point,
): readonly LineageEdge[] {
  return links
    .filter(({ from, to }) => columnOf.has(from) && columnOf.has(to))
    .map(({ from, to, count }) => {
      if (columnOf.get(from) === columnOf.get(to))
        return { from, to, count, points: bow(place(from), place(to)) };
      const stations = [portsOf(place(from))];
      for (let column = (columnOf.get(from) ?? 0) + 1; column < (columnOf.get(to) ?? 0); column += 1) {
        const x = MARGIN + column * PITCH;
        const y = HEAD + (heights.crossings.get(crossing(from, column)) ?? 0);
        stations.push({ enter: { x, y }, leave: { x: x + CARD_WIDTH, y } });
      }
      stations.push(portsOf(place(to)));
      return { from, to, count, points: curve(stations) };
    });
}

/** Within a column: out at the right and back in there. */
function bow(from: Point, to: Point): readonly Point[] {
  const start = portsOf(from).leave;
  const end = { x: to.x + CARD_WIDTH, y: to.y + PORT };
  const out = start.x + PITCH - CARD_WIDTH;
  return [start, { x: out, y: start.y }, { x: out, y: end.y }, end];
}

function portsOf({ x, y }: Point): { readonly enter: Point; readonly leave: Point } {
  return { enter: { x, y: y + PORT }, leave: { x: x + CARD_WIDTH, y: y + PORT } };
}

/** Neighbouring columns of one layer are one lane; it counts what belongs to the layer, wherever it stands. */
function lanesOf(
  { columns }: Arrangement,
  cards: readonly Card[],
  groups: readonly Omit<LineageGroup, 'x' | 'y'>[],
): readonly LineageLane[] {
  const counts = new Map<Layer, number>();
  for (const { layer } of cards) counts.set(layer, (counts.get(layer) ?? 0) + 1);
  for (const { layer, count } of groups) counts.set(layer, (counts.get(layer) ?? 0) + count);
  const lanes: { layer: Layer; first: number; last: number }[] = [];
  columns.forEach(({ layer }, column) => {
    const lane = lanes.at(-1);
    if (lane?.layer === layer) lane.last = column;
    else lanes.push({ layer, first: column, last: column });
  });
  return lanes.map(({ layer, first, last }) => ({
    layer,
    title: TITLES[layer],
    count: counts.get(layer) ?? 0,
    x: first * PITCH + LANE_GAP / 2 - (PITCH - CARD_WIDTH) / 2 + MARGIN,
    width: (last - first + 1) * PITCH - LANE_GAP,
  }));
}
