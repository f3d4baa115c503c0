/** Statements that templates send: `execute` and `add_query`. */

import { then, type MaybePromise } from '../../../base/maybe-promise.ts';
import { str, toJs, Tuple, type CapturedText, type Value } from '../../../jinja/index.ts';
import { tableFromQuery } from '../agate/index.ts';
import { isText, type Bound } from '../host.ts';
import type { WarehouseAccess } from '../warehouse-access.ts';
import type { AdapterOptions } from './options.ts';
import { responseOf } from './response.ts';

export function sqlArgument(args: Bound, name = 'sql'): string | CapturedText {
  const sql = args.value(name);
  return isText(sql) ? sql : str(sql);
}

export function executeMethod(
  args: Bound,
  _options: AdapterOptions,
  access: WarehouseAccess,
): MaybePromise<Value> {
  const isFetching = args.get('fetch') === true;
  const limit = args.get('limit');
  return then(
    access.execute(sqlArgument(args), {
      autoBegin: args.get('auto_begin') === true,
      fetch: isFetching,
      limit: typeof limit === 'number' ? limit : null,
    }),
    (result) =>
      new Tuple([
        responseOf(result.command, result.columns.length > 0 ? result.rows.length : -1),
        tableFromQuery(
          isFetching
            ? { columns: [...result.columns], rows: result.rows.map((row) => [...row]) }
            : { columns: [], rows: [] },
        ),
      ]),
  );
}

export function addQuery(
  args: Bound,
  _options: AdapterOptions,
  access: WarehouseAccess,
): MaybePromise<Value> {
  const bindings = args.get('bindings');
  const sql =
    bindings === undefined || bindings === null
      ? sqlArgument(args)
      : boundSql(str(args.value('sql')), toJs(bindings));
  return then(
    access.execute(sql, { autoBegin: args.get('auto_begin') !== false, fetch: false, limit: null }),
    () => new Tuple([null, null]),
  );
}

/** psycopg2's client-side `%s` binding. */
function boundSql(sql: string, bindings: unknown): string {
  const values: unknown[] = Array.isArray(bindings) ? [...(bindings as unknown[])] : [];
  return sql.replace(/%s|%%/g, (mark) => (mark === '%%' ? '%' : sqlLiteral(values.shift())));
}

function sqlLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
