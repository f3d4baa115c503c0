/** FROM: its items with the names they go by and the columns they have. */

import type { Alias, JoinExpr, JsonTable, Node, RangeFunction, RangeSubselect, RangeTableFunc, RangeVar } from 'libpg-query'; // prettier-ignore
import type { Range } from '../../base/text.ts';
import {
  EMPTY_NAMESPACE,
  UNKNOWN_COLUMNS,
  type Column,
  type Columns,
  type Cte,
  type FromItem,
  type Namespace,
  type Resolution,
  type Scope,
} from './columns.ts';
import { typeText } from './expression-types.ts';
import { beside, commonNames, joinedBy, joinedSomehow, namespaceOf, renamed } from './namespaces.ts';
import { aliasBehind, lastLocation, partRanges, relationAlias, usingRanges } from './places.ts';
import { sight, type Environment, type Resolver } from './resolver.ts';

export function fromNamespace(resolver: Resolver, nodes: readonly Node[], outside: Environment): Namespace {
  const environment: Environment = { ...outside, clause: 'from', sources: undefined };
  return nodes.reduce<Namespace>(
    (left, node) => beside(left, itemNamespace(resolver, node, left, environment)),
    EMPTY_NAMESPACE,
  );
}

/** `left` is what stands before it, for what is lateral. */
function itemNamespace(resolver: Resolver, node: Node, left: Namespace, environment: Environment): Namespace {
  const lateral: Environment = {
    ...environment,
    scope: { namespace: left, outer: environment.scope },
  };
  if ('RangeVar' in node) return namespaceOf(relationItem(resolver, node.RangeVar, lateral));
  if ('JoinExpr' in node) return joinNamespace(resolver, node.JoinExpr, left, environment);
  if ('RangeSubselect' in node) {
    const { lateral: isLateral } = node.RangeSubselect;
    return namespaceOf(
      subqueryItem(resolver, node.RangeSubselect, isLateral === true ? lateral : environment),
    );
  }
  if ('RangeFunction' in node) {
    resolver.visit(resolver, node.RangeFunction.functions, lateral);
    return namespaceOf(functionItem(resolver, node.RangeFunction));
  }
  if ('RangeTableSample' in node) {
    resolver.visit(resolver, node.RangeTableSample.args, lateral);
    const { relation } = node.RangeTableSample;
    return relation ? itemNamespace(resolver, relation, left, environment) : EMPTY_NAMESPACE;
  }
  resolver.visit(resolver, node, lateral);
  if ('RangeTableFunc' in node) return namespaceOf(tableFunctionItem(resolver, node.RangeTableFunc));
  if ('JsonTable' in node) return namespaceOf(jsonTableItem(resolver, node.JsonTable));
  return { ...EMPTY_NAMESPACE, isComplete: false };
}

function relationItem(resolver: Resolver, range: RangeVar, environment: Environment): FromItem {
  const { catalogname, schemaname: schema, relname: name = '', alias, location } = range;
  if (name === resolver.placeholder) sight(resolver, 'relation', environment);
  const parts = [catalogname, schema, name].filter((part) => part !== undefined).length;
  const own = partRanges(resolver.places, location, parts).at(-1);
  const cte = schema === undefined ? findCte(environment, name) : undefined;
  const aliasname = alias?.aliasname;
  return {
    kind: cte ? 'cte' : 'relation',
    name: aliasname ?? name,
    nameRange: aliasname === undefined ? own : relationAlias(resolver.places, location, parts, aliasname),
    relation: cte ? undefined : { schema, name },
    cte,
    columns: renamed(cte ? cte.columns : relationColumns(resolver, schema, name), aliasNames(alias)),
  };
}

function findCte({ ctes }: Environment, name: string): Cte | undefined {
  for (let at = ctes; at; at = at.outer) if (at.cte.name === name) return at.cte;
  return undefined;
}

