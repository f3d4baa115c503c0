/** Every place in a model's own text that means the column, the alias or the CTE at a cursor. */

import type { Place } from '../../base/diagnostic.ts';
import type { Range } from '../../base/text.ts';
import type { Column, Resolution, Scopes } from '../../sql/scopes/columns.ts';
import { resolveScopes } from '../../sql/scopes/queries.ts';
import type { Cursor, Snapshot } from '../snapshot.ts';
import { columnIn, type Named } from './column-at.ts';
import { relationColumns } from './parent-columns.ts';
import { literalPlace, renderedAt, treeOf } from './rendered.ts';

/** In the order of the text, with the place where it is made; none in a text that does not parse. */
export function columnReferences(snapshot: Snapshot, cursor: Cursor): readonly Place[] {
  const rendered = renderedAt(snapshot, cursor);
  const tree = rendered && treeOf(snapshot.parser, rendered);
  if (!tree) return [];
  const scopes = resolveScopes(tree, relationColumns(snapshot, 'likely'));
  const found = columnIn(scopes, rendered.offset);
  if (!found) return [];
  const places = rangesOf(scopes, found.named)
    .toSorted((a, b) => a.start - b.start)
    .flatMap((range) => literalPlace(snapshot.project, rendered, range) ?? []);
  return places.filter(
    ({ range }, index) => places.findIndex((other) => other.range.start === range.start) === index,
  );
}

function rangesOf(scopes: Scopes, named: Named): readonly Range[] {
  switch (named.kind) {
    case 'reference': {
      const column = columnOf(named.resolution);
      return column ? columnRanges(scopes, column) : [];
    }
    case 'output':
      return columnRanges(scopes, named.column);
    case 'item': {
      const { item } = named;
      const qualifiers = [...scopes.references, ...scopes.stars].flatMap(({ qualifier }) =>
        qualifier?.item === item ? [qualifier.range] : [],
      );
      return [...(item.nameRange ? [item.nameRange] : []), ...qualifiers];
    }
    case 'cte': {
      const { cte } = named;
      const items = scopes.queries.flatMap(({ items: own }) => own).filter((item) => item.cte === cte);
      return [cte.nameRange, ...items.flatMap((item) => rangesOf(scopes, { kind: 'item', item }))];
    }
    case 'star':
      return [];
  }
}

function columnOf(resolution: Resolution): Column | undefined {
  if (resolution.kind === 'output') return resolution.column;
  return resolution.kind === 'column' ? resolution.sources[0]?.column : undefined;
}

function columnRanges(scopes: Scopes, column: Column): readonly Range[] {
  const ranges = scopes.references.flatMap(({ range, resolution }) => {
    const meant =
      resolution.kind === 'column'
        ? resolution.sources.map((source) => source.column)
        : [columnOf(resolution)];
    return meant.some((other) => other && isSame(other, column)) ? [range] : [];
  });
  return column.nameRange ? [column.nameRange, ...ranges] : ranges;
}

/** A column under an item's alias is a copy: what made it is the same. */
function isSame(a: Column, b: Column): boolean {
  if (a === b) return true;
  return a.nameRange !== undefined && a.nameRange === b.nameRange && a.sources === b.sources;
}
