/** Binds one SELECT: what it reads, filters, groups, computes, orders and keeps. */

import type { Node, ResTarget, SelectStmt, WindowDef } from 'libpg-query';
import { outputName } from '../scopes/output-names.ts';
import type { Binder } from './bind.ts';
import { Collector, sortKey, sortKeys } from './bind-call.ts';
import { bindFrom } from './bind-from.ts';
import type { Environment } from './bind-query.ts';
import { bindScalar, type ScalarContext } from './bind-scalar.ts';
import { groupsOf, type Groups } from './groups.ts';
import { NO_NAMES, NotBound, findItem, noted, type Names, type Scope } from './names.ts';
import type { BoundQuery, Computed, Plan, PlanColumn, Scalar, SortKey } from './plan.ts';
import { scalarKey } from './scalars.ts';
import { typeOfScalar } from './types.ts';

/** A selected expression under its name. */
export interface Target {
  readonly name: string;
  readonly expression: Scalar;
}

export function bindSelect(binder: Binder, select: SelectStmt, environment: Environment): BoundQuery {
  const from = bindFrom(binder, select.fromClause ?? [], environment);
  const scope: Scope = { names: from.names, outer: environment.scope, reads: undefined };
  const collector = new Collector(binder, ownColumns(from.names), windowDefinitions(select.windowClause));
  const plain: ScalarContext = { binder, scope, ctes: environment.ctes };
  const context: ScalarContext = { ...plain, collector };
  const input = select.whereClause
    ? filtered(from.plan, bindScalar(plain, select.whereClause), 'where')
    : from.plan;
  const types = new Map(from.names.items.flatMap((item) => item.columns).map(({ id, type }) => [id, type]));
  for (const { id, type } of from.names.star) types.set(id, type);
  const targets = bindTargets(context, select.targetList ?? [], from.names);
  const having = select.havingClause && bindScalar(context, select.havingClause);
  const order = bindOrder(context, select.sortClause, targets);
  const on = distinctOn(context, select.distinctClause, targets);
  const groups = groupsOf(plain, select, targets, types);
  return assemble({
    binder,
    select,
    environment,
    collector,
    input,
    groups,
    targets,
    having,
    order,
    on,
    types,
  });
}

interface Parts {
  readonly binder: Binder;
  readonly select: SelectStmt;
  readonly environment: Environment;
  readonly collector: Collector;
  readonly input: Plan;
  readonly groups: Groups;
  readonly targets: readonly Target[];
  readonly having: Scalar | undefined;
  readonly order: readonly SortKey[];
  /** What DISTINCT ON is about. */
  readonly on: readonly Scalar[];
  readonly types: Map<number, string | undefined>;
}

function assemble(parts: Parts): BoundQuery {
  const { binder, select, environment, collector, groups, types } = parts;
  const { aggregates, windows, expansions } = collector;
  const isGrouped = groups.isGrouped || aggregates.length > 0 || parts.having !== undefined;
  const within = (scalar: Scalar): Scalar => (isGrouped ? groups.within(scalar) : scalar);
  const sorted = (keys: readonly SortKey[]): readonly SortKey[] =>
    keys.map((key) => ({ ...key, expression: within(key.expression) }));
  for (const column of aggregates) types.set(column.id, column.type);
  let plan = parts.input;
  if (isGrouped) plan = groups.aggregate(plan, collector);
  if (parts.having) plan = filtered(plan, within(parts.having), 'having');
  if (windows.length > 0) {
    for (const column of windows) types.set(column.id, column.type);
    const calls = windows.map((call) => ({
      ...call,
      arguments: call.arguments.map(within),
      filter: call.filter && within(call.filter),
      partition: call.partition.map(within),
      order: sorted(call.order),
    }));
    plan = { kind: 'window', input: plan, calls };
  }
  if (expansions.length > 0) {
    const columns = expansions.map((column) => ({ ...column, expression: within(column.expression) }));
    plan = { kind: 'expand', input: plan, columns };
  }
  const output = parts.targets.map(({ name, expression }) =>
    outputColumn(binder, name, within(expression), types),
  );
  const shown = new Map(output.map((column) => [scalarKey(column.expression), column]));
  const hidden: Computed[] = [];
  // ORDER BY and DISTINCT ON may be about what is not shown.
  const asColumn = (scalar: Scalar): Scalar => {
    const key = scalarKey(scalar);
    let column = shown.get(key);
    if (!column) {
      column = outputColumn(binder, '', scalar, types);
      shown.set(key, column);
      hidden.push(column);
    }
    return { kind: 'column', column: column.id, node: undefined };
  };
  const order = sorted(parts.order).map((key) => ({ ...key, expression: asColumn(key.expression) }));
  const on = parts.on.map(within).map(asColumn);
  plan = { kind: 'project', input: plan, columns: [...output, ...hidden] };
  if (on.length > 0) plan = { kind: 'distinct on', input: plan, on, order };
  else if (select.distinctClause)
    plan = { kind: 'distinct', input: plan, columns: output.map((column) => column.id) };
  if (order.length > 0) plan = { kind: 'sort', input: plan, order };
  return { plan: limited(binder, select, plan, environment), output };
}

/** A column that is shown as it is has an identity of its own, so that one shown twice is two. */
function outputColumn(
  binder: Binder,
  name: string,
  expression: Scalar,
  types: ReadonlyMap<number, string | undefined>,
): Computed {
  return {
    ...binder.newColumn(
      name,
      typeOfScalar(expression, (id) => types.get(id)),
    ),
    expression,
  };
}

