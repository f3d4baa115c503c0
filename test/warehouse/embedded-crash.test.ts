/** The embedded warehouse after kill -9 of whatever: the next start works, one server runs, committed rows are there. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  embeddedStatus,
  ensureEmbedded,
  stopEmbedded,
} from '../../server/src/warehouse/embedded/launcher.ts';
import { isAlive, serverProcessesIn } from '../../server/src/warehouse/embedded/processes.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';
import { query, spawnStart, startedIn, withStateFolder } from './embedded-support.ts';

test('ten starts at once leave one server', () =>
  withStateFolder(async (stateFolder) => {
    const started = await Promise.all(Array.from({ length: 10 }, () => startedIn(stateFolder)));
    assert.equal(new Set(started.map(({ pid }) => pid)).size, 1);
    assert.equal(new Set(started.map(({ port }) => port)).size, 1);
    const postmasters = started.slice(0, 1).map(({ pid }) => pid);
    assert.deepEqual(postmasters.filter(isAlive), postmasters);
    assert.deepEqual(leftovers(stateFolder), []);
  }));

test('the server is killed: committed rows are there after the next start', () =>
  withStateFolder(async (stateFolder) => {
    const settings = await ensureEmbedded({ stateFolder });
    await query(
      settings,
      'create table kept (a int); set synchronous_commit = on; insert into kept select generate_series(1, 1000)',
    );
    process.kill(serverPid(stateFolder), 'SIGKILL');
    const again = await ensureEmbedded({ stateFolder });
    assert.deepEqual(await query(again, 'select count(*) from kept'), [['1000']]);
  }));

test('a server process that outlives its killed postmaster does not keep the next one out', () =>
  withStateFolder(async (stateFolder) => {
    const settings = await ensureEmbedded({ stateFolder });
    const busy = await postgresWarehouse(settings).open();
    const lost = assert.rejects(busy.query('select count(*) from generate_series(1, 1000000000)'));
    await sleep(100);
    process.kill(serverPid(stateFolder), 'SIGKILL');
    assert.deepEqual(await query(await ensureEmbedded({ stateFolder }), 'select 1'), [['1']]);
    await lost;
    assert.equal(isAlive(busy.backendPid), false);
    await busy.close();
  }));

test('a postmaster.pid that names a process of somebody else is seen through', () =>
  withStateFolder(async (stateFolder) => {
    const settings = await ensureEmbedded({ stateFolder });
    await query(settings, 'set synchronous_commit = on; create table kept as select 1 as a');
    const { dataFolder } = embeddedStatus({ stateFolder });
    const pidFile = join(dataFolder, 'postmaster.pid');
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    process.kill(serverPid(stateFolder), 'SIGKILL');
    writeFileSync(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
    assert.equal(embeddedStatus({ stateFolder }).running, false);
    assert.deepEqual(await query(await ensureEmbedded({ stateFolder }), 'select a from kept'), [['1']]);
    assert.equal(await stopEmbedded({ stateFolder }), true, 'and this process still lives');
  }));

test('the lock of a killed launcher is taken over, written or not', () =>
  withStateFolder(async (stateFolder) => {
    await ensureEmbedded({ stateFolder });
    const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
    for (const content of [
      '',
      'half',
      JSON.stringify({ pid: dead, stamp: '1', id: 'x' }),
      JSON.stringify({ pid: process.pid, stamp: 'earlier', id: 'x' }),
    ]) {
      await stopEmbedded({ stateFolder });
      writeFileSync(join(stateFolder, 'warehouse', 'lock'), content);
      await ensureEmbedded({ stateFolder });
      assert.deepEqual(leftovers(stateFolder), []);
    }
  }));

test('starts that are killed half way, at any moment, do not spoil the next one', () =>
  withStateFolder(async (stateFolder) => {
    for (let round = 0; round < 8; round++) {
      const child = spawnStart(stateFolder);
      await sleep(200 + round * 150);
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    }
    const settings = await ensureEmbedded({ stateFolder });
    assert.deepEqual(await query(settings, 'select current_database()'), [['warehouse']]);
    assert.deepEqual(leftovers(stateFolder), []);
    assert.deepEqual(await stopEmbedded({ stateFolder }), true);
    assert.deepEqual(serverProcessesIn(embeddedStatus({ stateFolder }).dataFolder), [], 'no second server');
  }));

test('a start and a stop at once leave either a server or none, never a fault', () =>
  withStateFolder(async (stateFolder) => {
    await ensureEmbedded({ stateFolder });
    for (let round = 0; round < 3; round++) {
      await Promise.all([stopEmbedded({ stateFolder }), stopEmbedded({ stateFolder })]);
      await Promise.all([ensureEmbedded({ stateFolder }), ensureEmbedded({ stateFolder })]);
    }
    assert.equal(embeddedStatus({ stateFolder }).running, true);
  }));

function serverPid(stateFolder: string): number {
  const status = embeddedStatus({ stateFolder });
  assert.ok(status.running);
  return status.pid;
}

/** Files of launchers that did not tidy up. */
function leftovers(stateFolder: string): readonly string[] {
  const folder = join(stateFolder, 'warehouse');
  const names = [...readdirSync(folder), ...readdirSync(join(folder, 'postgres'))];
  return names.filter((name) => /^(lock|data\.unfinished|connection\.json\.)/.test(name));
}
