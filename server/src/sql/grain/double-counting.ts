/** Aggregates that count a row more than once, because a join below repeats the rows that their argument is measured in. */

import type { Aggregate, AggregateCall, Plan, Scalar, Window, WindowCall } from '../plan/plan.ts';
import { inputsOf, scalarsOf } from '../plan/reads.ts';
import { columnsIn, conjuncts, partsOf, withParts } from '../plan/scalars.ts';
import { assume, strictParts } from './assume.ts';
import type { Attribute } from './attributes.ts';
import { factsOf, type Derivation } from './derive.ts';
import { closure, type Facts } from './facts.ts';
import { measuredRows } from './measures.ts';
import { rowName } from './row-name.ts';

export interface DoubleCounting extends MeasuredValue {
  readonly plan: Aggregate | Window;
  readonly call: AggregateCall | WindowCall;
  /** The relation whose rows repeat, in words. */
  readonly repeated: string;
  /** Its own name; with commas between where there are several. */
  readonly relation: string;
  /** The relations that repeat them. */
  readonly by: readonly string[];
  /** Rows of the relation that repeat, and what they would have to be told by. */
  readonly measured: readonly Attribute[];
  /** The value without what it is shared among: that is what is measured. */
  readonly measure: Scalar;
}

/** Give the same, however often a row comes. */
const INDIFFERENT = new Set([
  'min', 'max', 'bool_and', 'bool_or', 'every', 'bit_and', 'bit_or', 'any_value', 'range_agg', 'range_intersect_agg',
]); // prettier-ignore

/** Give the same for one value as for copies of it. */
const OF_COPIES = new Set(['avg', 'percentile_cont', 'percentile_disc', 'mode', 'stddev_pop', 'var_pop']);

const WINDOWED = new Set(['sum', 'avg']);

/** Of all plans of a statement that facts were derived of. */
export function doubleCountings(derivation: Derivation, plans: Iterable<Plan>): readonly DoubleCounting[] {
  const found: DoubleCounting[] = [];
  const above = parentsOf(plans);
  const divided = divisions(above.keys());
  const indexed = firstElements(above.keys());
  for (const plan of above.keys()) {
    if (plan.kind === 'aggregate')
      for (const call of plan.calls) {
        const repeated =
          isOneRowEach(derivation, plan, above) || indexed.has(call.id)
            ? undefined
            : inAggregate(derivation, plan, call, divided);
        if (repeated) found.push(repeated);
      }
    if (plan.kind === 'window')
      for (const call of plan.calls) {
        const repeated = inWindow(derivation, plan, call);
        if (repeated) found.push(repeated);
      }
  }
  return found;
}

/** Each plan below the given ones, with the one above it; those of subqueries and CTEs must be given too. */
function parentsOf(plans: Iterable<Plan>): ReadonlyMap<Plan, Plan | undefined> {
  const parents = new Map<Plan, Plan | undefined>();
  const visit = (plan: Plan, parent: Plan | undefined): void => {
    if (parents.has(plan) && parent === undefined) return;
    const isNew = !parents.has(plan);
    parents.set(plan, parent);
    if (!isNew) return;
    for (const below of inputsOf(plan)) visit(below, plan);
    for (const scalar of scalarsOf(plan)) visitScalar(scalar);
  };
  const visitScalar = (scalar: Scalar): void => {
    if (scalar.kind === 'subquery') visit(scalar.query.plan, undefined);
    for (const part of partsOf(scalar)) visitScalar(part);
  };
  for (const plan of plans) visit(plan, undefined);
  return parents;
}

/** HAVING count(*) = 1 leaves groups of one row. */
function isOneRowEach(
  derivation: Derivation,
  plan: Aggregate,
  above: ReadonlyMap<Plan, Plan | undefined>,
): boolean {
  const filter = above.get(plan);
  if (filter?.kind !== 'filter') return false;
  const facts = derivation.facts.get(filter);
  const input = derivation.facts.get(plan.input);
  if (!facts || !input || facts.rows.length === 0) return false;
  const reached = closure(derivation.attributes, facts, facts.rows);
  return input.rows.every((row) => reached.has(row));
}

/** `sum(x) / count(*)`: columns that are divided, with what divides them. */
function divisions(plans: Iterable<Plan>): ReadonlyMap<number, ReadonlySet<number>> {
  const found = new Map<number, Set<number>>();
  const visit = (scalar: Scalar): void => {
    if (scalar.kind === 'call' && scalar.name === '/') {
      const [upper, lower] = scalar.arguments;
      if (upper && lower)
        for (const column of columnsIn(upper))
          found.set(column, new Set([...(found.get(column) ?? []), ...columnsIn(lower)]));
    }
    partsOf(scalar).forEach(visit);
  };
  for (const plan of plans) scalarsOf(plan).forEach(visit);
  return found;
}

