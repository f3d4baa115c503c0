/** What recorded commands expect of the server: a database, roles, and schemas that are not there yet. */

import type pg from 'pg';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import { connect } from '../relations/read.ts';

/** Every recorded command used this database, user and password. */
export const RECORDED = { database: 'dbt', user: 'root', password: 'password' };

/** Of the server; some hooks write it down. */
const RECORDED_TIMEZONE = 'Etc/UTC';

const ROLES = ['dbt_test_user_1', 'dbt_test_user_2', 'dbt_test_user_3'];

/** Creates the database and the roles that recorded commands name; gives the settings to reach that database. */
export async function prepareServer(admin: ConnectionSettings): Promise<ConnectionSettings> {
  const client = await connect(admin);
  try {
    for (const role of [RECORDED.user, ...ROLES]) {
      const attributes = role === RECORDED.user ? `superuser login password '${RECORDED.password}'` : 'login';
      if (!(await exists(client, 'select from pg_roles where rolname = $1', role))) {
        await client.query(`create role ${role} ${attributes}`);
      }
    }
    await client.query(`alter role ${RECORDED.user} set timezone to '${RECORDED_TIMEZONE}'`);
    if (!(await exists(client, 'select from pg_database where datname = $1', RECORDED.database))) {
      await client.query(`create database ${RECORDED.database} owner ${RECORDED.user}`);
    }
  } finally {
    await client.end();
  }
  return { ...admin, ...RECORDED };
}

/** Drops the schema and those whose names begin with it: custom schemas, stored failures. */
export async function dropSchemas(client: pg.Client, schema: string): Promise<void> {
  const { rows } = await client.query<{ nspname: string }>(
    'select nspname from pg_namespace where starts_with(nspname, $1)',
    [schema],
  );
  for (const { nspname } of rows)
    await client.query(`drop schema ${client.escapeIdentifier(nspname)} cascade`);
}

async function exists(client: pg.Client, query: string, name: string): Promise<boolean> {
  return ((await client.query(query, [name])).rowCount ?? 0) > 0;
}
