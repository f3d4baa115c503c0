/** The relation of a resource: its three names, quoted as project and resource say. */

import type { ManifestNode, SourceNode } from '../nodes.ts';
import { isConfig } from '../config.ts';
import { Relation, type EventTimeFilter } from './relation.ts';
import { projectQuoting, quotingOver, type World } from './world.ts';

export interface RelationLimits {
  readonly limit: number | null;
  readonly eventTimeFilter: EventTimeFilter | null;
}

const UNLIMITED: RelationLimits = { limit: null, eventTimeFilter: null };

export function nodeRelation(world: World, node: ManifestNode, limits: RelationLimits = UNLIMITED): Relation {
  const quotePolicy = quotingOver(
    projectQuoting(world),
    isConfig(node.config.quoting) ? node.config.quoting : {},
  );
  return new Relation({
    database: node.database,
    schema: node.schema,
    identifier: node.alias,
    quotePolicy,
    ...limits,
  });
}

/** Sources heed their own quoting alone, not the project's. */
export function sourceRelation(source: SourceNode, limits: RelationLimits = UNLIMITED): Relation {
  const quotePolicy = quotingOver({ database: true, schema: true, identifier: true }, source.quoting);
  return new Relation({
    database: source.database,
    schema: source.schema,
    identifier: source.identifier,
    quotePolicy,
    ...limits,
  });
}

/** An ephemeral model is read as the CTE that is put in front of the statement. */
export function ephemeralRelation(identifier: string, limits: RelationLimits = UNLIMITED): Relation {
  return new Relation({
    identifier: `__dbt__cte__${identifier}`,
    type: 'cte',
    quotePolicy: { database: true, schema: true, identifier: false },
    ...limits,
  });
}
