/** Resolves a statement: what each of its queries reads and gives, and what every column reference means. */

import type { CommonTableExpr, Node, ResTarget, SelectStmt, WithClause } from 'libpg-query';
import type { SqlTree } from '../parse-sql.ts';
import {
  EMPTY_NAMESPACE,
  NO_COLUMNS,
  UNKNOWN_COLUMNS,
  type Clause,
  type Column,
  type Columns,
  type Cte,
  type Namespace,
  type RelationColumns,
  type Scope,
  type Scopes,
  type Source,
} from './columns.ts';
import { common, expressionType } from './expression-types.ts';
import { fromNamespace } from './from-items.ts';
import { renamed } from './namespaces.ts';
import { outputName } from './output-names.ts';
import { cteRange, lastToken, placesIn, targetRange } from './places.ts';
import { resolveBareOrOutput, resolveColumn, resolveStar } from './references.ts';
import type { CteScope, Environment, Resolver, Sighting } from './resolver.ts';

/** `relationColumns` says what the caller knows of the relations that are read. */
export function resolveScopes(tree: SqlTree, relationColumns: RelationColumns): Scopes {
  return resolve(tree, relationColumns, undefined).scopes;
}

/** The same, and where a name that stands for the cursor came to stand. */
export function resolveCursor(
  tree: SqlTree,
  relationColumns: RelationColumns,
  placeholder: string,
): Sighting | undefined {
  return resolve(tree, relationColumns, placeholder).sighting;
}

function resolve(
  tree: SqlTree,
  relationColumns: RelationColumns,
  placeholder: string | undefined,
): { readonly scopes: Scopes; readonly sighting: Sighting | undefined } {
  const resolver: Resolver = {
    places: placesIn(tree),
    relationColumns,
    placeholder,
    sighting: undefined,
    queries: [],
    ctes: [],
    references: [],
    stars: [],
    resolveQuery,
    visit,
  };
  const environment: Environment = {
    scope: { namespace: EMPTY_NAMESPACE, outer: undefined },
    ctes: undefined,
    clause: 'select',
    sources: undefined,
  };
  let output = NO_COLUMNS;
  for (const { node } of tree.statements) output = resolveStatement(resolver, node, environment);
  const { queries, ctes, references, stars, sighting } = resolver;
  references.sort((a, b) => a.range.start - b.range.start);
  return { scopes: { queries, ctes, references, stars, output }, sighting };
}

function resolveStatement(resolver: Resolver, node: Node, environment: Environment): Columns {
  const query = queryOf(node);
  return query ? resolveQuery(resolver, query, environment) : UNKNOWN_COLUMNS;
}

function queryOf(node: Node | undefined): Node | undefined {
  if (!node) return undefined;
  if ('SelectStmt' in node) return node;
  if ('ViewStmt' in node) return queryOf(node.ViewStmt.query);
  if ('CreateTableAsStmt' in node) return queryOf(node.CreateTableAsStmt.query);
  if ('ExplainStmt' in node) return queryOf(node.ExplainStmt.query);
  if ('InsertStmt' in node)
    return node.InsertStmt.withClause ? undefined : queryOf(node.InsertStmt.selectStmt);
  return undefined;
}

/** What changes rows gives its RETURNING, which is not looked into. */
function resolveQuery(resolver: Resolver, node: Node, environment: Environment): Columns {
  if ('SelectStmt' in node) return resolveSelect(resolver, node.SelectStmt, environment);
  resolver.queries.push({ kind: 'change', ctes: [], items: [], output: UNKNOWN_COLUMNS });
  return UNKNOWN_COLUMNS;
}

function resolveSelect(resolver: Resolver, select: SelectStmt, outside: Environment): Columns {
  const { withClause } = select;
  const own: Cte[] = [];
  const ctes = withClause ? enterWith(resolver, withClause, outside, own) : outside.ctes;
  const environment: Environment = { ...outside, ctes: sealed(ctes), sources: undefined };
  if (select.op !== undefined && select.op !== 'SETOP_NONE')
    return resolveSetOperation(resolver, select, environment, own, ctes?.openRecursion);
  if (select.valuesLists) return resolveValues(resolver, select, environment, own);
  return resolvePlain(resolver, select, environment, own);
}

/** Only a CTE's own set operation has a part that recursion starts from. */
function sealed(ctes: CteScope | undefined): CteScope | undefined {
  return ctes && { ...ctes, openRecursion: undefined };
}

