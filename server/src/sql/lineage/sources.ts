/** The columns of relations that a column comes from, whatever stands between. */

import type { Relation } from '../plan/schema.ts';
import { givesValue, through, weightier, type How } from './how.ts';
import type { LineageColumn, Link } from './statement-lineage.ts';

export interface SourceColumn {
  readonly relation: Relation;
  /** Undefined for the rows as such, as `count(*)` counts them. */
  readonly column: string | undefined;
  readonly how: How;
}

/** Each once, in the order in which they are met. */
export function sourcesOf(column: LineageColumn): readonly SourceColumn[] {
  const found = new Map<string, SourceColumn>();
  const seen = new Set<string>();
  const numbers = new Map<object, number>();
  const numberOf = (object: object): string => {
    const number = numbers.get(object) ?? numbers.size;
    numbers.set(object, number);
    return String(number);
  };
  const visit = (object: object, links: readonly Link[], near: How): void => {
    const key = `${numberOf(object)} ${near}`;
    if (seen.has(key)) return;
    seen.add(key);
    for (const link of links) {
      const how = through(near, link.how);
      const { source } = link;
      if (source.kind === 'column') visit(source.column, source.column.links, how);
      else if (source.kind === 'rows') visit(source.query, source.query.rows, how);
      else {
        const { relation } = source;
        const name = source.kind === 'relation column' ? source.column : undefined;
        const place = `${numberOf(relation)} ${name === undefined ? '' : `.${name}`}`;
        const known = found.get(place);
        found.set(place, { relation, column: name, how: known ? weightier(known.how, how) : how });
      }
    }
  };
  visit(column, column.links, 'passed through');
  return [...found.values()].map((source) => named(source, column.name));
}

/** Renamed there and back is passed through. */
function named(source: SourceColumn, name: string): SourceColumn {
  if (source.how !== 'renamed' && source.how !== 'passed through') return source;
  return { ...source, how: source.column === name ? 'passed through' : 'renamed' };
}

export function valueSourcesOf(column: LineageColumn): readonly SourceColumn[] {
  return sourcesOf(column).filter(({ how }) => givesValue(how));
}
