/** What holds of groups, of distinct rows, and of what windows compute. */

import type { Aggregate, AggregateCall, Distinct, Plan, Window, WindowCall } from '../plan/plan.ts';
import { inputsOf } from '../plan/reads.ts';
import { isNeverNull } from '../plan/traits.ts';
import type { Attribute, Attributes } from './attributes.ts';
import { factsOf, visitSubqueries, type Derivation } from './derive.ts';
import {
  closure,
  dependency,
  isNotNull,
  withDependencies,
  type Dependency,
  type Facts,
  type Pending,
  type RowCount,
} from './facts.ts';

export function aggregateFacts(derivation: Derivation, plan: Aggregate, given: readonly Attribute[]): Facts {
  const { attributes } = derivation;
  const input = factsOf(derivation, plan.input, given);
  for (const { expression } of plan.groups) visitSubqueries(derivation, input, expression, given);
  for (const call of plan.calls)
    for (const scalar of [...call.arguments, call.filter]) visitSubqueries(derivation, input, scalar, given);
  const row = attributes.row({ name: '', relation: '', plan });
  const common = plan.groups.filter((_, index) => plan.sets?.every((set) => set.includes(index)) ?? true);
  const fixed = closure(attributes, input, [
    ...given,
    ...common.map((group) => attributes.of(group.expression)),
  ]);
  const kept = restricted(attributes, input, fixed);
  const own = [...plan.groups, ...plan.calls, ...plan.grouping].map((column) => column.id);
  const dependencies: Dependency[] = [dependency([row], own)];
  const notNull = new Set(kept.notNull);
  notNull.add(row);
  const measured = new Map<Attribute, readonly Attribute[]>(kept.measured);
  for (const group of plan.groups) {
    const attribute = attributes.of(group.expression);
    attributes.setType(group.id, group.type);
    if (!common.includes(group)) {
      measured.set(group.id, [row]);
      continue;
    }
    if (attribute !== group.id)
      dependencies.push(dependency([attribute], [group.id]), dependency([group.id], [attribute]));
    if (isNotNull(attributes, input, attribute)) notNull.add(group.id);
    if (!measured.has(group.id)) measured.set(group.id, measured.get(attribute) ?? [row]);
  }
  dependencies.push(...setDependencies(attributes, plan, input, given, row));
  // A row that the group fixes is one of the row's own, above as below.
  dependencies.push(
    dependency(
      [row],
      [...fixed].filter((attribute) => isRow(attributes, attribute)),
    ),
  );
  for (const call of plan.calls) {
    attributes.setType(call.id, call.type);
    if (callIsNotNull(attributes, input, plan, call)) notNull.add(call.id);
    measured.set(call.id, [row]);
    const argument = sameAsArgument(attributes, call, fixed);
    if (argument === undefined) continue;
    measured.set(call.id, input.measured.get(argument) ?? [row]);
    if (!call.filter) dependencies.push(dependency([argument], [call.id]), dependency([call.id], [argument]));
  }
  for (const column of plan.grouping) notNull.add(column.id);
  dependencies.push(...pickedRows(attributes, plan, input, given, notNull, row));
  return {
    ...withDependencies(kept, dependencies),
    rows: [row],
    notNull,
    measured,
    pending: [...kept.pending, ...onePending(attributes, plan, input, row)],
    counts: new Map([...kept.counts, ...groupCounts(plan)]),
  };
}

function groupCounts(plan: Aggregate): readonly (readonly [Attribute, RowCount])[] {
  const relations = relationsBelow(plan.input);
  return plan.calls.flatMap((call) =>
    call.function === 'count' && !call.distinct && !call.filter
      ? [[call.id, { kind: 'group', relations }]]
      : [],
  );
}

/** What a plan reads, by the relations' own names. */
function relationsBelow(plan: Plan): readonly string[] {
  if (plan.kind === 'scan') return [plan.relation.name];
  if (plan.kind === 'named') return [plan.of.name, ...relationsBelow(plan.of.query.plan)];
  return inputsOf(plan).flatMap(relationsBelow);
}

function isRow(attributes: Attributes, attribute: Attribute): boolean {
  return attributes.source(attribute) !== undefined;
}

