/** A database of its own on the server of the tests, with a schema in it. */

import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { readSchema } from '../../server/src/describe/read-schema.ts';
import type { Schema } from '../../server/src/sql/plan/schema.ts';
import { ensureEmbedded } from '../../server/src/warehouse/embedded/launcher.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';

/** A driver's own connection: what the port hands on lacks the origins of a description. */
export interface ServerConnection {
  readonly client: Client;
  readonly schema: Schema;
  close(): Promise<void>;
}

const stateFolder = fileURLToPath(new URL('../../.cache/test-warehouse', import.meta.url));

export async function serverConnection(ddl: string): Promise<ServerConnection> {
  const server = await ensureEmbedded({ stateFolder });
  const name = `lineage_${String(process.pid)}_${randomBytes(4).toString('hex')}`;
  const admin = new Client({ ...server, ssl: false });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const settings = { ...server, database: name };
  const client = new Client({ ...settings, ssl: false });
  await client.connect();
  await client.query(ddl);
  const session = await postgresWarehouse(settings).open('lineage truth');
  const schema = await readSchema(session);
  await session.close();
  return {
    client,
    schema,
    async close() {
      await client.end();
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}
