/** Binds queries: WITH, set operations, VALUES, and hands each SELECT on. */

import type { CommonTableExpr, Node, SelectStmt, WithClause } from 'libpg-query';
import type { Binder } from './bind.ts';
import { bindScalar } from './bind-scalar.ts';
import { bindOrder, bindSelect, limited } from './bind-select.ts';
import { NO_NAMES, NotBound, type Scope } from './names.ts';
import type { BoundQuery, NamedQuery, Plan, PlanColumn, Scalar, SetOperation } from './plan.ts';
import { sameType, typeOfScalar } from './types.ts';

export interface Environment {
  /** What the query may read from around it. */
  readonly scope: Scope | undefined;
  readonly ctes: CteScope | undefined;
}

/** A name in WITH, the nearest first. */
export interface CteScope {
  readonly name: string;
  /** Undefined where it cannot be read, such as one that writes. */
  scan(alias: string): Plan | undefined;
  readonly columns: readonly PlanColumn[];
  readonly query: NamedQuery | undefined;
  readonly outer: CteScope | undefined;
}

export function bindQuery(binder: Binder, node: Node, environment: Environment): BoundQuery {
  if (!('SelectStmt' in node)) throw new NotBound('a part of it writes');
  return bindSelectStatement(binder, node.SelectStmt, environment);
}

function bindSelectStatement(binder: Binder, select: SelectStmt, outside: Environment): BoundQuery {
  const { withClause } = select;
  const environment = withClause ? enterWith(binder, withClause, outside) : outside;
  const query = bindBody(binder, select, environment);
  binder.queries.push(query);
  return query;
}

function bindBody(binder: Binder, select: SelectStmt, environment: Environment): BoundQuery {
  if (select.op !== undefined && select.op !== 'SETOP_NONE')
    return ordered(binder, select, bindSetOperation(binder, select, environment), environment);
  if (select.valuesLists)
    return ordered(binder, select, bindValues(binder, select.valuesLists, environment), environment);
  return bindSelect(binder, select, environment);
}

/** ORDER BY and LIMIT over what a set operation or VALUES gives, which is all that they may name. */
function ordered(
  binder: Binder,
  select: SelectStmt,
  query: BoundQuery,
  environment: Environment,
): BoundQuery {
  const scope: Scope = {
    names: { items: [], star: query.output },
    outer: environment.scope,
    reads: undefined,
  };
  const outputs = query.output.map((column): { name: string; expression: Scalar } => ({
    name: column.name,
    expression: { kind: 'column', column: column.id, node: undefined },
  }));
  const order = bindOrder({ binder, scope, ctes: environment.ctes }, select.sortClause, outputs);
  const plan: Plan = order.length > 0 ? { kind: 'sort', input: query.plan, order } : query.plan;
  return { plan: limited(binder, select, plan, environment), output: query.output };
}

function bindSetOperation(binder: Binder, select: SelectStmt, environment: Environment): BoundQuery {
  const { larg, rarg, op, all } = select;
  if (!larg || !rarg) throw new NotBound('a set operation lacks a side');
  const left = bindSelectStatement(binder, larg, environment);
  const right = bindSelectStatement(binder, rarg, environment);
  const columns = unitedColumns(binder, left, right);
  const operation = op === 'SETOP_UNION' ? 'union' : op === 'SETOP_INTERSECT' ? 'intersect' : 'except';
  const plan: SetOperation = { kind: 'set', operation, all: all === true, left, right, columns };
  return { plan, output: columns };
}

function unitedColumns(binder: Binder, left: BoundQuery, right: BoundQuery): readonly PlanColumn[] {
  if (left.output.length !== right.output.length)
    throw new NotBound('the sides of a set operation differ in their number of columns');
  return left.output.map((column, index) =>
    binder.newColumn(column.name, sameType([column.type, right.output[index]?.type])),
  );
}

function bindValues(binder: Binder, lists: readonly Node[], environment: Environment): BoundQuery {
  const context = {
    binder,
    scope: { names: NO_NAMES, outer: environment.scope, reads: undefined },
    ctes: environment.ctes,
  };
  const rows = lists.map((row) =>
    ('List' in row ? (row.List.items ?? []) : []).map((cell) => bindScalar(context, cell)),
  );
  const columns = (rows[0] ?? []).map((_, index) =>
    binder.newColumn(
      `column${String(index + 1)}`,
      sameType(
        rows.map((row) => {
          const cell = row[index];
          return cell && typeOfScalar(cell, () => undefined);
        }),
      ),
    ),
  );
  return { plan: { kind: 'values', rows, columns }, output: columns };
}

