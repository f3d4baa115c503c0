/** A fresh database for each test, on one embedded server that all test processes share. */

import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { ensureEmbedded, stopEmbedded } from '../../server/src/warehouse/embedded/launcher.ts';
import type { ConnectionSettings, Session, Warehouse } from '../../server/src/warehouse/port.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';

const stateFolder = fileURLToPath(new URL('../../.cache/test-warehouse', import.meta.url));

export interface TestDatabase {
  readonly settings: ConnectionSettings;
  readonly warehouse: Warehouse;
}

/** Runs `work` on an empty database, which is dropped after, whatever sessions it left open. */
export async function withDatabase<T>(work: (database: TestDatabase) => Promise<T>): Promise<T> {
  const server = await testWarehouse();
  const name = `test_${String(process.pid)}_${randomBytes(4).toString('hex')}`;
  await onServer(server, (session) => session.query(`create database ${name}`));
  try {
    const settings = { ...server, database: name };
    return await work({ settings, warehouse: postgresWarehouse(settings) });
  } finally {
    await onServer(server, (session) => session.query(`drop database if exists ${name} with (force)`));
  }
}

/** One session on an empty database. */
export function withSession<T>(work: (session: Session, database: TestDatabase) => Promise<T>): Promise<T> {
  return withDatabase(async (database) => {
    const session = await database.warehouse.open('test');
    try {
      return await work(session, database);
    } finally {
      await session.close();
    }
  });
}

/** The shared server, started by whichever test process comes first. */
export function testWarehouse(): Promise<ConnectionSettings> {
  return ensureEmbedded({ stateFolder });
}

/** For the runner, after the last test. */
export function stopTestWarehouse(): Promise<boolean> {
  return stopEmbedded({ stateFolder });
}

async function onServer<T>(server: ConnectionSettings, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await postgresWarehouse(server).open('test');
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
