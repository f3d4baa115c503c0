/** What decides which rows a query has, how they are put together and in which order, down to the queries that it reads. */

import type { Plan, Scalar } from '../plan/plan.ts';
import { inputsOfScalar, type Input } from './definitions.ts';
import type { How } from './how.ts';

export interface RowInput {
  readonly input: Input;
  /** What stands in the clause. */
  readonly expression: Scalar | undefined;
}

export function rowInputs(plan: Plan): readonly RowInput[] {
  return inputsWithin(plan, 'passed through');
}

/** `how`: what the plan's own rows are to the query. */
function inputsWithin(plan: Plan, how: How): readonly RowInput[] {
  switch (plan.kind) {
    case 'one row':
    case 'values':
    case 'recursion':
      return [];
    case 'scan':
    case 'named':
      return [rows(plan, how)];
    case 'function':
      return read(plan.calls, 'joining');
    case 'filter':
      return [...inputsWithin(plan.input, how), ...read([plan.predicate], 'filtering')];
    case 'join':
      return [
        ...inputsWithin(plan.left, how === 'passed through' ? 'joining' : how),
        ...inputsWithin(plan.right, how === 'passed through' ? 'joining' : how),
        ...(plan.predicate ? read([plan.predicate], 'joining') : []),
      ];
    case 'project':
      return plan.alias === undefined ? inputsWithin(plan.input, how) : [rows(plan, how)];
    case 'expand':
      return [...inputsWithin(plan.input, how), ...read(plan.columns.map((column) => column.expression), 'joining')]; // prettier-ignore
    case 'aggregate':
      return [...inputsWithin(plan.input, how), ...read(plan.groups.map((group) => group.expression), 'grouping')]; // prettier-ignore
    case 'window':
      return inputsWithin(plan.input, how);
    case 'distinct': {
      const columns = plan.columns.map((column): Scalar => ({ kind: 'column', column, node: undefined }));
      return [...inputsWithin(plan.input, how), ...read(columns, 'grouping')];
    }
    case 'distinct on':
      return [
        ...inputsWithin(plan.input, how),
        ...read(plan.on, 'grouping'),
        ...read(plan.order.map((key) => key.expression), 'ordering'), // prettier-ignore
      ];
    case 'sort':
      return [...inputsWithin(plan.input, how), ...read(plan.order.map((key) => key.expression), 'ordering')]; // prettier-ignore
    case 'limit':
      return [
        ...inputsWithin(plan.input, how),
        ...read([plan.count, plan.offset].filter((part) => part !== undefined), 'filtering'), // prettier-ignore
      ];
    case 'set':
      return [
        ...inputsWithin(plan.left.plan, how),
        ...inputsWithin(plan.right.plan, plan.operation === 'union' ? how : 'filtering'),
      ];
    case 'recursive':
      return [...inputsWithin(plan.start.plan, how), ...inputsWithin(plan.step.plan, how)];
  }
}

function rows(of: Plan, how: How): RowInput {
  return { input: { kind: 'rows', of, how }, expression: undefined };
}

function read(expressions: readonly Scalar[], how: How): readonly RowInput[] {
  return expressions.flatMap((expression) =>
    inputsOfScalar(expression, how).map((input): RowInput => ({ input, expression })),
  );
}
