/** Whether the claims of a case are true of its rows: what repeats repeats there, and no key does. */

import type { Cell, Session } from '../../../server/src/warehouse/port.ts';
import type { Claim, GrainCase } from './read-cases.ts';

/** What is wrong with the case; on a session whose database has its schema. */
export async function proveClaims(session: Session, one: GrainCase): Promise<readonly string[]> {
  if (one.rows.trim() !== '') await session.query(one.rows);
  // Constraints that were deferred are not obeyed before this.
  await session.query('set constraints all immediate');
  const result = await session.query(one.sql);
  const names = result.columns.map(({ name }) => name);
  const faults = one.claims.flatMap((claim) => keyFaults(claim, names, result.rows));
  if (one.instead === undefined) return faults;
  const right = await session.query(one.instead);
  const differs = asBag(result.rows) !== asBag(right.rows);
  const repeats = one.claims.some(({ kind }) => kind === 'repeats');
  if (differs === repeats) return faults;
  return [...faults, repeats ? 'the rows show nothing repeated' : 'the rows show a difference'];
}

function keyFaults(
  claim: Claim,
  names: readonly string[],
  rows: readonly (readonly Cell[])[],
): readonly string[] {
  if (claim.kind !== 'key' && claim.kind !== 'no key') return [];
  const places = claim.columns.map((column) => names.indexOf(column));
  const what = claim.columns.join(', ');
  if (places.includes(-1)) return [`there is no column of ${what}`];
  const values = rows.map((row) => JSON.stringify(places.map((place) => row[place])));
  const isRepeated = new Set(values).size < values.length;
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
