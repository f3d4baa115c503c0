/** What each column of a plan is made of, one step down. */

import type {
  AggregateCall,
  BoundQuery,
  ColumnId,
  Computed,
  Plan,
  PlanColumn,
  Scalar,
  WindowCall,
} from '../plan/plan.ts';
import { partsOf } from '../plan/scalars.ts';
import { SERVER_AGGREGATES } from '../plan/traits.ts';
import { through, type How } from './how.ts';

/** Something that a column is made of, or that decides about its rows. */
export type Input =
  | { readonly kind: 'column'; readonly column: ColumnId; readonly how: How }
  /** The rows of a query: those of a subquery within an expression, or what `count(*)` counts. */
  | { readonly kind: 'rows'; readonly of: Plan; readonly how: How };

export interface Definition {
  readonly inputs: readonly Input[];
  /** The expression that gives it, where it is written as one. */
  readonly expression: Scalar | undefined;
  /** The name that may follow the expression. */
  readonly name?: string;
}

/** Of the columns that a plan makes itself, not of those that it hands on. */
export function define(plan: Plan, found: Map<ColumnId, Definition>): void {
  const computed = (columns: readonly Computed[]): void => {
    for (const { id, name, expression } of columns) {
      // A subquery in FROM shows its columns under the ids that they have.
      if (expression.kind === 'column' && expression.column === id) continue;
      found.set(id, { inputs: inputsOfValue(expression), expression, name });
    }
  };
  const paired = (columns: readonly PlanColumn[], sides: readonly (readonly [BoundQuery, How])[]): void => {
    columns.forEach(({ id }, index) => {
      const inputs = sides.flatMap(([query, how]) => {
        const column = query.output[index];
        return column ? [{ kind: 'column' as const, column: column.id, how }] : [];
      });
      found.set(id, { inputs, expression: undefined });
    });
  };
  switch (plan.kind) {
    case 'set':
      // What EXCEPT takes away gives no value; neither does what INTERSECT looks up.
      paired(plan.columns, [
        [plan.left, 'passed through'],
        [plan.right, plan.operation === 'union' ? 'passed through' : 'filtering'],
      ]);
      break;
    case 'recursive':
      paired(plan.columns, [
        [plan.start, 'passed through'],
        [plan.step, 'passed through'],
      ]);
      break;
    case 'function':
      for (const { id } of plan.columns) {
        const inputs = plan.calls.flatMap((call) => inputsOfScalar(call, 'computed'));
        found.set(id, { inputs, expression: plan.calls[0] });
      }
      break;
    case 'values':
      plan.columns.forEach(({ id }, index) => {
        const cells = plan.rows.flatMap((row) => row[index] ?? []);
        found.set(id, { inputs: cells.flatMap(inputsOfValue), expression: cells[0] });
      });
      break;
    case 'project':
    case 'expand':
      computed(plan.columns);
      break;
    case 'join':
      computed(plan.merged);
      break;
    case 'aggregate':
      computed(plan.groups);
      for (const call of plan.calls)
        found.set(call.id, { inputs: inputsOfAggregate(call, plan.input), expression: undefined });
      for (const { id, of } of plan.grouping) {
        const groups = of.flatMap((place) => plan.groups[place]?.expression ?? []);
        const inputs = groups.flatMap((group) => inputsOfScalar(group, 'grouping'));
        found.set(id, { inputs, expression: undefined });
      }
      break;
    case 'window':
      for (const call of plan.calls)
        found.set(call.id, { inputs: inputsOfWindow(call, plan.input), expression: undefined });
      break;
    case 'one row':
    case 'scan':
    case 'named':
    case 'filter':
    case 'distinct':
    case 'distinct on':
    case 'sort':
    case 'limit':
    case 'recursion':
      break;
  }
}

/** A column alone is handed on; anything else makes a new value. */
function inputsOfValue(scalar: Scalar): readonly Input[] {
  return inputsOfScalar(scalar, scalar.kind === 'column' ? 'passed through' : 'computed');
}

/** All that an expression reads, in the order in which it stands there. */
export function inputsOfScalar(scalar: Scalar, how: How): readonly Input[] {
  if (scalar.kind === 'column') return [{ kind: 'column', column: scalar.column, how }];
  if (scalar.kind !== 'subquery') return partsOf(scalar).flatMap((part) => inputsOfScalar(part, how));
  const { plan, output } = scalar.query;
  const own = scalar.use === 'exists' ? [] : output;
  return [
    ...scalar.test.flatMap((part) => inputsOfScalar(part, how)),
    ...own.map(({ id }): Input => ({ kind: 'column', column: id, how })),
    { kind: 'rows', of: plan, how: through(how, 'filtering') },
  ];
}

function inputsOfAggregate(call: AggregateCall, input: Plan): readonly Input[] {
  const ordering: How = call.ordered ? 'aggregated' : 'ordering';
  return [
    ...argumentsOf(call.arguments, call.ordered ? call.order.length : 0, 'aggregated', input),
    ...(call.filter ? inputsOfScalar(call.filter, 'filtering') : []),
    ...call.order.flatMap((key) => inputsOfScalar(key.expression, ordering)),
  ];
}

function inputsOfWindow(call: WindowCall, input: Plan): readonly Input[] {
  const how: How = SERVER_AGGREGATES.has(call.function) ? 'aggregated' : 'computed';
  return [
    ...argumentsOf(call.arguments, 0, how, input),
    ...(call.filter ? inputsOfScalar(call.filter, 'filtering') : []),
    ...call.partition.flatMap((part) => inputsOfScalar(part, 'grouping')),
    ...call.order.flatMap((key) => inputsOfScalar(key.expression, 'ordering')),
  ];
}

/** Without any it is about the rows as such, as `count(*)` and `row_number()` are. */
function argumentsOf(parts: readonly Scalar[], others: number, how: How, input: Plan): readonly Input[] {
  if (parts.length + others > 0) return parts.flatMap((part) => inputsOfScalar(part, how));
  return [{ kind: 'rows', of: input, how }];
}