function filtered(input: Plan, predicate: Scalar, clause: 'where' | 'having'): Plan {
  return { kind: 'filter', input, predicate, clause };
}

export function limited(
  binder: Binder,
  { limitCount, limitOffset, limitOption }: SelectStmt,
  input: Plan,
  environment: Environment,
): Plan {
  if (!limitCount && !limitOffset) return input;
  const scope: Scope = { names: NO_NAMES, outer: environment.scope, reads: undefined };
  const context: ScalarContext = { binder, scope, ctes: environment.ctes };
  return {
    kind: 'limit',
    input,
    count: limitCount && bindScalar(context, limitCount),
    offset: limitOffset && bindScalar(context, limitOffset),
    withTies: limitOption === 'LIMIT_OPTION_WITH_TIES',
  };
}

function ownColumns(names: Names): ReadonlySet<number> {
  return new Set([...names.star, ...names.items.flatMap((item) => item.columns)].map(({ id }) => id));
}

function windowDefinitions(nodes: readonly Node[] | undefined): ReadonlyMap<string, WindowDef> {
  return new Map(
    (nodes ?? []).flatMap((node) =>
      'WindowDef' in node ? [[node.WindowDef.name ?? '', withoutName(node.WindowDef)] as const] : [],
    ),
  );
}

/** Its own name must not be taken for the one that it builds on. */
function withoutName({ name: _own, ...definition }: WindowDef): WindowDef {
  return definition;
}

function bindTargets(context: ScalarContext, nodes: readonly Node[], names: Names): readonly Target[] {
  return nodes.flatMap((node) => ('ResTarget' in node ? bindTarget(context, node.ResTarget, names) : []));
}

function bindTarget(context: ScalarContext, { name, val }: ResTarget, names: Names): readonly Target[] {
  if (!val) throw new NotBound('a selected expression is missing');
  const star = starOf(context.scope, val, names);
  if (star) return star.map((column) => ({ name: column.name, expression: { kind: 'column', column: column.id, node: val } })); // prettier-ignore
  const expression = bindScalar(context, val);
  if (expression.kind === 'row' && isRowStar(val))
    return expression.arguments.map((part, index) => ({ name: `f${String(index + 1)}`, expression: part }));
  return [{ name: name ?? outputName(val), expression }];
}

/** `*`, `t.*` and `(t).*` */
function starOf(scope: Scope, node: Node, names: Names): readonly PlanColumn[] | undefined {
  if (
    'A_Indirection' in node &&
    isRowStar(node) &&
    node.A_Indirection.arg &&
    'ColumnRef' in node.A_Indirection.arg
  ) {
    const [field, ...rest] = node.A_Indirection.arg.ColumnRef.fields ?? [];
    const found = field && 'String' in field && rest.length === 0 ? findItem(scope, field.String.sval ?? '', undefined) : undefined; // prettier-ignore
    if (!found) throw new NotBound('the columns of a composite value are not known');
    for (const column of found.item.columns) noted(scope, found.at, column);
    return found.item.columns;
  }
  if (isRowStar(node)) throw new NotBound('the columns of a composite value are not known');
  if (!('ColumnRef' in node)) return undefined;
  const fields = node.ColumnRef.fields ?? [];
  const last = fields.at(-1);
  if (!last || !('A_Star' in last)) return undefined;
  const qualifier = fields.flatMap((field) => ('String' in field ? [field.String.sval ?? ''] : []));
  if (qualifier.length === 0) return names.star;
  const found = findItem(scope, qualifier.at(-1) ?? '', qualifier.at(-2));
  if (!found) throw new NotBound(`"${qualifier.join('.')}" is not known`, node.ColumnRef.location);
  for (const column of found.item.columns) noted(scope, found.at, column);
  return found.item.columns;
}

function isRowStar(node: Node): boolean {
  const last = 'A_Indirection' in node ? node.A_Indirection.indirection?.at(-1) : undefined;
  return last !== undefined && 'A_Star' in last;
}

/** A bare name means an output column first, a number its place; all else is an expression of the input. */
export function bindOrder(
  context: ScalarContext,
  nodes: readonly Node[] | undefined,
  outputs: readonly Target[],
): readonly SortKey[] {
  return (nodes ?? []).flatMap((node) => {
    if (!('SortBy' in node) || !node.SortBy.node) return [];
    const target = namedTarget(node.SortBy.node, outputs);
    return target ? [sortKey(target.expression, node.SortBy)] : sortKeys(context, [node]);
  });
}

export function namedTarget(node: Node, outputs: readonly Target[]): Target | undefined {
  if ('A_Const' in node && node.A_Const.ival) {
    const target = outputs[(node.A_Const.ival.ival ?? 0) - 1];
    if (!target) throw new NotBound('a number names no selected column', node.A_Const.location);
    return target;
  }
  if (!('ColumnRef' in node) || node.ColumnRef.fields?.length !== 1) return undefined;
  const [field] = node.ColumnRef.fields;
  const name = field && 'String' in field ? field.String.sval : undefined;
  return outputs.find((target) => target.name === name);
}

function distinctOn(
  context: ScalarContext,
  nodes: readonly Node[] | undefined,
  targets: readonly Target[],
): readonly Scalar[] {
  // A plain DISTINCT is a list of one empty node.
  return (nodes ?? [])
    .filter((node) => Object.keys(node).length > 0)
    .map((node) => namedTarget(node, targets)?.expression ?? bindScalar(context, node));
}