/** What holds of attributes that are the same in all rows that became one. */
function restricted(attributes: Attributes, input: Facts, fixed: ReadonlySet<Attribute>): Facts {
  const has = (attribute: Attribute): boolean => fixed.has(attribute);
  const isKept = (each: Dependency): boolean => each.from.every(has) && each.to.some(has);
  return {
    rows: [],
    dependencies: input.dependencies.filter(isKept).map(({ from, to, needs }) =>
      dependency(
        from,
        to.filter(has),
        needs.filter((attribute) => !isNotNull(attributes, input, attribute)),
      ),
    ),
    notNull: new Set([...input.notNull].filter(has)),
    extensions: input.extensions
      .filter(({ flag }) => has(flag))
      .map(({ flag, notNull, whereMatched, rows }) => ({
        flag,
        notNull: new Set([...notNull].filter(has)),
        whereMatched: new Set([...whereMatched].filter(has)),
        rows: rows.filter(has),
      })),
    pending: input.pending.filter(({ gives }) => gives.every(isKept)),
    known: input.known.filter((predicate) => fixed.has(attributes.of(predicate))),
    measured: new Map([...input.measured].filter(([column, rows]) => has(column) && rows.every(has))),
    bounds: new Map([...input.bounds].filter(([attribute]) => has(attribute))),
    values: new Map([...input.values].filter(([attribute]) => has(attribute))),
    ordinals: new Set([...input.ordinals].filter(has)),
    counts: new Map([...input.counts].filter(([attribute]) => has(attribute))),
    predicates: new Map([...input.predicates].filter(([attribute, term]) => has(attribute) && has(term))),
  };
}

function setDependencies(
  attributes: Attributes,
  plan: Aggregate,
  input: Facts,
  given: readonly Attribute[],
  row: Attribute,
): readonly Dependency[] {
  const columns = plan.groups.map((group) => group.id);
  if (!plan.sets) return [dependency([...given, ...columns], [row])];
  const set = attributes.hidden();
  const found = [dependency([...given, ...columns, set], [row]), dependency([row], [set])];
  const keys = plan.sets.map((places) => [...places].sort((a, b) => a - b).join(','));
  if (new Set(keys).size < keys.length) return found;
  const varying = plan.groups.flatMap((_, index) =>
    plan.sets?.every((places) => places.includes(index)) === true ? [] : [index],
  );
  // A NULL says that the set leaves the column out only where the column has no NULL of its own.
  const told = varying.filter((index) => {
    const group = plan.groups[index];
    return group !== undefined && isNotNull(attributes, input, attributes.of(group.expression));
  });
  const isTold = (places: readonly number[]): boolean =>
    new Set(plan.sets?.map((list) => places.filter((place) => list.includes(place)).join(','))).size ===
    keys.length;
  if (isTold(told))
    found.push(
      dependency(
        told.flatMap((index) => plan.groups[index]?.id ?? []),
        [set],
      ),
    );
  // GROUPING says it outright; with NULLs that say it, whichever is missing.
  const marked = plan.grouping.flatMap((column) => column.of);
  if (plan.grouping.length > 0 && isTold([...new Set([...marked, ...told])]))
    found.push(
      dependency(
        [
          ...plan.grouping.map((column) => column.id),
          ...told.flatMap((index) => plan.groups[index]?.id ?? []),
        ],
        [set],
      ),
    );
  if (plan.grouping.length > 0 && isTold(marked))
    found.push(
      dependency(
        plan.grouping.map((column) => column.id),
        [set],
      ),
    );
  return found;
}

const WITHOUT_NULLS = new Set([
  'sum', 'avg', 'min', 'max', 'bool_and', 'bool_or', 'every', 'array_agg', 'string_agg', 'json_agg', 'jsonb_agg', 'any_value', 'bit_and', 'bit_or', 'mode',
  'percentile_cont', 'percentile_disc', 'stddev_pop', 'var_pop',
]); // prettier-ignore

function callIsNotNull(attributes: Attributes, input: Facts, plan: Aggregate, call: AggregateCall): boolean {
  if (isNeverNull(call.function)) return true;
  // Without groups there may be no row at all.
  const everySet = plan.sets?.every((set) => set.length > 0) ?? plan.groups.length > 0;
  if (!everySet || call.filter || !WITHOUT_NULLS.has(call.function)) return false;
  const parts = call.ordered ? call.order.map((key) => key.expression) : call.arguments.slice(0, 1);
  return parts.every((part) => isNotNull(attributes, input, attributes.of(part)));
}

const OF_EQUALS = new Set(['min', 'max', 'any_value', 'bool_and', 'bool_or', 'every', 'avg', 'mode']);

/** The aggregate of a value that is the same in all rows of the group is that value. */
function sameAsArgument(
  attributes: Attributes,
  call: AggregateCall,
  fixed: ReadonlySet<Attribute>,
): Attribute | undefined {
  const [argument] = call.arguments;
  if (!argument || !OF_EQUALS.has(call.function)) return undefined;
  const attribute = attributes.of(argument);
  return fixed.has(attribute) ? attribute : undefined;
}

const PICKING = new Set(['min', 'max', 'any_value', 'mode', 'percentile_disc']);

/** The aggregate that picks one of its values tells the group where each value stands in one group alone. */
function pickedRows(
  attributes: Attributes,
  plan: Aggregate,
  input: Facts,
  given: readonly Attribute[],
  notNull: ReadonlySet<Attribute>,
  row: Attribute,
): readonly Dependency[] {
  if (plan.sets) return [];
  const groups = plan.groups.map((group) => attributes.of(group.expression));
  return plan.calls.flatMap((call) => {
    const picked = call.ordered ? call.order[0]?.expression : call.arguments[0];
    if (!picked || !PICKING.has(call.function) || !notNull.has(call.id)) return [];
    const reached = closure(attributes, input, [...given, attributes.of(picked)]);
    return groups.every((group) => reached.has(group)) ? [dependency([...given, call.id], [row])] : [];
  });
}

