/**
 * The server that a replay uses, and what its schemas hold. Reads with the bare driver on purpose: a fault in the engine's own
 * adapter must not hide on both sides of a comparison.
 */

import { createHash } from 'node:crypto';
import pg from 'pg';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import type { Relation, Relations } from './recording.ts';

/** Every recorded command used this database, user and password. */
export const RECORDED = { database: 'dbt', user: 'root', password: 'password' };

const ROLES = ['dbt_test_user_1', 'dbt_test_user_2', 'dbt_test_user_3'];

/** Relations with more rows are recorded as a checksum. */
export const MOST_ROWS = 200;

export async function connect(settings: ConnectionSettings): Promise<pg.Client> {
  const client = new pg.Client({
    ...settings,
    application_name: 'grainline conformance',
    options: '-c timezone=UTC',
  });
  await client.connect();
  return client;
}

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

interface CatalogRow {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly cols: Relation['cols'];
  readonly comment: string | null;
  readonly indexes: readonly string[] | null;
  readonly constraints: readonly string[] | null;
}

const CATALOG = `
select n.nspname as schema, c.relname as name, c.relkind as kind, obj_description(c.oid, 'pg_class') as comment,
  (select coalesce(json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
      col_description(c.oid, a.attnum)) order by a.attnum), '[]')
   from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as cols,
  (select json_agg(pg_get_indexdef(i.indexrelid)) from pg_index i where i.indrelid = c.oid) as indexes,
  -- Postgres 18 lists not-null constraints here too; the columns tell those already.
  (select json_agg(pg_get_constraintdef(k.oid)) from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n') as constraints
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'p', 'f') and starts_with(n.nspname, $1)
order by 1, 2`;

/** Every relation in the schema and in those whose names begin with its name. */
export async function readRelations(client: pg.Client, schema: string): Promise<Relations> {
  const { rows } = await client.query<CatalogRow>(CATALOG, [schema]);
  const relations: Record<string, Relation> = {};
  for (const row of rows) {
    const name = `${client.escapeIdentifier(row.schema)}.${client.escapeIdentifier(row.name)}`;
    const content = await readRows(client, name);
    relations[`${row.schema}.${row.name}`.replace(schema, '{schema}')] = {
      kind: row.kind,
      cols: row.cols,
      ...(row.comment !== null && { comment: row.comment }),
      ...(row.indexes && { indexes: [...row.indexes].sort() }),
      ...(row.constraints && { constraints: [...row.constraints].sort() }),
      ...content,
    };
  }
  return relations;
}

async function readRows(client: pg.Client, relation: string): Promise<Pick<Relation, 'n' | 'rows' | 'md5'>> {
  let rows: readonly string[];
  try {
    const result = await client.query<{ row: string }>(
      `select row_to_json(t)::text as row from ${relation} t`,
    );
    rows = result.rows.map(({ row }) => row).sort();
  } catch (error) {
    // A view that the server cannot run any more is a state like any other.
    return { n: -1, rows: [error instanceof Error ? error.message : String(error)] };
  }
  if (rows.length <= MOST_ROWS) return { n: rows.length, rows };
  return { n: rows.length, md5: createHash('md5').update(rows.join('\n')).digest('hex') };
}

async function exists(client: pg.Client, query: string, name: string): Promise<boolean> {
  return ((await client.query(query, [name])).rowCount ?? 0) > 0;
}
