/** Kills at random moments that can be repeated: the moment comes from a seed, the victim is a process of the embedded server or a client. */

import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { embeddedStatus } from '../../server/src/warehouse/embedded/launcher.ts';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';

/** Another one each time; a test tells it, so that a failure can be repeated. */
export const KILL_SEED = Number(process.env.KILL_SEED ?? Math.floor(Math.random() * 1e9));

/** A small generator of numbers below one, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Does nothing when no server runs. */
export function killServer(stateFolder: string): void {
  const status = embeddedStatus({ stateFolder });
  if (status.running) process.kill(status.pid, 'SIGKILL');
}

/** The processes that serve clients: the server notices and restarts all of them. */
export async function killBackends(settings: ConnectionSettings): Promise<void> {
  const session = await postgresWarehouse(settings).open();
  try {
    const { rows } = await session.query(
      "select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
    for (const [pid] of rows) {
      assert.ok(Number(pid) > 0);
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It ended by itself meanwhile.
      }
    }
  } finally {
    await session.close();
  }
}

export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
}