/** A group that counts one row is that row. */
function onePending(
  attributes: Attributes,
  plan: Aggregate,
  input: Facts,
  row: Attribute,
): readonly Pending[] {
  const below = input.dependencies.map(({ from, to, needs }) =>
    dependency(
      from,
      to,
      needs.filter((attribute) => !isNotNull(attributes, input, attribute)),
    ),
  );
  return plan.calls.flatMap((call): readonly Pending[] =>
    call.function === 'count' && call.arguments.length === 0 && !call.filter && !plan.sets
      ? [
          {
            condition: { kind: 'one', count: call.id },
            guard: undefined,
            gives: [dependency([row], input.rows), ...below, ...sameAsRow(attributes, plan)],
          },
        ]
      : [],
  );
}

/** What an aggregate of one row has in common with that row. */
function sameAsRow(attributes: Attributes, plan: Aggregate): readonly Dependency[] {
  return plan.calls.flatMap((call) => {
    const [argument] = call.arguments;
    if (!argument || call.filter || !(OF_EQUALS.has(call.function) || call.function === 'sum')) return [];
    const attribute = attributes.of(argument);
    return [dependency([attribute], [call.id]), dependency([call.id], [attribute])];
  });
}

export function distinctFacts(derivation: Derivation, plan: Distinct, given: readonly Attribute[]): Facts {
  const { attributes } = derivation;
  const input = factsOf(derivation, plan.input, given);
  const fixed = closure(attributes, input, [...given, ...plan.columns]);
  if (input.rows.every((row) => fixed.has(row))) return input;
  const row = attributes.row({ name: '', relation: '', plan });
  const kept = restricted(attributes, input, fixed);
  const measured = new Map(kept.measured);
  for (const column of plan.columns) if (!measured.has(column)) measured.set(column, [row]);
  return {
    ...withDependencies(kept, [
      dependency([...given, ...plan.columns], [row]),
      dependency([row], [...fixed]),
    ]),
    rows: [row],
    notNull: new Set([...kept.notNull, row]),
    measured,
  };
}

const NUMBERING = new Set(['row_number', 'rank', 'dense_rank']);

export function windowFacts(derivation: Derivation, plan: Window, given: readonly Attribute[]): Facts {
  const { attributes } = derivation;
  const input = factsOf(derivation, plan.input, given);
  const dependencies: Dependency[] = [];
  const notNull = new Set(input.notNull);
  const ordinals = new Set(input.ordinals);
  const measured = new Map<Attribute, readonly Attribute[]>(input.measured);
  const pending: Pending[] = [];
  const partitionCounts = new Map<Attribute, RowCount>();
  for (const call of plan.calls) {
    attributes.setType(call.id, call.type);
    for (const scalar of [...call.arguments, call.filter]) visitSubqueries(derivation, input, scalar, given);
    const partition = [...given, ...call.partition.map((scalar) => attributes.of(scalar))];
    dependencies.push(
      dependency(input.rows, [call.id]),
      ...windowDependencies(attributes, input, call, partition),
    );
    if (call.function === 'count' && call.wholePartition && !call.filter)
      partitionCounts.set(call.id, { kind: 'partition', partition, rows: input.rows });
    if (isNeverNull(call.function)) notNull.add(call.id);
    if (NUMBERING.has(call.function)) ordinals.add(call.id);
    measured.set(call.id, input.rows);
    if (call.function === 'count' && call.arguments.length === 0 && call.wholePartition && !call.filter)
      pending.push({
        condition: { kind: 'one', count: call.id },
        guard: undefined,
        gives: [dependency(partition, input.rows)],
      });
  }
  return {
    ...withDependencies(input, dependencies),
    notNull,
    ordinals,
    counts: new Map([...input.counts, ...partitionCounts]),
    measured,
    pending: [...input.pending, ...pending],
  };
}

function windowDependencies(
  attributes: Attributes,
  input: Facts,
  call: WindowCall,
  partition: readonly Attribute[],
): readonly Dependency[] {
  if (call.function === 'row_number') return [dependency([...partition, call.id], input.rows)];
  if (call.function === 'rank' || call.function === 'dense_rank') {
    const order = call.order.map((key) => attributes.of(key.expression));
    const isStrict = input.rows.every((row) => closure(attributes, input, [...partition, ...order]).has(row));
    return isStrict ? [dependency([...partition, call.id], input.rows)] : [];
  }
  // Over a whole partition all its rows get the same, as long as their order does not matter.
  return call.wholePartition && SETTLED.has(call.function) ? [dependency(partition, [call.id])] : [];
}

const SETTLED = new Set(['count', 'sum', 'avg', 'min', 'max', 'bool_and', 'bool_or', 'every']);
