/** A query in which the relations it reads are written as empty queries of known columns, for a server that need not have them. */

import type { CatalogColumn } from '../project/catalog.ts';
import { quoteIdentifier } from '../sql/identifiers.ts';
import { editedText, type EditedText, type TextEdit } from './edited-text.ts';
import type { RelationRead, Reads } from './relation-reads.ts';

/** What is to stand in a relation's place. */
export type Stand =
  /** An empty query with these columns. */
  | { readonly kind: 'stub'; readonly columns: readonly CatalogColumn[] }
  /** The name itself: the server has the relation. */
  | { readonly kind: 'real' }
  /** Nobody knows the relation's columns. */
  | { readonly kind: 'unknown' };

export type StandOf = (read: RelationRead) => Stand;

export type StubStatement =
  | { readonly kind: 'statement'; readonly statement: EditedText }
  /** The relation without which nothing can be said. */
  | { readonly kind: 'unknown'; readonly relation: RelationRead };

export function stubStatement(text: string, { relations, columns }: Reads, standOf: StandOf): StubStatement {
  const edits: TextEdit[] = [];
  const stubbed = new Set<string>();
  const real = new Set<string>();
  for (const relation of relations) {
    const stand = standOf(relation);
    if (stand.kind === 'unknown') return { kind: 'unknown', relation };
    const key = JSON.stringify([relation.schema, relation.name]);
    if (stand.kind === 'real') {
      real.add(key);
      continue;
    }
    if (!relation.hasAlias) stubbed.add(key);
    const alias = relation.hasAlias ? '' : ` as ${quoteIdentifier(relation.name)}`;
    const query = `(${stubQuery(stand.columns)})${alias}`;
    const { command, range } = relation;
    edits.push(
      command === null
        ? { ...range, text: query }
        : { start: command, end: range.end, text: `select * from ${query}` },
    );
  }
  for (const { schema, relation, range } of columns) {
    const key = JSON.stringify([schema, relation]);
    if (stubbed.has(key) && !real.has(key)) edits.push({ ...range, text: quoteIdentifier(relation) });
  }
  return { kind: 'statement', statement: editedText(text, edits) };
}

/** No row, and these columns. */
export function stubQuery(columns: readonly Pick<CatalogColumn, 'name' | 'type'>[]): string {
  const list = columns.map(({ name, type }) => `null::${type} as ${quoteIdentifier(name)}`);
  return `select ${list.join(', ')} where false`;
}
