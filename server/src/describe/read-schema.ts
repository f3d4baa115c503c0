/** Reads what a server guarantees of its relations: columns, unique indexes, exclusion constraints, foreign keys, inheritance, views. */

import type { ForeignKey, KeyPart, Relation, RelationKey, Schema } from '../sql/plan/schema.ts';
import { relationKey } from '../project/stored-names.ts';
import { arrayParameter } from './array-parameter.ts';
import type { Session } from '../warehouse/port.ts';

/** Of all schemas but the server's own; unqualified names are looked for along its search path. */
export async function readSchema(session: Session): Promise<Schema> {
  const relations = await readRelations(session, null);
  const path = await session.query('select array_to_json(current_schemas(true))');
  const aggregates = await session.query(AGGREGATES);
  const searchPath = JSON.parse(path.rows[0]?.[0] ?? '[]') as string[];
  return schemaOf(relations, searchPath, new Set(aggregates.rows.map(([name]) => name ?? '')));
}

/** By `relationKey`; null for all schemas but the server's own. */
export async function readRelations(
  session: Session,
  schemas: readonly string[] | null,
): Promise<ReadonlyMap<string, Relation>> {
  const { rows } = await session.queryWith(RELATIONS, [schemas && arrayParameter(schemas)]);
  const relations = new Map<string, Relation>();
  for (const [text] of rows) {
    const relation = toRelation(JSON.parse(text ?? '{}') as RelationRow);
    relations.set(relationKey(relation.schema, relation.name), relation);
  }
  return relations;
}

export function schemaOf(
  relations: ReadonlyMap<string, Relation>,
  searchPath: readonly string[],
  aggregates?: ReadonlySet<string>,
): Schema {
  const found = (schema: string, name: string): Relation | undefined =>
    relations.get(relationKey(schema, name));
  return {
    relation: (schema, name) =>
      schema === undefined
        ? searchPath.map((each) => found(each, name)).find((relation) => relation !== undefined)
        : found(schema, name),
    ...(aggregates ? { aggregates } : {}),
  };
}

interface RelationRow {
  readonly schema: string;
  readonly name: string;
  readonly columns:
    readonly { readonly name: string; readonly type: string; readonly notNull: boolean }[] | null;
  readonly keys: readonly IndexRow[] | null;
  readonly foreignKeys: readonly ForeignKeyRow[] | null;
  readonly hasChildren: boolean;
  readonly definition: string | null;
}

interface IndexRow {
  readonly name: string;
  readonly parts: readonly string[];
  readonly columns: readonly (string | null)[];
  readonly operators: readonly string[] | null;
  readonly where: string | null;
  readonly nullsNotDistinct: boolean;
  readonly isPeriod: boolean;
}

interface ForeignKeyRow {
  readonly columns: readonly string[];
  readonly schema: string;
  readonly name: string;
  readonly to: readonly string[];
}

function toRelation(row: RelationRow): Relation {
  return {
    schema: row.schema,
    name: row.name,
    columns: row.columns ?? [],
    keys: (row.keys ?? []).flatMap(toKeys),
    foreignKeys: (row.foreignKeys ?? []).map(({ columns, schema, name, to }): ForeignKey => ({
      columns,
      to: { schema, name, columns: to },
    })),
    hasChildren: row.hasChildren,
    definition: row.definition ?? undefined,
  };
}

/** An exclusion constraint guarantees what is said by `=` and `&&`; of other operators nothing is known. */
function toKeys(index: IndexRow): readonly RelationKey[] {
  const { operators } = index;
  if (operators?.some((operator) => operator !== '=' && operator !== '&&') === true) return [];
  const parts = index.parts.map((expression, at): KeyPart => {
    const column = index.columns[at] ?? undefined;
    return {
      column,
      expression: column === undefined ? expression : undefined,
      operator: operators?.[at] === '&&' ? 'overlaps' : 'equals',
    };
  });
  const key: RelationKey = {
    parts,
    where: index.where ?? undefined,
    nulls: index.nullsNotDistinct ? 'not distinct' : 'distinct',
    name: index.name,
  };
  if (!index.isPeriod) return [key];
  // A period of WITHOUT OVERLAPS is never empty: two that are equal overlap.
  return [key, { ...key, parts: parts.map((part) => ({ ...part, operator: 'equals' as const })) }];
}

// A domain may rule NULL out for the column that has it.
const RELATIONS = `
select json_build_object(
  'schema', n.nspname, 'name', c.relname,
  'columns', (
    select json_agg(json_build_object('name', a.attname, 'type', format_type(coalesce(nullif(t.typbasetype, 0), a.atttypid),
        case when t.typtype = 'd' then t.typtypmod else a.atttypmod end),
      'notNull', a.attnotnull or (t.typtype = 'd' and t.typnotnull)) order by a.attnum)
    from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
  'keys', (
    select json_agg(json_build_object('name', i.indexrelid::regclass::text,
      'parts', (select json_agg(pg_get_indexdef(i.indexrelid, k::int, true) order by k) from generate_series(1, i.indnkeyatts) k),
      'columns', (select json_agg(a.attname order by k) from generate_series(1, i.indnkeyatts) k
        left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[k - 1] and a.attnum <> 0),
      'operators', (select json_agg(o.oprname order by x.n) from unnest(e.conexclop) with ordinality x(oid, n)
        join pg_catalog.pg_operator o on o.oid = x.oid),
      'where', pg_get_expr(i.indpred, i.indrelid, true),
      'nullsNotDistinct', coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false),
      'isPeriod', coalesce((to_jsonb(e) ->> 'conperiod')::bool, false)
    ) order by i.indisprimary desc, i.indexrelid)
    from pg_catalog.pg_index i
    left join pg_catalog.pg_constraint e on e.conindid = i.indexrelid and e.conexclop is not null and e.contype in ('x', 'p', 'u')
    where i.indrelid = c.oid and (i.indisunique or e.oid is not null) and i.indisvalid and i.indisready),
  'foreignKeys', (
    select json_agg(json_build_object(
      'columns', (select json_agg(a.attname order by x.n) from unnest(f.conkey) with ordinality x(num, n)
        join pg_catalog.pg_attribute a on a.attrelid = f.conrelid and a.attnum = x.num),
      'schema', tn.nspname, 'name', tc.relname,
      'to', (select json_agg(a.attname order by x.n) from unnest(f.confkey) with ordinality x(num, n)
        join pg_catalog.pg_attribute a on a.attrelid = f.confrelid and a.attnum = x.num)))
    from pg_catalog.pg_constraint f
    join pg_catalog.pg_class tc on tc.oid = f.confrelid
    join pg_catalog.pg_namespace tn on tn.oid = tc.relnamespace
    where f.conrelid = c.oid and f.contype = 'f' and f.convalidated and not coalesce((to_jsonb(f) ->> 'conperiod')::bool, false)
      and coalesce((to_jsonb(f) ->> 'conenforced')::bool, true)),
  'hasChildren', c.relkind <> 'p' and exists (
    select from pg_catalog.pg_inherits h join pg_catalog.pg_class k on k.oid = h.inhrelid
    where h.inhparent = c.oid and k.relkind in ('r', 'f')),
  'definition', case when c.relkind = 'v' then pg_get_viewdef(c.oid) end)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'f', 'p')
  and case when $1::name[] is null then n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_toast%'
    else n.nspname = any($1::name[]) end`;

const AGGREGATES = `
select distinct p.proname from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where p.prokind = 'a' and n.nspname <> 'pg_catalog'`;
