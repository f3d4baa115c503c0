/** Binds FROM: relations, CTEs, subqueries, functions and joins, with the names that they make visible. */

import type { Alias, JoinExpr, Node, RangeFunction, RangeSubselect, RangeVar, TypeName } from 'libpg-query';
import { typeText } from '../scopes/expression-types.ts';
import { parseApart, type Binder } from './bind.ts';
import { bindQuery, findCte, withNames, type Environment } from './bind-query.ts';
import { bindScalar } from './bind-scalar.ts';
import { NO_NAMES, NotBound, beside, itemNames, type NamedItem, type Names, type Scope } from './names.ts';
import type { BoundQuery, ColumnId, Computed, Join, JoinKind, NamedQuery, Plan, PlanColumn, Scalar } from './plan.ts'; // prettier-ignore
import type { Relation } from './schema.ts';
import { SET_RETURNING, isDeterministic } from './traits.ts';
import { sameType } from './types.ts';

export interface BoundFrom {
  readonly plan: Plan;
  readonly names: Names;
}

const ONE_ROW: BoundFrom = { plan: { kind: 'one row' }, names: NO_NAMES };

export function bindFrom(binder: Binder, nodes: readonly Node[], environment: Environment): BoundFrom {
  const [first, ...others] = nodes;
  if (!first) return ONE_ROW;
  let left = bindItem(binder, first, NO_NAMES, environment);
  for (const node of others) {
    const right = bindItem(binder, node, left.names, environment);
    left = {
      plan: joined(left.plan, right.plan, 'inner', undefined, [], startOf(right.plan)),
      names: beside(left.names, right.names),
    };
  }
  return left;
}

function joined(
  left: Plan,
  right: Plan,
  join: JoinKind,
  predicate: Scalar | undefined,
  merged: readonly Computed[],
  start: number,
): Join {
  return { kind: 'join', join, left, right, predicate, merged, start };
}

function startOf(plan: Plan): number {
  return plan.kind === 'scan' || plan.kind === 'named' || plan.kind === 'join' ? plan.start : 0;
}

/** `left` is what stands before it, for what is lateral. */
function bindItem(binder: Binder, node: Node, left: Names, environment: Environment): BoundFrom {
  if ('RangeVar' in node) return bindRelation(binder, node.RangeVar, environment);
  if ('JoinExpr' in node) return bindJoin(binder, node.JoinExpr, left, environment);
  if ('RangeSubselect' in node) return bindSubquery(binder, node.RangeSubselect, left, environment);
  if ('RangeFunction' in node) return bindFunction(binder, node, node.RangeFunction, left, environment);
  if ('RangeTableSample' in node && node.RangeTableSample.relation) {
    const { plan, names } = bindItem(binder, node.RangeTableSample.relation, left, environment);
    const sample: Scalar = { kind: 'other', arguments: [], node };
    return { plan: { kind: 'filter', input: plan, predicate: sample, clause: 'where' }, names };
  }
  if ('RangeTableFunc' in node || 'JsonTable' in node) return bindDocument(binder, node, left, environment);
  throw new NotBound('FROM holds something that is not understood');
}

function bindRelation(binder: Binder, range: RangeVar, { ctes }: Environment): BoundFrom {
  const { schemaname: schema, relname: name = '', alias, location } = range;
  const own = alias?.aliasname ?? name;
  const start = binder.offset(location) ?? 0;
  const cte = schema === undefined ? findCte(ctes, name) : undefined;
  if (cte) {
    const recursion = cte.scan(own);
    if (recursion) return named(recursion, own, undefined, alias);
    if (!cte.query) throw new NotBound(`the CTE "${name}" cannot be read here`, location);
    return named(scanOf(binder, cte.query, own, start), own, undefined, alias);
  }
  const relation = binder.schema.relation(schema, name);
  if (!relation) throw new NotBound(`the relation "${name}" is not known`, location);
  const shown = alias ? undefined : relation.schema;
  const view = viewOf(binder, relation);
  if (view) return named(scanOf(binder, view, own, start), own, shown, alias);
  const columns = relation.columns.map((column) => binder.newColumn(column.name, column.type));
  const only = range.inh !== true;
  const scanned = [...columns];
  const plan: Plan = { kind: 'scan', relation, alias: own, only, columns: scanned, start };
  const item = {
    ...itemOf(own, shown, withNames(columns, aliasNames(alias))),
    system: (wanted: string) => systemColumn(binder, scanned, columns.length, wanted),
  };
  return { plan, names: itemNames(item) };
}

