/**
 * What a database's relations are and hold. Reads with the bare driver on purpose: a fault in the engine's own adapter must not hide
 * on both sides of a comparison.
 */

import { createHash } from 'node:crypto';
import pg from 'pg';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';

/** `schema.name` to the relation. */
export type Relations = Readonly<Record<string, Relation>>;

export interface Relation {
  /** pg_class.relkind. */
  readonly kind: string;
  readonly cols: readonly (readonly [name: string, type: string, notNull: boolean, comment: string | null])[];
  readonly n: number;
  /** Each row as JSON, sorted; absent from relations with many. */
  readonly rows?: readonly string[];
  /** Of the sorted rows in the server's own text form, a line each; where `rows` is absent. */
  readonly md5?: string;
  readonly comment?: string;
  readonly indexes?: readonly string[];
  readonly constraints?: readonly string[];
}

export async function connect(settings: ConnectionSettings): Promise<pg.Client> {
  const client = new pg.Client({
    ...settings,
    application_name: 'grainline comparison',
    options: '-c timezone=UTC',
  });
  await client.connect();
  return client;
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
  and n.nspname <> 'information_schema' and not starts_with(n.nspname, 'pg_')
order by 1, 2`;

/**
 * Every relation in the schemas whose names begin with the prefix, the system's aside. Relations of more than `mostRows` rows are
 * given as a checksum.
 */
export async function readRelations(client: pg.Client, prefix: string, mostRows: number): Promise<Relations> {
  const { rows } = await client.query<CatalogRow>(CATALOG, [prefix]);
  const relations: Record<string, Relation> = {};
  for (const row of rows) {
    const name = `${client.escapeIdentifier(row.schema)}.${client.escapeIdentifier(row.name)}`;
    const content = await readRows(client, name, mostRows);
    relations[`${row.schema}.${row.name}`] = {
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

async function readRows(
  client: pg.Client,
  relation: string,
  mostRows: number,
): Promise<Pick<Relation, 'n' | 'rows' | 'md5'>> {
  const select = async (expression: string): Promise<string[]> => {
    const result = await client.query<{ row: string }>(`select ${expression} as row from ${relation} t`);
    return result.rows.map(({ row }) => row).sort();
  };
  try {
    const [counted] = await select('count(*)::text');
    const n = Number(counted);
    if (n <= mostRows) return { n, rows: await select('row_to_json(t)::text') };
    return {
      n,
      md5: createHash('md5')
        .update((await select('t::text')).join('\n'))
        .digest('hex'),
    };
  } catch (error) {
    // A view that the server cannot run any more is a state like any other.
    return { n: -1, rows: [error instanceof Error ? error.message : String(error)] };
  }
}
