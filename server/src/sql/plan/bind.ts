/** Binds a statement: from Postgres's tree of its text to a plan in which every name is a column. */

import type { Node } from 'libpg-query';
import { parseSql, type SqlTree } from '../parse-sql.ts';
import type { SqlParser } from '../parser.ts';
import { bindQuery } from './bind-query.ts';
import { bindScalar } from './bind-scalar.ts';
import { NotBound } from './names.ts';
import type { BoundQuery, NamedQuery, PlanColumn, Scalar } from './plan.ts';
import type { Relation, Schema } from './schema.ts';

/** What the binding of one statement shares. */
export interface Binder {
  readonly parser: SqlParser;
  readonly schema: Schema;
  /** Turns a tree's location into an offset; undefined in what is not part of the statement's own text. */
  offset(location: number | undefined): number | undefined;
  newColumn(name: string, type: string | undefined): PlanColumn;
  readonly views: Map<Relation, NamedQuery>;
  /** Those of the statement's own text, inner ones first. */
  readonly ctes: NamedQuery[];
  /** The queries in the text: the selects of subqueries, CTEs and parts of a set operation, inner ones first. */
  readonly queries: BoundQuery[];
}

export interface BoundStatement {
  readonly query: BoundQuery;
  readonly ctes: readonly NamedQuery[];
  readonly queries: readonly BoundQuery[];
}

export type Binding =
  | { readonly kind: 'bound'; readonly statement: BoundStatement }
  /** `offset`: where the fault lies in the text. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly offset: number | undefined };

/** The last statement of a text counts. */
export function bindStatement(parser: SqlParser, tree: SqlTree, schema: Schema): Binding {
  const node = tree.statements.at(-1)?.node;
  const select = queryIn(node);
  if (!select) return { kind: 'unknown', reason: 'it is no query', offset: undefined };
  let columns = 0;
  const binder: Binder = {
    parser,
    schema,
    offset: (location) => (location === -1 ? undefined : tree.positions.fromByte(location ?? 0)),
    newColumn: (name, type) => ({ id: ++columns, name, type }),
    views: new Map(),
    ctes: [],
    queries: [],
  };
  try {
    const query = bindQuery(binder, select, { scope: undefined, ctes: undefined });
    return { kind: 'bound', statement: { query, ctes: binder.ctes, queries: binder.queries } };
  } catch (error) {
    if (!(error instanceof NotBound)) throw error;
    return { kind: 'unknown', reason: error.message, offset: binder.offset(error.location ?? -1) };
  }
}

/** The query of a statement that gives or stores one. */
export function queryIn(node: Node | undefined): Node | undefined {
  if (!node) return undefined;
  if ('SelectStmt' in node) return node;
  if ('ViewStmt' in node) return queryIn(node.ViewStmt.query);
  if ('CreateTableAsStmt' in node) return queryIn(node.CreateTableAsStmt.query);
  if ('ExplainStmt' in node) return queryIn(node.ExplainStmt.query);
  return undefined;
}

/** A text that stands apart from the statement, such as a view's definition or an index's expression. */
export function parseApart(binder: Binder, text: string): Node {
  const { tree } = parseSql(binder.parser, text);
  const node = queryIn(tree?.statements[0]?.node);
  if (!node) throw new NotBound(`what the catalog says cannot be read: ${text}`);
  return node;
}

/** An expression over given columns, such as an index's; undefined where it cannot be read. */
export function bindExpression(
  parser: SqlParser,
  text: string,
  columns: readonly PlanColumn[],
): Scalar | undefined {
  const { tree } = parseSql(parser, `select ${text}`);
  const select = queryIn(tree?.statements[0]?.node);
  const target = select && 'SelectStmt' in select ? select.SelectStmt.targetList?.[0] : undefined;
  const node = target && 'ResTarget' in target ? target.ResTarget.val : undefined;
  if (!node) return undefined;
  const refuse = (): never => {
    throw new NotBound('an expression of the catalog holds a query');
  };
  const binder: Binder = {
    parser,
    schema: { relation: () => undefined },
    offset: () => undefined,
    newColumn: refuse,
    views: new Map(),
    ctes: [],
    queries: [],
  };
  try {
    const scope = { names: { items: [], star: columns }, outer: undefined, reads: undefined };
    return bindScalar({ binder, scope, ctes: undefined }, node);
  } catch (error) {
    if (error instanceof NotBound) return undefined;
    throw error;
  }
}
