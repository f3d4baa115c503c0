/** The sample project comes out of this engine as it comes out of dbt-core: built, and built again on new data. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeProfile } from '../../scripts/profiles.ts';
import { connect } from '../../scripts/relations/read.ts';
import type { ScriptServer } from '../../scripts/server-for.ts';
import { serverFor } from '../../scripts/server-for.ts';
import { dbtCore } from '../support/tools.ts';

const root = join(import.meta.dirname, '..', '..');
const SOURCE = 'parity_source';

const dbt = await dbtCore();
const folder = mkdtempSync(join(tmpdir(), 'parity-test-'));
let server: ScriptServer | undefined;

before(async () => {
  if (dbt.skip !== false) return;
  server = await serverFor(undefined);
  const client = await connect(server.settings);
  await client.query(`create database ${SOURCE}`);
  await client.end();
  const settings = { ...server.settings, database: SOURCE };
  writeProfile(folder, settings, { profile: 'grainline_ticketing', schema: 'analytics', threads: 2 });
  const { status, stderr } = node([join('dist', 'cli.mjs'), 'load-initial'], { DBT_PROFILES_DIR: folder });
  assert.equal(status, 0, stderr);
});

after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

test('the sample project is built as dbt-core builds it', { skip: dbt.skip }, () => {
  assert.ok(server);
  const { host, port, user, password } = server.settings;
  const url = `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/postgres`;
  const commands = ['build', 'build --full-refresh'].flatMap((command) => ['--command', command]);
  const { status, stdout, stderr } = node(
    ['--import', 'tsx', 'scripts/parity.ts', '.', '--url', url, '--template', SOURCE, ...commands],
    {},
  );
  assert.equal(status, 0, `${stdout}${stderr}`);
});

function node(args: readonly string[], env: NodeJS.ProcessEnv) {
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } });
}
