/** The sample from nothing to tested marts and on: init, build, ingest, build; full refresh; the same again. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import { settingsOf } from '../../scripts/server-for.ts';
import { assertValid } from '../run/artifacts/schemas.ts';
import { done, run, start } from './program.ts';
import type { Answer, Surroundings } from './program.ts';
import { removeFolder, sampleCopy, scratchFolder } from './scratch.ts';
import { ledger, query, state, weeklySalesDifference } from './state.ts';

let sample: Surroundings;
let server: ConnectionSettings;
let home: string;
let initial: ReadonlyMap<string, string>;
let incremental: ReadonlyMap<string, string>;

before(() => {
  home = scratchFolder('home');
  sample = { folder: sampleCopy(), environment: { GRAINLINE_HOME: home } };
});

after(async () => {
  await done(sample, ['warehouse', 'stop']);
  removeFolder(sample.folder);
  removeFolder(home);
});

test('init makes the warehouse, says what it did and how to connect', async () => {
  assert.match((await run(sample, ['warehouse', 'status'])).stdout, /^not created yet$/mu);
  const answer = await done(sample, ['init']);
  server = await embeddedServer();
  sample = { ...sample, secrets: [server.password] };
  assert.ok(!answer.text.includes(server.password));
  const summary = answer.stdout.slice(answer.stdout.indexOf('Raw layer'));
  for (const [table = '', rows = ''] of await rawCounts())
    assert.match(summary, new RegExp(`raw\\.${table} +${rows} rows`, 'u'));
  assert.match(summary, /models +(\d+) of \1 good/u);
  assert.match(summary, /tests +(\d+) of \1 good/u);
  assert.match(summary, /ERROR=0 SKIP=0/u);
  assert.match(summary, /psql "\$\(bin\/grainline warehouse url\)"/u);
  initial = await state(server);
  assert.ok(initial.has('analytics.weekly_sales') && initial.has('raw.orders'));
});

test('init again: the same state', async () => {
  await done(sample, ['init']);
  assert.deepEqual(await state(server), initial);
});

test('build twice changes nothing, and its artifacts are what their schemas say', async () => {
  for (let time = 0; time < 2; time++) {
    const answer = await done(sample, ['build'], 'dbt');
    assert.match(answer.stdout, /Done\. PASS=\d+ WARN=\d+ ERROR=0 SKIP=0 NO-OP=\d+ TOTAL=\d+\n$/u);
    assert.deepEqual(await state(server), initial);
  }
  assertValid('manifest-v12', artifact('manifest.json'));
  assertValid('run-results-v6', artifact('run_results.json'));
});

test('weekly_sales equals the statement over raw, before new batches and after', async () => {
  assert.deepEqual(await weeklySalesDifference(server), []);
  const one = await done(sample, ['events/batch_001'], 'ingest');
  assert.match(one.stdout, /data\/incremental\/events\/batch_001\.csv: \d+ rows into raw\.events$/mu);
  assert.match(one.stdout, /Ingested 1 of 1 batches, \d+ rows\.$/mu);
  const rest = await done(sample, [], 'ingest');
  assert.match(rest.stdout, /events\/batch_001\.csv: ingested before, nothing changed\./u);
  assert.notDeepEqual(await weeklySalesDifference(server), [], 'the new orders are not built yet');
  await done(sample, ['build'], 'dbt');
  assert.deepEqual(await weeklySalesDifference(server), []);
  incremental = await state(server);
});

test('a repeated ingest changes nothing and says so; --force applies by key', async () => {
  const before = { state: await state(server), ledger: await ledger(server) };
  const again = await done(sample, [], 'ingest');
  const batches = String(before.ledger.length);
  assert.match(again.stdout, new RegExp(`Ingested 0 of ${batches} batches, 0 rows\\.$`, 'mu'));
  assert.equal(again.stdout.match(/ingested before, nothing changed/gu)?.length, before.ledger.length);
  const forced = await done(sample, ['--force'], 'ingest');
  assert.match(forced.stdout, new RegExp(`Ingested ${batches} of ${batches} batches`, 'u'));
  assert.deepEqual({ state: await state(server), ledger: await ledger(server) }, before);

  await query(
    server,
    "update raw.orders set total_amount = '1' where order_id in (select order_id from raw.orders)",
  );
  await done(sample, ['orders/batch_001', '--force'], 'ingest');
  const [restored] = await query(
    server,
    "select count(*) from raw.orders where total_amount is distinct from '1'",
  );
  assert.ok(Number(restored?.[0]) > 0, 'the rows of the batch have their values again');
  await query(server, "delete from raw.orders where total_amount = '1'");
  await done(sample, ['load-initial']);
  await done(sample, [], 'ingest');
});

test('a full refresh is the incremental state', async () => {
  await done(sample, ['build'], 'dbt');
  assert.deepEqual(await state(server), incremental);
  await done(sample, ['build', '--full-refresh'], 'dbt');
  assert.deepEqual(await state(server), incremental);
});

test('every grain holds, and the project has no error', async () => {
  const grains = JSON.parse((await done(sample, ['grain', '--format', 'json'])).stdout) as {
    name: string;
    verdict: string;
  }[];
  assert.deepEqual(
    grains.filter(({ verdict }) => verdict !== 'holds'),
    [],
  );
  assert.ok(grains.some(({ name }) => name === 'weekly_sales'));
  assert.match(
    (await done(sample, ['grain', '--select', 'weekly_sales'])).stdout,
    /^holds +weekly_sales: one row per/u,
  );
  assert.match((await done(sample, ['check'])).stdout, /^0 errors, \d+ warnings$/mu);
  assert.deepEqual(
    (JSON.parse((await done(sample, ['check', '--format', 'json'])).stdout) as { severity: string }[]).filter(
      ({ severity }) => severity === 'error',
    ),
    [],
  );
  const sarif = JSON.parse((await done(sample, ['check', '--format', 'sarif'])).stdout) as {
    version: string;
    runs: { tool: { driver: { name: string } } }[];
  };
  assert.equal(sarif.version, '2.1.0');
  assert.equal(sarif.runs[0]?.tool.driver.name, 'grainline');
});

test('docs generate writes a catalog of every relation', async () => {
  await done(sample, ['docs', 'generate'], 'dbt');
  const catalog = artifact('catalog.json');
  assertValid('catalog-v1', catalog);
  assertValid('manifest-v12', artifact('manifest.json'));
  const { nodes, sources } = catalog as { nodes: object; sources: object };
  assert.ok(Object.keys(nodes).includes('model.grainline_ticketing.weekly_sales'));
  assert.ok(Object.keys(sources).includes('source.grainline_ticketing.raw.orders'));
});

test('reset, from wherever, is the initial state', async () => {
  await query(server, 'drop schema analytics_staging cascade; create table raw.left_over (a int)');
  await done(sample, ['reset']);
  assert.deepEqual(await state(server), initial);
  assert.deepEqual(await ledger(server), []);
});

test('the warehouse is shared, stopped and started', async () => {
  const url = (await run({ ...sample, secrets: [] }, ['warehouse', 'url'])).stdout;
  assert.match(url, /^postgresql:\/\/postgres:[^\s:@]+@127\.0\.0\.1:\d+\/warehouse\n$/u);
  assert.match(
    (await done(sample, ['warehouse', 'status'])).stdout,
    /^running: pid \d+, 127\.0\.0\.1:\d+, data in /u,
  );
  assert.match((await done(sample, ['debug'])).stdout, /All checks passed!/u);
  assert.match((await done(sample, ['warehouse', 'stop'])).stdout, /has stopped/u);
  assert.match((await done(sample, ['warehouse', 'stop'])).stdout, /was not running/u);
  const stopped = await run(sample, ['warehouse', 'status']);
  assert.deepEqual([stopped.code, stopped.stdout.startsWith('stopped: data in ')], [1, true]);
  const starts = await Promise.all([0, 1, 2].map(() => start(sample, ['warehouse', 'start']).ended));
  assert.deepEqual(new Set(starts.map(({ code }) => code)), new Set([0]));
  assert.equal(
    new Set(starts.map(({ stdout }) => stdout.trimEnd().split('\n').at(-1))).size,
    1,
    'they found one server',
  );
  server = await embeddedServer();
  assert.deepEqual(await state(server), initial);
});

async function embeddedServer(): Promise<ConnectionSettings> {
  const url: Answer = await run({ ...sample, secrets: [] }, ['warehouse', 'url']);
  assert.equal(url.code, 0, url.text);
  return settingsOf(url.stdout.trim());
}

function artifact(name: string): unknown {
  return JSON.parse(readFileSync(join(sample.folder, 'target', name), 'utf8'));
}

async function rawCounts(): Promise<readonly (readonly string[])[]> {
  const tables = await query(server, "select tablename from pg_tables where schemaname = 'raw' order by 1");
  return Promise.all(
    tables.map(async ([table]) => {
      const [counted] = await query(server, `select count(*) from raw.${table ?? ''}`);
      return [table ?? '', counted?.[0] ?? ''];
    }),
  );
}