function resolvePlain(resolver: Resolver, select: SelectStmt, outside: Environment, ctes: Cte[]): Columns {
  const namespace = fromNamespace(resolver, select.fromClause ?? [], outside);
  const scope: Scope = { namespace, outer: outside.scope };
  const within = (clause: Clause): Environment => ({ ...outside, scope, clause });
  const output = targetColumns(resolver, select.targetList ?? [], namespace, within('select'));
  visit(resolver, select.whereClause, within('where'));
  visitNames(resolver, select.distinctClause, within('order by'), output, 'output first');
  visitNames(resolver, select.groupClause, within('group by'), output, 'input first');
  visit(resolver, select.havingClause, within('having'));
  visit(resolver, select.windowClause, within('window'));
  visitNames(resolver, select.sortClause, within('order by'), output, 'output first');
  visit(resolver, [select.limitOffset, select.limitCount], within('limit'));
  resolver.queries.push({ kind: 'select', ctes, items: namespace.items, output });
  return output;
}

function targetColumns(
  resolver: Resolver,
  targets: readonly Node[],
  namespace: Namespace,
  environment: Environment,
): Columns {
  const known: Column[] = [];
  let isComplete = true;
  for (const target of targets) {
    if (!('ResTarget' in target)) continue;
    const { val } = target.ResTarget;
    const star = val && resolveStar(resolver, val, environment);
    if (star) {
      known.push(...star.known);
      isComplete &&= star.isComplete;
    } else {
      known.push(targetColumn(resolver, target.ResTarget, environment));
    }
  }
  return { known, isComplete };
}

function targetColumn(
  resolver: Resolver,
  { name, val, location }: ResTarget,
  environment: Environment,
): Column {
  const { places } = resolver;
  const sources: Source[] = [];
  const isColumn = val !== undefined && 'ColumnRef' in val;
  visit(resolver, val, { ...environment, sources });
  const meaning = isColumn ? resolveColumn(resolver, val.ColumnRef, environment, 'quietly') : undefined;
  const typeOf = (node: Node): string | undefined => columnType(resolver, node, environment);
  const own = name ?? outputName(val);
  const whole = targetRange(places, location);
  const isNamedByLast = name !== undefined || isColumn;
  return {
    name: own,
    type: expressionType(val, typeOf),
    sources: distinct(sources),
    isPlain: meaning?.kind === 'column',
    nameRange: isNamedByLast ? lastToken(places, whole) : whole,
  };
}

function columnType(resolver: Resolver, node: Node, environment: Environment): string | undefined {
  if (!('ColumnRef' in node)) return undefined;
  const found = resolveColumn(resolver, node.ColumnRef, environment, 'quietly');
  if (found?.kind !== 'column') return undefined;
  return common(found.sources.map(({ column }) => column.type));
}

function distinct(sources: readonly Source[]): readonly Source[] {
  return sources.filter(
    ({ item, column }, index) =>
      sources.findIndex((other) => other.item === item && other.column === column) === index,
  );
}

/** ORDER BY means the query's own output by a bare name first, GROUP BY last; in an expression neither does. */
function visitNames(
  resolver: Resolver,
  nodes: readonly Node[] | undefined,
  environment: Environment,
  output: Columns,
  order: 'output first' | 'input first',
): void {
  for (const node of nodes ?? []) {
    const inner = groupingContent(node);
    if (inner) {
      visitNames(resolver, inner, environment, output, order);
      continue;
    }
    const named = 'SortBy' in node ? node.SortBy.node : node;
    if (named && 'ColumnRef' in named && named.ColumnRef.fields?.length === 1)
      resolveBareOrOutput(resolver, named.ColumnRef, environment, output, order);
    else visit(resolver, node, environment);
  }
}

/** What stands in ROLLUP, CUBE, GROUPING SETS and in brackets is grouped by as if it stood alone. */
function groupingContent(node: Node): readonly Node[] | undefined {
  if ('GroupingSet' in node) return node.GroupingSet.content ?? [];
  if ('RowExpr' in node && node.RowExpr.row_format === 'COERCE_IMPLICIT_CAST') return node.RowExpr.args ?? [];
  return undefined;
}

function resolveValues(resolver: Resolver, select: SelectStmt, outside: Environment, ctes: Cte[]): Columns {
  const environment: Environment = { ...outside, clause: 'values' };
  const rows = (select.valuesLists ?? []).map((row) => ('List' in row ? (row.List.items ?? []) : []));
  const sources = (rows[0] ?? []).map((): Source[] => []);
  for (const row of rows)
    row.forEach((cell, index) => {
      visit(resolver, cell, { ...environment, sources: sources[index] });
    });
  const typeOf = (cell: Node | undefined): string | undefined =>
    expressionType(cell, (node) => columnType(resolver, node, environment));
  const known = sources.map((own, index): Column => ({
    name: `column${String(index + 1)}`,
    type: common(rows.map((row) => typeOf(row[index]))),
    sources: own,
    isPlain: false,
    nameRange: undefined,
  }));
  const output: Columns = { known, isComplete: true };
  visitNames(resolver, select.sortClause, { ...environment, clause: 'order by' }, output, 'output first');
  resolver.queries.push({ kind: 'values', ctes, items: [], output });
  return output;
}

