/** Reads what a warehouse holds: relations with columns, keys and comments, in three statements. */

import type { CatalogColumn, CatalogKey, CatalogRelation, RelationKind } from '../project/catalog.ts';
import { relationKey } from '../project/stored-names.ts';
import type { Cell, Session } from '../warehouse/port.ts';
import { arrayParameter } from './array-parameter.ts';
import { readRelations } from './read-schema.ts';

/** By `relationKey`, as a Catalog has them. */
export async function readCatalog(
  session: Session,
  schemas: readonly string[],
): Promise<ReadonlyMap<string, CatalogRelation>> {
  const parameter = [arrayParameter(schemas)];
  const [columns, keys, guarantees] = await Promise.all([
    session.queryWith(COLUMNS, parameter),
    session.queryWith(KEYS, parameter),
    readRelations(session, schemas),
  ]);
  const keysByRelation = new Map<Cell, CatalogKey[]>();
  for (const [relation = null, ...key] of keys.rows)
    keysByRelation.set(relation, [...(keysByRelation.get(relation) ?? []), toKey(key)]);
  const relations = new Map<string, CatalogRelation>();
  // One relation's rows stand together.
  let current: { readonly oid: Cell; readonly columns: CatalogColumn[] } | undefined;
  for (const [oid = null, schema, name, kind, relationComment, ...column] of columns.rows) {
    if (current?.oid !== oid) {
      current = { oid, columns: [] };
      const key = relationKey(schema ?? '', name ?? '');
      const guaranteed = guarantees.get(key);
      relations.set(key, {
        schema: schema ?? '',
        name: name ?? '',
        kind: KINDS[kind ?? ''] ?? 'table',
        columns: current.columns,
        keys: keysByRelation.get(oid) ?? [],
        ...(guaranteed ? { guarantees: guaranteed } : {}),
        comment: relationComment ?? null,
      });
    }
    // A table may have no columns at all.
    if (column[0] !== null) current.columns.push(toColumn(column));
  }
  return relations;
}

const KINDS: Readonly<Record<string, RelationKind>> = {
  r: 'table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  p: 'partitioned table',
};

// A domain may rule NULL out for the column that has it.
const COLUMNS = `
select c.oid, n.nspname, c.relname, c.relkind, about_relation.description,
  a.attname, format_type(a.atttypid, a.atttypmod), a.atttypid, a.atttypmod,
  a.attnotnull or (t.typtype = 'd' and t.typnotnull), about_column.description
from pg_catalog.pg_namespace n
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'v', 'm', 'f', 'p')
left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_catalog.pg_type t on t.oid = a.atttypid
left join pg_catalog.pg_description about_relation
  on about_relation.classoid = 'pg_catalog.pg_class'::regclass and about_relation.objoid = c.oid and about_relation.objsubid = 0
left join pg_catalog.pg_description about_column
  on about_column.classoid = 'pg_catalog.pg_class'::regclass and about_column.objoid = c.oid and about_column.objsubid = a.attnum
where n.nspname = any($1::name[])
order by c.oid, a.attnum`;

// Every primary key and unique constraint is kept by an index; a part of the rows, or an expression, is no key of columns.
const KEYS = `
select i.indrelid, i.indisprimary,
  (select json_agg(a.attname order by k.n)
   from unnest(i.indkey::int2[]) with ordinality k(attnum, n)
   join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
   where k.n <= i.indnkeyatts)
from pg_catalog.pg_namespace n
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'm', 'p')
join pg_catalog.pg_index i on i.indrelid = c.oid
where n.nspname = any($1::name[])
  and i.indisunique and i.indisvalid and i.indisready and i.indpred is null and i.indexprs is null
order by i.indrelid, i.indisprimary desc, i.indexrelid`;

function toKey([isPrimary, columns]: readonly Cell[]): CatalogKey {
  return {
    columns: JSON.parse(columns ?? '[]') as string[],
    kind: isPrimary === 't' ? 'primary' : 'unique',
  };
}

function toColumn([name, type, typeOid, typmod, notNull, comment]: readonly Cell[]): CatalogColumn {
  return {
    name: name ?? '',
    type: type ?? '???',
    typeOid: Number(typeOid),
    typmod: Number(typmod),
    notNull: notNull === 't',
    comment: comment ?? null,
  };
}
