/** The declared grain of a relation against its rows: how many, how many distinct keys, which keys repeat most. */

import { asList, isConfig } from '../project/config.ts';
import { isEphemeral } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import type { Session } from '../warehouse/port.ts';

export interface DeclaredGrain {
  readonly uniqueId: string;
  readonly name: string;
  /** Quoted as SQL needs it. */
  readonly relation: string;
  readonly columns: readonly string[];
}

export interface GrainFigures {
  readonly rows: number;
  /** Distinct keys, NULL counting as one value. */
  readonly distinctKeys: number;
  /** Rows with a NULL in a key column. */
  readonly nullKeys: number;
  /** The keys that repeat most, worst first. */
  readonly worst: readonly { readonly key: readonly (string | null)[]; readonly count: number }[];
}

export type GrainVerdict =
  | (DeclaredGrain & { readonly verdict: 'holds' | 'refuted'; readonly figures: GrainFigures })
  | (DeclaredGrain & { readonly verdict: 'unknown'; readonly reason: string });

/** `config.meta.grain` of the selected resources that have a relation. */
export function declaredGrains(project: Project, selected: ReadonlySet<string>): DeclaredGrain[] {
  return [...selected].flatMap((id) => {
    const node = project.manifest.nodes.get(id);
    if (!node || isEphemeral(node) || node.relation_name === null) return [];
    const meta = isConfig(node.config.meta) ? node.config.meta : {};
    const columns = asList(meta.grain).map(String);
    return columns.length === 0
      ? []
      : [{ uniqueId: id, name: node.name, relation: node.relation_name, columns }];
  });
}

const WORST = 5;

/** A grain with a NULL in it is refuted: a key may not be null. Reads in a transaction that cannot write. */
export async function checkGrain(session: Session, grain: DeclaredGrain): Promise<GrainVerdict> {
  const columns = grain.columns.map(quoted);
  const list = columns.join(', ');
  const anyNull = columns.map((column) => `${column} is null`).join(' or ');
  await session.query('begin transaction isolation level repeatable read read only');
  try {
    const totals = await session.query(
      `select count(*), (select count(*) from (select distinct ${list} from ${grain.relation}) as keys), count(*) filter (where ${anyNull}) from ${grain.relation}`,
    );
    const repeats = await session.query(
      `select ${list}, count(*) from ${grain.relation} group by ${list} having count(*) > 1 order by count(*) desc, ${list} limit ${String(WORST)}`,
    );
    const [rows = 0, distinctKeys = 0, nullKeys = 0] = (totals.rows[0] ?? []).map(Number);
    const worst = repeats.rows.map((row) => ({ key: row.slice(0, -1), count: Number(row.at(-1)) }));
    const verdict = rows === distinctKeys && nullKeys === 0 ? 'holds' : 'refuted';
    return { ...grain, verdict, figures: { rows, distinctKeys, nullKeys, worst } };
  } finally {
    await session.query('rollback');
  }
}

/** As the column is spelled in YAML; quotes that are already there are kept. */
function quoted(column: string): string {
  return column.startsWith('"') ? column : `"${column.replaceAll('"', '""')}"`;
}
