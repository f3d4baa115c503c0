/** Binds calls: plain functions stay in the expression; aggregates, window functions and set-returning ones become columns. */

import type { FuncCall, Node, SortBy, WindowDef } from 'libpg-query';
import { bindAll, bindScalar, NULL, type ScalarContext } from './bind-scalar.ts';
import type { Binder } from './bind.ts';
import { NotBound } from './names.ts';
import type { AggregateCall, ColumnId, Computed, PlanColumn, Scalar, SortKey, WindowCall } from './plan.ts';
import { columnsIn, scalarKey } from './scalars.ts';
import { SERVER_AGGREGATES, SET_RETURNING } from './traits.ts';
import { typeOfScalar } from './types.ts';

/** `grouping(…)` before it is known which groups there are. */
export interface GroupingCall extends PlanColumn {
  readonly of: readonly Scalar[];
}

/** What one SELECT takes out of its expressions. */
export class Collector {
  readonly aggregates: AggregateCall[] = [];
  readonly groupings: GroupingCall[] = [];
  readonly windows: WindowCall[] = [];
  readonly expansions: Computed[] = [];
  readonly #binder: Binder;
  /** The columns of the query's own FROM. */
  readonly #own: ReadonlySet<ColumnId>;
  readonly #definitions: ReadonlyMap<string, WindowDef>;

  constructor(binder: Binder, own: ReadonlySet<ColumnId>, definitions: ReadonlyMap<string, WindowDef>) {
    this.#binder = binder;
    this.#own = own;
    this.#definitions = definitions;
  }

