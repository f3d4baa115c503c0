/** Which columns of relations a query's columns come from. */

import type { BoundQuery, ColumnId, Plan, Scalar, Scan } from '../plan/plan.ts';
import { inputsOf, scalarsOf } from '../plan/reads.ts';
import { partsOf } from '../plan/scalars.ts';

/** A relation's column; the relation with its schema, unless that is `public`. */
export interface ColumnOrigin {
  readonly relation: string;
  readonly column: string;
}

/** What a column is made of: other columns, in the expressions that give it. */
type Definition =
  | { readonly kind: 'relation'; readonly origin: ColumnOrigin }
  | { readonly kind: 'columns'; readonly columns: readonly ColumnId[] };

/** Where each column of a statement is defined. */
export type Definitions = ReadonlyMap<ColumnId, Definition>;

export function definitionsIn(query: BoundQuery): Definitions {
  const found = new Map<ColumnId, Definition>();
  const seen = new Set<Plan>();
  const visitScalar = (scalar: Scalar): void => {
    if (scalar.kind === 'subquery') visit(scalar.query.plan);
    partsOf(scalar).forEach(visitScalar);
  };
  const visit = (plan: Plan): void => {
    if (seen.has(plan)) return;
    seen.add(plan);
    define(plan, found);
    inputsOf(plan).forEach(visit);
    scalarsOf(plan).forEach(visitScalar);
    if (plan.kind === 'named') visit(plan.of.query.plan);
  };
  visit(query.plan);
  return found;
}

function define(plan: Plan, found: Map<ColumnId, Definition>): void {
  const columns = (id: ColumnId, ids: readonly ColumnId[]): void => {
    const others = ids.filter((each) => each !== id);
    if (others.length > 0 || !ids.includes(id)) found.set(id, { kind: 'columns', columns: others });
  };
  const paired = (ids: readonly { readonly id: ColumnId }[], ...queries: readonly BoundQuery[]): void => {
    ids.forEach(({ id }, index) => {
      columns(
        id,
        queries.flatMap((query) => query.output[index]?.id ?? []),
      );
    });
  };
  switch (plan.kind) {
    case 'scan':
      for (const column of plan.columns)
        found.set(column.id, { kind: 'relation', origin: originIn(plan, column.id) });
      break;
    case 'named':
      paired(plan.columns, plan.of.query);
      break;
    case 'set':
      paired(plan.columns, plan.left, plan.right);
      break;
    case 'recursive':
      paired(plan.columns, plan.start, plan.step);
      break;
    case 'function':
      for (const { id } of plan.columns) columns(id, plan.calls.flatMap(valueColumns));
      break;
    case 'values':
      plan.columns.forEach(({ id }, index) => {
        columns(
          id,
          plan.rows.flatMap((row) => (row[index] ? valueColumns(row[index]) : [])),
        );
      });
      break;
    case 'project':
    case 'expand':
      for (const { id, expression } of plan.columns) columns(id, valueColumns(expression));
      break;
    case 'join':
      for (const { id, expression } of plan.merged) columns(id, valueColumns(expression));
      break;
    case 'aggregate':
      for (const { id, expression } of plan.groups) columns(id, valueColumns(expression));
      for (const call of plan.calls)
        columns(
          call.id,
          [...call.arguments, ...(call.ordered ? call.order.map((key) => key.expression) : [])].flatMap(
            valueColumns,
          ),
        );
      for (const { id, of } of plan.grouping)
        columns(
          id,
          of.flatMap((place) => (plan.groups[place] ? valueColumns(plan.groups[place].expression) : [])),
        );
      break;
    case 'window':
      for (const call of plan.calls) columns(call.id, call.arguments.flatMap(valueColumns));
      break;
    default:
      break;
  }
}

function originIn({ relation, columns }: Scan, id: ColumnId): ColumnOrigin {
  const column = columns.find((each) => each.id === id)?.name ?? '';
  return {
    relation: relation.schema === 'public' ? relation.name : `${relation.schema}.${relation.name}`,
    column,
  };
}

/** The columns that a value is computed from; of a subquery, those it gives. */
function valueColumns(scalar: Scalar): readonly ColumnId[] {
  if (scalar.kind === 'column') return [scalar.column];
  if (scalar.kind === 'subquery') {
    const own = scalar.use === 'exists' ? [] : scalar.query.output.map((column) => column.id);
    return [...own, ...scalar.test.flatMap(valueColumns)];
  }
  return partsOf(scalar).flatMap(valueColumns);
}

/** Each once, in the order of the expression. */
export function originsOf(definitions: Definitions, column: ColumnId): readonly ColumnOrigin[] {
  const found = new Map<string, ColumnOrigin>();
  const seen = new Set<ColumnId>();
  const visit = (id: ColumnId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const definition = definitions.get(id);
    if (definition?.kind === 'relation')
      found.set(`${definition.origin.relation}.${definition.origin.column}`, definition.origin);
    else definition?.columns.forEach(visit);
  };
  visit(column);
  return [...found.values()];
}
