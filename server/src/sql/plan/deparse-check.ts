/** The SQL that computes an aggregate twice: over all rows, and over each of the rows that it measures once. */

import type { Node } from 'libpg-query';
import { NotDeparsable } from './deparse-scalar.ts';
import { measuredIn, type Identity } from './deparse-rows.ts';
import { groupText, type PlanPrinter } from './deparse.ts';
import type {
  Aggregate,
  AggregateCall,
  BoundQuery,
  ColumnId,
  Plan,
  Scalar,
  Window,
  WindowCall,
} from './plan.ts';
import { inputsOf, scalarsOf } from './reads.ts';
import { columnsIn, partsOf } from './scalars.ts';

export interface Counted {
  readonly plan: Aggregate | Window;
  readonly call: AggregateCall | WindowCall;
  /** The part of what is aggregated that is looked at. */
  readonly value: Scalar;
  /** What of it is measured, where that is less. */
  readonly measure?: Scalar;
  /** True of the rows that it is taken of. */
  readonly when: readonly Scalar[];
  /** What else the measure is made of. */
  readonly beside: readonly Scalar[];
}

/** The plans whose rows are fixed while a plan is evaluated, outermost first. */
export type Contexts = ReadonlyMap<Plan, readonly Plan[]>;

export function contextsIn(queries: readonly BoundQuery[]): Contexts {
  const found = new Map<Plan, readonly Plan[]>();
  const visitScalar = (scalar: Scalar, around: readonly Plan[]): void => {
    if (scalar.kind === 'subquery') visit(scalar.query.plan, around);
    for (const part of partsOf(scalar)) visitScalar(part, around);
  };
  const visit = (plan: Plan, around: readonly Plan[]): void => {
    if (found.has(plan)) return;
    found.set(plan, around);
    const within = [...around, ...inputsOf(plan)];
    for (const scalar of scalarsOf(plan)) visitScalar(scalar, plan.kind === 'set' ? around : within);
    if (plan.kind === 'named') visit(plan.of.query.plan, around);
    else if (plan.kind === 'join') {
      visit(plan.left, around);
      visit(plan.right, [...around, plan.left]);
    } else for (const below of inputsOf(plan)) visit(below, around);
  };
  for (const query of queries) visit(query.plan, []);
  return found;
}

/** Gives a row for each group in which the two differ: the group, the one and the other value; undefined where nothing is measured. */
export function checkText(printer: PlanPrinter, contexts: Contexts, counted: Counted): readonly string[] {
  const { plan, call, value, when, beside } = counted;
  const { scalars } = printer;
  const read = new Set<ColumnId>();
  for (const scalar of scalarsOf(plan)) columnsIn(scalar, read);
  for (const scalar of [value, ...when]) columnsIn(scalar, read);
  const input = printer.plan(plan.input, read);
  const measured = [
    ...new Set([counted.measure ?? value, ...beside].flatMap((each) => measuredIn(input.rows, each))),
  ];
  if (measured.length === 0) throw new NotDeparsable('nothing is measured');
  const conditions = [...(call.filter ? [call.filter] : []), ...when].map((scalar) => scalars.text(scalar));
  const present = [...conditions, `(${scalars.text(value)}) is not null`].join(' and ');
  const groups = plan.kind === 'window' ? windowGroups(printer, call as WindowCall) : undefined;
  const rows = groups
    ? `select q.*${groups.map((text, index) => `, ${text} as g${String(index)}`).join('')} from (${input.sql}) q`
    : printer.grouped(plan as Aggregate, input.sql);
  const sets = groups
    ? [groups.map((_, index) => `g${String(index)}`)]
    : setsOf(plan as Aggregate).map((set) => set.map((place) => groupText(plan as Aggregate, place)));
  const around = (contexts.get(plan) ?? []).map((context) => printer.plan(context, read).sql);
  return sets.map((set) => {
    const check = oneCheck(printer, counted, { rows, measured, present, set });
    const [first, ...inner] = around.map((sql, index) => `(${sql}) o${String(index)}`);
    if (first === undefined) return check;
    const fixed = [first, ...inner.map((text) => `lateral ${text}`)].join(' cross join ');
    return `select z.* from ${fixed} cross join lateral (${check}) z`;
  });
}

interface Parts {
  readonly rows: string;
  readonly measured: readonly Identity[];
  readonly present: string;
  readonly set: readonly string[];
}

function oneCheck(
  printer: PlanPrinter,
  { call, value }: Counted,
  { rows, measured, present, set }: Parts,
): string {
  const told = measured.map(({ column }) => column);
  const text = `(${printer.scalars.text(value)})::text`;
  const by = [...set, ...told, 'present_', text].join(', ');
  const ranked =
    `select *, row_number() over (partition by ${by}) as copy_ from ` +
    `(select *, coalesce((${present}), false) as present_ from (${rows}) q) q`;
  const known = told.map((column) => `${column} is null`).join(' or ');
  const all = aggregateText(printer, call, value, 'present_');
  const once = aggregateText(printer, call, value, `present_ and (copy_ = 1 or ${known})`);
  const group = set.length > 0 ? `jsonb_build_array(${set.join(', ')})::text` : `'[]'`;
  const groupBy = set.length > 0 ? ` group by ${set.join(', ')}` : '';
  return `select * from (select ${group} as group_, (${all})::text as all_, (${once})::text as once_ from (${ranked}) q${groupBy}) q where all_ is distinct from once_`;
}

function setsOf(plan: Aggregate): readonly (readonly number[])[] {
  return plan.sets ?? [[...plan.groups.keys()]];
}

function windowGroups(printer: PlanPrinter, { partition }: WindowCall): readonly string[] {
  return partition.map((scalar) => printer.scalars.text(scalar));
}

/** Whose result depends on the order of rows: a list with copies is longer, and that is what tells it. */
const LISTS = new Set([
  'array_agg', 'string_agg', 'json_agg', 'jsonb_agg', 'json_object_agg', 'jsonb_object_agg', 'xmlagg', 'json_agg_strict', 'jsonb_agg_strict',
]); // prettier-ignore

/** Which floating-point noise may make different. */
const FLOATING = new Set([
  'stddev', 'stddev_pop', 'stddev_samp', 'variance', 'var_pop', 'var_samp', 'corr', 'covar_pop', 'covar_samp', 'regr_slope', 'regr_intercept', 'regr_r2',
  'regr_avgx', 'regr_avgy', 'regr_sxx', 'regr_sxy', 'regr_syy', 'percentile_cont', 'avg',
]); // prettier-ignore

const WHOLE = new Set(['sum', 'count']);

function aggregateText(
  printer: PlanPrinter,
  call: AggregateCall | WindowCall,
  value: Scalar,
  condition: string,
): string {
  const filter = ` filter (where ${condition})`;
  if (LISTS.has(call.function)) return `count(*)${filter}`;
  if (WHOLE.has(call.function)) return `${call.function}(${printer.scalars.text(value)})${filter}`;
  const { node } = call;
  if (!('FuncCall' in node)) throw new NotDeparsable('an aggregate is no call');
  const { over: _over, agg_filter: _filter, ...rest } = node.FuncCall;
  const bare: Node = { FuncCall: rest };
  const order = 'order' in call ? call.order.map((key) => key.expression) : [];
  const text = `${printer.scalars.written(bare, [...call.arguments, ...order])}${filter}`;
  return FLOATING.has(call.function) ? `round((${text})::numeric, 6)` : text;
}