  aggregate(call: Omit<AggregateCall, 'id' | 'name' | 'type'>): Scalar {
    const read = columnsIn({ kind: 'other', arguments: [...call.arguments, ...call.order.map((key) => key.expression)], node: undefined }); // prettier-ignore
    if (read.size > 0 && ![...read].some((column) => this.#own.has(column)))
      throw new NotBound('an aggregate belongs to the query around it');
    const key = aggregateKey(call);
    const known = this.aggregates.find((other) => aggregateKey(other) === key);
    const column = known ?? { ...this.#binder.newColumn(call.function, aggregateType(call)), ...call };
    if (!known) this.aggregates.push(column);
    return { kind: 'column', column: column.id, node: call.node };
  }

  grouping(of: readonly Scalar[], node: Node): Scalar {
    const column = this.#binder.newColumn('grouping', 'integer');
    this.groupings.push({ ...column, of });
    return { kind: 'column', column: column.id, node };
  }

  window(call: Omit<WindowCall, 'id' | 'name' | 'type'>): Scalar {
    const type = typeOfScalar({ kind: 'call', name: call.function, arguments: [], node: undefined }, () => undefined); // prettier-ignore
    const column = { ...this.#binder.newColumn(call.function, type), ...call };
    this.windows.push(column);
    return { kind: 'column', column: column.id, node: call.node };
  }

  expansion(expression: Scalar, name: string): Scalar {
    const column = this.#binder.newColumn(name, undefined);
    this.expansions.push({ ...column, expression });
    return { kind: 'column', column: column.id, node: expression.node };
  }

  definition(name: string): WindowDef | undefined {
    return this.#definitions.get(name);
  }
}

function aggregateKey(call: Omit<AggregateCall, 'id' | 'name' | 'type'>): string {
  const parts = [
    call.function,
    call.distinct ? 'distinct' : '',
    call.ordered ? 'ordered' : '',
    ...call.arguments.map(scalarKey),
    'filter',
    call.filter ? scalarKey(call.filter) : '',
    'order',
    ...call.order.map((key) => `${scalarKey(key.expression)}${key.descending ? ' desc' : ''} ${key.nulls}`),
  ];
  return parts.join('|');
}

function aggregateType({ function: name }: Omit<AggregateCall, 'id' | 'name' | 'type'>): string | undefined {
  if (name === 'count') return 'bigint';
  return name === 'bool_and' || name === 'bool_or' || name === 'every' ? 'boolean' : undefined;
}

export function bindCall(context: ScalarContext, call: FuncCall, node: Node): Scalar {
  const last = call.funcname?.at(-1);
  const name = last && 'String' in last ? (last.String.sval ?? '') : '';
  if (call.over) return bindWindow(context, call, name, call.over, node);
  if (isAggregate(context.binder, call, name)) return bindAggregate(context, call, name, node);
  const parts = bindAll(context, call.args);
  const scalar: Scalar =
    call.func_variadic === true
      ? { kind: 'other', arguments: parts, node }
      : { kind: 'call', name, arguments: parts, node };
  if (!SET_RETURNING.has(name) || !context.collector) return scalar;
  return context.collector.expansion(scalar, name);
}

function isAggregate({ schema }: Binder, call: FuncCall, name: string): boolean {
  const marks = [call.agg_star, call.agg_distinct, call.agg_within_group];
  if (marks.includes(true) || call.agg_filter || (call.agg_order ?? []).length > 0) return true;
  return SERVER_AGGREGATES.has(name) || schema.aggregates?.has(name) === true;
}

function bindAggregate(context: ScalarContext, call: FuncCall, name: string, node: Node): Scalar {
  const { collector } = context;
  if (!collector) throw new NotBound(`the aggregate "${name}" cannot stand here`, call.location);
  // No aggregate stands within another.
  const inside: ScalarContext = { binder: context.binder, scope: context.scope, ctes: context.ctes };
  return collector.aggregate({
    function: name,
    arguments: bindAll(inside, call.args),
    distinct: call.agg_distinct === true,
    filter: call.agg_filter && bindScalar(inside, call.agg_filter),
    order: sortKeys(inside, call.agg_order),
    ordered: call.agg_within_group === true,
    node,
  });
}

function bindWindow(
  context: ScalarContext,
  call: FuncCall,
  name: string,
  over: WindowDef,
  node: Node,
): Scalar {
  const { collector } = context;
  if (!collector) throw new NotBound(`the window function "${name}" cannot stand here`, call.location);
  const definition = definedWindow(collector, over);
  const order = sortKeys(context, definition.orderClause);
  return collector.window({
    function: name,
    arguments: bindAll(context, call.args),
    filter: call.agg_filter && bindScalar(context, call.agg_filter),
    partition: bindAll(context, definition.partitionClause),
    order,
    wholePartition: isWhole(definition, order),
    node,
  });
}

/** `over w`, `over (w order by …)`: what the named window says, and what is added to it. */
function definedWindow(collector: Collector, over: WindowDef): WindowDef {
  const name = over.name ?? over.refname;
  const base = name === undefined ? undefined : collector.definition(name);
  if (!base) return over;
  const inherited = definedWindow(collector, base);
  return {
    ...over,
    partitionClause: inherited.partitionClause ?? [],
    orderClause: over.orderClause ?? inherited.orderClause ?? [],
    ...(over.name === undefined ? {} : { frameOptions: inherited.frameOptions ?? 0 }),
  };
}

const START_UNBOUNDED = 0x20;
const END_UNBOUNDED = 0x100;
const NON_DEFAULT = 0x1;
const EXCLUSION = 0x8000 | 0x10000 | 0x20000;

/** The bits are those of Postgres's `parsenodes.h`. */
function isWhole({ frameOptions = 0 }: WindowDef, order: readonly SortKey[]): boolean {
  if ((frameOptions & EXCLUSION) !== 0) return false;
  if ((frameOptions & NON_DEFAULT) === 0) return order.length === 0;
  return (frameOptions & START_UNBOUNDED) !== 0 && (frameOptions & END_UNBOUNDED) !== 0;
}

export function sortKeys(context: ScalarContext, nodes: readonly Node[] | undefined): readonly SortKey[] {
  return (nodes ?? []).flatMap((node) => {
    const sort: SortBy | undefined = 'SortBy' in node ? node.SortBy : undefined;
    return [sortKey(sort?.node ? bindScalar(context, sort.node) : NULL, sort)];
  });
}

export function sortKey(expression: Scalar, sort: SortBy | undefined): SortKey {
  const descending = sort?.sortby_dir === 'SORTBY_DESC';
  const nulls = sort?.sortby_nulls;
  if (nulls === 'SORTBY_NULLS_FIRST') return { expression, descending, nulls: 'first' };
  if (nulls === 'SORTBY_NULLS_LAST') return { expression, descending, nulls: 'last' };
  return { expression, descending, nulls: descending ? 'first' : 'last' };
}
