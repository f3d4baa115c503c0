/** Small schemas and queries over them, made by chance: every relation has the columns id, k, g, v and w. */

import type { Seeded } from '../../server/src/prove/seeded.ts';

export interface RandomSchema {
  readonly ddl: string;
  readonly tables: readonly string[];
}

export function randomSchema(random: Seeded): RandomSchema {
  const tables = ['t0', 't1', 't2'];
  const keyed: string[] = [];
  const ddl = tables.map((table) => {
    const id = random.pick(['int primary key', 'int primary key', 'int unique', 'int not null', 'int']);
    const parent = random.pick(keyed);
    const link = parent !== undefined && random.happens(0.6) ? ` references ${parent}` : '';
    const k = `int${random.happens(0.5) ? ' not null' : ''}${link}`;
    const g = `text${random.happens(0.5) ? ' not null' : ''}`;
    if (id === 'int primary key') keyed.push(table);
    const more = random.pick([
      '',
      '',
      ', unique (k, g)',
      ', unique (k)',
      ', unique nulls not distinct (k)',
      ', unique (g)',
    ]);
    return `create table ${table} (id ${id}, k ${k}, g ${g}, v int not null, w int${more});`;
  });
  const partial = random.happens(0.3) ? [`create unique index on t0 (g) where k is null;`] : [];
  return { ddl: [...ddl, ...partial].join('\n'), tables };
}

/** A relation in FROM, without its alias. */
function relation(random: Seeded, tables: readonly string[], depth: number): string {
  if (depth <= 0 || random.happens(0.35)) return random.pick(tables) ?? 't0';
  return `(${query(random, tables, depth - 1)})`;
}

export function query(random: Seeded, tables: readonly string[], depth: number): string {
  const from = (): string => relation(random, tables, depth);
  const where = random.happens(0.3) ? ` where ${condition(random, 'a')}` : '';
  const shown = (text: string): string => `select ${text} from ${from()} a${where}`;
  switch (random.below(13)) {
    case 0:
      return shown('a.id, a.k, a.g, a.v, a.w');
    case 1:
      return shown('distinct a.k as id, a.k, a.g, 1 as v, 2 as w');
    case 2:
      return `${shown(`a.k as id, a.k, ${random.happens(0.5) ? 'a.g' : 'min(a.g) as g'}, sum(a.v)::int as v, count(*)::int as w`)} group by a.k, a.g`;
    case 3:
      return `${shown('a.id, a.id as k, max(a.g) as g, sum(a.v)::int as v, count(a.w)::int as w')} group by a.id`;
    case 4:
      return `select r.id, r.k, r.g, r.v, r.w from (select a.*, row_number() over (partition by a.${random.pick(['id', 'k', 'g'])} order by a.v) as n from ${from()} a${where}) r where r.n = 1`;
    case 5: {
      const on = random.pick(['id', 'k', 'g']);
      return `${shown(`distinct on (a.${on}) a.id, a.k, a.g, a.v, a.w`)} order by a.${on}, a.v`;
    }
    case 6:
      return `select 1 as id, b.k, b.g, b.v, b.w from ${from()} b union all select 2, a.id, a.g, a.v, a.w from ${from()} a${where}`;
    case 7:
      return `select b.id, b.k, b.g, b.v, b.w from ${from()} b ${random.pick(['union', 'union all', 'intersect', 'except'])} select a.id, a.k, a.g, a.v, a.w from ${from()} a${where}`;
    case 8:
      return `select a.id, a.k, a.g, a.v, a.w from ${from()} a where ${random.happens(0.5) ? '' : 'not '}exists (select from ${from()} b where b.${random.pick(['id', 'k'])} = a.${random.pick(['id', 'k'])})`;
    case 9:
      return `select a.id, a.k, a.g, (select ${random.pick(['sum(b.v)', 'max(b.v)', 'count(*)'])}::int from ${from()} b where b.k = a.id) as v, a.w from ${from()} a${where}`;
    default: {
      const kind = random.pick(['join', 'join', 'left join', 'right join', 'full join']);
      const pick = (column: string): string => `${random.pick(['a', 'b'])}.${column}`;
      const on =
        kind === 'full join'
          ? `a.${random.pick(['id', 'k'])} = b.${random.pick(['id', 'k'])}`
          : joinCondition(random);
      const columns = ['id', 'k', 'g', 'v', 'w'].map((column) => `${pick(column)} as ${column}`).join(', ');
      return `select ${columns} from ${from()} a ${kind} ${from()} b on ${on}${where}`;
    }
  }
}

function joinCondition(random: Seeded): string {
  const column = (): string => random.pick(['id', 'k', 'id', 'k', 'g']);
  const equality = (): string => {
    const one = column();
    if (one === 'g') return 'a.g = b.g';
    return `a.${one} = b.${random.pick(['id', 'k'])}`;
  };
  switch (random.below(6)) {
    case 0:
      return `${equality()} and ${equality()}`;
    case 1:
      return `${equality()} and ${condition(random, 'b')}`;
    case 2:
      return `${equality()} and b.id is not null`;
    case 3:
      return random.happens(0.3) ? `(${equality()} or ${equality()})` : 'a.k is not distinct from b.k';
    default:
      return equality();
  }
}

function condition(random: Seeded, alias: string): string {
  return random.pick([
    `${alias}.id = 1`,
    `${alias}.k = 1`,
    `${alias}.k is null`,
    `${alias}.g is not null`,
    `${alias}.v > 1`,
    `${alias}.id is not null`,
    `${alias}.g = 'a'`,
    `${alias}.id = ${alias}.k`,
    `coalesce(${alias}.k, 0) = 1`,
    `(${alias}.k = 1 or ${alias}.id = 1)`,
    `${alias}.id in (1, 2)`,
  ]);
}

/** Sums and counts of one side or the other of a join. */
export function aggregateQuery(random: Seeded, tables: readonly string[], depth: number): string {
  const from = (): string => relation(random, tables, depth);
  const kind = random.pick(['join', 'join', 'left join']);
  const calls = [
    'sum(a.v)',
    'sum(b.v)',
    'count(a.id)',
    'count(b.id)',
    'avg(a.v)',
    'sum(case when b.v > 1 then a.v end)',
    'sum(a.w) filter (where b.id is not null)',
    'array_agg(a.v)',
    'sum(coalesce(b.w, 0))',
  ];
  const one = random.pick(calls) ?? 'count(*)';
  const other = random.pick(calls) ?? 'count(*)';
  const group = random.pick([
    '',
    ' group by a.g',
    ' group by a.id',
    ' group by b.k',
    ' group by a.k, b.id',
    ' group by rollup (a.g, b.k)',
  ]);
  const where = random.happens(0.3) ? ` where ${condition(random, 'b')}` : '';
  return `select ${one} as x, ${other} as y from ${from()} a ${kind} ${from()} b on ${joinCondition(random)}${where}${group}`;
}
