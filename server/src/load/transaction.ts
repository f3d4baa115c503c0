/** One load at a time, and each wholly or not at all. */

import type { Session } from '../warehouse/port.ts';
import { LoadError } from './outcome.ts';
import type { LoadEvent, Outcome } from './outcome.ts';

/** Any number, as long as every version of the program uses the same. */
const LOCK = 7_235_419_201;

/**
 * UTC: timestamps in the files have no zone and mean UTC. Synchronous: a server that is killed right after the report
 * must still have the rows, and the embedded warehouse commits asynchronously otherwise.
 */
const SETTINGS = [
  "set local timezone = 'UTC'",
  "set local datestyle = 'ISO, MDY'",
  'set local synchronous_commit = on',
  'set local client_min_messages = warning',
];

/** A LoadError becomes the outcome; whatever else is thrown goes on, after the transaction was rolled back. */
export async function inLoadTransaction<T>(
  session: Session,
  onEvent: (event: LoadEvent) => void,
  work: () => Promise<T>,
): Promise<Outcome<T>> {
  await session.query(['begin', ...SETTINGS].join('; '));
  try {
    await waitForTurn(session, onEvent);
    const report = await work();
    await session.query('commit');
    return { kind: 'done', report };
  } catch (error) {
    await rollBack(session);
    if (error instanceof LoadError) return { kind: 'refused', problem: error.problem };
    throw error;
  }
}

async function waitForTurn(session: Session, onEvent: (event: LoadEvent) => void): Promise<void> {
  const { rows } = await session.query(`select pg_try_advisory_xact_lock(${String(LOCK)})`);
  if (rows[0]?.[0] === 't') return;
  onEvent({ kind: 'waiting', message: 'Another load or ingest is running: waiting for its end.' });
  await session.query(`select pg_advisory_xact_lock(${String(LOCK)})`);
}

async function rollBack(session: Session): Promise<void> {
  try {
    await session.query('rollback');
  } catch {
    // The session is gone, and the server rolls back by itself; the first error is the one to tell.
  }
}
