/** What rows a schema takes: its tables' columns as they are inserted, and all that the server will refuse. */

import type { Session } from '../warehouse/port.ts';

export interface Table {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly keys: readonly TableKey[];
  readonly foreignKeys: readonly TableForeignKey[];
  /** CHECK constraints, the bounds of partitions and the predicates of indexes, as SQL over the columns. */
  readonly checks: readonly string[];
  /** The table that it inherits from or is a part of. */
  readonly parent: string | undefined;
  /** Made in the transaction that is open: it is nobody's, and may be written to. */
  readonly isScratch: boolean;
}

export interface TableColumn {
  readonly name: string;
  /** As `format_type` spells it; of a domain what is below it. */
  readonly type: string;
  readonly notNull: boolean;
  /** Computed by the server. */
  readonly generated: boolean;
  /** Of an enum. */
  readonly labels: readonly string[];
  /** Of a domain, over `value`. */
  readonly checks: readonly string[];
}

/** A unique index, where all its parts are columns. */
export interface TableKey {
  readonly columns: readonly string[];
  readonly isPartial: boolean;
}

export interface TableForeignKey {
  readonly columns: readonly string[];
  readonly table: string;
  readonly to: readonly string[];
}

export function tableKey(schema: string, name: string): string {
  return `${schema}.${name}`;
}

/** Of all schemas but the server's own, by `tableKey`. */
export async function readTables(session: Session): Promise<ReadonlyMap<string, Table>> {
  const { rows } = await session.query(TABLES);
  const tables = new Map<string, Table>();
  for (const [text] of rows) {
    const { parent, columns, ...row } = JSON.parse(text ?? '{}') as Omit<Table, 'parent'> & { parent: string | null }; // prettier-ignore
    tables.set(tableKey(row.schema, row.name), { ...row, columns, parent: parent ?? undefined });
  }
  return tables;
}

const TABLES = `
select json_build_object(
  'schema', n.nspname, 'name', c.relname,
  'columns', coalesce((
    select json_agg(json_build_object('name', a.attname,
      'type', format_type(coalesce(nullif(t.typbasetype, 0), a.atttypid), case when t.typtype = 'd' then t.typtypmod else a.atttypmod end),
      'notNull', a.attnotnull or (t.typtype = 'd' and t.typnotnull),
      'generated', a.attgenerated <> '',
      'labels', coalesce((select json_agg(e.enumlabel order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = a.atttypid), '[]'),
      'checks', coalesce((select json_agg(pg_get_expr(k.conbin, 0, true)) from pg_catalog.pg_constraint k
        where k.contypid = a.atttypid and k.contype = 'c'), '[]')) order by a.attnum)
    from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]'),
  'keys', coalesce((
    select json_agg(json_build_object('isPartial', i.indpred is not null, 'columns',
      (select json_agg(a.attname order by k) from generate_series(1, i.indnkeyatts) k
      join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[k - 1])))
    from pg_catalog.pg_index i
    where i.indrelid = c.oid and i.indisunique and i.indexprs is null), '[]'),
  'foreignKeys', coalesce((
    select json_agg(json_build_object(
      'columns', (select json_agg(a.attname order by x.n) from unnest(f.conkey) with ordinality x(num, n)
        join pg_catalog.pg_attribute a on a.attrelid = f.conrelid and a.attnum = x.num),
      'table', tn.nspname || '.' || tc.relname,
      'to', (select json_agg(a.attname order by x.n) from unnest(f.confkey) with ordinality x(num, n)
        join pg_catalog.pg_attribute a on a.attrelid = f.confrelid and a.attnum = x.num)))
    from pg_catalog.pg_constraint f
    join pg_catalog.pg_class tc on tc.oid = f.confrelid
    join pg_catalog.pg_namespace tn on tn.oid = tc.relnamespace
    where f.conrelid = c.oid and f.contype = 'f'), '[]'),
  'checks', coalesce((select json_agg(x.text) from (
      select pg_get_expr(k.conbin, k.conrelid, true) from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype = 'c'
      union all
      select pg_get_expr(i.indpred, i.indrelid, true) from pg_catalog.pg_index i where i.indrelid = c.oid
      union all
      select pg_get_partition_constraintdef(h.inhrelid) from pg_catalog.pg_inherits h where h.inhparent = c.oid and c.relkind = 'p') x(text)
    where x.text is not null), '[]'),
  'parent', (select pn.nspname || '.' || p.relname from pg_catalog.pg_inherits h
    join pg_catalog.pg_class p on p.oid = h.inhparent join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
    where h.inhrelid = c.oid limit 1),
  'isScratch', c.xmin::text = coalesce((pg_current_xact_id_if_assigned()::text::numeric % 4294967296)::text, ''))
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not c.relispartition
  and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
order by c.oid`;
