/** One session outside a run: for previews, operations and questions of the command line. */

import { Relation } from '../project/context/relation.ts';
import type { Session, Warehouse } from '../warehouse/port.ts';
import { RelationCache, type ListRelations } from './relation-cache.ts';
import { SessionAccess } from './session-access.ts';

export interface SingleSession {
  readonly access: SessionAccess;
  readonly session: Session;
  readonly close: () => Promise<void>;
}

const KINDS: Readonly<Record<string, Relation['type']>> = {
  r: 'table',
  p: 'table',
  f: 'table',
  v: 'view',
  m: 'materialized_view',
};

export async function openAccess(warehouse: Warehouse): Promise<SingleSession> {
  const session = await warehouse.open('grainline');
  const listRelations: ListRelations = async (database, schema) => {
    const { rows } = await session.queryWith(
      "select c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace where lower(n.nspname) = lower($1) and c.relkind in ('r', 'p', 'f', 'v', 'm')",
      [schema],
    );
    return rows.map(
      ([identifier, kind]) =>
        new Relation({ database, schema, identifier: identifier ?? '', type: KINDS[kind ?? ''] ?? 'table' }),
    );
  };
  const access = new SessionAccess(
    session,
    new RelationCache().through(listRelations),
    (sql) => ({ text: sql, moved: 0 }),
    () => undefined,
  );
  return {
    access,
    session,
    async close() {
      await access.rollback().catch(() => undefined);
      await session.close();
    },
  };
}
