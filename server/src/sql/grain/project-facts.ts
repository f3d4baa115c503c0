/** What holds of computed columns, beside what holds of the rows that they were computed from. */

import type { Computed, Scalar } from '../plan/plan.ts';
import type { Attribute } from './attributes.ts';
import { visitSubqueries, type Derivation } from './derive.ts';
import {
  dependency,
  isNotNull,
  withDependencies,
  type Dependency,
  type Facts,
  type Pending,
} from './facts.ts';
import { measuredRows } from './measures.ts';

export function projectFacts(derivation: Derivation, input: Facts, columns: readonly Computed[]): Facts {
  const { attributes } = derivation;
  const dependencies: Dependency[] = [];
  const notNull = new Set(input.notNull);
  const measured = new Map<Attribute, readonly Attribute[]>(input.measured);
  const values = new Map(input.values);
  const bounds = new Map(input.bounds);
  const ordinals = new Set(input.ordinals);
  const counts = new Set(input.counts);
  for (const { id, expression, type } of columns) {
    attributes.setType(id, type);
    visitSubqueries(derivation, input, expression, []);
    const attribute = attributes.of(expression);
    if (attribute !== id) dependencies.push(dependency([attribute], [id]), dependency([id], [attribute]));
    // A value that may differ each time it is computed still belongs to its row.
    dependencies.push(dependency(input.rows, [id]));
    if (isNotNull(attributes, input, attribute)) notNull.add(id);
    measured.set(id, measuredRows(derivation, input, expression));
    const texts = input.values.get(attribute) ?? constantTexts(expression);
    if (texts) values.set(id, texts);
    const bounded = input.bounds.get(attribute);
    if (bounded) bounds.set(id, bounded);
    if (input.ordinals.has(attribute)) ordinals.add(id);
    if (countsIn(input, expression)) counts.add(id);
  }
  const pending = columns.flatMap(({ id, expression }) =>
    expression.kind === 'column' ? onesUnder(input, expression.column, id) : [],
  );
  return {
    ...withDependencies(input, dependencies),
    pending: pending.length === 0 ? input.pending : [...input.pending, ...pending],
    notNull,
    measured,
    bounds,
    values,
    ordinals,
    counts,
  };
}

function constantTexts(expression: Scalar): ReadonlySet<string> | undefined {
  const inner = expression.kind === 'cast' ? expression.argument : expression;
  return inner.kind === 'constant' && inner.text !== null ? new Set([inner.text]) : undefined;
}

/** A count under another name. */
function onesUnder(input: Facts, count: Attribute, id: Attribute): readonly Pending[] {
  return input.pending.flatMap((pending) =>
    pending.condition.kind === 'one' && pending.condition.count === count
      ? [{ ...pending, condition: { kind: 'one' as const, count: id } }]
      : [],
  );
}

/** A count that was cast, or given in the place of zero. */
function countsIn(input: Facts, expression: Scalar): boolean {
  if (expression.kind === 'column') return input.counts.has(expression.column);
  if (expression.kind === 'cast') return countsIn(input, expression.argument);
  if (
    expression.kind === 'coalesce' ||
    (expression.kind === 'call' && ['nullif', 'greatest'].includes(expression.name))
  )
    return expression.arguments.some((part) => countsIn(input, part));
  return false;
}