const SYSTEM_COLUMNS: Readonly<Record<string, string>> = {
  ctid: 'tid',
  tableoid: 'oid',
  xmin: 'xid',
  xmax: 'xid',
  cmin: 'cid',
  cmax: 'cid',
};

function systemColumn(
  binder: Binder,
  scanned: PlanColumn[],
  own: number,
  name: string,
): PlanColumn | undefined {
  if (!(name in SYSTEM_COLUMNS)) return undefined;
  const known = scanned.slice(own).find((column) => column.name === name);
  if (known) return known;
  const column = binder.newColumn(name, SYSTEM_COLUMNS[name]);
  scanned.push(column);
  return column;
}

function scanOf(binder: Binder, query: NamedQuery, alias: string, start: number): Plan {
  const columns = query.query.output.map((column) => binder.newColumn(column.name, column.type));
  return { kind: 'named', of: query, alias, columns, start };
}

function viewOf(binder: Binder, relation: Relation): NamedQuery | undefined {
  if (relation.definition === undefined) return undefined;
  const known = binder.views.get(relation);
  if (known) return known;
  const node = parseApart(binder, relation.definition);
  const apart: Binder = { ...binder, offset: () => undefined, ctes: [], queries: [] };
  const { plan, output } = bindQuery(apart, node, { scope: undefined, ctes: undefined });
  const query: NamedQuery = {
    kind: 'view',
    name: relation.name,
    relation,
    query: {
      plan,
      output: output.map((column, index) => ({
        ...column,
        name: relation.columns[index]?.name ?? column.name,
        type: relation.columns[index]?.type ?? column.type,
      })),
    },
    start: undefined,
  };
  binder.views.set(relation, query);
  return query;
}

function named(plan: Plan, own: string, schema: string | undefined, alias: Alias | undefined): BoundFrom {
  const columns = 'columns' in plan ? (plan.columns as readonly PlanColumn[]) : [];
  return { plan, names: itemNames(itemOf(own, schema, withNames(columns, aliasNames(alias)))) };
}

function itemOf(alias: string, schema: string | undefined, columns: readonly PlanColumn[]): NamedItem {
  return { alias, schema, columns };
}

export function aliasNames(alias: Alias | undefined): readonly string[] {
  return (alias?.colnames ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));
}

function lateralScope(left: Names, outer: Scope | undefined): Scope {
  return { names: left, outer, reads: undefined };
}

function bindSubquery(
  binder: Binder,
  { subquery, alias, lateral }: RangeSubselect,
  left: Names,
  environment: Environment,
): BoundFrom {
  if (!subquery) throw new NotBound('a subquery is missing');
  const scope = lateral === true ? lateralScope(left, environment.scope) : environment.scope;
  const query = bindQuery(binder, subquery, { ...environment, scope });
  const own = alias?.aliasname ?? '';
  return {
    plan: shown(query, own),
    names: itemNames(itemOf(own, undefined, withNames(query.output, aliasNames(alias)))),
  };
}

/** A subquery's plan with the columns of its output alone. */
function shown({ plan, output }: BoundQuery, alias: string): Plan {
  return {
    kind: 'project',
    input: plan,
    alias,
    columns: output.map((column) => ({
      ...column,
      expression: { kind: 'column', column: column.id, node: undefined },
    })),
  };
}

function bindJoin(binder: Binder, join: JoinExpr, before: Names, environment: Environment): BoundFrom {
  const { larg, rarg, jointype, usingClause, isNatural, quals, alias, join_using_alias: usingAlias } = join;
  if (!larg || !rarg) throw new NotBound('a join lacks a side');
  const left = bindItem(binder, larg, before, environment);
  const right = bindItem(binder, rarg, beside(before, left.names), environment);
  const kind = JOIN_KINDS[jointype ?? 'JOIN_INNER'];
  if (!kind) throw new NotBound('a kind of join is not understood');
  const shared = isNatural === true ? commonNames(left.names, right.names) : usingNames(usingClause);
  const pairs = shared.map((name) => usingPair(name, left.names, right.names));
  const merged = pairs.map((pair) => mergedColumn(binder, pair, kind));
  const names = joinedNames(left.names, right.names, shared, pairs, merged);
  const scope: Scope = { names, outer: environment.scope, reads: undefined };
  const written = quals && bindScalar({ binder, scope, ctes: environment.ctes }, quals);
  const equalities = pairs.map(({ left: one, right: other }): Scalar => ({
    kind: 'call',
    name: '=',
    arguments: [columnOf(one), columnOf(other)],
    node: undefined,
  }));
  const predicate = all([...equalities, ...(written ? [written] : [])]);
  const computed = merged.filter((column) => 'expression' in column);
  const plan = joined(left.plan, right.plan, kind, predicate, computed, startOf(right.plan));
  if (alias) {
    const item = itemOf(alias.aliasname ?? '', undefined, withNames(names.star, aliasNames(alias)));
    return { plan, names: itemNames(item) };
  }
  if (!usingAlias) return { plan, names };
  const item = itemOf(usingAlias.aliasname ?? '', undefined, merged);
  return { plan, names: { ...names, items: [...names.items, item] } };
}

