/** What the grid's frame shows, and what a user can ask of it. */

import type { Arrangement, CellSummary, Location, PreviewState } from '../../../server/src/lsp/protocol.ts';
import type { RowPages } from './row-pages.ts';
import type { Selection } from './selection.ts';
import type { ColumnLayout } from './column-layout.ts';

/** Rows that can be looked at: of the preview that was asked for last, or the last good ones before it. */
export interface ShownResult {
  state: PreviewState;
  readonly pages: RowPages;
  layout: ColumnLayout;
  /** Whether the first rows have decided how wide the columns are. */
  isFitted: boolean;
  selection: Selection;
  summary: CellSummary | undefined;
  /** When its last rows came, as a clock shows it. */
  at: string;
}

export interface ViewedCell {
  /** Undefined while the whole text is on its way. */
  readonly text: string | null | undefined;
  readonly row: number;
  readonly column: number;
}

export interface GridModel {
  /** The preview that was asked for last; undefined before there was any. */
  readonly preview: PreviewState | undefined;
  readonly result: ShownResult | undefined;
  /** The result is not of the preview: that one failed, or has no rows yet. */
  readonly isStale: boolean;
  readonly arrangement: Arrangement;
  /** Milliseconds that the preview takes or took. */
  readonly elapsed: number;
  readonly canRerun: boolean;
  readonly filterRow: 'open' | 'closed';
  readonly viewer: 'open' | 'closed';
  readonly viewerWidth: number;
  readonly wrap: 'wrap' | 'no wrap';
  readonly viewed: ViewedCell | undefined;
  /** Why the warehouse is away, with what to do. */
  readonly away: string | undefined;
}

export interface GridActions {
  find(text: string): void;
  toggleFilterRow(): void;
  /** Opens the form for a filter: a new one, or the one with this index. */
  editFilter(anchor: Element, index?: number): void;
  removeFilter(index: number): void;
  clearFilters(): void;
  copyMenu(anchor: Element): void;
  copy(): void;
  exportMenu(anchor: Element): void;
  toggleViewer(): void;
  setViewerWidth(width: number): void;
  toggleWrap(): void;
  copyViewed(): void;
  openViewed(): void;
  rerun(): void;
  fetchMore(limit: number): void;
  stop(): void;
  open(location: Location): void;
  showSql(): void;
  preview(): void;
  focusGrid(): void;
}
