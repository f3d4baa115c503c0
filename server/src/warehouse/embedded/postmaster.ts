/** The server behind a data folder, as its postmaster.pid and the operating system tell it. */

import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { isAlive, serverProcessesIn, worksIn } from './processes.ts';

export type ServerState =
  | { readonly kind: 'stopped' }
  /** Its postmaster.pid names a process that is dead, a zombie, or somebody else's. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'starting'; readonly pid: number }
  | { readonly kind: 'stopping'; readonly pid: number }
  | { readonly kind: 'ready'; readonly pid: number; readonly port: number };

const POLL_MS = 10;

export function serverState(data: string): ServerState {
  const lines = readPidFile(data);
  if (lines === undefined) return { kind: 'stopped' };
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return { kind: 'stale' };
  if (worksIn(pid, realpathSync(data)) === false) return { kind: 'stale' };
  switch (lines[7]?.trim()) {
    case 'ready':
      return { kind: 'ready', pid, port: Number(lines[3]) };
    case 'stopping':
      return { kind: 'stopping', pid };
    default:
      return { kind: 'starting', pid };
  }
}

/** Waits until the server is neither starting nor stopping, or the time is over. */
export async function settledState(data: string, timeoutMs: number): Promise<ServerState> {
  const started = Date.now();
  for (;;) {
    const state = serverState(data);
    const moving = state.kind === 'starting' || state.kind === 'stopping';
    if (!moving || Date.now() - started > timeoutMs) return state;
    await sleep(POLL_MS);
  }
}

/**
 * Removes what a killed server left: its postmaster.pid, and processes that still hold its shared memory. They belong
 * to nobody (their postmaster is dead), and Postgres replays the log when it starts.
 */
export function clearStale(data: string): void {
  if (!existsSync(data)) return;
  for (const pid of serverProcessesIn(realpathSync(data))) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Ended by itself meanwhile.
    }
  }
  rmSync(join(data, 'postmaster.pid'), { force: true });
}

function readPidFile(data: string): readonly string[] | undefined {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
}
