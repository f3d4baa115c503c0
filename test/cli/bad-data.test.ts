/** Data files that cannot be loaded, and disks that are full: the place is told, and raw is as it was. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { done, run } from './program.ts';
import { rawFiles } from './raw-data.ts';
import { removeFolder, scratchFolder, withProject, writeFiles, SETTINGS } from './scratch.ts';
import type { Scratch } from './scratch.ts';
import { ledger, query, state } from './state.ts';

const everything = async (project: Scratch): Promise<unknown> => ({
  state: await state(project.settings),
  ledger: await ledger(project.settings),
});

const badBatches: readonly (readonly [title: string, name: string, rows: string, says: RegExp])[] = [
  [
    'a row too short',
    'events/batch_001',
    'evt_c,C,c\nevt_d,D\n',
    /^data\/incremental\/events\/batch_001\.csv:3: /mu,
  ],
  [
    'a row too long',
    'events/batch_001',
    'evt_c,C,c,more\n',
    /^data\/incremental\/events\/batch_001\.csv:2: /mu,
  ],
  [
    'a value of another type, behind one of two lines',
    'orders/batch_001',
    'ord_2,,,2025-01-06T10:00:00,"1\n2"\nord_3,,,yesterday noon,1\n',
    /^data\/incremental\/orders\/batch_001\.csv:4: column created_at: /mu,
  ],
  [
    'a key that is there',
    'events/batch_001',
    'evt_c,C,c\nevt_a,A,a\n',
    /^data\/incremental\/events\/batch_001\.csv:3: .*--force/mu,
  ],
];

test('a batch that cannot be loaded: file, line and column; no other batch of the command is in', () =>
  withProject(rawFiles(), async (project) => {
    await done(project, ['load-initial']);
    const before = await everything(project);
    for (const [title, name, rows, says] of badBatches) {
      project.write(rawFiles({ 'accounts/batch_001': 'acc_9,,\n', [name]: rows }));
      const answer = await run(project, ['ingest']);
      assert.equal(answer.code, 1, title);
      assert.match(answer.stderr, says, title);
      assert.deepEqual(await everything(project), before, title);
      removeFolder(join(project.folder, 'data/incremental'));
    }
  }));

test('an initial load that cannot be: raw is the one before', () =>
  withProject(rawFiles({ 'events/batch_001': 'evt_c,C,c\n' }), async (project) => {
    await done(project, ['load-initial']);
    await done(project, ['ingest']);
    const before = await everything(project);
    project.write({ 'data/initial/showtimes.csv': 'showtime_id,event_id,start_at\nst_1,evt_a,2025-13-01\n' });
    const answer = await run(project, ['load-initial']);
    assert.equal(answer.code, 1);
    assert.match(answer.stderr, /^data\/initial\/showtimes\.csv:2: column start_at: /mu);
    assert.deepEqual(await everything(project), before);
    removeFolder(join(project.folder, 'data/initial/showtimes.csv'));
    assert.match((await run(project, ['load-initial'])).stderr, /lacks showtimes\.csv: add what is missing/u);
    assert.deepEqual(await everything(project), before);
  }));

test('a batch that does not exist, and one that has other content', () =>
  withProject(rawFiles({ 'events/batch_001': 'evt_c,C,c\n' }), async (project) => {
    assert.match(
      (await run(project, ['ingest'])).stderr,
      /raw\.events does not exist: run `grainline load-initial` first/u,
    );
    await done(project, ['load-initial']);
    await done(project, ['ingest']);
    const before = await everything(project);
    const unknown = await run(project, ['ingest', 'events/batch_009']);
    assert.deepEqual([unknown.code, unknown.stderr.includes('events has events/batch_001.')], [1, true]);
    project.write(rawFiles({ 'events/batch_001': 'evt_d,D,d\n' }));
    const changed = await run(project, ['ingest']);
    assert.deepEqual(
      [changed.code, /ingested with other content .*--force/u.test(changed.stderr)],
      [1, true],
    );
    assert.deepEqual(await everything(project), before);
  }));

test('the server’s disk is full: what to do, and nothing half loaded', () =>
  withProject(
    {
      ...rawFiles({ 'events/batch_001': 'evt_c,C,c\n' }),
      'models/a.sql': '{{ config(materialized="table") }} select * from raw.events',
    },
    async (project) => {
      await done(project, ['load-initial']);
      await done(project, ['build']);
      const before = await everything(project);
      // As Postgres refuses it.
      await query(
        project.settings,
        `create schema device;
        create function device.refuse() returns trigger language plpgsql as $$ begin
          raise exception using errcode = 'disk_full', message = 'could not extend file: No space left on device';
        end $$;
        create trigger refuse before insert on raw.events execute function device.refuse()`,
      );
      const ingested = await run(project, ['ingest']);
      assert.equal(ingested.code, 1);
      assert.match(ingested.stderr, /No space left on device.*Free space on the server's disk/su);
      await query(project.settings, 'drop schema device cascade');
      assert.deepEqual(await everything(project), before);
      await done(project, ['ingest']);
    },
  ));

test('the disk of the target folder is full', () =>
  withProject({ 'models/a.sql': 'select 1 as id' }, async (project) => {
    const folder = join(project.folder, 'target/compiled/shop/models');
    mkdirSync(folder, { recursive: true });
    symlinkSync('/dev/full', join(folder, 'a.sql'));
    const answer = await run(project, ['build']);
    assert.equal(answer.code, 1);
    assert.match(answer.text, /the disk is full\. Free some space/u);
  }));

test('the disk of the embedded warehouse is full', async (t) => {
  const folder = scratchFolder('full');
  const home = join(folder, 'home');
  writeFiles(folder, {
    'dbt_project.yml': SETTINGS,
    'profiles.yml': 'shop:\n  target: dev\n  outputs:\n    dev: {type: embedded, schema: shop}\n',
    'home/.keep': '',
  });
  const isMounted = tryMount(home, '12m');
  try {
    if (!isMounted) {
      // Where no small disk can be made, the smallest there is.
      t.diagnostic('No file system may be mounted here: /dev/full stands in for a full disk.');
      removeFolder(home);
      symlinkSync('/dev/full', home);
    }
    const answer = await run({ folder, environment: { GRAINLINE_HOME: home } }, ['warehouse', 'start']);
    assert.equal(answer.code, 2, answer.text);
    if (isMounted) assert.match(answer.text, /full: free space, then run the command again\./u);
    else assert.match(answer.text, /set GRAINLINE_HOME to a folder of your own/u);
  } finally {
    if (isMounted) execFileSync('umount', [home]);
    removeFolder(folder);
  }
});

function tryMount(folder: string, size: string): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}
