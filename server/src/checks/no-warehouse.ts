/** The warehouse of a check: there is none, and what is asked of it is noted. */

import { TemplateError } from '../jinja/index.ts';
import { nodeRelation } from '../project/context/node-relation.ts';
import type { Relation } from '../project/context/relation.ts';
import type { KnownRelations, WarehouseAccess } from '../project/context/warehouse-access.ts';
import type { World } from '../project/context/world.ts';
import type { ManifestNode } from '../project/nodes.ts';

/** What a resource's own relation is taken to be: not built yet, or there from an earlier run. */
export type OwnRelation = 'absent' | 'present';

/**
 * Answers only whether the resource's own relation exists, which is a choice, not a fact: both are worth a look. Any other question is
 * noted and refused, because what would be rendered from its answer is unknown.
 */
export class NoWarehouse implements WarehouseAccess, KnownRelations {
  /** Whether the template wanted to know what only a warehouse knows. */
  wasAsked = false;
  /** Whether the template wanted to know if its own relation exists. */
  wasAskedForOwn = false;
  readonly #world: World;
  readonly #node: ManifestNode;
  readonly #state: OwnRelation;

  constructor(world: World, node: ManifestNode, state: OwnRelation) {
    this.#world = world;
    this.#node = node;
    this.#state = state;
  }

  get relations(): KnownRelations {
    return this;
  }

  execute(): never {
    return this.#refuse();
  }

  copyRows(): never {
    return this.#refuse();
  }

  commit(): void {
    // Nothing was begun.
  }

  clearTransaction(): void {
    // Nothing was begun.
  }

  find(database: string, schema: string, identifier: string): Relation | null {
    const { config, ...own } = this.#node;
    if (database !== own.database || schema !== own.schema || identifier !== own.alias) return this.#refuse();
    this.wasAskedForOwn = true;
    if (this.#state === 'absent') return null;
    return nodeRelation(this.#world, this.#node).with({
      type: config.materialized === 'view' ? 'view' : 'table',
    });
  }

  list(): never {
    return this.#refuse();
  }

  added(): void {
    // No relation is known.
  }

  dropped(): void {
    // No relation is known.
  }

  renamed(): void {
    // No relation is known.
  }

  schemaDropped(): void {
    // No relation is known.
  }

  #refuse(): never {
    this.wasAsked = true;
    throw new TemplateError('database', 'DbtDatabaseError', 'there is no warehouse here');
  }
}
