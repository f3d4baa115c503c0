/** What the rows of a query, a CTE or a join are one row for. */

import type { Attribute } from '../../sql/grain/attributes.ts';
import type { Derivation } from '../../sql/grain/derive.ts';
import { closure, isNotNull } from '../../sql/grain/facts.ts';
import { candidateKeys } from '../../sql/grain/keys.ts';
import { rowName } from '../../sql/grain/row-name.ts';
import type { BoundQuery, Join } from '../../sql/plan/plan.ts';
import { keysOf } from './certainty.ts';
import { named, rowPer } from './words.ts';

export type Grain =
  | { readonly kind: 'known'; readonly columns: readonly string[] }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Of the columns that it shows. */
export function queryGrain(derivation: Derivation, { plan, output }: BoundQuery): Grain {
  const facts = derivation.facts.get(plan);
  if (!facts) return { kind: 'unknown', reason: 'nothing reads it' };
  const ids = output.map(({ id }) => id);
  const [key] = candidateKeys(derivation.attributes, facts, ids);
  if (key) return { kind: 'known', columns: key.map((id) => nameIn(output, id)) };
  const told = closure(derivation.attributes, facts, ids);
  return {
    kind: 'unknown',
    reason: reasonOf(
      derivation,
      facts.rows.filter((row) => !told.has(row)),
    ),
  };
}

export function notNullColumns(derivation: Derivation, { plan, output }: BoundQuery): readonly string[] {
  const facts = derivation.facts.get(plan);
  if (!facts) return [];
  return output.filter(({ id }) => isNotNull(derivation.attributes, facts, id)).map(({ name }) => name);
}

function nameIn(output: BoundQuery['output'], id: number): string {
  return output.find((column) => column.id === id)?.name ?? '';
}

function reasonOf(derivation: Derivation, rows: readonly Attribute[]): string {
  const parts = rows.map((row) => {
    const source = derivation.attributes.source(row);
    const [key] = keysOf(derivation, source?.plan) ?? [];
    const name = rowName(derivation.attributes, row);
    return key && key.length > 0
      ? `its columns do not tell rows of ${name} apart, which has ${rowPer(key)}`
      : `nothing says what ${name} has one row for`;
  });
  return named([...new Set(parts)]);
}

export interface JoinGrain {
  /** Whether a row of the left side may come more than once. */
  readonly repeats: boolean;
  readonly grain: Grain;
}

/** The left side is what stands before it. */
export function joinGrain(derivation: Derivation, join: Join): JoinGrain | undefined {
  const { attributes } = derivation;
  const [facts, left] = [derivation.facts.get(join), derivation.facts.get(join.left)];
  if (!facts || !left) return undefined;
  const told = closure(attributes, facts, left.rows);
  const repeats = facts.rows.some((row) => !told.has(row));
  return { repeats, grain: rowsGrain(derivation, minimal(derivation, join)) };
}

/** Rows that tell all the others. */
function minimal(derivation: Derivation, join: Join): readonly Attribute[] {
  const facts = derivation.facts.get(join);
  if (!facts) return [];
  let rows = facts.rows;
  for (const row of facts.rows) {
    const others = rows.filter((each) => each !== row);
    if (closure(derivation.attributes, facts, others).has(row)) rows = others;
  }
  return rows;
}

function rowsGrain(derivation: Derivation, rows: readonly Attribute[]): Grain {
  const columns: string[] = [];
  for (const row of rows) {
    const source = derivation.attributes.source(row);
    const [key] = keysOf(derivation, source?.plan) ?? [];
    if (!source || !key || key.length === 0) return { kind: 'unknown', reason: reasonOf(derivation, [row]) };
    columns.push(
      ...key.map((column) => (rows.length > 1 && source.name !== '' ? `${source.name}.${column}` : column)),
    );
  }
  return { kind: 'known', columns };
}
