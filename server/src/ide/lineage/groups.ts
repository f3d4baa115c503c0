/** More nodes than anybody can read as cards: folders of them, as few as say something, and one that is gone into. */

import type { GraphNode } from '../../project/nodes.ts';
import type { Layer, LineageGroup } from './lineage-graph.ts';
import type { Member } from './members.ts';

/** With more than this, no view shows every node as a card. */
export const MOST_CARDS = 300;
/** Groups are split while there are fewer than this. */
const ENOUGH_GROUPS = 36;
/** What a folder without folders is cut into when it is too big. */
const CHUNK = 100;

export interface Group {
  readonly id: string;
  readonly title: string;
  readonly kind: LineageGroup['kind'];
  readonly layer: Layer;
  readonly members: readonly Member[];
}

export interface Grouping {
  readonly groups: readonly Group[];
  /** Those with a card of their own. */
  readonly cards: readonly Member[];
  readonly trail: readonly { readonly id: string; readonly title: string }[];
}

interface Folder extends Group {
  readonly parts: readonly Folder[];
}

/** `open` is the id of a group; one that is not there (any more) opens nothing. */
export function groupMembers(members: readonly Member[], open: string | null, rootPackage: string): Grouping {
  const roots = layerFolders(members, rootPackage);
  const trail = open === null ? undefined : pathTo(roots, open);
  const opened = trail?.at(-1);
  const outside = split(
    roots.flatMap((root) => (trail ? without(root, trail) : [root])),
    ENOUGH_GROUPS,
  );
  if (!opened || !trail) return { groups: outside, cards: [], trail: [] };
  const shown = trail.filter((folder, index) => index > 0 || folder.id === open);
  const path = shown.map(({ id, title }) => ({ id, title }));
  if (opened.members.length <= MOST_CARDS) return { groups: outside, cards: opened.members, trail: path };
  return { groups: [...outside, ...split(opened.parts, ENOUGH_GROUPS)], cards: [], trail: path };
}

/** One tree of folders for each layer, so that a group stands in one lane. */
function layerFolders(members: readonly Member[], rootPackage: string): Folder[] {
  const byLayer = new Map<Layer, Member[]>();
  for (const member of members) {
    const list = byLayer.get(member.layer);
    if (list) list.push(member);
    else byLayer.set(member.layer, [member]);
  }
  return [...byLayer].map(([layer, list]) => {
    const placed = list.map((member) => ({ member, folders: foldersOf(member.node, rootPackage) }));
    return folder(layer, layer, [], 'folder', placed);
  });
}

interface Placed {
  readonly member: Member;
  readonly folders: readonly string[];
}

function folder(
  layer: Layer,
  title: string,
  path: readonly string[],
  kind: LineageGroup['kind'],
  placed: readonly Placed[],
): Folder {
  const id = [layer, ...path].join('/');
  const members = placed.map(({ member }) => member);
  const depth = path.length;
  const below = new Map<string, Placed[]>();
  const here: Member[] = [];
  for (const each of placed) {
    const name = each.folders[depth];
    if (name === undefined) here.push(each.member);
    else {
      const list = below.get(name);
      if (list) list.push(each);
      else below.set(name, [each]);
    }
  }
  const parts = [...below].map(([name, list]) => {
    const isSource = list.every(({ member }) => member.type === 'source');
    return folder(layer, name, [...path, name], isSource ? 'source' : 'folder', list);
  });
  // A folder that holds one folder and nothing else says nothing.
  const [only] = parts;
  if (here.length === 0 && parts.length === 1 && only) return only;
  if (parts.length === 0)
    return {
      id,
      title,
      kind,
      layer,
      members,
      parts: here.length > MOST_CARDS ? chunks(id, title, kind, layer, here) : [],
    };
  if (here.length > 0)
    parts.push({
      ...{ id: `${id}/.`, title, kind, layer, members: here },
      parts: here.length > MOST_CARDS ? chunks(`${id}/.`, title, kind, layer, here) : [],
    });
  return { id, title, kind, layer, members, parts };
}

/** Members are in the order of their names, and so are the pieces. */
function chunks(
  id: string,
  title: string,
  kind: LineageGroup['kind'],
  layer: Layer,
  members: readonly Member[],
): Folder[] {
  const count = Math.ceil(members.length / CHUNK);
  return Array.from({ length: count }, (_, index) => ({
    ...{ id: `${id}#${index + 1}`, title: `${title} ${index + 1}/${count}`, kind, layer, parts: [] },
    members: members.slice(index * CHUNK, (index + 1) * CHUNK),
  }));
}

/** The biggest is split first; a group whose tiles would be too many always is. */
function split(folders: readonly Folder[], enough: number): Group[] {
  let shown = [...folders];
  for (;;) {
    const candidates = shown.filter(({ parts }) => parts.length > 0);
    const biggest = candidates.reduce<Folder | undefined>(
      (best, each) => (best && best.members.length >= each.members.length ? best : each),
      undefined,
    );
    if (!biggest) return shown;
    if (shown.length - 1 + biggest.parts.length > enough && biggest.members.length <= MOST_CARDS)
      return shown;
    shown = shown.flatMap((each) => (each === biggest ? biggest.parts : [each]));
  }
}

function pathTo(folders: readonly Folder[], id: string): readonly Folder[] | undefined {
  for (const each of folders) {
    if (each.id === id) return [each];
    const path = pathTo(each.parts, id);
    if (path) return [each, ...path];
  }
  return undefined;
}

/** What is beside a path through a tree. */
function without(root: Folder, path: readonly Folder[]): Folder[] {
  if (root === path.at(-1)) return [];
  return path.includes(root) ? root.parts.flatMap((part) => without(part, path)) : [root];
}

/** A source's tables belong together wherever they are declared; an installed package keeps to itself. */
function foldersOf(node: GraphNode, rootPackage: string): readonly string[] {
  if (node.resource_type === 'source') return [node.source_name];
  const folders = node.path.split('/').slice(0, -1);
  const named = node.resource_type === 'seed' ? ['seeds', ...folders] : folders;
  return node.package_name === rootPackage ? named : [node.package_name, ...named];
}
