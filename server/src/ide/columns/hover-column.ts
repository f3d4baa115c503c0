/** What a column, an alias, a CTE or a star is, in SQL; what a listed column is, in property files. */

import type { Hover } from '../answers.ts';
import { symbolAt } from '../symbol-at.ts';
import type { Column, FromItem } from '../../sql/scopes/columns.ts';
import type { Cursor, Snapshot } from '../snapshot.ts';
import { cteGrain, resourceGrain } from '../grain/grain-markdown.ts';
import { modelAnalysis } from '../grain/model-analysis.ts';
import { columnAt, type ColumnAt, type Named } from './column-at.ts';
import {
  code,
  columnList,
  columnMarkdown,
  descriptionOf,
  escaped,
  paragraphs,
  resourceIdOf,
  resourceName,
} from './column-words.ts';
import { parentColumns, resourceOf } from './parent-columns.ts';

export function hoverColumn(snapshot: Snapshot, cursor: Cursor): Hover | undefined {
  if (/\.ya?ml$/u.test(cursor.path)) return hoverListed(snapshot, cursor);
  const at = columnAt(snapshot, cursor);
  if (!at) return undefined;
  const markdown = paragraphs(markdownOf(snapshot, at.named) ?? '', grainOf(snapshot, at) ?? '');
  return markdown === '' ? undefined : { range: at.range, markdown };
}

/** Of a CTE or of what FROM reads, what it has one row for. */
function grainOf(snapshot: Snapshot, { named, rendered }: ColumnAt): string | undefined {
  if (named.kind !== 'cte' && named.kind !== 'item') return undefined;
  const cte = named.kind === 'cte' ? named.cte : named.item.cte;
  if (cte) {
    const model = modelAnalysis(snapshot, rendered.node.unique_id);
    return model.kind === 'analyzed' && model.rendered.sql === rendered.sql
      ? cteGrain(snapshot, model, cte.nameRange.start)
      : undefined;
  }
  const id = named.kind === 'item' ? resourceIdOf(snapshot.project, named.item) : undefined;
  return id === undefined ? undefined : resourceGrain(snapshot, id);
}

function markdownOf(snapshot: Snapshot, named: Named): string | undefined {
  switch (named.kind) {
    case 'reference':
      return referenceMarkdown(snapshot, named);
    case 'output':
      return outputMarkdown(snapshot, named.column);
    case 'item':
      return itemMarkdown(snapshot, named.item);
    case 'cte':
      return paragraphs(
        `CTE **${escaped(named.cte.name)}**`,
        columnList(named.cte.columns.known, named.cte.columns.isComplete),
      );
    case 'star':
      return paragraphs('All columns', columnList(named.columns.known, named.columns.isComplete));
  }
}

function referenceMarkdown(
  snapshot: Snapshot,
  { name, resolution }: Extract<Named, { kind: 'reference' }>,
): string | undefined {
  switch (resolution.kind) {
    case 'column': {
      const { sources } = resolution;
      const types = new Set(sources.map(({ column }) => column.type));
      return columnMarkdown(snapshot, name, types.size === 1 ? [...types][0] : undefined, sources);
    }
    case 'output':
      return outputMarkdown(snapshot, resolution.column);
    case 'row':
      return itemMarkdown(snapshot, resolution.item);
    case 'missing':
    case 'unknown':
      return undefined;
  }
}

function outputMarkdown(snapshot: Snapshot, { name, type, sources, isPlain }: Column): string {
  const text = columnMarkdown(snapshot, name, type, sources);
  // One source of an expression is not what the column is.
  return isPlain || sources.length !== 1 ? text : madeMarkdown(snapshot, name, type, sources);
}

function madeMarkdown(
  snapshot: Snapshot,
  name: string,
  type: string | undefined,
  sources: Column['sources'],
): string {
  const head = columnMarkdown(snapshot, name, type, []);
  const origins = sources.map(
    ({ item, column }) => `${item.name === '' ? '' : `${item.name}.`}${column.name}`,
  );
  return paragraphs(head, `Made of ${origins.map(code).join(', ')}`);
}

function itemMarkdown(snapshot: Snapshot, item: FromItem): string {
  const { project } = snapshot;
  const id = resourceIdOf(project, item);
  const resource = id === undefined ? undefined : resourceOf(project, id);
  const what =
    id !== undefined && resource
      ? `${resource.resource_type} ${code(resourceName(project, id))}`
      : item.cte
        ? `CTE ${code(item.cte.name)}`
        : item.kind;
  return paragraphs(
    `**${escaped(item.name)}**: ${what}`,
    columnList(item.columns.known, item.columns.isComplete),
  );
}

function hoverListed(snapshot: Snapshot, cursor: Cursor): Hover | undefined {
  const at = symbolAt(snapshot.project, cursor);
  if (at?.named.kind !== 'yaml' || at.named.is.kind !== 'column') return undefined;
  for (const symbol of at.symbols) {
    if (symbol.kind !== 'column') continue;
    const { uniqueId: id, name } = symbol;
    const known = parentColumns(snapshot, id).columns.find(
      (column) => column.name === name || column.name === name.toLowerCase(),
    );
    const type = known?.type === undefined ? '' : ` ${code(known.type)}`;
    const notNull = known?.isNotNull === true ? ', not null' : '';
    const markdown = paragraphs(
      `**${escaped(name)}**${type}${notNull}`,
      descriptionOf(snapshot.project, { id, name }),
      `Column of ${code(resourceName(snapshot.project, id))}`,
    );
    return { range: at.range, markdown };
  }
  return undefined;
}
