/** Where a column, an alias or a CTE is made. */

import type { Place } from '../../base/diagnostic.ts';
import type { Range } from '../../base/text.ts';
import type { Project } from '../../project/project.ts';
import type { Column, Cte, FromItem, Source } from '../../sql/scopes/columns.ts';
import { resolveScopes } from '../../sql/scopes/queries.ts';
import type { Target } from '../answers.ts';
import { declarationsOf, type Declaration } from '../declarations.ts';
import type { Cursor, Snapshot } from '../snapshot.ts';
import { columnAt, type ColumnAt } from './column-at.ts';
import { resourceIdOf, type ResourceColumn } from './column-words.ts';
import { declaredColumn, relationColumns } from './parent-columns.ts';
import { literalPlace, renderedSql, treeOf } from './rendered.ts';

/** Of a parent's column: first where its SQL makes it, then where its property file lists it. */
export function columnDefinition(snapshot: Snapshot, cursor: Cursor): readonly Target[] {
  const at = columnAt(snapshot, cursor);
  if (!at) return [];
  return declarationsAt(snapshot, at).map((declared) => ({ origin: at.range, ...declared }));
}

function declarationsAt(snapshot: Snapshot, at: ColumnAt): readonly Declaration[] {
  const { named } = at;
  switch (named.kind) {
    case 'reference':
      switch (named.resolution.kind) {
        case 'column':
          return named.resolution.sources.flatMap((source) => sourceDeclarations(snapshot, at, source));
        case 'output':
          return columnDeclarations(snapshot, at, named.resolution.column);
        case 'row':
          return itemDeclarations(snapshot, at, named.resolution.item);
        case 'missing':
        case 'unknown':
          return [];
      }
      break;
    case 'output':
      return columnDeclarations(snapshot, at, named.column);
    case 'item':
      return itemDeclarations(snapshot, at, named.item);
    case 'cte':
      return cteDeclarations(snapshot, at, named.cte);
    case 'star':
      return [];
  }
}

function sourceDeclarations(
  snapshot: Snapshot,
  at: ColumnAt,
  { item, column }: Source,
): readonly Declaration[] {
  const id = resourceIdOf(snapshot.project, item);
  if (id !== undefined) return resourceColumnDeclarations(snapshot, { id, name: column.name });
  return columnDeclarations(snapshot, at, column);
}

/** A star makes no column: it is followed to what does. */
function columnDeclarations(snapshot: Snapshot, at: ColumnAt, column: Column): readonly Declaration[] {
  const { nameRange, sources, isPlain } = column;
  const isStar = nameRange !== undefined && isStarAt(at, nameRange);
  if (nameRange && !isStar) {
    const place = placeAt(snapshot.project, at, nameRange);
    if (place) return [{ place, name: place.range }];
  }
  if (!isPlain) return [];
  return sources.flatMap((source) => sourceDeclarations(snapshot, at, source));
}

function isStarAt(at: ColumnAt, range: Range): boolean {
  const own = at.originOf(range);
  return own !== undefined && at.rendered.sql.text.slice(own.start, own.end) === '*';
}

function placeAt(project: Project, at: ColumnAt, range: Range): Place | undefined {
  const own = at.originOf(range);
  return own && literalPlace(project, at.rendered, own);
}

function itemDeclarations({ project }: Snapshot, at: ColumnAt, item: FromItem): readonly Declaration[] {
  const place = item.nameRange && placeAt(project, at, item.nameRange);
  // On the item itself, what it reads is meant.
  const isHere = place?.range.start === at.range.start;
  if (item.cte && (isHere || item.cte.name === item.name)) return cteDeclarations({ project }, at, item.cte);
  if (place && !isHere) return [{ place, name: place.range }];
  const id = resourceIdOf(project, item);
  if (id === undefined) return [];
  return declarationsOf(project, { kind: id.startsWith('source.') ? 'table' : 'node', uniqueId: id });
}

function cteDeclarations(
  { project }: Pick<Snapshot, 'project'>,
  at: ColumnAt,
  { nameRange, range }: Cte,
): readonly Declaration[] {
  const name = placeAt(project, at, nameRange);
  if (!name) return [];
  const whole = placeAt(project, at, range);
  return [{ place: whole ?? name, name: name.range }];
}

function resourceColumnDeclarations(snapshot: Snapshot, column: ResourceColumn): readonly Declaration[] {
  const listed = declaredColumn(snapshot.project, column.id, column.name)?.name ?? column.name;
  return [
    ...madeAt(snapshot, column),
    ...declarationsOf(snapshot.project, { kind: 'column', uniqueId: column.id, name: listed }),
  ];
}

/** Where a model's own SQL names the column. */
function madeAt(snapshot: Snapshot, { id, name }: ResourceColumn): readonly Declaration[] {
  const node = snapshot.project.manifest.nodes.get(id);
  const [rendered] = node ? renderedSql(snapshot, node) : [];
  const tree = rendered && treeOf(snapshot.parser, rendered);
  if (!tree) return [];
  const { output } = resolveScopes(tree, relationColumns(snapshot, 'likely'));
  const column = output.known.find((candidate) => candidate.name === name);
  if (!column) return [];
  const at = { rendered, originOf: (range: Range) => range };
  return madeIn(snapshot, at, column);
}

/** Within one file, behind its stars; what a grandparent makes is another step. */
function madeIn(
  { project }: Snapshot,
  at: Pick<ColumnAt, 'rendered' | 'originOf'>,
  start: Column,
): readonly Declaration[] {
  let column: Column | undefined = start;
  while (column) {
    const { nameRange } = column;
    const place = nameRange && literalPlace(project, at.rendered, nameRange);
    const [source]: readonly Source[] = column.sources;
    const isLast = source?.item.relation !== undefined || !column.isPlain;
    const isStar = nameRange && at.rendered.sql.text.slice(nameRange.start, nameRange.end) === '*';
    if (place && (!isStar || isLast)) return [{ place, name: place.range }];
    column = column.isPlain ? source?.column : undefined;
  }
  return [];
}
