/** What stands at a cursor in a model's SQL: the one truth below hover and definition of columns. */

import type { Range } from '../../base/text.ts';
import { identifierName } from '../../sql/identifiers.ts';
import type { Column, Columns, Cte, FromItem, Resolution, Scopes } from '../../sql/scopes/columns.ts';
import { findBare, findIn, findItem } from '../../sql/scopes/namespaces.ts';
import { resolveScopes } from '../../sql/scopes/queries.ts';
import { scopeAt } from '../../sql/scopes/scope-at.ts';
import type { Cursor, Snapshot } from '../snapshot.ts';
import { relationColumns } from './parent-columns.ts';
import { literalPlace, renderedAt, treeOf, type RenderedSql } from './rendered.ts';

export type Named =
  | { readonly kind: 'reference'; readonly name: string; readonly resolution: Resolution }
  /** Where a query names one of its columns. */
  | { readonly kind: 'output'; readonly column: Column }
  | { readonly kind: 'item'; readonly item: FromItem }
  | { readonly kind: 'cte'; readonly cte: Cte }
  | { readonly kind: 'star'; readonly columns: Columns };

export interface ColumnAt {
  readonly rendered: RenderedSql;
  readonly named: Named;
  /** In the template. */
  readonly range: Range;
  /** Where a range of the SQL that the answer speaks of stands in the SQL as it was rendered. */
  readonly originOf: (range: Range) => Range | undefined;
}

export function columnAt(snapshot: Snapshot, cursor: Cursor): ColumnAt | undefined {
  const rendered = renderedAt(snapshot, cursor);
  if (!rendered || rendered.isInBlank) return undefined;
  const tree = treeOf(snapshot.parser, rendered);
  if (!tree) return columnInBroken(snapshot, rendered, rendered.offset);
  const scopes = resolveScopes(tree, relationColumns(snapshot, 'likely'));
  const found = columnIn(scopes, rendered.offset);
  const place = found && literalPlace(snapshot.project, rendered, found.range);
  return found && place && { rendered, named: found.named, range: place.range, originOf: (range) => range };
}

export interface Found {
  readonly named: Named;
  readonly range: Range;
}

/** What an offset of the SQL stands on. */
export function columnIn(scopes: Scopes, offset: number): Found | undefined {
  const isAt = (range: Range | undefined): range is Range =>
    range !== undefined && range.start <= offset && offset <= range.end;
  for (const { name, range, qualifier, resolution } of scopes.references) {
    if (isAt(range)) return { named: { kind: 'reference', name, resolution }, range };
    if (qualifier?.item && isAt(qualifier.range))
      return { named: { kind: 'item', item: qualifier.item }, range: qualifier.range };
  }
  for (const { range, qualifier, columns } of scopes.stars) {
    if (isAt(range)) return { named: { kind: 'star', columns }, range };
    if (qualifier?.item && isAt(qualifier.range))
      return { named: { kind: 'item', item: qualifier.item }, range: qualifier.range };
  }
  const cte = scopes.ctes.find(({ nameRange }) => isAt(nameRange));
  if (cte) return { named: { kind: 'cte', cte }, range: cte.nameRange };
  for (const { items, output } of scopes.queries) {
    const item = items.find(({ nameRange }) => isAt(nameRange));
    if (item?.nameRange) return { named: { kind: 'item', item }, range: item.nameRange };
    const column = output.known.find(({ nameRange }) => isAt(nameRange));
    if (column?.nameRange && !isExpression(scopes, column.nameRange))
      return { named: { kind: 'output', column }, range: column.nameRange };
  }
  return undefined;
}

/** An expression without a name of its own is no name, and what is in it has names of its own. */
function isExpression(scopes: Scopes, { start, end }: Range): boolean {
  return scopes.references.some(({ range }) => start <= range.start && range.end <= end);
}

/** Text that does not parse: the name is looked up where it would stand in the text repaired. */
function columnInBroken(snapshot: Snapshot, rendered: RenderedSql, offset: number): ColumnAt | undefined {
  const { text } = rendered.sql;
  const at = scopeAt(snapshot.parser, text, offset, relationColumns(snapshot, 'likely'));
  if (at?.kind !== 'column' || at.replace.start === at.replace.end) return undefined;
  const name = identifierName(text.slice(at.replace.start, at.replace.end));
  const named = lookUp(at.scope, at.qualifier, name);
  const place = literalPlace(snapshot.project, rendered, at.replace);
  return named && place && { rendered, named, range: place.range, originOf: (own) => at.originOf(own) };
}

function lookUp(
  scope: Parameters<typeof findBare>[0],
  qualifier: readonly string[],
  name: string,
): Named | undefined {
  if (qualifier.length === 0) {
    const item = findItem(scope, [name]);
    const resolution = findBare(scope, name);
    if (item && resolution.kind !== 'column') return { kind: 'item', item };
    return { kind: 'reference', name, resolution };
  }
  const item = findItem(scope, qualifier);
  return item && { kind: 'reference', name, resolution: findIn(item, name) };
}
