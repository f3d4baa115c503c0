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
  type RowCount,
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
  const counts = new Map(input.counts);
  const predicates = new Map(input.predicates);
  for (const { id, expression, type } of columns) {
    attributes.setType(id, type);
    visitSubqueries(derivation, input, expression, []);
    const attribute = attributes.of(expression);
    if (attribute !== id) dependencies.push(dependency([attribute], [id]), dependency([id], [attribute]));
    // A value that may differ each time it is computed still belongs to its row.
    dependencies.push(dependency(input.rows, [id]));
    if (isNotNull(attributes, input, attribute)) notNull.add(id);
    measured.set(id, measuredRows(input, expression));
    const texts = input.values.get(attribute) ?? constantTexts(expression);
    if (texts) values.set(id, texts);
    const bounded = input.bounds.get(attribute);
    if (bounded) bounds.set(id, bounded);
    if (input.ordinals.has(attribute)) ordinals.add(id);
    const counted = countIn(input, expression);
    if (counted) counts.set(id, counted);
    const predicate = isPredicate(expression) ? attribute : input.predicates.get(attribute);
    if (predicate !== undefined) predicates.set(id, predicate);
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
    predicates,
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

function isPredicate({ kind }: Scalar): boolean {
  return (
    kind === 'call' ||
    kind === 'and' ||
    kind === 'or' ||
    kind === 'not' ||
    kind === 'in' ||
    kind === 'is null'
  );
}

/** A count that was cast, or given in the place of zero. */
function countIn(input: Facts, expression: Scalar): RowCount | undefined {
  if (expression.kind === 'column') return input.counts.get(expression.column);
  if (expression.kind === 'cast') return countIn(input, expression.argument);
  if (
    expression.kind === 'coalesce' ||
    (expression.kind === 'call' && ['nullif', 'greatest'].includes(expression.name))
  )
    return expression.arguments.map((part) => countIn(input, part)).find((count) => count !== undefined);
  return undefined;
}
