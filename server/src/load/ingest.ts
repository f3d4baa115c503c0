/** Appends batches to the raw layer, each once, all of them or none. */

import { createHash } from 'node:crypto';

import type { Session } from '../warehouse/port.ts';
import type { Batch } from './batches.ts';
import { bytesOf, copyFile } from './copy-file.ts';
import { createLedger, ledgerName, readLedger, recordBatch } from './ledger.ts';
import type { LedgerEntry } from './ledger.ts';
import { LoadError } from './outcome.ts';
import type { LoadEvent, Outcome, SourceFile } from './outcome.ts';
import { columnNames, qualified } from './raw-tables.ts';
import type { RawTable } from './raw-tables.ts';
import { inLoadTransaction } from './transaction.ts';

export interface IngestOptions {
  /** From `selectBatches`. */
  readonly batches: readonly Batch[];
  /**
   * Applies every batch by key, ingested before or not: a row whose key is there replaces the old one. A log without a
   * key gets the rows of the batch that it lacks, counting how often each stands there.
   */
  readonly force: boolean;
  readonly onEvent?: (event: LoadEvent) => void;
}

export interface IngestedBatch {
  readonly table: string;
  readonly batch: string;
  readonly path: string;
  /** Rows of the file. */
  readonly rows: number;
  /** `repeated` changed nothing: the same content was ingested before. */
  readonly effect: 'appended' | 'applied-by-key' | 'repeated';
}

export async function ingest(
  session: Session,
  { batches, force, onEvent = () => undefined }: IngestOptions,
): Promise<Outcome<readonly IngestedBatch[]>> {
  return inLoadTransaction(session, onEvent, async () => {
    await checkTables(session, batches);
    await createLedger(session);
    const ledger = await readLedger(session);
    const ingested: IngestedBatch[] = [];
    for (const batch of batches) {
      const known = force ? undefined : ledger.get(ledgerName(batch));
      const result = known
        ? await repeated(batch, known)
        : await apply(session, batch, force ? byKey : append);
      onEvent(toEvent(result));
      ingested.push(result);
    }
    return ingested;
  });
}

type Write = (session: Session, table: RawTable, file: SourceFile) => Promise<number>;

async function apply(session: Session, batch: Batch, write: Write): Promise<IngestedBatch> {
  const { file, digest } = hashed(batch.file);
  const rows = await write(session, batch.table, file);
  await recordBatch(session, batch, rows, await digest());
  return toResult(batch, rows, write === byKey ? 'applied-by-key' : 'appended');
}

async function repeated(batch: Batch, known: LedgerEntry): Promise<IngestedBatch> {
  const { digest } = hashed(batch.file);
  if ((await digest()) === known.sha256) return toResult(batch, known.rows, 'repeated');
  throw new LoadError({
    path: batch.file.path,
    message: `The batch ${ledgerName(batch)} was ingested with other content at ${known.ingestedAt}: give the new rows a batch of their own, or apply it again by key with --force.`,
  });
}

function append(session: Session, table: RawTable, file: SourceFile): Promise<number> {
  return copyFile(session, file, {
    table,
    into: qualified(table),
    onDuplicate: 'remove the row, or replace the old one with --force',
  });
}

async function byKey(session: Session, table: RawTable, file: SourceFile): Promise<number> {
  const columns = columnNames(table).join(', ');
  const target = qualified(table);
  await session.query(
    `create temp table incoming (like ${target}, line_of_batch bigint generated always as identity) on commit drop`,
  );
  const rows = await copyFile(session, file, {
    table,
    into: 'pg_temp.incoming',
    onDuplicate: 'keep one of the rows',
  });
  if (table.key === undefined) {
    await session.query(
      `insert into ${target} (${columns}) select ${columns} from pg_temp.incoming except all select ${columns} from ${target}`,
    );
  } else {
    const updates = columnNames(table).map((name) => `${name} = excluded.${name}`);
    // Of two rows with one key in the batch, the later counts.
    await session.query(
      `insert into ${target} (${columns})
      select distinct on (${table.key}) ${columns} from pg_temp.incoming order by ${table.key}, line_of_batch desc
      on conflict (${table.key}) do update set ${updates.join(', ')}`,
    );
  }
  await session.query('drop table pg_temp.incoming');
  return rows;
}

async function checkTables(session: Session, batches: readonly Batch[]): Promise<void> {
  for (const table of new Set(batches.map((batch) => batch.table))) {
    const { rows } = await session.queryWith('select to_regclass($1)', [qualified(table)]);
    if (typeof rows[0]?.[0] === 'string') continue;
    throw new LoadError({
      message: `${qualified(table)} does not exist: run \`grainline load-initial\` first.`,
    });
  }
}

/** A file that is hashed while it is read from its beginning. */
function hashed(file: SourceFile): { readonly file: SourceFile; readonly digest: () => Promise<string> } {
  let digest: string | undefined;
  async function* open(): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    for await (const chunk of bytesOf(file)) {
      hash.update(chunk);
      yield chunk;
    }
    digest = hash.digest('hex');
  }
  return {
    file: { path: file.path, open },
    async digest() {
      // Read to its end by now, unless nobody needed its rows.
      if (digest === undefined) await readToEnd(open());
      return digest ?? '';
    },
  };
}

async function readToEnd(bytes: AsyncIterator<Uint8Array>): Promise<void> {
  while ((await bytes.next()).done !== true);
}

function toResult(batch: Batch, rows: number, effect: IngestedBatch['effect']): IngestedBatch {
  return { table: batch.table.name, batch: batch.name, path: batch.file.path, rows, effect };
}

function toEvent({ path, table, batch, rows, effect }: IngestedBatch): LoadEvent {
  return effect === 'repeated'
    ? { kind: 'repeated', path, table, batch }
    : { kind: 'copied', path, table, rows };
}
