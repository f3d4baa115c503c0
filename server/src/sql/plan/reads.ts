/** The columns that a plan's expressions read, wherever they come from. */

import { planColumns, type ColumnId, type Plan, type Scalar } from './plan.ts';
import { columnsIn } from './scalars.ts';

export function columnsRead(plan: Plan, found = new Set<ColumnId>()): Set<ColumnId> {
  for (const scalar of scalarsOf(plan)) {
    columnsIn(scalar, found);
  }
  for (const below of inputsOf(plan)) columnsRead(below, found);
  return found;
}

/** What the one side reads of what the other gives. */
export function columnsReadFrom(plan: Plan, other: Plan): readonly ColumnId[] {
  const read = columnsRead(plan);
  return planColumns(other).flatMap((column) => (read.has(column.id) ? [column.id] : []));
}

export function readsFrom(plan: Plan, other: Plan): boolean {
  return columnsReadFrom(plan, other).length > 0;
}

/** The plans right below; of a CTE that is read, none. */
export function inputsOf(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case 'one row':
    case 'scan':
    case 'named':
    case 'function':
    case 'values':
    case 'recursion':
      return [];
    case 'filter':
    case 'project':
    case 'expand':
    case 'aggregate':
    case 'window':
    case 'distinct':
    case 'distinct on':
    case 'sort':
    case 'limit':
      return [plan.input];
    case 'join':
      return [plan.left, plan.right];
    case 'set':
      return [plan.left.plan, plan.right.plan];
    case 'recursive':
      return [plan.start.plan, plan.step.plan];
  }
}

/** The expressions that stand in this plan itself. */
export function scalarsOf(plan: Plan): readonly Scalar[] {
  const keys = (order: readonly { readonly expression: Scalar }[]): readonly Scalar[] =>
    order.map((key) => key.expression);
  switch (plan.kind) {
    case 'one row':
    case 'scan':
    case 'named':
    case 'set':
    case 'recursive':
    case 'recursion':
    case 'distinct':
      return [];
    case 'function':
      return plan.calls;
    case 'values':
      return plan.rows.flat();
    case 'filter':
      return [plan.predicate];
    case 'join':
      return [...(plan.predicate ? [plan.predicate] : []), ...plan.merged.map((column) => column.expression)];
    case 'project':
    case 'expand':
      return plan.columns.map((column) => column.expression);
    case 'aggregate':
      return [
        ...plan.groups.map((group) => group.expression),
        ...plan.calls.flatMap((call) => [
          ...call.arguments,
          ...(call.filter ? [call.filter] : []),
          ...keys(call.order),
        ]),
      ];
    case 'window':
      return plan.calls.flatMap((call) => [
        ...call.arguments,
        ...(call.filter ? [call.filter] : []),
        ...call.partition,
        ...keys(call.order),
      ]);
    case 'distinct on':
      return [...plan.on, ...keys(plan.order)];
    case 'sort':
      return keys(plan.order);
    case 'limit':
      return [...(plan.count ? [plan.count] : []), ...(plan.offset ? [plan.offset] : [])];
  }
}
