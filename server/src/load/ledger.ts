/** The record of ingested batches, in a schema of its own beside the raw layer. */

import type { Session } from '../warehouse/port.ts';
import type { Batch } from './batches.ts';

export const LEDGER = 'grainline.ingested_batches';

export interface LedgerEntry {
  readonly sha256: string;
  readonly rows: number;
  /** As the server writes a timestamptz in UTC. */
  readonly ingestedAt: string;
}

export async function createLedger(session: Session): Promise<void> {
  await session.query(
    `create schema if not exists grainline;
    create table if not exists ${LEDGER} (
      table_name text not null, batch text not null, rows bigint not null, sha256 text not null,
      ingested_at timestamptz not null, primary key (table_name, batch));
    comment on table ${LEDGER} is 'Batches appended to the raw layer since the last initial load.'`,
  );
}

/** After an initial load every batch is new again. */
export async function clearLedger(session: Session): Promise<void> {
  await session.query(`delete from ${LEDGER}`);
}

export async function readLedger(session: Session): Promise<ReadonlyMap<string, LedgerEntry>> {
  const { rows } = await session.query(`select table_name, batch, sha256, rows, ingested_at from ${LEDGER}`);
  return new Map(
    rows.map(([table, batch, sha256, count, ingestedAt]) => [
      `${table ?? ''}/${batch ?? ''}`,
      { sha256: sha256 ?? '', rows: Number(count), ingestedAt: ingestedAt ?? '' },
    ]),
  );
}

export async function recordBatch(
  session: Session,
  batch: Batch,
  rows: number,
  sha256: string,
): Promise<void> {
  await session.queryWith(
    `insert into ${LEDGER} (table_name, batch, rows, sha256, ingested_at) values ($1, $2, $3::bigint, $4, now())
    on conflict (table_name, batch) do update
    set rows = excluded.rows, sha256 = excluded.sha256, ingested_at = excluded.ingested_at`,
    [batch.table.name, batch.name, String(rows), sha256],
  );
}

export function ledgerName(batch: Batch): string {
  return `${batch.table.name}/${batch.name}`;
}
