/** A small raw layer as files of a project. */

import { HEADERS } from '../load/files.ts';

const ROWS: Readonly<Record<string, string>> = {
  events: 'evt_a,A,a\nevt_b,B,b\n',
  orders: 'ord_1,acc_1,st_1,2025-01-06T10:00:00,10.00\n',
};

/** `data/initial`, and the batches given as `{'events/batch_001': rows}`. */
export function rawFiles(batches: Readonly<Record<string, string>> = {}): Record<string, string> {
  const initial = Object.entries(HEADERS).map(([table, header]) => [
    `data/initial/${table}.csv`,
    `${header}\n${ROWS[table] ?? ''}`,
  ]);
  const incremental = Object.entries(batches).map(([name, rows]) => [
    `data/incremental/${name}.csv`,
    `${HEADERS[name.split('/')[0] ?? ''] ?? ''}\n${rows}`,
  ]);
  return Object.fromEntries([...initial, ...incremental]) as Record<string, string>;
}
