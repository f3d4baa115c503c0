/** The relations of the schemas a run touches: listed once, then kept up by what the run itself does. */

import type { KnownRelations } from '../project/context/warehouse-access.ts';
import { Relation } from '../project/context/relation.ts';

/** Lists one schema's relations: a query in a run. */
export type ListRelations = (database: string, schema: string) => Promise<readonly Relation[]>;

export class RelationCache {
  /** By schema, lower case, then by exact identifier. */
  readonly #schemas = new Map<string, Promise<Map<string, Relation>>>();
  /** Views that depend on a relation, by `schema.identifier`. */
  readonly #dependents = new Map<string, Set<string>>();

  /** Fills the cache for some schemas at once. */
  fill(schema: string, relations: readonly Relation[]): void {
    this.#schemas.set(
      key(schema),
      Promise.resolve(new Map(relations.map((relation) => [relation.identifier ?? '', relation]))),
    );
  }

  link(referenced: { schema: string; name: string }, dependent: { schema: string; name: string }): void {
    const from = `${key(referenced.schema)}.${referenced.name}`;
    const known = this.#dependents.get(from) ?? new Set();
    known.add(`${key(dependent.schema)}.${dependent.name}`);
    this.#dependents.set(from, known);
  }

  /** The cache as one session sees it; a schema that is not known yet is listed through that session. */
  through(listRelations: ListRelations): KnownRelations {
    const schemaOf = (database: string, schema: string): Promise<Map<string, Relation>> => {
      const known = this.#schemas.get(key(schema));
      if (known) return known;
      const listed = listRelations(database, schema).then(
        (relations) => new Map(relations.map((relation) => [relation.identifier ?? '', relation])),
      );
      this.#schemas.set(key(schema), listed);
      // A failed listing must be tried again by the next who asks.
      listed.catch(() => this.#schemas.delete(key(schema)));
      return listed;
    };
    return {
      find: async (database, schema, identifier) => {
        const relations = await schemaOf(database, schema);
        return relations.get(identifier) ?? relations.get(identifier.replaceAll('"', '')) ?? null;
      },
      list: async (database, schema) => [...(await schemaOf(database, schema)).values()],
      added: (relation) => {
        this.#change(relation.schema, (relations) => relations.set(relation.identifier ?? '', relation));
      },
      dropped: (relation) => {
        this.#drop(key(relation.schema ?? ''), relation.identifier ?? '');
      },
      renamed: (from, to) => {
        this.#rename(from, to);
      },
      schemaDropped: (_database, schema) => {
        this.#schemas.set(key(schema), Promise.resolve(new Map<string, Relation>()));
      },
    };
  }

  #change(schema: string | null, change: (relations: Map<string, Relation>) => void): void {
    void this.#schemas.get(key(schema ?? ''))?.then(change);
  }

  #drop(schema: string, name: string): void {
    this.#change(schema, (relations) => relations.delete(name));
    const dependents = this.#dependents.get(`${schema}.${name}`);
    this.#dependents.delete(`${schema}.${name}`);
    for (const dependent of dependents ?? []) {
      const dot = dependent.indexOf('.');
      this.#drop(dependent.slice(0, dot), dependent.slice(dot + 1));
    }
  }

  #rename(from: Relation, to: Relation): void {
    const oldKey = `${key(from.schema ?? '')}.${from.identifier ?? ''}`;
    const newKey = `${key(to.schema ?? '')}.${to.identifier ?? ''}`;
    this.#change(from.schema, (relations) => {
      const known = relations.get(from.identifier ?? '');
      relations.delete(from.identifier ?? '');
      const type = to.type ?? known?.type ?? from.type;
      relations.set(
        to.identifier ?? '',
        new Relation({ database: to.database, schema: to.schema, identifier: to.identifier, type }),
      );
    });
    const dependents = this.#dependents.get(oldKey);
    this.#dependents.delete(oldKey);
    if (dependents) this.#dependents.set(newKey, dependents);
    for (const names of this.#dependents.values()) {
      if (names.delete(oldKey)) names.add(newKey);
    }
  }
}

function key(schema: string): string {
  return schema.replaceAll('"', '').toLowerCase();
}
