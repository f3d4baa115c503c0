/** What the grid remembers from one showing to the next: how the columns of a preview were arranged, and how the page was left. */

import type { Arrangement, Filter, PreviewColumn, Sort } from '../../../server/src/lsp/protocol.ts';

export interface GridMemory {
  readonly title: string;
  /** Names, so that a result of another shape is not sorted by whatever stands at the same place. */
  readonly columns: readonly string[];
  readonly arrangement: Arrangement;
  /** Of columns whose width was changed, by name. */
  readonly widths: Readonly<Record<string, number>>;
  readonly filterRow: 'open' | 'closed';
  readonly viewer: 'open' | 'closed';
  readonly viewerWidth: number;
  readonly wrap: 'wrap' | 'no wrap';
}

export const NOTHING_ARRANGED: Arrangement = { sort: [], filters: [], find: '' };

export const FRESH: GridMemory = {
  title: '',
  columns: [],
  arrangement: NOTHING_ARRANGED,
  widths: {},
  filterRow: 'closed',
  viewer: 'closed',
  viewerWidth: 364,
  wrap: 'wrap',
};

/** The host gives back what it was given, or nothing; an older page may have given something else. */
export function recall(state: unknown): GridMemory {
  if (typeof state !== 'object' || state === null) return FRESH;
  const known = state as Partial<GridMemory>;
  return {
    title: typeof known.title === 'string' ? known.title : '',
    columns: Array.isArray(known.columns) ? known.columns : [],
    arrangement: isArrangement(known.arrangement) ? known.arrangement : NOTHING_ARRANGED,
    widths: known.widths ?? {},
    filterRow: known.filterRow === 'open' ? 'open' : 'closed',
    viewer: known.viewer === 'open' ? 'open' : 'closed',
    viewerWidth: typeof known.viewerWidth === 'number' ? known.viewerWidth : FRESH.viewerWidth,
    wrap: known.wrap === 'no wrap' ? 'no wrap' : 'wrap',
  };
}

function isArrangement(value: Arrangement | undefined): value is Arrangement {
  return (
    value !== undefined &&
    Array.isArray(value.sort) &&
    Array.isArray(value.filters) &&
    typeof value.find === 'string'
  );
}

/** The arrangement as far as the columns are still there, at whatever place. */
export function carryOver(
  arrangement: Arrangement,
  before: readonly string[],
  columns: readonly PreviewColumn[],
): Arrangement {
  const placeOf = (column: number): number => columns.findIndex(({ name }) => name === before[column]);
  const moved = <Part extends Sort | Filter>(parts: readonly Part[]): readonly Part[] =>
    parts.map((part) => ({ ...part, column: placeOf(part.column) })).filter(({ column }) => column >= 0);
  return { sort: moved(arrangement.sort), filters: moved(arrangement.filters), find: arrangement.find };
}
