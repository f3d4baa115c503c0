/** Which columns of relations give the values of a query's columns. */

import type { BoundQuery } from '../plan/plan.ts';
import type { Relation } from '../plan/schema.ts';
import { valueSourcesOf } from './sources.ts';
import { statementLineage } from './statement-lineage.ts';

/** A relation's column; the relation with its schema, unless that is `public`. */
export interface ColumnOrigin {
  readonly relation: string;
  readonly column: string;
}

/** For each column of the query's output, in order. A view is a relation like others, as it is to the server. */
export function originsOf(query: BoundQuery): readonly (readonly ColumnOrigin[])[] {
  const { columns } = statementLineage(query, undefined).query;
  return columns.map((column) =>
    valueSourcesOf(column).flatMap(({ relation, column: name }) =>
      name === undefined ? [] : [{ relation: relationName(relation), column: name }],
    ),
  );
}

export function relationName({ schema, name }: Relation): string {
  return schema === 'public' ? name : `${schema}.${name}`;
}