const JOIN_KINDS: Readonly<Record<string, JoinKind | undefined>> = {
  JOIN_INNER: 'inner',
  JOIN_LEFT: 'left',
  JOIN_RIGHT: 'right',
  JOIN_FULL: 'full',
};

export function all(terms: readonly Scalar[]): Scalar | undefined {
  const [first] = terms;
  return terms.length < 2 ? first : { kind: 'and', arguments: terms, node: undefined };
}

interface UsingPair {
  readonly name: string;
  readonly left: PlanColumn;
  readonly right: PlanColumn;
}

function usingPair(name: string, left: Names, right: Names): UsingPair {
  const find = (names: Names): PlanColumn => {
    const found = names.star.filter((column) => column.name === name);
    const [only] = found;
    if (!only || found.length > 1)
      throw new NotBound(`the column "${name}" in USING is not one of each side`);
    return only;
  };
  return { name, left: find(left), right: find(right) };
}

/** Of an inner or outer join it is the side that has no NULLs added; of a full join whichever has a value. */
function mergedColumn(
  binder: Binder,
  { name, left, right }: UsingPair,
  kind: JoinKind,
): PlanColumn | Computed {
  if (kind === 'inner' || kind === 'left') return left;
  if (kind === 'right') return { ...right, name };
  const column = binder.newColumn(name, sameType([left.type, right.type]));
  return {
    ...column,
    expression: { kind: 'coalesce', arguments: [columnOf(left), columnOf(right)], node: undefined },
  };
}

function joinedNames(
  left: Names,
  right: Names,
  shared: readonly string[],
  pairs: readonly UsingPair[],
  merged: readonly PlanColumn[],
): Names {
  if (shared.length === 0) return beside(left, right);
  const hidden = new Set<ColumnId>(pairs.flatMap((pair) => [pair.left.id, pair.right.id]));
  const others = (names: Names): readonly PlanColumn[] =>
    names.star.filter((column) => !hidden.has(column.id) || !shared.includes(column.name));
  return {
    items: [...left.items, ...right.items],
    star: [...merged, ...others(left), ...others(right)],
  };
}

function commonNames(left: Names, right: Names): readonly string[] {
  const theirs = new Set(right.star.map(({ name }) => name));
  return left.star.map(({ name }) => name).filter((name) => theirs.has(name));
}

function usingNames(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));
}

function columnOf({ id }: PlanColumn): Scalar {
  return { kind: 'column', column: id, node: undefined };
}

/** Columns of the functions that give several, by their OUT parameters. */
const OUT_COLUMNS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  jsonb_each: [['key', 'text'], ['value', 'jsonb']],
  jsonb_each_text: [['key', 'text'], ['value', 'text']],
  json_each: [['key', 'text'], ['value', 'json']],
  json_each_text: [['key', 'text'], ['value', 'text']],
}; // prettier-ignore

/** Functions of one column that is not called as they are. */
const OUT_NAMES: Readonly<Record<string, string>> = {
  jsonb_array_elements: 'value',
  jsonb_array_elements_text: 'value',
  json_array_elements: 'value',
  json_array_elements_text: 'value',
};

function bindFunction(
  binder: Binder,
  node: Node,
  range: RangeFunction,
  left: Names,
  environment: Environment,
): BoundFrom {
  const { functions = [], alias, coldeflist, ordinality } = range;
  const context = { binder, scope: lateralScope(left, environment.scope), ctes: environment.ctes };
  const calls = functions.flatMap((item) => ('List' in item ? (item.List.items ?? []).slice(0, 1) : []));
  const bound = calls.map((call) => bindScalar(context, call));
  const own = alias?.aliasname ?? functionName(calls[0]);
  const defined = definitions(coldeflist).map(([name, type]) => binder.newColumn(name, type));
  const columns =
    defined.length > 0
      ? defined
      : calls.flatMap((call) => functionColumns(binder, call, calls.length, alias));
  const added = ordinality === true ? [binder.newColumn('ordinality', 'bigint')] : [];
  const every = [...columns, ...added];
  const returns = calls.every((call) => isSetReturning(call)) ? 'rows' : oneRowOrRows(calls);
  return {
    plan: {
      kind: 'function',
      calls: bound,
      returns,
      columns: every,
      ordinality: added[0]?.id,
      alias: own,
      node,
    },
    names: itemNames({
      ...itemOf(own, undefined, withNames(every, aliasNames(alias))),
      isValue: every.length === 1 && !coldeflist,
    }),
  };
}

