/** The rows behind a plan's rows, as columns of its SQL: which of them tell its rows, and in which its columns were measured. */

import type { ColumnId, Plan, PlanColumn, Scalar } from './plan.ts';
import { partsOf } from './scalars.ts';

/** A column that numbers the rows of one plan. */
export interface Identity {
  readonly column: string;
  readonly plan: Plan;
}

export interface Rows {
  /** All that are carried. */
  readonly all: readonly Identity[];
  /** Those that together tell its rows. */
  readonly own: readonly Identity[];
  readonly measured: ReadonlyMap<ColumnId, readonly Identity[]>;
}

/** Of a plan whose rows are its own. */
export function rowsOf(row: Identity, columns: readonly PlanColumn[]): Rows {
  return { all: [row], own: [row], measured: new Map(columns.map(({ id }) => [id, [row]])) };
}

/** The rows that a value itself comes from, not those that only decide about it; none for a constant. */
export function measuredIn(rows: Rows, scalar: Scalar): readonly Identity[] {
  return [...new Set(partsIn(rows, scalar))];
}

function partsIn(rows: Rows, scalar: Scalar): readonly Identity[] {
  const all = (parts: readonly Scalar[]): readonly Identity[] => parts.flatMap((part) => partsIn(rows, part));
  switch (scalar.kind) {
    case 'column':
      return rows.measured.get(scalar.column) ?? rows.own;
    case 'constant':
    case 'parameter':
      return [];
    case 'case': {
      const measured = all([...scalar.arms.map((arm) => arm.then), scalar.otherwise]);
      return measured.length > 0 ? measured : all(scalar.arms.map((arm) => arm.when));
    }
    case 'subquery':
      return rows.own;
    default:
      return all(scalar.kind === 'call' && scalar.name === 'nullif' ? scalar.arguments.slice(0, 1) : partsOf(scalar)); // prettier-ignore
  }
}
