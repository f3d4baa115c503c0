/** The menu of a cell: copying, and filters made of its value. */

import type { Filter } from '../../../server/src/lsp/protocol.ts';
import type { Host } from '../shared/host.ts';
import type { MenuGroups, MenuItem } from '../shared/menu.ts';
import { copyGroups } from './copying.ts';
import type { ShownResult } from './grid-model.ts';
import { filterText } from './wording.ts';

/** A longer value makes a menu nobody can read. */
const LONGEST_SHOWN = 48;

export function cellGroups(
  host: Host,
  result: ShownResult,
  announce: (text: string) => void,
  wishes: { readonly filter: (filter: Filter) => void; readonly view: () => void },
): MenuGroups {
  return [
    [{ label: 'Show the whole cell', hint: 'Enter', choose: wishes.view }],
    filterItems(result, wishes.filter),
    ...copyGroups(host, result, announce),
  ];
}

function filterItems(result: ShownResult, filter: (filter: Filter) => void): readonly MenuItem[] {
  const { row, column } = result.selection.cursor;
  const shape = result.state.columns[column];
  const held = result.pages.at(row);
  // What is not here, or not whole, cannot be filtered by.
  if (!shape || !held || held.cut.includes(column)) return [];
  const value = held.cells[column] ?? null;
  const item = (one: Filter): MenuItem => {
    const text = filterText(one, shape);
    return {
      label: `Filter: ${text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text}`,
      choose: () => {
        filter(one);
      },
    };
  };
  if (value === null)
    return [item({ column, operator: 'is null' }), item({ column, operator: 'is not null' })];
  const comparisons: readonly Filter['operator'][] = shape.isNumeric ? ['=', '<>', '>=', '<='] : ['=', '<>'];
  return comparisons.map((operator) => item({ column, operator, value }));
}
