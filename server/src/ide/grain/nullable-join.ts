/** `nullable-join`: two sides with one row a group are joined by the group, and each may have a group of NULL, which meets nothing. */

import { relationOf } from '../../project/catalog.ts';
import { isNotNull } from '../../sql/grain/facts.ts';
import { planColumns, type ColumnId, type Plan, type Scalar } from '../../sql/plan/plan.ts';
import { conjuncts } from '../../sql/plan/scalars.ts';
import type { Relation } from '../../sql/plan/schema.ts';
import { writtenRange } from '../../sql/written-scalar.ts';
import { idOfRelation, resourceOf } from '../columns/parent-columns.ts';
import { plansOf } from './plans.ts';
import { placeIn, type Finding, type Subject } from './subject.ts';

export function findNullableJoin(subject: Subject): readonly Finding[] {
  const { analysis, tree } = subject.model;
  const found: Finding[] = [];
  for (const plan of plansOf(analysis)) {
    if (plan.kind !== 'join') continue;
    for (const condition of conjuncts(plan.predicate)) {
      const [left, right] = comparedColumns(condition);
      if (left === undefined || right === undefined || !condition.node) continue;
      const sides = [plan.left, plan.right];
      if (![left, right].every((column) => sides.some((side) => isNullGroup(subject, side, column)))) continue; // prettier-ignore
      const range = writtenRange(tree, condition.node);
      const place = placeIn(subject, range);
      const written = tree.text.slice(range.start, range.end).replace(/\s+/gu, ' ');
      if (place) found.push({ message: `${written}: either side may have a row for NULL, and NULL is equal to nothing: compare with 'is not distinct from', or leave NULL out of the groups.`, place }); // prettier-ignore
    }
  }
  return found;
}

function comparedColumns(condition: Scalar): readonly ColumnId[] {
  if (condition.kind !== 'call' || condition.name !== '=') return [];
  return condition.arguments.flatMap((side) => (side.kind === 'column' ? [side.column] : []));
}

/** Whether a side is grouped by the column, and the table that it comes from is known to allow NULL there. */
function isNullGroup(subject: Subject, side: Plan, column: ColumnId): boolean {
  const { derivation } = subject.model.analysis;
  const facts = derivation.facts.get(side);
  if (!facts || isNotNull(derivation.attributes, facts, column)) return false;
  return planColumns(side).some(({ id }) => id === column) && groupAllowsNull(subject, side, column);
}

function groupAllowsNull(subject: Subject, plan: Plan, column: ColumnId): boolean {
  switch (plan.kind) {
    case 'named': {
      const index = plan.columns.findIndex(({ id }) => id === column);
      const inner = plan.of.query.output[index];
      return inner !== undefined && groupAllowsNull(subject, plan.of.query.plan, inner.id);
    }
    case 'project': {
      const expression = plan.columns.find(({ id }) => id === column)?.expression;
      return expression?.kind === 'column' && groupAllowsNull(subject, plan.input, expression.column);
    }
    case 'aggregate': {
      const group = plan.groups.find(({ id }) => id === column)?.expression;
      return group?.kind === 'column' && !plan.sets && columnAllowsNull(subject, plan.input, group.column);
    }
    default:
      return false;
  }
}

/** The side of an outer join that may be without a match, and a table whose definition was read from the server. */
function columnAllowsNull(subject: Subject, plan: Plan, column: ColumnId): boolean {
  const { derivation } = subject.model.analysis;
  const facts = derivation.facts.get(plan);
  if (!facts || isNotNull(derivation.attributes, facts, column)) return false;
  switch (plan.kind) {
    case 'filter':
    case 'sort':
      return columnAllowsNull(subject, plan.input, column);
    case 'named': {
      const inner = plan.of.query.output[plan.columns.findIndex(({ id }) => id === column)];
      return inner !== undefined && columnAllowsNull(subject, plan.of.query.plan, inner.id);
    }
    case 'project': {
      const expression = plan.columns.find(({ id }) => id === column)?.expression;
      return expression?.kind === 'column' && columnAllowsNull(subject, plan.input, expression.column);
    }
    case 'join': {
      const [kept, added] = plan.join === 'right' ? [plan.right, plan.left] : [plan.left, plan.right];
      const isAdded = planColumns(added).some(({ id }) => id === column);
      return (isAdded && plan.join !== 'inner') || columnAllowsNull(subject, isAdded ? added : kept, column);
    }
    case 'scan': {
      const index = plan.columns.findIndex(({ id }) => id === column);
      return isStored(subject, plan.relation) && plan.relation.columns[index]?.notNull === false;
    }
    default:
      return false;
  }
}

function isStored({ snapshot: { project, catalog } }: Subject, { schema, name }: Relation): boolean {
  const id = idOfRelation(project, schema, name);
  const resource = id === undefined ? undefined : resourceOf(project, id);
  if (resource?.resource_type !== 'source' && resource?.resource_type !== 'seed') return false;
  return relationOf(project, catalog, resource)?.guarantees !== undefined;
}
