/** What the resolving of one statement shares: its places, what it found so far, and where it stands. */

import type { Node } from 'libpg-query';
import type {
  Clause,
  ColumnReference,
  Columns,
  Cte,
  Query,
  RelationColumns,
  Scope,
  Source,
  StarReference,
} from './columns.ts';
import type { Places } from './places.ts';

export interface Resolver {
  readonly places: Places;
  readonly relationColumns: RelationColumns;
  /** A name that stands for the cursor. */
  readonly placeholder: string | undefined;
  sighting: Sighting | undefined;
  readonly queries: Query[];
  readonly ctes: Cte[];
  readonly references: ColumnReference[];
  readonly stars: StarReference[];
  /** A FROM item holds a query and a query holds FROM items: each is handed to the other here. */
  readonly resolveQuery: (resolver: Resolver, node: Node, environment: Environment) => Columns;
  readonly visit: (resolver: Resolver, value: unknown, environment: Environment) => void;
}

export interface Environment {
  readonly scope: Scope;
  readonly ctes: CteScope | undefined;
  readonly clause: Clause;
  /** Takes the columns that an expression names. */
  readonly sources: Source[] | undefined;
  /** What the query gives, where its clause may name that. */
  readonly output?: Columns;
}

/** The CTEs in sight, the last one first. */
export interface CteScope {
  readonly cte: Cte;
  readonly outer: CteScope | undefined;
  /** Tells a recursive CTE what its first part gives. */
  readonly openRecursion: ((left: Columns) => void) | undefined;
}

/** Where the placeholder stands. */
export interface Sighting {
  readonly kind: 'column' | 'relation';
  readonly clause: Clause;
  readonly scope: Scope;
  readonly ctes: readonly Cte[];
  readonly output: Columns | undefined;
}

export function ctesInSight(scope: CteScope | undefined): readonly Cte[] {
  const found: Cte[] = [];
  for (let at = scope; at; at = at.outer) {
    const { cte } = at;
    if (!found.some(({ name }) => name === cte.name)) found.push(cte);
  }
  return found;
}

export function sight(resolver: Resolver, kind: Sighting['kind'], environment: Environment): void {
  const { clause, scope, ctes, output } = environment;
  resolver.sighting = {
    kind,
    clause: kind === 'relation' ? 'from' : clause,
    scope,
    ctes: ctesInSight(ctes),
    output,
  };
}
