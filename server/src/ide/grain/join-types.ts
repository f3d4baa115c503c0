/** `join-types`: joined columns whose types only meet after one of them is converted, or that are floats. */

import type { Scalar } from '../../sql/plan/plan.ts';
import { conjuncts } from '../../sql/plan/scalars.ts';
import { baseType } from '../../sql/grain/attributes.ts';
import { writtenRange } from '../../sql/written-scalar.ts';
import { plansOf } from './plans.ts';
import { placeIn, type Finding, type Subject } from './subject.ts';

export function findJoinTypes(subject: Subject): readonly Finding[] {
  const { analysis, tree } = subject.model;
  const { attributes } = analysis.derivation;
  const found: Finding[] = [];
  for (const plan of plansOf(analysis)) {
    if (plan.kind !== 'join') continue;
    for (const condition of conjuncts(plan.predicate)) {
      const [left, right] = comparedColumns(condition);
      if (!left || !right || !condition.node) continue;
      const types = [left, right].map((column) => attributes.typeOf(attributes.of(column)));
      const says = typesMessage(types[0], types[1]);
      const range = writtenRange(tree, condition.node);
      const place = says === undefined ? undefined : placeIn(subject, range);
      if (says === undefined || !place) continue;
      found.push({
        message: `${tree.text.slice(range.start, range.end).replace(/\s+/gu, ' ')}: ${says}.`,
        place,
      });
    }
  }
  return found;
}

/** Columns as they are: who converts one on purpose has said so. */
function comparedColumns(condition: Scalar): readonly Scalar[] {
  if (condition.kind !== 'call' || condition.name !== '=') return [];
  return condition.arguments.every(({ kind }) => kind === 'column') ? condition.arguments : [];
}

const FLOATS = new Set(['real', 'double precision']);
const WHOLE = new Set(['smallint', 'integer', 'bigint']);
const ZONELESS = new Set(['timestamp without time zone', 'date']);

function typesMessage(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return undefined;
  const pair = [baseType(one), baseType(other)] as const;
  const either = (test: (type: string) => boolean): boolean => pair.some(test);
  if (either((type) => FLOATS.has(type)))
    return `it compares floating point numbers (${one} and ${other}), of which two that look alike need not be equal`;
  if (either((type) => type === 'timestamp with time zone') && either((type) => ZONELESS.has(type)))
    return `it compares ${one} with ${other}, which depends on the session's time zone`;
  if (either((type) => type === 'numeric') && either((type) => WHOLE.has(type)))
    return `it compares ${one} with ${other}: the whole number is converted in every row, and an index on it is not used`;
  return undefined;
}
