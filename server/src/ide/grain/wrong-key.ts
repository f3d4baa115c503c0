/** Whether columns that are said to be a key are refuted by what the SQL proves of its rows. */

import { isKey } from '../../sql/grain/keys.ts';
import type { ColumnId } from '../../sql/plan/plan.ts';
import { repeatingRows } from './certainty.ts';
import type { Analyzed } from './subject.ts';
import { named, rowPer, whichHas } from './words.ts';

export interface WrongKey {
  /** The key that is proven. */
  readonly proven: readonly string[];
  /** `one row per order_id, payment_id, not per order_id`. */
  readonly instead: string;
  /** What repeats them. */
  readonly why: string;
}

/** Undefined where it is a key, and where nobody knows. */
export function wrongKey({ analysis }: Analyzed, key: readonly string[]): WrongKey | undefined {
  const ids = columnIds(analysis.columns, key);
  const { derivation, facts, statement } = analysis;
  if (!ids || isKey(derivation.attributes, facts, ids)) return undefined;
  const by = repeatingRows(derivation, statement.query.plan, ids);
  const proven = largerKey(analysis.keys, ids);
  if (!by || !proven) return undefined;
  const names = proven.map((id) => analysis.columns.find((column) => column.id === id)?.name ?? '');
  return {
    proven: names,
    instead: `${rowPer(names)}, not per ${key.join(', ')}`,
    why: `there is one for each row of ${named(by.map((each) => `'${each.name}'${whichHas(each)}`))}`,
  };
}

/** Undefined where one of them is no column of the query; names in settings are folded. */
export function columnIds(
  columns: readonly { readonly id: ColumnId; readonly name: string }[],
  names: readonly string[],
): readonly ColumnId[] | undefined {
  const ids = names.flatMap((name) => {
    const found =
      columns.find((column) => column.name === name) ??
      columns.find((column) => column.name === name.toLowerCase());
    return found ? [found.id] : [];
  });
  return ids.length === names.length ? ids : undefined;
}

/** Rather one that holds the columns and more. */
function largerKey(
  keys: readonly (readonly ColumnId[])[],
  ids: readonly ColumnId[],
): readonly ColumnId[] | undefined {
  return keys.find((key) => ids.every((id) => key.includes(id))) ?? keys[0];
}
