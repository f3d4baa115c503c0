/** Runs that do not come to their end: Ctrl-C, a server that goes away, a port that is taken. */

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { settingsOf } from '../../scripts/server-for.ts';
import { embeddedStatus } from '../../server/src/warehouse/embedded/launcher.ts';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';
import { assertDecent, done, run, start } from './program.ts';
import { rawFiles } from './raw-data.ts';
import { removeFolder, scratchFolder, SETTINGS, withProject, writeFiles } from './scratch.ts';
import { ledger, query, state } from './state.ts';

/** Longer than any test may take: only a cancel ends it. */
const SLOW = `{{ config(materialized='table') }} select 1 as id from pg_sleep({{ var('seconds', 3600) }})`;
const MODELS = {
  'models/quick.sql': "{{ config(materialized='table') }} select 1 as id",
  'models/slow.sql': SLOW,
  'models/after.sql': "select * from {{ ref('slow') }}",
};

const sleeping =
  "select pid from pg_stat_activity where state = 'active' and wait_event = 'PgSleep' and datname = current_database()";

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} in a run cancels it on the server; what was built stays, the rest is not there`, () =>
    withProject(MODELS, async (project) => {
      const build = start(project, ['build']);
      await until(async () => (await query(project.settings, sleeping)).length === 1);
      build.child.kill(signal);
      const answer = await build.ended;
      assertDecent(answer, project.secrets ?? []);
      assert.equal(answer.code, 1, answer.text);
      assert.match(answer.stderr, /^Stopping: what runs is cancelled on the server\./u);
      assert.deepEqual(await query(project.settings, sleeping), []);
      assert.deepEqual([...(await state(project.settings)).keys()], ['shop.quick']);
      await done(project, ['retry', '--vars', '{seconds: 0}']);
      assert.deepEqual(
        [...(await state(project.settings)).keys()],
        ['shop.after', 'shop.quick', 'shop.slow'],
      );
    }));
}

test('Ctrl-C in an ingest that waits for a lock: nothing of it is in', () =>
  withProject(rawFiles({ 'events/batch_001': 'evt_c,C,c\n' }), async (project) => {
    await done(project, ['load-initial']);
    const before = await state(project.settings);
    const other = await postgresWarehouse(project.settings).open('test');
    try {
      await other.query('begin; lock table raw.events');
      const ingest = start(project, ['ingest']);
      await until(async () => (await query(project.settings, WAITING)).length === 1);
      ingest.child.kill('SIGINT');
      const answer = await ingest.ended;
      assertDecent(answer, project.secrets ?? []);
      assert.equal(answer.code, 1, answer.text);
      assert.match(answer.stderr, /cancelled/u);
      assert.deepEqual(await query(project.settings, WAITING), []);
    } finally {
      await other.close();
    }
    assert.deepEqual(await state(project.settings), before);
    assert.deepEqual(await ledger(project.settings), []);
    await done(project, ['ingest']);
  }));

const WAITING =
  "select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";

test('the server ends the session of a model: that model fails, says so, and the rest goes on', () =>
  withProject(MODELS, async (project) => {
    const build = start(project, ['build', '--threads', '1']);
    await until(async () => (await query(project.settings, sleeping)).length === 1);
    await query(project.settings, `select pg_terminate_backend(pid) from (${sleeping}) as found`);
    const answer = await build.ended;
    assertDecent(answer, project.secrets ?? []);
    assert.equal(answer.code, 1, answer.text);
    assert.match(
      answer.stdout,
      /Error in model\.shop\.slow\n.*\n.*(?:was lost|ended the session).*run the command again/u,
    );
    assert.match(answer.stdout, /SKIP .*shop\.after/u);
    assert.equal((await state(project.settings)).has('shop.slow'), false);
  }));

test('the embedded server is killed in mid-run, and another program takes its port: the next command works', async () => {
  const folder = scratchFolder('project');
  const home = scratchFolder('home');
  writeFiles(folder, {
    ...MODELS,
    'dbt_project.yml': SETTINGS,
    'profiles.yml': 'shop:\n  target: dev\n  outputs:\n    dev: {type: embedded, schema: shop, threads: 2}\n',
  });
  const project = { folder, environment: { GRAINLINE_HOME: home } };
  const server = async (): Promise<ConnectionSettings> =>
    settingsOf((await done(project, ['warehouse', 'url'])).stdout.trim());
  try {
    const first = await server();
    const build = start(project, ['build']);
    await until(async () => (await query(first, sleeping)).length === 1);
    const status = embeddedStatus({ stateFolder: home });
    assert.ok(status.running);
    process.kill(status.pid, 'SIGKILL');
    const answer = await build.ended;
    assertDecent(answer, [first.password]);
    assert.equal(answer.code, 1, answer.text);
    assert.match(answer.text, /was lost|ended the session/u);

    const taken = createServer();
    await until(async () => {
      await new Promise((resolve) =>
        taken.once('error', resolve).listen(first.port, first.host, () => {
          resolve(undefined);
        }),
      );
      return taken.listening;
    });
    try {
      const next = await run({ ...project, secrets: [first.password] }, ['build', '--vars', '{seconds: 0}']);
      assert.equal(next.code, 0, next.text);
      const second = await server();
      assert.notEqual(second.port, first.port);
      assert.deepEqual([...(await state(second)).keys()], ['shop.after', 'shop.quick', 'shop.slow']);
    } finally {
      taken.close();
    }
  } finally {
    await done(project, ['warehouse', 'stop']);
    removeFolder(folder);
    removeFolder(home);
  }
});

/** Waits for what another process is about to do. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) assert.fail('what the test waits for does not happen');
    await sleep(20);
  }
}
