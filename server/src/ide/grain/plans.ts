/** All plans of a statement: those of its CTEs and subqueries too, each once. */

import type { Analysis } from '../../sql/grain/analyze.ts';
import type { Plan, Scalar } from '../../sql/plan/plan.ts';
import { inputsOf, scalarsOf } from '../../sql/plan/reads.ts';
import { partsOf } from '../../sql/plan/scalars.ts';

export function plansOf({ statement }: Pick<Analysis, 'statement'>): ReadonlySet<Plan> {
  const found = new Set<Plan>();
  const visit = (plan: Plan): void => {
    if (found.has(plan)) return;
    found.add(plan);
    inputsOf(plan).forEach(visit);
    scalarsOf(plan).forEach(visitScalar);
  };
  const visitScalar = (scalar: Scalar): void => {
    if (scalar.kind === 'subquery') visit(scalar.query.plan);
    partsOf(scalar).forEach(visitScalar);
  };
  visit(statement.query.plan);
  for (const { query } of statement.ctes) visit(query.plan);
  return found;
}
