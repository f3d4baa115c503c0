/** Which rows a value was measured in: those of the relations that the value itself comes from, not those that only decide about it. */

import type { Scalar } from '../plan/plan.ts';
import { columnsIn, partsOf } from '../plan/scalars.ts';
import type { Attribute } from './attributes.ts';
import type { Facts } from './facts.ts';

/** None: it is a constant. */
export function measuredRows(facts: Facts, scalar: Scalar): readonly Attribute[] {
  return [...new Set(rowsOf(facts, scalar))];
}

function rowsOf(facts: Facts, scalar: Scalar): readonly Attribute[] {
  switch (scalar.kind) {
    case 'column':
      return facts.measured.get(scalar.column) ?? facts.rows;
    case 'constant':
    case 'parameter':
      return [];
    case 'case': {
      const values = [...scalar.arms.map((arm) => arm.then), scalar.otherwise];
      const measured = values.flatMap((value) => rowsOf(facts, value));
      // `case when … then 1 end` is about what its conditions ask.
      return measured.length > 0 ? measured : scalar.arms.flatMap((arm) => rowsOf(facts, arm.when));
    }
    case 'call':
      // What a value is shared among is not what is measured.
      return scalar.name === 'nullif' || isShare(facts, scalar)
        ? scalar.arguments.slice(0, 1).flatMap((part) => rowsOf(facts, part))
        : scalar.arguments.flatMap((part) => rowsOf(facts, part));
    case 'subquery':
      return facts.rows;
    default:
      return partsOf(scalar).flatMap((part) => rowsOf(facts, part));
  }
}

function isShare(facts: Facts, { name, arguments: [, among] }: Extract<Scalar, { kind: 'call' }>): boolean {
  return (
    name === '/' && among !== undefined && [...columnsIn(among)].some((column) => facts.counts.has(column))
  );
}