function relationColumns(resolver: Resolver, schema: string | undefined, name: string): Columns {
  const known = resolver.relationColumns(schema, name);
  if (!known) return UNKNOWN_COLUMNS;
  return { known: known.map((column) => plainColumn(column.name, column.type)), isComplete: true };
}

function plainColumn(name: string, type: string | undefined): Column {
  return { name, type, sources: [], isPlain: false, nameRange: undefined };
}

function subqueryItem(
  resolver: Resolver,
  { subquery, alias }: RangeSubselect,
  environment: Environment,
): FromItem {
  const output = subquery ? resolver.resolveQuery(resolver, subquery, environment) : UNKNOWN_COLUMNS;
  return {
    ...unnamedItem('subquery', renamed(output, aliasNames(alias))),
    ...aliasOf(resolver, subquery, alias),
  };
}

/** Set-returning functions that give one column, named as the item is. */
const ONE_COLUMN = new Set([
  'generate_series',
  'generate_subscripts',
  'regexp_split_to_table',
  'string_to_table',
]);

function functionItem(resolver: Resolver, range: RangeFunction): FromItem {
  const { functions = [], alias, coldeflist, ordinality, is_rowsfrom: isRowsFrom } = range;
  const name = alias?.aliasname ?? functionName(functions[0]);
  const defined = definedColumns(coldeflist);
  const isOne = isRowsFrom !== true && ONE_COLUMN.has(functionName(functions[0]));
  let columns = UNKNOWN_COLUMNS;
  if (defined.length > 0) columns = { known: defined, isComplete: true };
  else if (isOne) columns = { known: [plainColumn(name, undefined)], isComplete: true };
  if (ordinality === true && columns.isComplete)
    columns = { known: [...columns.known, plainColumn('ordinality', 'bigint')], isComplete: true };
  return {
    ...unnamedItem('function', renamed(columns, aliasNames(alias))),
    ...aliasOf(resolver, functions, alias),
    name,
  };
}

function functionName(node: Node | undefined): string {
  const call = node && 'List' in node ? node.List.items?.[0] : node;
  if (!call || !('FuncCall' in call)) return '';
  const last = call.FuncCall.funcname?.at(-1);
  return last && 'String' in last ? (last.String.sval ?? '') : '';
}

function definedColumns(nodes: readonly Node[] | undefined): readonly Column[] {
  return (nodes ?? []).flatMap((node) =>
    'ColumnDef' in node ? [plainColumn(node.ColumnDef.colname ?? '', typeText(node.ColumnDef.typeName))] : [],
  );
}

function tableFunctionItem(resolver: Resolver, range: RangeTableFunc): FromItem {
  const known = (range.columns ?? []).flatMap((node) => {
    if (!('RangeTableFuncCol' in node)) return [];
    const { colname = '', typeName, for_ordinality: isOrdinal } = node.RangeTableFuncCol;
    return [plainColumn(colname, isOrdinal === true ? 'integer' : typeText(typeName))];
  });
  return {
    ...unnamedItem('function', renamed({ known, isComplete: true }, aliasNames(range.alias))),
    ...aliasOf(resolver, range, range.alias),
  };
}

function jsonTableItem(resolver: Resolver, table: JsonTable): FromItem {
  const columns: Columns = { known: jsonColumns(table.columns ?? []), isComplete: true };
  return {
    ...unnamedItem('function', renamed(columns, aliasNames(table.alias))),
    ...aliasOf(resolver, table, table.alias),
  };
}

function jsonColumns(nodes: readonly Node[]): readonly Column[] {
  return nodes.flatMap((node) => {
    if (!('JsonTableColumn' in node)) return [];
    const { coltype, name = '', typeName, columns = [] } = node.JsonTableColumn;
    if (coltype === 'JTC_NESTED') return jsonColumns(columns);
    return [plainColumn(name, coltype === 'JTC_FOR_ORDINALITY' ? 'integer' : typeText(typeName))];
  });
}