function resolveSetOperation(
  resolver: Resolver,
  select: SelectStmt,
  environment: Environment,
  ctes: Cte[],
  openRecursion: CteScope['openRecursion'],
): Columns {
  const left = select.larg ? resolveSelect(resolver, select.larg, environment) : NO_COLUMNS;
  openRecursion?.(left);
  const right = select.rarg ? resolveSelect(resolver, select.rarg, environment) : NO_COLUMNS;
  const output = united(left, right);
  // What a set operation is ordered by can only be its output.
  const scope: Scope = { namespace: EMPTY_NAMESPACE, outer: undefined };
  const ordering: Environment = { ...environment, scope, clause: 'order by' };
  visitNames(resolver, select.sortClause, ordering, output, 'output first');
  resolver.queries.push({ kind: 'set operation', ctes, items: [], output });
  return output;
}

/** The left side's names; each column comes from both sides'. */
function united(left: Columns, right: Columns): Columns {
  if (!left.isComplete) return left;
  const known = left.known.map((column, index): Column => {
    const other = right.isComplete ? right.known[index] : undefined;
    return {
      ...column,
      type: other && column.type === other.type ? column.type : undefined,
      sources: [...column.sources, ...(other?.sources ?? [])],
      isPlain: column.isPlain && other?.isPlain === true,
    };
  });
  return { known, isComplete: true };
}

/** A CTE sees those before it; all of them, and itself, where the clause is recursive. */
function enterWith(
  resolver: Resolver,
  clause: WithClause,
  outside: Environment,
  own: Cte[],
): CteScope | undefined {
  let visible = sealed(outside.ctes);
  for (const node of clause.ctes ?? []) {
    if (!('CommonTableExpr' in node)) continue;
    const cte = resolveCte(resolver, node.CommonTableExpr, { ...outside, ctes: visible }, clause.recursive);
    own.push(cte);
    resolver.ctes.push(cte);
    visible = { cte, outer: visible, openRecursion: undefined };
  }
  return visible;
}

function resolveCte(
  resolver: Resolver,
  expression: CommonTableExpr,
  environment: Environment,
  isRecursive: boolean | undefined,
): Cte {
  const { ctename: name = '', location, ctequery, aliascolnames } = expression;
  const ranges = cteRange(resolver.places, location);
  const aliases = texts(aliascolnames);
  let columns = UNKNOWN_COLUMNS;
  const cte: Cte = {
    name,
    nameRange: ranges.name,
    range: ranges.whole,
    get columns() {
      return columns;
    },
  };
  const inside: Environment =
    isRecursive === true
      ? {
          ...environment,
          ctes: {
            cte,
            outer: environment.ctes,
            openRecursion(left) {
              columns = renamed(left, aliases);
            },
          },
        }
      : environment;
  const output = ctequery ? resolver.resolveQuery(resolver, ctequery, inside) : UNKNOWN_COLUMNS;
  columns = withSearchColumns(withTypesOf(renamed(output, aliases), columns), expression);
  return cte;
}

/** A recursive CTE has the types of its first part. */
function withTypesOf(columns: Columns, first: Columns): Columns {
  if (!columns.isComplete || !first.isComplete || first.known.length !== columns.known.length) return columns;
  const known = columns.known.map((column, index) => ({ ...column, type: first.known[index]?.type }));
  return { known, isComplete: true };
}

function withSearchColumns(columns: Columns, { search_clause, cycle_clause }: CommonTableExpr): Columns {
  const names = [
    search_clause?.search_seq_column,
    cycle_clause?.cycle_mark_column,
    cycle_clause?.cycle_path_column,
  ].filter((name) => name !== undefined);
  if (names.length === 0) return columns;
  const added = names.map((name): Column => ({
    name,
    type: undefined,
    sources: [],
    isPlain: false,
    nameRange: undefined,
  }));
  return { ...columns, known: [...columns.known, ...added] };
}

/** Every column reference and every query below a value. */
function visit(resolver: Resolver, value: unknown, environment: Environment): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(resolver, item, environment);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node;
  if ('ColumnRef' in node) {
    resolveColumn(resolver, node.ColumnRef, environment, 'noted');
    return;
  }
  if ('SubLink' in node) {
    const { testexpr, subselect, subLinkType } = node.SubLink;
    visit(resolver, testexpr, environment);
    const output = subselect ? resolver.resolveQuery(resolver, subselect, environment) : NO_COLUMNS;
    // EXISTS looks at no column.
    if (subLinkType !== 'EXISTS_SUBLINK')
      environment.sources?.push(...output.known.flatMap(({ sources }) => sources));
    return;
  }
  for (const child of Object.values(value)) visit(resolver, child, environment);
}

function texts(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) =>
    'String' in node && node.String.sval !== undefined ? [node.String.sval] : [],
  );
}
