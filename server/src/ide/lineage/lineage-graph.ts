/** What a lineage shows: cards, groups of them, edges and lanes with their places, before the language server makes documents of files. */

import type { Place } from '../../base/diagnostic.ts';

/** `raw` are sources and seeds; a model's layer is told by its folder or name, else it is `other`. */
export type Layer = 'raw' | 'staging' | 'intermediate' | 'mart' | 'exposure' | 'other';

/** What has a card of its own; tests are folded into the cards of what they test. */
export type CardType =
  | 'model'
  | 'source'
  | 'seed'
  | 'snapshot'
  | 'analysis'
  | 'exposure'
  | 'metric'
  | 'semantic_model'
  | 'saved_query';

export type LastStatus =
  'success' | 'error' | 'skipped' | 'partial success' | 'pass' | 'fail' | 'warn' | 'runtime error' | 'no-op';

export interface LastResult {
  readonly status: LastStatus;
  readonly failures: number | null;
}

export interface LineageQuery {
  /** The resource in the middle; null shows the whole project. */
  readonly uniqueId: string | null;
  /** Hops shown towards the sources, and away from them. */
  readonly up: number;
  readonly down: number;
  /** Cards whose columns are shown: they are taller. */
  readonly open: readonly string[];
  /** Cards whose neighbours on one side are shown as well, however far they are. */
  readonly expanded?: readonly { readonly uniqueId: string; readonly side: 'up' | 'down' }[];
  /** The group that is gone into, where there are too many nodes for cards. */
  readonly group?: string | null;
}

export interface LineageGraph {
  readonly focus: string | null;
  readonly nodes: readonly LineageNode[];
  readonly groups: readonly LineageGroup[];
  /** The groups gone into, outermost first. */
  readonly trail: readonly { readonly id: string; readonly title: string }[];
  readonly edges: readonly LineageEdge[];
  readonly lanes: readonly LineageLane[];
  readonly width: number;
  readonly height: number;
  /** Everything the project has that could have a card. */
  readonly total: number;
  readonly all: readonly LineageName[];
}

export interface LineageName {
  readonly uniqueId: string;
  readonly name: string;
  readonly type: CardType;
}

export interface Box {
  /** The upper left corner and the size, in pixels at scale 1. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LineageNode extends LineageName, Box {
  readonly materialized: string | null;
  readonly layer: Layer;
  readonly place?: Place;
  readonly columns: readonly LineageColumn[];
  /** Who says which columns there are: Postgres of the present text, the built relation, or a property file; null when nobody does. */
  readonly columnsFrom: 'described' | 'built' | 'declared' | null;
  readonly tests: LineageTests;
  readonly status: LastStatus | null;
  /** Neighbours that this view leaves out. */
  readonly hiddenUp: number;
  readonly hiddenDown: number;
}

export interface LineageColumn {
  readonly name: string;
  readonly type: string | null;
  readonly isKey: boolean;
}

export interface LineageTests {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly names: readonly string[];
}

/** Many nodes of one folder (or one source) as one card. */
export interface LineageGroup extends Box {
  readonly id: string;
  readonly title: string;
  readonly kind: 'folder' | 'source';
  readonly layer: Layer;
  readonly count: number;
  /** Nodes that failed, or have a failing test. */
  readonly failed: number;
  readonly nodes: readonly {
    readonly uniqueId: string;
    readonly name: string;
    readonly status: LastStatus | null;
    readonly failed: boolean;
  }[];
}

export interface LineageEdge {
  /** A node's or a group's id. */
  readonly from: string;
  readonly to: string;
  /** How many edges it stands for. */
  readonly count: number;
  /** A start, then three points for each cubic piece. */
  readonly points: readonly Point[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface LineageLane {
  readonly layer: Layer;
  readonly title: string;
  readonly count: number;
  readonly x: number;
  readonly width: number;
}
