/** Whether the claims of a case are true of its rows: what repeats repeats there, and no key does. */

import type { Cell, Session } from '../../../server/src/warehouse/port.ts';
import type { Claim, GrainCase } from '../../../scripts/peers/read-cases.ts';

/** What is wrong with the case; on a session whose database has its schema. */
export async function proveClaims(session: Session, one: GrainCase): Promise<readonly string[]> {
  if (one.rows.trim() !== '') await session.query(one.rows);
  // Constraints that were deferred are not obeyed before this.
  await session.query('set constraints all immediate');
  const result = await session.query(one.sql);
  const faults: string[] = [];
  for (const claim of one.claims)
    if (claim.kind === 'key' || claim.kind === 'no key')
      faults.push(...(await keyFaults(session, one.sql, claim)));
  if (one.instead === undefined) return faults;
  const right = await session.query(one.instead);
  const differs = asBag(result.rows) !== asBag(right.rows);
  const repeats = one.claims.some(({ kind }) => kind === 'repeats');
  if (differs === repeats) return faults;
  return [...faults, repeats ? 'the rows show nothing repeated' : 'the rows show a difference'];
}

/** The server says which values are equal: `1.0` and `1`, `ann` and `Ann` where case does not matter. */
async function keyFaults(
  session: Session,
  sql: string,
  claim: Extract<Claim, { kind: 'key' | 'no key' }>,
): Promise<readonly string[]> {
  const list = claim.columns.map((column) => `q."${column}"`).join(', ');
  const { rows } = await session.query(`select count(*), count(distinct row(${list})) from (${sql}) q`);
  const [all, distinct] = (rows[0] ?? []).map(Number);
  const isRepeated = all !== distinct;
  const what = claim.columns.join(', ');
  if (claim.kind === 'key') return isRepeated ? [`${what} repeats`] : [];
  return isRepeated ? [] : [`${what} does not repeat on the rows given`];
}

function asBag(rows: readonly (readonly Cell[])[]): string {
  return rows
    .map((row) => JSON.stringify(row.map(plainNumber)))
    .sort()
    .join('\n');
}

/** `10.00` and `10` are one amount. */
function plainNumber(cell: Cell): Cell {
  return cell !== null && /^-?\d+\.\d+$/u.test(cell) ? String(Number(Number(cell).toFixed(8))) : cell;
}
