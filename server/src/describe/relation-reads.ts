/** Where a query reads relations and qualifies columns with them, from its tree and tokens. */

import type { ColumnRef, Node, RangeVar } from 'libpg-query';
import type { Range } from '../base/text.ts';
import type { SqlTree } from '../sql/parse-sql.ts';
import type { SqlToken } from '../sql/scan-sql.ts';

export interface RelationRead {
  readonly database: string | null;
  readonly schema: string | null;
  readonly name: string;
  /** The name as written, with its qualifiers and without its alias. */
  readonly range: Range;
  readonly hasAlias: boolean;
  /** Where the word of the command `TABLE name` starts, which is short for a query; null in a FROM clause. */
  readonly command: number | null;
  /** `TABLESAMPLE` and `ONLY` ask for a table: no query may stand in its place. */
  readonly wantsTable: boolean;
}

/** `schema.table.column`, which only a relation of that schema can answer. */
export interface QualifiedColumn {
  readonly schema: string;
  readonly relation: string;
  /** From the first name to the relation's, without the column. */
  readonly range: Range;
}

export interface Reads {
  readonly relations: readonly RelationRead[];
  readonly columns: readonly QualifiedColumn[];
}

/** In the order of the text; CTEs' names are among the relations. */
export function readsOf(tree: SqlTree): Reads {
  const found: Found = { tree, tokens: tokensByStart(tree.tokens), relations: [], columns: [] };
  for (const { node } of tree.statements) visit(node, 'any', found);
  const byPlace = (a: { readonly range: Range }, b: { readonly range: Range }): number =>
    a.range.start - b.range.start;
  return { relations: found.relations.sort(byPlace), columns: found.columns.sort(byPlace) };
}

interface Found {
  readonly tree: SqlTree;
  readonly tokens: Tokens;
  readonly relations: RelationRead[];
  readonly columns: QualifiedColumn[];
}

interface Tokens {
  readonly list: readonly SqlToken[];
  readonly indexByStart: ReadonlyMap<number, number>;
}

function tokensByStart(tokens: readonly SqlToken[]): Tokens {
  const list = tokens.filter(({ isComment }) => !isComment);
  return { list, indexByStart: new Map(list.map(({ range }, index) => [range.start, index])) };
}

function visit(value: unknown, wants: 'any' | 'table', found: Found): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, wants, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === 'RangeVar') addRelation(child as RangeVar, wants, found);
    else if (key === 'ColumnRef') addColumn(child as ColumnRef, found);
    else visit(child, key === 'RangeTableSample' ? 'table' : wants, found);
  }
}

function addRelation(relation: RangeVar, wants: 'any' | 'table', { tree, tokens, relations }: Found): void {
  const { catalogname, schemaname, relname = '', alias, inh, location = 0 } = relation;
  const names = 1 + (schemaname === undefined ? 0 : 1) + (catalogname === undefined ? 0 : 1);
  const range = dottedNames(tokens, tree.positions.fromByte(location), names);
  if (!range) return;
  relations.push({
    database: catalogname ?? null,
    schema: schemaname ?? null,
    name: relname,
    range,
    hasAlias: alias !== undefined,
    command: commandBefore(tree.text, tokens, range.start),
    // The grammar leaves out what is false.
    wantsTable: wants === 'table' || inh !== true,
  });
}

function commandBefore(text: string, { list, indexByStart }: Tokens, offset: number): number | null {
  const before = list[(indexByStart.get(offset) ?? 0) - 1]?.range;
  return before && text.slice(before.start, before.end).toLowerCase() === 'table' ? before.start : null;
}

function addColumn({ fields = [], location = 0 }: ColumnRef, { tree, tokens, columns }: Found): void {
  const names = fields.map(nameOf);
  // The last is the column, or a star.
  const [schema, relation] = names.slice(-3, -1);
  if (fields.length < 3 || schema === undefined || relation === undefined) return;
  const range = dottedNames(tokens, tree.positions.fromByte(location), fields.length - 1);
  if (range) columns.push({ schema, relation, range });
}

function nameOf(field: Node): string | undefined {
  return 'String' in field ? field.String.sval : undefined;
}

/** `count` names with dots between, from an offset on. */
function dottedNames({ list, indexByStart }: Tokens, offset: number, count: number): Range | undefined {
  const first = indexByStart.get(offset);
  if (first === undefined) return undefined;
  const last = list[first + 2 * (count - 1)];
  return last && { start: offset, end: last.range.end };
}
