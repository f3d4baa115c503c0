/** Brings the raw layer to its initial state: schema and tables anew, every file copied, no batch ingested. */

import type { Session } from '../warehouse/port.ts';
import { initialFiles } from './batches.ts';
import type { InitialFile } from './batches.ts';
import { copyFile } from './copy-file.ts';
import { clearLedger, createLedger } from './ledger.ts';
import type { LoadEvent, Outcome, SourceFile } from './outcome.ts';
import { RAW_SCHEMA, RAW_TABLES, createStatement, qualified } from './raw-tables.ts';
import { inLoadTransaction } from './transaction.ts';

export interface LoadInitialOptions {
  /** `<table>.csv` for each raw table. */
  readonly files: readonly SourceFile[];
  readonly onEvent?: (event: LoadEvent) => void;
}

export interface LoadedTable {
  readonly table: string;
  readonly path: string;
  readonly rows: number;
}

/**
 * One transaction. Drops the schema with everything that depends on it: views of other schemas that read raw go too,
 * are told as an event, and come back with the next run of their models.
 */
export async function loadInitial(
  session: Session,
  { files, onEvent = () => undefined }: LoadInitialOptions,
): Promise<Outcome<readonly LoadedTable[]>> {
  const initial = initialFiles(files);
  if (initial.kind === 'refused') return initial;
  return inLoadTransaction(session, onEvent, async () => {
    const relations = await dependents(session);
    if (relations.length > 0) onEvent({ kind: 'dependents-dropped', relations });
    await session.query(`drop schema if exists ${RAW_SCHEMA} cascade; create schema ${RAW_SCHEMA}`);
    await session.query(RAW_TABLES.map(createStatement).join('; '));
    await createLedger(session);
    await clearLedger(session);
    const loaded: LoadedTable[] = [];
    for (const each of initial.report) loaded.push(await loadTable(session, each, onEvent));
    return loaded;
  });
}

async function loadTable(
  session: Session,
  { table, file }: InitialFile,
  onEvent: (event: LoadEvent) => void,
): Promise<LoadedTable> {
  const rows = await copyFile(session, file, {
    table,
    into: qualified(table),
    // The table is this transaction's own, so its rows need no later visit to be marked as visible to all.
    options: ['freeze'],
    onDuplicate: 'keep one of the rows',
  });
  await session.query(`analyze ${qualified(table)}`);
  onEvent({ kind: 'copied', path: file.path, table: table.name, rows });
  return { table: table.name, path: file.path, rows };
}

/** Views outside the raw schema that read it, directly or through other views. */
async function dependents(session: Session): Promise<readonly string[]> {
  const { rows } = await session.queryWith(
    `with recursive reader as (
      select rewrite.ev_class as oid
      from pg_depend as dependency
      join pg_rewrite as rewrite on rewrite.oid = dependency.objid
      join pg_class as read on read.oid = dependency.refobjid
      join pg_namespace as schema on schema.oid = read.relnamespace
      where dependency.classid = 'pg_rewrite'::regclass and dependency.refclassid = 'pg_class'::regclass
        and schema.nspname = $1
      union
      select rewrite.ev_class
      from reader
      join pg_depend as dependency on dependency.refobjid = reader.oid
      join pg_rewrite as rewrite on rewrite.oid = dependency.objid
      where dependency.classid = 'pg_rewrite'::regclass and dependency.refclassid = 'pg_class'::regclass
    )
    select schema.nspname || '.' || view.relname
    from reader
    join pg_class as view on view.oid = reader.oid
    join pg_namespace as schema on schema.oid = view.relnamespace
    where schema.nspname <> $1
    order by 1`,
    [RAW_SCHEMA],
  );
  return rows.map(([name]) => name ?? '');
}
