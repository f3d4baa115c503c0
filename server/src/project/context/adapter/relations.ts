/** Relations as arguments of adapter methods, and as rows of what macros listed. */

import { str, TemplateError, type Value } from '../../../jinja/index.ts';
import { AgateTable } from '../agate/index.ts';
import type { Bound } from '../host.ts';
import { Relation, relationType } from '../relation.ts';

export function relationArgument(args: Bound, name: string): Relation {
  const value = args.value(name);
  if (value instanceof Relation) return value;
  throw new TemplateError(
    'compilation',
    'MacroArgTypeError',
    `'adapter' expects ${name} to be a Relation; got ${str(value)}`,
  );
}

export function withoutIdentifier(args: Bound): Relation {
  const relation = relationArgument(args, 'relation');
  return relation.with({ identifier: null, includePolicy: { ...relation.includePolicy, identifier: false } });
}

/** The rows of `list_relations_without_caching`: database, name, schema, type. */
export function relationsOf(table: Value): Value[] {
  if (!(table instanceof AgateTable)) return [];
  return table.rowValues().map(
    ([database, name, schema, type]) =>
      new Relation({
        database: str(database ?? ''),
        schema: str(schema ?? ''),
        identifier: str(name ?? ''),
        type: relationType(type ?? null),
      }),
  );
}

export function firstColumn(table: Value): Value[] {
  return table instanceof AgateTable ? table.rowValues().map((row) => row[0] ?? null) : [];
}
