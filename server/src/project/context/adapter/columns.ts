/** Columns of relations: read, and widened where new rows need it. */

import { then, type MaybePromise } from '../../../base/maybe-promise.ts';
import type { Value } from '../../../jinja/index.ts';
import { Column } from '../column.ts';
import type { Bound } from '../host.ts';
import { Relation } from '../relation.ts';
import { callMacro } from './macro-calls.ts';
import type { AdapterOptions } from './options.ts';

/** As the macro gives them, unless they are known without asking. */
export function askedColumns(options: AdapterOptions, relation: Value): MaybePromise<Value> {
  const known = relation instanceof Relation ? options.access?.columnsOf?.(relation) : undefined;
  return known ? [...known] : callMacro(options, 'get_columns_in_relation', [relation]);
}

export function columnsIn(options: AdapterOptions, relation: Value): MaybePromise<Column[]> {
  return then(askedColumns(options, relation), (columns) =>
    Array.isArray(columns) ? columns.filter((column) => column instanceof Column) : [],
  );
}

/** Widens text columns of an existing table to what the new rows need. */
export function expandColumnTypes(args: Bound, options: AdapterOptions): MaybePromise<Value> {
  return then(columnsIn(options, args.value('from_relation')), (goal) =>
    then(columnsIn(options, args.value('to_relation')), (current) => {
      const changes = goal.flatMap((column) => {
        const target = current.find((other) => other.column === column.column);
        return target?.canExpandTo(column)
          ? [{ name: column.column, type: `character varying(${String(column.stringSize())})` }]
          : [];
      });
      return changes.reduce<MaybePromise<Value>>(
        (before, change) =>
          then(before, () =>
            then(
              callMacro(options, 'alter_column_type', [args.value('to_relation'), change.name, change.type]),
              () => '',
            ),
          ),
        '',
      );
    }),
  );
}