/** `(array_agg(x order by y))[1]`: an element of a list does not care how often it stands there. */
function firstElements(plans: Iterable<Plan>): ReadonlySet<number> {
  const found = new Set<number>();
  const visit = (scalar: Scalar): void => {
    if (scalar.kind === 'other' && scalar.node && 'A_Indirection' in scalar.node)
      for (const part of scalar.arguments) if (part.kind === 'column') found.add(part.column);
    partsOf(scalar).forEach(visit);
  };
  for (const plan of plans) scalarsOf(plan).forEach(visit);
  return found;
}

function inAggregate(
  derivation: Derivation,
  plan: Aggregate,
  call: AggregateCall,
  divided: ReadonlyMap<number, ReadonlySet<number>>,
): DoubleCounting | undefined {
  if (call.distinct || INDIFFERENT.has(call.function)) return undefined;
  const { attributes } = derivation;
  const given = derivation.given.get(plan) ?? [];
  const facts = assume(attributes, factsOf(derivation, plan.input, given), call.filter);
  const all = plan.groups.map((group) => attributes.of(group.expression));
  const sets = plan.sets ?? [[...all.keys()]];
  const counts = plan.calls.filter((other) => other.function === 'count' && other.arguments.length === 0);
  const isPerCopy = counts.some((count) => divided.get(call.id)?.has(count.id) === true);
  // Right in all of its grouping sets, or wrong.
  for (const set of sets) {
    const groups = [...given, ...set.flatMap((place) => all[place] ?? [])];
    const repeated = firstRepeated(
      derivation,
      plan,
      call,
      facts,
      groups,
      isPerCopy || OF_COPIES.has(call.function),
    );
    if (repeated) return repeated;
  }
  return undefined;
}

function inWindow(derivation: Derivation, plan: Window, call: WindowCall): DoubleCounting | undefined {
  if (!WINDOWED.has(call.function)) return undefined;
  const { attributes } = derivation;
  const given = derivation.given.get(plan) ?? [];
  const facts = assume(attributes, factsOf(derivation, plan.input, given), call.filter);
  const partition = [...given, ...call.partition.map((scalar) => attributes.of(scalar))];
  return firstRepeated(derivation, plan, call, facts, partition, OF_COPIES.has(call.function));
}

function firstRepeated(
  derivation: Derivation,
  plan: Aggregate | Window,
  call: AggregateCall | WindowCall,
  facts: Facts,
  groups: readonly Attribute[],
  allowsCopies: boolean,
): DoubleCounting | undefined {
  for (const measure of measuredValues(call)) {
    const repeated = repetition(derivation, facts, groups, measure, allowsCopies);
    if (repeated)
      return { plan, call, ...measure, measure: withoutShares(facts, measure.value), ...repeated };
  }
  return undefined;
}

export interface MeasuredValue {
  /** What is aggregated, or the part of it that is looked at. */
  readonly value: Scalar;
  /** True of the rows that the value is taken of. */
  readonly when: readonly Scalar[];
  /** What is aggregated of other rows: the measure is made of its relations too. */
  readonly beside: readonly Scalar[];
}

/** The values that are added up or listed: the results of a CASE each by itself. */
export function measuredValues(call: AggregateCall | WindowCall): readonly MeasuredValue[] {
  if ('ordered' in call && call.ordered)
    return call.order.map((key) => ({ value: key.expression, when: [], beside: [] }));
  // A delimiter is no measure.
  const parts = call.function === 'string_agg' ? call.arguments.slice(0, 1) : call.arguments;
  const [only, ...more] = parts;
  if (!only) return [];
  if (more.length > 0)
    return [{ value: { kind: 'row', arguments: parts, node: undefined }, when: [], beside: [] }];
  return call.function === 'sum' ? arms(added(only), isNothing) : arms(only, isNull);
}

/** What a sum adds: a cast and a zero in the place of NULL change nothing of it. */
function added(value: Scalar): Scalar {
  if (value.kind === 'cast') return added(value.argument);
  if (value.kind === 'coalesce' && value.arguments.length === 2 && isNothing(value.arguments[1]))
    return value.arguments[0] ? added(value.arguments[0]) : value;
  return value;
}

