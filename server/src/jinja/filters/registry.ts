/** All filters and tests by name. */

import type { Filter } from './filter.ts';
import { numberFilters } from './number-filters.ts';
import { orderFilters } from './order-filters.ts';
import { selectionFilters } from './selection-filters.ts';
import { sequenceFilters } from './sequence-filters.ts';
import type { Test } from './tests.ts';
import { tests } from './tests.ts';
import { textFilters } from './text-filters.ts';
import { valueFilters } from './value-filters.ts';

let filters: ReadonlyMap<string, Filter> | undefined;

// Built on first use: the selection filters look names up here themselves.
export function findFilter(name: string | undefined): Filter | undefined {
  filters ??= new Map([
    ...numberFilters,
    ...orderFilters,
    ...selectionFilters,
    ...sequenceFilters,
    ...textFilters,
    ...valueFilters,
  ]);
  return name === undefined ? undefined : filters.get(name);
}

export function findTest(name: string | undefined): Test | undefined {
  return name === undefined ? undefined : tests.get(name);
}
