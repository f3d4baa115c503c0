/** The extension where npm installed nothing: no embedded server comes with it, it says so, and one that is fetched is used. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withEditor, type EditorClient } from '../../scripts/editor-client.ts';
import type { RunNews, TaskOrder } from '../../server/src/lsp/protocol.ts';
import { findDistribution } from '../../server/src/warehouse/embedded/distribution.ts';
import { fetchedFolder } from '../../server/src/warehouse/embedded/fetched.ts';
import { stopEmbedded } from '../../server/src/warehouse/embedded/launcher.ts';
import { serverPlatform } from '../../server/src/warehouse/embedded/platform.ts';
import { PUBLISHED } from '../../server/src/warehouse/embedded/published.ts';
import { parseFixture } from '../support/fixture.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

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
==> models/one.sql
select 1 as a
`;

/** Runs a task to its end; its state and what it said. */
async function ended(client: EditorClient, task: TaskOrder['task']): Promise<[string, string]> {
  const { runId } = await client.request('grainline/startTask', { folder: client.folderUri, task });
  const news = (): RunNews[] =>
    client.notifications
      .filter(({ method }) => method === 'grainline/run')
      .map(({ params }) => params as RunNews)
      .filter((one) => one.runId === runId);
  await client.until(() => news().some(({ endedAt }) => typeof endedAt === 'number'));
  const text = news().flatMap(({ log = [] }) => log.map((line) => line.text));
  // The view has a time for each line already.
  for (const line of text) assert.doesNotMatch(line, /^\d\d:\d\d:\d\d/u);
  return [news().at(-1)?.state ?? '', text.join('\n')];
}

test('it names the command that fetches a server; what that brings makes the warehouse', async () => {
  const away = mkdtempSync(join(tmpdir(), 'grainline-alone-'));
  const home = join(away, 'home');
  const data = join(away, 'data');
  try {
    const dist = join(away, 'dist');
    execFileSync(process.execPath, [join(repository, 'scripts/build.mjs'), '--out', dist]);
    for (const name of ['libpg-query', '@pgsql/types'])
      cpSync(join(repository, 'node_modules', name), join(dist, 'node_modules', name), { recursive: true });
    await withEditor(
      {
        command: [process.execPath, join(dist, 'server.mjs'), '--stdio'],
        files: parseFixture(SHOP).files,
        env: {
          GRAINLINE_HOME: home,
          XDG_DATA_HOME: data,
          LOCALAPPDATA: data,
          // Nobody listens there.
          npm_config_registry: 'http://127.0.0.1:2/',
        },
      },
      async (client) => {
        await client.until(() => client.state?.warehouse.kind === 'off');
        assert.equal(client.state?.warehouse.remedy, 'fetch-embedded');
        assert.match(client.state.warehouse.message ?? '', /run "Grainline: Fetch the Embedded Postgres…"/u);

        const [refused, why] = await ended(client, 'fetch-embedded');
        assert.equal(refused, 'failed');
        assert.match(why, /cannot be downloaded from 127\.0\.0\.1:2 \(ECONNREFUSED\)/u);
        assert.equal(client.state.warehouse.remedy, 'fetch-embedded');

        putFetched(data);
        const [fetched, where] = await ended(client, 'fetch-embedded');
        assert.deepEqual([fetched, where.includes('is here already, in ')], ['done', true], where);
        await client.until(() => client.state?.warehouse.remedy === undefined);
        assert.match(
          client.state.warehouse.message ?? '',
          /does not exist yet: run "Grainline: Initialise"/u,
        );

        const [initialised, log] = await ended(client, 'init');
        assert.equal(initialised, 'done', log);
        await client.until(() => client.state?.warehouse.kind === 'connected');
      },
    );
  } finally {
    await stopEmbedded({ stateFolder: home });
    rmSync(away, { recursive: true, force: true });
  }
});

/** The server of this repository, where a fetched one would be. */
function putFetched(data: string): void {
  const platform = serverPlatform();
  const published = PUBLISHED[platform];
  assert.ok(published);
  const folder = fetchedFolder(platform, published, { XDG_DATA_HOME: data, LOCALAPPDATA: data });
  mkdirSync(dirname(folder), { recursive: true });
  cpSync(dirname(findDistribution([]).folder), folder, { recursive: true, verbatimSymlinks: true });
}
