/** What the lineage page knows: what it asked for, what it was answered, where the user is in it. */

import type { LineageQuery, LineageView, RunNode } from '../../../server/src/lsp/protocol.ts';
import type { Opening } from '../shared/host.ts';
import type { Camera, Size } from './camera.ts';
import type { FollowedColumn } from './column-path.ts';

export interface State {
  folder: string;
  /** The project's name, once it is known. */
  project: string;
  /** The resource in the middle; null the whole project; empty nothing yet. */
  uniqueId: string | null;
  up: number;
  down: number;
  readonly open: Set<string>;
  expanded: NonNullable<LineageQuery['expanded']>;
  group: string | null;
  pinned: boolean;
  form: 'graph' | 'list';
  view: LineageView | undefined;
  loading: boolean;
  problem: string | null;
  /** The keyboard's place. */
  active: string | null;
  /** Whether the path through the keyboard's place is lit and the rest dimmed. */
  lit: boolean;
  /** The column whose way is lit. */
  column: FollowedColumn | null;
  hovered: string | null;
  /** The node whose tile the pointer is on. */
  tile: string | null;
  camera: Camera;
  stage: Size;
  /** By resource; `''` is the whole project. */
  readonly cameras: Map<string, Camera>;
  find: { readonly text: string; readonly index: number } | null;
  menu: { readonly id: string; readonly x: number; readonly y: number } | null;
  /** Of a run that goes on. */
  readonly live: Map<string, RunNode['status']>;
}

/** What is kept while the page is away. */
interface Kept {
  readonly pinned?: boolean;
  readonly up?: number;
  readonly down?: number;
  readonly form?: State['form'];
  readonly uniqueId?: string | null;
  readonly cameras?: readonly (readonly [string, Camera])[];
}

const MOST_CAMERAS = 50;
export const MOST_HOPS = 20;

export function openingState({ argument, state }: Opening): State {
  const kept = (state ?? {}) as Kept;
  return {
    folder: argument.folder,
    project: '',
    // Null is the whole project, and may be what was shown last.
    uniqueId: argument.uniqueId ?? (kept.uniqueId === undefined ? '' : kept.uniqueId),
    up: kept.up ?? 1,
    down: kept.down ?? 1,
    open: new Set(),
    expanded: [],
    group: null,
    pinned: kept.pinned ?? false,
    form: kept.form ?? 'graph',
    view: undefined,
    loading: true,
    problem: null,
    active: null,
    lit: false,
    column: null,
    hovered: null,
    tile: null,
    camera: { x: 0, y: 0, scale: 1 },
    stage: { width: 0, height: 0 },
    cameras: new Map(kept.cameras ?? []),
    find: null,
    menu: null,
    live: new Map(),
  };
}

export function keptState(state: State): Kept {
  const { pinned, up, down, form, uniqueId, cameras } = state;
  return { pinned, up, down, form, uniqueId, cameras: [...cameras].slice(-MOST_CAMERAS) };
}

/** Remembers where the user is, under what is shown; the last used last. */
export function keepCamera(state: State): void {
  const key = cameraKey(state);
  state.cameras.delete(key);
  state.cameras.set(key, state.camera);
}

export function cameraKey({ uniqueId, group }: Pick<State, 'uniqueId' | 'group'>): string {
  return `${uniqueId ?? ''}${group === null ? '' : `#${group}`}`;
}

export function queryOf(state: State): LineageQuery {
  const { folder, uniqueId, up, down, open, expanded, group } = state;
  return { folder, uniqueId, up, down, open: [...open], expanded, group };
}

export function statusNow(
  { live }: State,
  uniqueId: string,
  last: RunNode['status'] | null,
): RunNode['status'] | null {
  return live.get(uniqueId) ?? last;
}