/** A CTE sees those before it; all of them, and itself, where the clause is recursive. */
function enterWith(binder: Binder, clause: WithClause, outside: Environment): Environment {
  let ctes = outside.ctes;
  const expressions = (clause.ctes ?? []).flatMap((node) =>
    'CommonTableExpr' in node ? [node.CommonTableExpr] : [],
  );
  const order = clause.recursive === true ? inOrderOfUse(expressions) : expressions;
  for (const expression of order) {
    ctes = bindCte(binder, expression, { ...outside, ctes }, clause.recursive === true);
  }
  return { ...outside, ctes };
}

/** In a recursive WITH a CTE may stand behind the one that reads it. */
function inOrderOfUse(expressions: readonly CommonTableExpr[]): readonly CommonTableExpr[] {
  const byName = new Map(expressions.map((expression) => [expression.ctename ?? '', expression]));
  const done = new Set<CommonTableExpr>();
  const order: CommonTableExpr[] = [];
  const visit = (expression: CommonTableExpr): void => {
    if (done.has(expression)) return;
    done.add(expression);
    for (const name of relationNames(expression.ctequery)) {
      const read = byName.get(name);
      if (read) visit(read);
    }
    order.push(expression);
  };
  for (const expression of expressions) visit(expression);
  return order;
}

/** The unqualified relation names below a value. */
function relationNames(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) relationNames(item, found);
  else if (typeof value === 'object' && value !== null) {
    if ('relname' in value && !('schemaname' in value)) found.add(String(value.relname));
    for (const child of Object.values(value)) relationNames(child, found);
  }
  return found;
}

function bindCte(
  binder: Binder,
  expression: CommonTableExpr,
  outside: Environment,
  isRecursive: boolean,
): CteScope {
  const { ctename: name = '', ctequery, location, search_clause: search, cycle_clause: cycle } = expression;
  if (!ctequery) throw new NotBound(`the CTE "${name}" has no query`, location);
  const names = (expression.aliascolnames ?? []).map((alias) =>
    'String' in alias ? (alias.String.sval ?? '') : '',
  );
  const refersToItself = isRecursive && relationNames(ctequery).has(name);
  if (search || cycle) throw new NotBound('SEARCH and CYCLE are not understood', location);
  const bound = refersToItself
    ? bindRecursive(binder, ctequery, name, names, outside)
    : bindQuery(binder, ctequery, outside);
  const query: NamedQuery = {
    kind: 'cte',
    name,
    query: { plan: bound.plan, output: withNames(bound.output, names) },
    start: binder.offset(location),
  };
  binder.ctes.push(query);
  return {
    name,
    query,
    columns: query.query.output,
    scan: () => undefined,
    outer: outside.ctes,
  };
}

/** Columns under the names of an alias list, which may be shorter than they are. */
export function withNames(columns: readonly PlanColumn[], names: readonly string[]): readonly PlanColumn[] {
  return names.length === 0
    ? columns
    : columns.map((column, index) => ({ ...column, name: names[index] ?? column.name }));
}

function bindRecursive(
  binder: Binder,
  node: Node,
  name: string,
  names: readonly string[],
  outside: Environment,
): BoundQuery {
  const select = 'SelectStmt' in node ? node.SelectStmt : undefined;
  if (select?.op !== 'SETOP_UNION' || !select.larg || !select.rarg || select.withClause)
    throw new NotBound(`the recursive CTE "${name}" is not understood`);
  const start = bindSelectStatement(binder, select.larg, outside);
  const seen = withNames(start.output, names);
  const self: CteScope = {
    name,
    query: undefined,
    columns: seen,
    scan: (alias) => ({
      kind: 'recursion',
      alias,
      columns: seen.map((column) => binder.newColumn(column.name, column.type)),
    }),
    outer: outside.ctes,
  };
  const step = bindSelectStatement(binder, select.rarg, { ...outside, ctes: self });
  if (step.output.length !== start.output.length)
    throw new NotBound('the sides of a set operation differ in their number of columns');
  const columns = start.output.map((column) => binder.newColumn(column.name, column.type));
  const plan: Plan = { kind: 'recursive', all: select.all === true, start, step, columns };
  return { plan, output: columns };
}

export function findCte(ctes: CteScope | undefined, name: string): CteScope | undefined {
  for (let at = ctes; at; at = at.outer) if (at.name === name) return at;
  return undefined;
}