function joinNamespace(
  resolver: Resolver,
  join: JoinExpr,
  before: Namespace,
  environment: Environment,
): Namespace {
  const { larg, rarg, usingClause, isNatural, quals, alias, join_using_alias: usingAlias } = join;
  const left = larg ? itemNamespace(resolver, larg, before, environment) : EMPTY_NAMESPACE;
  const right = rarg ? itemNamespace(resolver, rarg, beside(before, left), environment) : EMPTY_NAMESPACE;
  const names = usingNames(usingClause);
  if (usingClause) noteUsing(resolver, names, left, right, lastLocation(resolver.places, rarg), environment);
  const joined = joinOf(left, right, names, isNatural);
  const scope: Scope = { namespace: joined, outer: environment.scope };
  resolver.visit(resolver, quals, { ...environment, scope, clause: 'on' });
  if (alias) return namespaceOf(joinItem(resolver, joined, join, alias));
  if (!usingAlias) return joined;
  const merged = { ...joined, star: joined.star.slice(0, names.length) };
  return { ...joined, items: [...joined.items, joinItem(resolver, merged, join, usingAlias)] };
}

function joinOf(
  left: Namespace,
  right: Namespace,
  names: readonly string[],
  isNatural: boolean | undefined,
): Namespace {
  if (names.length > 0) return joinedBy(left, right, names);
  if (isNatural !== true) return beside(left, right);
  const shared = commonNames(left, right);
  return shared ? joinedBy(left, right, shared) : joinedSomehow(left, right);
}

function joinItem(
  resolver: Resolver,
  { star, isComplete }: Namespace,
  join: JoinExpr,
  alias: Alias,
): FromItem {
  const known = star.map(({ name, type, sources }): Column => ({
    name,
    type,
    sources,
    isPlain: true,
    nameRange: undefined,
  }));
  return {
    ...unnamedItem('join', renamed({ known, isComplete }, aliasNames(alias))),
    ...aliasOf(resolver, join, alias),
  };
}

function usingNames(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));
}

/** A name in USING means a column of each side. */
function noteUsing(
  resolver: Resolver,
  names: readonly string[],
  left: Namespace,
  right: Namespace,
  after: number,
  environment: Environment,
): void {
  const ranges = usingRanges(resolver.places, after);
  const scope: Scope = { namespace: beside(left, right), outer: undefined };
  names.forEach((name, index) => {
    if (name === resolver.placeholder) sight(resolver, 'column', { ...environment, scope, clause: 'on' });
    const range = ranges[index];
    if (!range) return;
    const resolution = usingResolution(name, left, right);
    resolver.references.push({ name, range, qualifier: undefined, resolution });
  });
}

function usingResolution(name: string, left: Namespace, right: Namespace): Resolution {
  const sides = [left, right].map((side) => ({
    side,
    found: side.star.filter((column) => column.name === name),
  }));
  const lacking = sides.find(({ side, found }) => found.length === 0 && side.isComplete);
  if (lacking) {
    const { items, star } = lacking.side;
    const candidates = star.map((column) => column.name);
    return { kind: 'missing', item: items.length === 1 ? items[0] : undefined, candidates };
  }
  if (sides.some(({ found }) => found.length !== 1)) return { kind: 'unknown' };
  return { kind: 'column', sources: sides.flatMap(({ found }) => found.flatMap(({ sources }) => sources)) };
}

function unnamedItem(kind: FromItem['kind'], columns: Columns): FromItem {
  return { kind, name: '', nameRange: undefined, relation: undefined, cte: undefined, columns };
}

function aliasOf(
  { places }: Resolver,
  inside: unknown,
  alias: Alias | undefined,
): { readonly name: string; readonly nameRange: Range | undefined } {
  const name = alias?.aliasname;
  if (name === undefined) return { name: '', nameRange: undefined };
  return { name, nameRange: aliasBehind(places, lastLocation(places, inside), name) };
}

function aliasNames(alias: Alias | undefined): readonly string[] {
  return (alias?.colnames ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));
}
