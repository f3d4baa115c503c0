/** Types by the names that Postgres gives them. */

import type { ResultColumn, Session } from '../warehouse/port.ts';
import { arrayParameter } from './array-parameter.ts';

type Type = Pick<ResultColumn, 'typeOid' | 'typmod'>;

/** `numeric(10,2)` for each column's type. A session asks for each type once; what is asked in one moment is asked together. */
export async function typeNames(session: Session, columns: readonly Type[]): Promise<readonly string[]> {
  const names = namesOf(session);
  if (columns.some((column) => !names.known.has(keyOf(column)))) await namesLearned(session, names, columns);
  return columns.map((column) => names.known.get(keyOf(column)) ?? '???');
}

interface Names {
  readonly known: Map<string, string>;
  /** Not yet sent. */
  wanted: Map<string, Type>;
  asking: Promise<void> | undefined;
}

const bySession = new WeakMap<Session, Names>();

function namesOf(session: Session): Names {
  let names = bySession.get(session);
  if (!names) bySession.set(session, (names = { known: new Map(), wanted: new Map(), asking: undefined }));
  return names;
}

function keyOf({ typeOid, typmod }: Type): string {
  return `${String(typeOid)}:${String(typmod)}`;
}

function namesLearned(session: Session, names: Names, columns: readonly Type[]): Promise<void> {
  for (const column of columns) if (!names.known.has(keyOf(column))) names.wanted.set(keyOf(column), column);
  // Everybody who asks before the question is sent has a share in it.
  names.asking ??= Promise.resolve().then(async () => {
    const types = [...names.wanted.values()];
    names.wanted = new Map();
    names.asking = undefined;
    // -1, not NULL: `bpchar` and `character` are two types when they are written in a cast.
    const { rows } = await session.queryWith(
      'select format_type(oid, typmod) from unnest($1::oid[], $2::int4[]) with ordinality t(oid, typmod, n) order by n',
      [
        arrayParameter(types.map(({ typeOid }) => typeOid)),
        arrayParameter(types.map(({ typmod }) => typmod)),
      ],
    );
    types.forEach((type, index) => names.known.set(keyOf(type), rows[index]?.[0] ?? '???'));
  });
  return names.asking;
}
