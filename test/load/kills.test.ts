/** Fifty kills at random moments, of loads and of the server under them: every batch is there once or not at all. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { buildSync } from 'esbuild';

import { selectBatches } from '../../server/src/load/batches.ts';
import { ingest } from '../../server/src/load/ingest.ts';
import { loadInitial } from '../../server/src/load/load-initial.ts';
import { ensureEmbedded } from '../../server/src/warehouse/embedded/launcher.ts';
import type { ConnectionSettings, Session } from '../../server/src/warehouse/port.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';
import { KILL_SEED, ended, killBackends, killServer, randomFrom } from '../support/kills.ts';
import { withStateFolder } from '../warehouse/embedded-support.ts';
import { INITIAL_ROWS, ROWS_PER_BATCH, batchFiles, bulkInitialData } from './bulk-files.ts';

const KILLS = 50;

test(`fifty kills lose no row and double none (KILL_SEED=${String(KILL_SEED)})`, (t) =>
  withStateFolder(async (stateFolder) => {
    const program = bundled();
    const random = randomFrom(KILL_SEED);
    try {
      let settings = await ensureEmbedded({ stateFolder });
      await withOpen(settings, loadAll);
      let batches = 0;
      let inTime = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const verb = kill % 5 === 4 ? 'load' : 'ingest';
        if (verb === 'ingest') batches++;
        const before = await withOpen(settings, snapshot);
        const victim = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? 'client';
        const where = `kill ${String(kill)} of ${victim} in ${verb} ${String(batches)}`;
        const acknowledged = await killed({
          program,
          stateFolder,
          settings,
          verb,
          batches,
          victim,
          delay: random() * 120,
        });

        settings = await ensureEmbedded({ stateFolder });
        await withOpen(settings, async (session) => {
          const after = await snapshot(session);
          const wholly = verb === 'load' ? expected(0) : expected(batches);
          if (same(after, before)) inTime++;
          if (acknowledged) assert.deepEqual(after, wholly, `${where}: it said done`);
          else
            assert.ok(
              same(after, before) || same(after, wholly),
              `${where}: ${JSON.stringify({ before, after })}`,
            );
          // The next command works, and ends where the undisturbed one would.
          if (verb === 'load') await loadAll(session);
          await ingestAll(session, batches);
          assert.deepEqual(await snapshot(session), expected(batches), `${where}: the next command`);
        });
      }
      t.diagnostic(`${String(inTime)} of ${String(KILLS)} kills came before the commit`);
    } finally {
      rmSync(program, { force: true });
    }
  }));

const VICTIMS = ['client', 'client', 'server', 'backend'] as const;

interface Kill {
  readonly program: string;
  readonly stateFolder: string;
  readonly settings: ConnectionSettings;
  readonly verb: string;
  readonly batches: number;
  readonly victim: (typeof VICTIMS)[number];
  readonly delay: number;
}

/** Whether the process had said `done` by its end. */
async function killed({
  program,
  stateFolder,
  settings,
  verb,
  batches,
  victim,
  delay,
}: Kill): Promise<boolean> {
  const child = spawn(process.execPath, [program, JSON.stringify(settings), verb, String(batches)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  const began = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      resolve();
    });
    child.on('close', () => {
      resolve();
    });
  });
  await began;
  await sleep(delay);
  if (victim === 'client') child.kill('SIGKILL');
  else if (victim === 'server') killServer(stateFolder);
  else await killBackends(settings);
  await ended(child);
  return output.includes('done');
}

/** Rows of each batch, in both tables, and what the ledger says. */
async function snapshot(session: Session): Promise<readonly (readonly (string | null)[])[]> {
  const { rows } = await session.query(
    `select 'orders', account_id, count(*) from raw.orders group by account_id
    union all select 'merges', to_customer_id, count(*) from raw.identity_merges group by to_customer_id
    union all select 'ledger', table_name || ' ' || batch, rows from grainline.ingested_batches
    order by 1, 2`,
  );
  return rows;
}

function expected(batches: number): readonly (readonly string[])[] {
  const names = Array.from({ length: batches }, (_, index) => `batch_${String(index + 1).padStart(3, '0')}`);
  const rows = String(ROWS_PER_BATCH);
  const initial = String(INITIAL_ROWS);
  return [
    ...names.map((name) => ['ledger', `identity_merges ${name}`, rows]),
    ...names.map((name) => ['ledger', `orders ${name}`, rows]),
    ...names.map((name) => ['merges', name, rows]),
    ['merges', 'initial', initial],
    ...names.map((name) => ['orders', name, rows]),
    ['orders', 'initial', initial],
  ];
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

async function loadAll(session: Session): Promise<void> {
  const outcome = await loadInitial(session, { files: bulkInitialData() });
  assert.equal(outcome.kind, 'done');
}

async function ingestAll(session: Session, batches: number): Promise<void> {
  const selected = selectBatches(batchFiles(batches));
  assert.ok(selected.kind === 'done');
  const outcome = await ingest(session, { batches: selected.report, force: false });
  assert.equal(outcome.kind, 'done');
}

async function withOpen<T>(settings: ConnectionSettings, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await postgresWarehouse(settings).open();
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** One file, so that fifty processes start without compiling anything. */
function bundled(): string {
  const outfile = fileURLToPath(
    new URL(`../../.cache/killed-load-${String(process.pid)}.mjs`, import.meta.url),
  );
  buildSync({
    entryPoints: [fileURLToPath(new URL('killed-load.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  return outfile;
}
