/** Columns, aliases and CTEs that can be named at a cursor in a model's SQL, half typed or not. */

import type { Range } from '../../base/text.ts';
import type { Column, FromItem, Scope, Source, Visible } from '../../sql/scopes/columns.ts';
import { findItem } from '../../sql/scopes/namespaces.ts';
import { scopeAt, type ScopeAt } from '../../sql/scopes/scope-at.ts';
import type { Completion } from '../answers.ts';
import type { Cursor, Snapshot } from '../snapshot.ts';
import { descriptionOf, provenanceOf, resourceIdOf, resourceName } from './column-words.ts';
import { identifierText } from './identifier-text.ts';
import { relationColumns } from './parent-columns.ts';
import { renderedAt, type RenderedCursor } from './rendered.ts';

/** Nothing in comments, strings, expressions and tags. */
export function completeColumn(snapshot: Snapshot, cursor: Cursor): readonly Completion[] {
  const rendered = renderedAt(snapshot, cursor);
  if (!rendered) return [];
  const { parser } = snapshot;
  const at = scopeAt(parser, rendered.text, rendered.offset, relationColumns(snapshot, 'likely'));
  if (!at) return [];
  const asked: Asked = { snapshot, at, replace: replacedIn(snapshot, cursor, rendered, at.replace) };
  if (at.kind === 'relation') return at.qualifier.length > 0 ? [] : cteCompletions(asked);
  if (at.qualifier.length === 0) return bareCompletions(asked);
  const item = findItem(at.scope, at.qualifier) ?? unreadCte(at);
  return item ? item.columns.known.map((column) => behindDot(asked, item, column)) : [];
}

/** Before FROM is written, a CTE may be meant that it is going to name. */
function unreadCte({ qualifier, ctes, scope }: ScopeAt): FromItem | undefined {
  const [name, ...schema] = [...qualifier].reverse();
  const cte = ctes.find((candidate) => candidate.name === name);
  if (!cte || schema.length > 0 || scope.namespace.items.length > 0) return undefined;
  const { nameRange, columns } = cte;
  return { kind: 'cte', name: cte.name, nameRange, relation: undefined, cte, columns };
}

interface Asked {
  readonly snapshot: Snapshot;
  readonly at: ScopeAt;
  readonly replace: Range;
}

/** Nearer is earlier. */
const RANK = { output: 0, column: 1, outer: 2, item: 3 } as const;

/** The word in the template, as far as it stands there as it was rendered. */
function replacedIn(
  { project }: Snapshot,
  { path, offset }: Cursor,
  rendered: RenderedCursor,
  { start, end }: Range,
): Range {
  const text = project.input.files.get(path)?.text ?? '';
  const word = rendered.text.slice(start, end);
  const before = rendered.offset - start;
  const from = offset - before;
  if (text.slice(from, from + word.length) === word) return { start: from, end: from + word.length };
  // An expression wrote a part of it.
  let length = 0;
  while (length < before && text.charAt(offset - length - 1) === word.charAt(before - length - 1)) length++;
  return { start: offset - length, end: offset };
}

function behindDot({ snapshot, replace }: Asked, item: FromItem, column: Column): Completion {
  return {
    label: column.name,
    kind: 'column',
    replace,
    insert: identifierText(snapshot.parser, column.name, 'behind a dot'),
    ...detailOf(column.type),
    ...documentationOf(snapshot, [{ item, column }]),
    rank: RANK.column,
  };
}

function bareCompletions(asked: Asked): readonly Completion[] {
  const found: Completion[] = [];
  const taken = new Set<string>();
  const { scope, output } = asked.at;
  for (const column of output?.known ?? []) {
    // A column that only passes through is among the input.
    if (column.isPlain || taken.has(column.name) || column.name === '?column?') continue;
    taken.add(column.name);
    found.push(bare(asked, column, RANK.output));
  }
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const { star } = at.namespace;
    const names = new Set(taken);
    for (const column of star) {
      if (names.has(column.name)) continue;
      const isAmbiguous = star.some((other) => other !== column && other.name === column.name);
      taken.add(column.name);
      const rank = at === scope ? RANK.column : RANK.outer;
      found.push(isAmbiguous ? qualified(asked, column, rank) : bare(asked, column, rank));
    }
    found.push(...itemCompletions(asked, at.namespace.items));
  }
  return found;
}

function bare(
  { snapshot, replace }: Asked,
  { name, type, sources }: Pick<Visible, 'name' | 'type' | 'sources'>,
  rank: number,
): Completion {
  return {
    label: name,
    kind: 'column',
    replace,
    insert: identifierText(snapshot.parser, name, 'alone'),
    ...detailOf(type),
    ...documentationOf(snapshot, sources),
    rank,
  };
}

/** A name that several items have says which. */
function qualified(asked: Asked, column: Visible, rank: number): Completion {
  const { parser } = asked.snapshot;
  const item = column.sources[0]?.item.name ?? '';
  if (item === '') return bare(asked, column, rank);
  const own = identifierText(parser, column.name, 'behind a dot');
  return {
    ...bare(asked, column, rank),
    label: `${item}.${column.name}`,
    insert: `${identifierText(parser, item, 'alone')}.${own}`,
  };
}

function itemCompletions({ snapshot, replace }: Asked, items: readonly FromItem[]): readonly Completion[] {
  return items
    .filter(({ name }) => name !== '')
    .map((item) => ({
      label: item.name,
      kind: 'variable',
      replace,
      insert: identifierText(snapshot.parser, item.name, 'alone'),
      detail: itemDetail(snapshot, item),
      rank: RANK.item,
    }));
}

function itemDetail({ project }: Snapshot, item: FromItem): string {
  const id = resourceIdOf(project, item);
  if (id !== undefined) return resourceName(project, id);
  if (item.cte) return item.cte.name === item.name ? 'CTE' : `CTE ${item.cte.name}`;
  return item.kind;
}

function cteCompletions({ snapshot, at, replace }: Asked): readonly Completion[] {
  return at.ctes.map(({ name }, index) => ({
    label: name,
    kind: 'variable',
    replace,
    insert: identifierText(snapshot.parser, name, 'alone'),
    detail: 'CTE',
    rank: index,
  }));
}

function detailOf(type: string | undefined): Pick<Completion, 'detail'> {
  return type === undefined ? {} : { detail: type };
}

/** What the column's origin says of it; of columns that USING merged, the first that says something. */
function documentationOf(
  { project }: Snapshot,
  sources: readonly Source[],
): Pick<Completion, 'documentation'> {
  for (const source of sources) {
    const { origin } = provenanceOf(project, source);
    const text = origin ? descriptionOf(project, origin) : '';
    if (origin && text !== '')
      return { documentation: `${text}\n\n\`${resourceName(project, origin.id)}.${origin.name}\`` };
  }
  return {};
}
