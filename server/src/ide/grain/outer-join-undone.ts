/** `outer-join-undone`: a condition that no row without a match can meet, so that the outer join keeps none of them. */

import { assume } from '../../sql/grain/assume.ts';
import type { Derivation } from '../../sql/grain/derive.ts';
import { planColumns, type Filter, type Join, type Plan, type Scalar } from '../../sql/plan/plan.ts';
import { inputsOf } from '../../sql/plan/reads.ts';
import { columnsIn, conjuncts } from '../../sql/plan/scalars.ts';
import { writtenRange } from '../../sql/written-scalar.ts';
import { joinRange } from './join-range.ts';
import { plansOf } from './plans.ts';
import { placeIn, type Finding, type Subject } from './subject.ts';

export function findOuterJoinUndone(subject: Subject): readonly Finding[] {
  const { analysis, tree } = subject.model;
  const found: Finding[] = [];
  for (const plan of plansOf(analysis)) {
    if (plan.kind !== 'filter' || plan.clause !== 'where') continue;
    for (const condition of conjuncts(plan.predicate)) {
      const join = undoneBy(analysis.derivation, plan, condition);
      const place = join && condition.node && placeIn(subject, writtenRange(tree, condition.node));
      if (!place) continue;
      const at = placeIn(subject, joinRange(tree, join));
      const { start, end } = writtenRange(tree, condition.node);
      const written = tree.text.slice(start, end).replace(/\s+/gu, ' ');
      found.push({
        message: `${written} is never true of a row that the ${join.join} join found no match for, so that it drops them all: write an inner join, or put the condition into the join.`,
        place,
        ...(at ? { related: [{ place: at, message: 'the outer join' }] } : {}),
      });
    }
  }
  return found;
}

/** The outer join whose added rows the condition drops. A test for NULL asks for just that. */
function undoneBy(derivation: Derivation, filter: Filter, condition: Scalar): Join | undefined {
  if (condition.kind === 'not' && condition.argument.kind === 'is null') return undefined;
  const { attributes, facts } = derivation;
  const input = facts.get(filter.input);
  if (!input) return undefined;
  const after = assume(attributes, { ...input, known: [], pending: [], extensions: [] }, condition);
  const rejected = [...columnsIn(condition)].filter(
    (column) => after.notNull.has(column) && !input.notNull.has(column),
  );
  if (rejected.length === 0) return undefined;
  return outerJoins(filter.input).find((join) => {
    const added = planColumns(join.join === 'left' ? join.right : join.left);
    return added.some(({ id }) => rejected.includes(id));
  });
}

/** Left and right joins of one SELECT, outer ones first. */
function outerJoins(plan: Plan): readonly Join[] {
  if (plan.kind !== 'join' && plan.kind !== 'filter') return [];
  const own = plan.kind === 'join' && (plan.join === 'left' || plan.join === 'right') ? [plan] : [];
  return [...own, ...inputsOf(plan).flatMap(outerJoins)];
}