/** The results of a CASE, each with its condition, and the others that the measure is made of as well. */
function arms(value: Scalar, isEmpty: (scalar: Scalar) => boolean): readonly MeasuredValue[] {
  if (isEmpty(value)) return [];
  if (value.kind !== 'case') return [{ value, when: [], beside: [] }];
  const results = [...value.arms, { when: undefined, then: value.otherwise }].filter(
    (arm) => !isEmpty(arm.then),
  );
  return results.map(({ when, then }) => ({
    // A constant result is about what its condition asks.
    value: then.kind === 'constant' ? { ...value, arms: value.arms, otherwise: value.otherwise } : then,
    when: conjuncts(when),
    beside: results.flatMap((other) =>
      other.then === then || other.then.kind === 'constant' ? [] : [other.then],
    ),
  }));
}

function isNull(scalar: Scalar | undefined): boolean {
  return scalar?.kind === 'constant' && scalar.text === null;
}

function isNothing(scalar: Scalar | undefined): boolean {
  const inner = scalar?.kind === 'cast' ? scalar.argument : scalar;
  return inner?.kind === 'constant' && (inner.text === null || Number(inner.text) === 0);
}

function repetition(
  derivation: Derivation,
  facts: Facts,
  groups: readonly Attribute[],
  { value, when, beside }: MeasuredValue,
  allowsCopies: boolean,
): Pick<DoubleCounting, 'repeated' | 'relation' | 'by' | 'measured'> | undefined {
  const { attributes } = derivation;
  const measured = [...new Set([value, ...beside].flatMap((each) => measuredRows(facts, each)))];
  if (measured.length === 0) return undefined;
  // Rows without the measured row add nothing; the value itself is there.
  const present: Facts = {
    ...facts,
    notNull: new Set([
      ...facts.notNull,
      ...measuredRows(facts, value),
      ...(beside.length === 0 ? strictParts(attributes, value) : []),
    ]),
  };
  const condition: Scalar | undefined =
    when.length === 0 ? undefined : { kind: 'and', arguments: when, node: undefined };
  const seen = assume(attributes, present, condition);
  if (allowsCopies) {
    const fixed = closure(attributes, seen, groups);
    if (fixed.has(attributes.of(value)) || measured.every((row) => fixed.has(row))) return undefined;
  }
  const told = closure(attributes, seen, [...groups, ...measured]);
  const missing = seen.rows.filter((row) => !told.has(row));
  if (missing.length === 0) return undefined;
  if (countsDividing(facts, value).some((count) => countsCopies(derivation, seen, count, measured, missing)))
    return undefined;
  const name = (row: Attribute): string => rowName(attributes, row);
  const relations = measured.map((row) => attributes.source(row)?.relation ?? '');
  return {
    repeated: [...new Set(measured.map(name))].join(' and '),
    relation: [...new Set(relations)].join(', '),
    by: [...new Set(missing.map(name))],
    measured,
  };
}

/** The counts in `amount / copies`. */
function countsDividing(facts: Facts, value: Scalar): readonly Attribute[] {
  if (value.kind === 'subquery') return [];
  const [, lower] = value.kind === 'call' && value.name === '/' ? value.arguments : [];
  const own = lower ? [...columnsIn(lower)].filter((column) => facts.counts.has(column)) : [];
  return [...own, ...partsOf(value).flatMap((part) => countsDividing(facts, part))];
}

/** `amount / copies` is a measure of what amount is. */
function withoutShares(facts: Facts, value: Scalar): Scalar {
  if (value.kind === 'subquery') return value;
  const [upper, lower] = value.kind === 'call' && value.name === '/' ? value.arguments : [];
  if (upper && lower && [...columnsIn(lower)].some((column) => facts.counts.has(column)))
    return withoutShares(facts, upper);
  return withParts(value, (part) => withoutShares(facts, part));
}

/** Whether a count is that of the copies: then each copy adds its share. */
function countsCopies(
  { attributes }: Derivation,
  facts: Facts,
  attribute: Attribute,
  measured: readonly Attribute[],
  missing: readonly Attribute[],
): boolean {
  const count = facts.counts.get(attribute);
  if (!count) return false;
  const reached = (from: readonly Attribute[], to: readonly Attribute[]): boolean => {
    const found = closure(attributes, facts, from);
    return to.every((each) => found.has(each));
  };
  if (count.kind === 'partition')
    return (
      reached(count.partition, measured) &&
      reached(measured, count.partition) &&
      reached(count.rows, facts.rows)
    );
  return (
    reached(measured, [attribute]) &&
    missing.every((row) => count.relations.includes(attributes.source(row)?.relation ?? ''))
  );
}
