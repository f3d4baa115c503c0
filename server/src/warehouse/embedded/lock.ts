/** One launcher at a time: a lock file that names its holder, so that a killed holder's lock is taken over. */

import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { FailureError } from '../../base/failure.ts';
import { processStamp } from './processes.ts';

const POLL_MS = 20;
const TIMEOUT_MS = 120_000;
/** A lock without content is one whose holder was killed between creating and writing it, or is just doing so. */
const EMPTY_LOCK_GRACE_MS = 1000;

/** Runs `work` while this process holds the lock; throws a FailureError when another holds it for too long. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const ours = JSON.stringify({ pid: process.pid, stamp: processStamp(process.pid), id: randomUUID() });
  await acquire(path, ours);
  try {
    return await work();
  } finally {
    if (read(path) === ours) rmSync(path, { force: true });
  }
}

async function acquire(path: string, ours: string): Promise<void> {
  const started = Date.now();
  let emptySince: number | undefined;
  while (!tryCreate(path, ours)) {
    const held = read(path);
    if (held === undefined) continue; // Released just now.
    emptySince = held === '' ? (emptySince ?? Date.now()) : undefined;
    const abandoned =
      emptySince === undefined ? !holderLives(held) : Date.now() - emptySince > EMPTY_LOCK_GRACE_MS;
    if (abandoned) remove(path, held);
    else if (Date.now() - started > TIMEOUT_MS) throw tooLong(path, held);
    else await sleep(POLL_MS);
  }
}

function tryCreate(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined when there is no lock. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function holder(held: string): { pid: number; stamp: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(held);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('stamp' in value))
      return undefined;
    return typeof value.pid === 'number' ? { pid: value.pid, stamp: value.stamp } : undefined;
  } catch {
    return undefined;
  }
}

function holderLives(held: string): boolean {
  const by = holder(held);
  return by !== undefined && processStamp(by.pid) === by.stamp;
}

/** Takes the abandoned lock away; another waiter may have done so and hold a new one, which is then put back. */
function remove(path: string, abandoned: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // Somebody else was faster.
  }
  if (read(aside) !== abandoned) {
    try {
      linkSync(aside, path);
    } catch {
      // A third one created the lock meanwhile: two holders, which Postgres's own lock on the data folder tells apart.
    }
  }
  rmSync(aside, { force: true });
}

function tooLong(path: string, held: string): FailureError {
  const by = holder(held);
  const who = by ? `process ${String(by.pid)}` : 'another process';
  const message = `Waited ${String(TIMEOUT_MS / 1000)} s for ${who}, which is starting or stopping the embedded warehouse: end it, or remove "${path}".`;
  return new FailureError({ kind: 'connection', message });
}
