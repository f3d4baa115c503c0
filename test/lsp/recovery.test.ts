/** What goes away under an editor: the database, the project's folder, a file, the target. It is said once, nothing typed is lost, and all comes back by itself. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { EditorClient } from '../../scripts/editor-client.ts';
import { withEditor } from '../../scripts/editor-client.ts';
import type { ProjectState, RunNews } from '../../server/src/lsp/protocol.ts';
import { ensureEmbedded, stopEmbedded } from '../../server/src/warehouse/embedded/launcher.ts';
import { profileText } from '../../scripts/profiles.ts';
import { parseFixture } from '../support/fixture.ts';
import { withDatabase } from '../support/postgres.ts';

const SHOP = `
==> dbt_project.yml
name: shop
version: '1.0'
profile: shop
==> profiles.yml
shop:
  target: dev
  outputs:
    dev: {type: embedded, schema: s}
    other: {type: postgres, host: 127.0.0.1, port: 1, user: u, password: secret-word, dbname: d, schema: other, connect_timeout: 1}
==> models/one.sql
select 1 as a
==> models/two.sql
select a from {{ ref('one') }}
`;

function states(client: EditorClient): readonly ProjectState[] {
  return client.notifications
    .filter(({ method }) => method === 'grainline/project')
    .map(({ params }) => params as ProjectState);
}

test('an embedded warehouse that was never made is off, and says what to do', () =>
  withEditor({ files: parseFixture(SHOP).files }, async (client) => {
    await client.until(() => client.state?.warehouse.kind === 'off');
    assert.match(client.state?.warehouse.message ?? '', /Initialise/u);
  }));

test('the database is stopped and started: the last catalog serves meanwhile', async () => {
  const home = mkdtempSync(join(tmpdir(), 'grainline-home-'));
  try {
    await ensureEmbedded({ stateFolder: home });
    await withEditor({ files: parseFixture(SHOP).files, env: { GRAINLINE_HOME: home } }, async (client) => {
      await client.until(() => client.state?.warehouse.kind === 'connected');
      const path = 'models/two.sql';
      await client.openDocument(path, "select b from {{ ref('one') }}\n");
      await client.until(async () => (await client.diagnostics(path)).length === 1);
      await stopEmbedded({ stateFolder: home });
      await client.until(() => client.state?.warehouse.kind === 'away');
      assert.equal((await client.diagnostics(path))[0]?.code, 'unknown-column');
      await ensureEmbedded({ stateFolder: home });
      await client.until(() => client.state?.warehouse.kind === 'connected');
      // What it is now is told when it changes, and not with every attempt.
      const kinds = states(client).map(({ warehouse }) => warehouse.kind);
      const changes = kinds.filter((kind, index) => kind !== kinds[index - 1]);
      assert.deepEqual(changes.slice(-3), ['connected', 'away', 'connected']);
      assert.equal(client.textOf(path), "select b from {{ ref('one') }}\n");
    });
  } finally {
    await stopEmbedded({ stateFolder: home });
    rmSync(home, { recursive: true, force: true });
  }
});

test("a project's folder is deleted under the editor: it says so, and is there again when the folder is", () =>
  withEditor({ files: parseFixture(SHOP).files }, async (client) => {
    const path = 'models/two.sql';
    const typed = "select a, 'unsaved' as b from {{ ref('one') }}\n";
    await client.openDocument(path, typed);
    assert.deepEqual(await client.diagnostics(path), []);
    for (const file of ['models', 'profiles.yml', 'dbt_project.yml'])
      await client.changeOnDisk(file, undefined);
    await client.until(() => client.state?.problem !== null);
    assert.match(client.state?.problem?.message ?? '', /dbt_project\.yml/u);
    assert.equal(client.textOf(path), typed);
    for (const [file, text] of parseFixture(SHOP).files) await client.changeOnDisk(file, text);
    await client.until(() => client.state?.problem === null && client.state.phase === 'ready');
    await client.until(async () => (await client.diagnostics(path)).length === 0);
  }));

test('another target is another schema, and no password is told', () =>
  withEditor({ files: parseFixture(SHOP).files }, async (client) => {
    assert.deepEqual(client.state?.targets, ['dev', 'other']);
    await client.request('grainline/setTarget', { folder: client.folderUri, target: 'other' });
    await client.until(() => client.state?.target === 'other');
    await client.openDocument('models/two.sql', "select a from {{ ref('one') }}\n");
    const compiled = await client.request('grainline/compiled', { uri: client.uri('models/two.sql') });
    assert.match(compiled?.sql ?? '', /"other"\."one"/u);
    await client.until(() => client.state?.warehouse.kind === 'away');
    assert.doesNotMatch(JSON.stringify(client.notifications), /secret-word/u);
  }));

test('a run is stopped within its statement, on the server too', () =>
  withDatabase(async ({ settings, warehouse }) => {
    const files = new Map(parseFixture(SHOP).files);
    files.set('profiles.yml', profileText(settings, { profile: 'shop', schema: 's', threads: 2 }));
    files.set('models/slow.sql', "{{ config(materialized='table') }}\nselect pg_sleep(120)::text as a\n");
    await withEditor({ files }, async (client) => {
      await client.until(() => client.state?.warehouse.kind === 'connected');
      const session = await warehouse.open('watcher');
      const sleeping = async (): Promise<number> =>
        (
          await session.query(
            "select 1 from pg_stat_activity where state = 'active' and query like '%pg_sleep(120)%' and application_name <> 'grainline editor' and pid <> pg_backend_pid()",
          )
        ).rows.length;
      const { runId } = await client.request('grainline/startRun', {
        folder: client.folderUri,
        command: 'run',
        select: ['slow', 'two'],
      });
      await client.until(async () => (await sleeping()) === 1);
      await client.request('grainline/cancelRun', { runId });
      await client.until(() =>
        client.notifications.some(
          ({ method, params }) => method === 'grainline/run' && (params as RunNews).state === 'cancelled',
        ),
      );
      assert.equal(await sleeping(), 0);
      await session.close();
      assert.equal(client.state?.running, null);
      const [run] = await client.request('grainline/runs', { folder: client.folderUri });
      assert.equal(run?.state, 'cancelled');
      const slow = run.nodes.find(({ name }) => name === 'slow');
      // What was stopped has not failed, and is not there to be run again as if it had.
      assert.deepEqual([slow?.status, slow?.message], ['skipped', 'Stopped.']);
      assert.ok(run.nodes.every(({ status }) => status !== 'running' && status !== 'queued'));
    });
  }));

test('a folder is closed while its run goes on: the run ends on the server, and nothing more is told', () =>
  withDatabase(async ({ settings, warehouse }) => {
    const files = new Map(parseFixture(SHOP).files);
    files.set('profiles.yml', profileText(settings, { profile: 'shop', schema: 's', threads: 2 }));
    files.set('models/slow.sql', "{{ config(materialized='table') }}\nselect pg_sleep(120)::text as a\n");
    await withEditor({ files }, async (client) => {
      await client.until(() => client.state?.warehouse.kind === 'connected');
      const session = await warehouse.open('watcher');
      const sleeping = async (): Promise<number> =>
        (
          await session.query(
            "select 1 from pg_stat_activity where state = 'active' and query like '%pg_sleep(120)%' and application_name <> 'grainline editor' and pid <> pg_backend_pid()",
          )
        ).rows.length;
      const ours = async (): Promise<number> =>
        (
          await session.query(
            "select 1 from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()",
          )
        ).rows.length;
      await client.request('grainline/startRun', {
        folder: client.folderUri,
        command: 'run',
        select: ['slow'],
      });
      await client.until(async () => (await sleeping()) === 1);
      // Typing goes on meanwhile, and the target is chosen again and again.
      await client.openDocument('models/two.sql', "select a from {{ ref('one') }}\n");
      for (const target of ['other', 'only', 'other', 'only']) {
        await client.edit('models/two.sql', 0, 0, '-- typed\n');
        void client
          .request('grainline/setTarget', { folder: client.folderUri, target })
          .catch(() => undefined);
      }
      await client.tell('workspace/didChangeWorkspaceFolders', {
        event: { added: [], removed: [{ uri: client.folderUri, name: 'test' }] },
      });
      await client.until(async () => (await ours()) === 0);
      assert.deepEqual(await client.request('grainline/projects', null), []);
      await session.close();
    });
  }));

test('several projects of one window: each document belongs to its own', () => {
  const inner = [...parseFixture(SHOP).files].map(([path, text]): [string, string] => [
    `shops/second/${path}`,
    text.replaceAll('name: shop', 'name: second'),
  ]);
  return withEditor({ files: new Map([...parseFixture(SHOP).files, ...inner]) }, async (client) => {
    await client.until(async () => {
      const projects = await client.request('grainline/projects', null);
      return projects.length === 2 && projects.every(({ phase }) => phase === 'ready');
    });
    const resource = await client.request('grainline/resourceAt', {
      uri: client.uri('shops/second/models/two.sql'),
    });
    assert.equal(resource?.uniqueId, 'model.second.two');
    const outer = await client.request('grainline/resourceAt', { uri: client.uri('models/two.sql') });
    assert.equal(outer?.uniqueId, 'model.shop.two');
  });
});
