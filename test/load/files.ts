/** Data files as strings, and a whole initial load of them. */

import type { SourceFile } from '../../server/src/load/outcome.ts';
import { loadInitial } from '../../server/src/load/load-initial.ts';
import type { Session } from '../../server/src/warehouse/port.ts';
import assert from 'node:assert/strict';

/** Cut into chunks of a few bytes, for a file may be cut anywhere. */
export function file(path: string, content: string | Uint8Array, chunkSize = 7): SourceFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    path,
    async *open() {
      for (let at = 0; at < bytes.length; at += chunkSize) {
        await Promise.resolve();
        yield bytes.subarray(at, at + chunkSize);
      }
    },
  };
}

export const HEADERS: Readonly<Record<string, string>> = {
  accounts: 'account_id,email,created_at',
  events: 'event_id,name,slug',
  showtimes: 'showtime_id,event_id,start_at',
  orders: 'order_id,account_id,showtime_id,created_at,total_amount',
  transactions: 'transaction_id,order_id,amount,occurred_at',
  pages: 'page_id,account_id,customer_id,page_type,occurred_at,event_id,showtime_id',
  identity_merges: 'from_customer_id,to_customer_id,merged_at',
};

const ROWS: Readonly<Record<string, string>> = {
  accounts: 'acc_1, Ann@example.com ,2025-02-25T17:24:15\nacc_2,,2025-02-25T17:24:15\n',
  events: 'evt_wicked,Wicked,wicked\n',
  identity_merges: 'cust_B,cust_A,2025-01-01T00:00:00\ncust_B,cust_A,2025-01-01T00:00:00\n',
};

/** Seven small files; `changed` replaces the whole text of some. */
export function initialData(
  changed: Readonly<Record<string, string | Uint8Array>> = {},
): readonly SourceFile[] {
  return Object.entries(HEADERS).map(([table, header]) =>
    file(`data/initial/${table}.csv`, changed[table] ?? `${header}\n${ROWS[table] ?? ''}`),
  );
}

export function batch(name: string, content: string | Uint8Array, chunkSize?: number): SourceFile {
  return file(`data/incremental/${name}.csv`, content, chunkSize);
}

export async function loaded(session: Session): Promise<void> {
  const outcome = await loadInitial(session, { files: initialData() });
  assert.equal(outcome.kind, 'done', JSON.stringify(outcome));
}

/** Everything in the raw layer and the ledger, to see that nothing changed. */
export async function contents(session: Session): Promise<string> {
  const tables = [...Object.keys(HEADERS).map((table) => `raw.${table}`), 'grainline.ingested_batches'];
  const texts: string[] = [];
  for (const table of tables) {
    const { rows } = await session.query(`select t::text from ${table} as t order by 1`);
    texts.push(`${table}: ${rows.flat().join(' ')}`);
  }
  return texts.join('\n');
}