/** Of a function that nobody knows here, many rows are assumed. */
function oneRowOrRows(calls: readonly Node[]): 'one row' | 'rows' {
  return calls.every(
    (call) =>
      'SQLValueFunction' in call ||
      'TypeCast' in call ||
      'CoalesceExpr' in call ||
      isDeterministic(functionName(call)),
  )
    ? 'one row'
    : 'rows';
}

function isSetReturning(call: Node): boolean {
  return 'FuncCall' in call && SET_RETURNING.has(functionName(call));
}

function functionColumns(
  binder: Binder,
  call: Node,
  count: number,
  alias: Alias | undefined,
): readonly PlanColumn[] {
  const name = functionName(call);
  const several = OUT_COLUMNS[name];
  if (several) return several.map(([column, type]) => binder.newColumn(column, type));
  const inputs = 'FuncCall' in call ? (call.FuncCall.args ?? []) : [];
  if (name === 'unnest' && inputs.length > 1) return inputs.map(() => binder.newColumn(name, undefined));
  // A function of one scalar column is called by the item's alias.
  const only = count === 1 ? alias?.aliasname : undefined;
  return [binder.newColumn(OUT_NAMES[name] ?? only ?? name, undefined)];
}

export function functionName(node: Node | undefined): string {
  if (!node || !('FuncCall' in node)) return '';
  const last = node.FuncCall.funcname?.at(-1);
  return last && 'String' in last ? (last.String.sval ?? '') : '';
}

function definitions(nodes: readonly Node[] | undefined): readonly (readonly [string, string | undefined])[] {
  return (nodes ?? []).flatMap((node): (readonly [string, string | undefined])[] =>
    'ColumnDef' in node ? [[node.ColumnDef.colname ?? '', typeText(node.ColumnDef.typeName)]] : [],
  );
}

/** XMLTABLE and JSON_TABLE: rows out of a document. */
function bindDocument(binder: Binder, node: Node, left: Names, environment: Environment): BoundFrom {
  const context = { binder, scope: lateralScope(left, environment.scope), ctes: environment.ctes };
  const { alias, found, read } = documentParts(node);
  const columns = found.map(([name, type]) => binder.newColumn(name, type));
  const own = alias?.aliasname ?? '';
  const calls = read.map((part) => bindScalar(context, part));
  return {
    plan: { kind: 'function', calls, returns: 'rows', columns, ordinality: undefined, alias: own, node },
    names: itemNames(itemOf(own, undefined, withNames(columns, aliasNames(alias)))),
  };
}

function documentParts(node: Node): {
  readonly alias: Alias | undefined;
  readonly found: readonly (readonly [string, string | undefined])[];
  readonly read: readonly Node[];
} {
  if ('RangeTableFunc' in node) {
    const { alias, columns = [], docexpr } = node.RangeTableFunc;
    const found = columns.flatMap((column) =>
      'RangeTableFuncCol' in column
        ? [documentColumn(column.RangeTableFuncCol.colname, column.RangeTableFuncCol.typeName)]
        : [],
    );
    return { alias, found, read: docexpr ? [docexpr] : [] };
  }
  if (!('JsonTable' in node)) throw new NotBound('FROM holds something that is not understood');
  const { alias, columns = [], context_item: item } = node.JsonTable;
  return { alias, found: jsonColumns(columns), read: item?.raw_expr ? [item.raw_expr] : [] };
}

function jsonColumns(nodes: readonly Node[]): readonly (readonly [string, string | undefined])[] {
  return nodes.flatMap((node) => {
    if (!('JsonTableColumn' in node)) return [];
    const { coltype, name, typeName, columns = [] } = node.JsonTableColumn;
    return coltype === 'JTC_NESTED' ? jsonColumns(columns) : [documentColumn(name, typeName)];
  });
}

function documentColumn(name = '', type: TypeName | undefined): readonly [string, string | undefined] {
  return [name, typeText(type)];
}
