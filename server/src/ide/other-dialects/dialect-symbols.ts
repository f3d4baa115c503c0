/** The outline of a file of another dialect: its statements, their CTEs, and the tables that are read. */

import type { DocumentSymbol } from '../answers.ts';
import { outlineOf } from './outline.ts';

/** None where the dialect or the text cannot be read. */
export async function dialectSymbols(dialect: string, text: string): Promise<readonly DocumentSymbol[]> {
  const outline = await outlineOf(dialect, text);
  if (!outline) return [];
  return outline.statements.map(({ verb, range, ctes }) => ({
    name: verb,
    kind: 'model',
    range,
    nameRange: { start: range.start, end: Math.min(range.end, range.start + verb.length) },
    children: [
      ...ctes.map((cte): DocumentSymbol => ({
        name: cte.name,
        kind: 'cte',
        range: cte.range,
        nameRange: cte.range,
        children: [],
      })),
      ...outline.tables.flatMap(({ name, range: place }): DocumentSymbol[] =>
        place && place.start >= range.start && place.end <= range.end
          ? [{ name, detail: 'read', kind: 'source', range: place, nameRange: place, children: [] }]
          : [],
      ),
    ],
  }));
}
