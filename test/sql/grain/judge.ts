/** What was found of a query against what its case claims. */

import type { QueryReport } from '../../../server/src/prove/analyze-query.ts';
import type { Claim, GrainCase } from '../../../scripts/peers/read-cases.ts';

export interface Figures {
  readonly wrong: { all: number; named: number };
  readonly right: { all: number; named: number };
  readonly keys: { all: number; proven: number; refuted: number };
  readonly others: { all: number; proven: number; refuted: number };
}

export function newFigures(): Figures {
  return {
    wrong: { all: 0, named: 0 },
    right: { all: 0, named: 0 },
    keys: { all: 0, proven: 0, refuted: 0 },
    others: { all: 0, proven: 0, refuted: 0 },
  };
}

export type Ask = (sql: string, key?: readonly string[]) => Promise<QueryReport>;

/** Disagreements, as sentences. Gaps may be silent, never wrong. */
export async function judge(one: GrainCase, ask: Ask, figures: Figures): Promise<readonly string[]> {
  const found: string[] = [];
  for (const claim of one.claims)
    if (claim.kind === 'key' || claim.kind === 'no key')
      found.push(...(await judgeKey(one.sql, claim, ask, figures)));
  const report = await ask(one.sql);
  found.push(...judgeAggregates(one, report, figures));
  if (one.instead === undefined) return found;
  figures.right.all++;
  const alarms = doubleCountings(await ask(one.instead));
  if (alarms.length > 0) figures.right.named++;
  return [...found, ...alarms.map(({ message }) => `false alarm on the query instead: ${message}`)];
}

async function judgeKey(
  sql: string,
  claim: Extract<Claim, { kind: 'key' | 'no key' }>,
  ask: Ask,
  figures: Figures,
): Promise<readonly string[]> {
  const { declaredKey } = await ask(sql, claim.columns);
  const verdict = declaredKey?.verdict ?? 'unknown';
  const seen = claim.kind === 'key' ? figures.keys : figures.others;
  seen.all++;
  if (verdict !== 'unknown') seen[verdict]++;
  const wanted = claim.kind === 'key' ? 'proven' : 'refuted';
  if (verdict === wanted)
    return claim.gap === undefined ? [] : [`${claim.kind} "${claim.columns.join(', ')}" is no gap any more`];
  if (verdict === 'unknown' && claim.gap !== undefined) return [];
  return [`${claim.kind} "${claim.columns.join(', ')}" is ${verdict}: ${declaredKey?.reason ?? ''}`];
}

function judgeAggregates(one: GrainCase, report: QueryReport, figures: Figures): readonly string[] {
  const alarms = [...doubleCountings(report)];
  const found: string[] = [];
  for (const claim of one.claims) {
    if (claim.kind !== 'repeats') continue;
    figures.wrong.all++;
    const place = alarms.findIndex(({ aggregate }) => isSameCall(claim.aggregate, aggregate ?? ''));
    const [alarm] = place < 0 ? [] : alarms.splice(place, 1);
    if (!alarm) {
      if (claim.gap === undefined) found.push(`${claim.aggregate} is not said to repeat`);
      continue;
    }
    figures.wrong.named++;
    if (claim.gap !== undefined) found.push(`${claim.aggregate} is no gap any more`);
    if (!claim.relations.some((relation) => isNamed(one.sql, relation, alarm.repeats ?? '')))
      found.push(`${claim.aggregate} is said to repeat ${alarm.repeats ?? 'nothing'}`);
  }
  const isAllRight = one.claims.some(({ kind }) => kind === 'right');
  if (isAllRight) {
    figures.right.all++;
    if (alarms.length > 0) figures.right.named++;
  }
  return [...found, ...alarms.map(({ message }) => `false alarm: ${message}`)];
}

/** FILTER, OVER and WITHIN GROUP need not be said. */
function isSameCall(claimed: string, said: string): boolean {
  return said !== '' && plain(claimed).startsWith(plain(said));
}

/** By its name, or by what the query calls it. */
function isNamed(sql: string, relation: string, name: string): boolean {
  const text = plain(sql);
  return (
    name === relation ||
    name.startsWith(`${relation} (`) ||
    text.includes(`${relation} ${name}`) ||
    text.includes(`${relation} as ${name}`)
  );
}

function doubleCountings(report: QueryReport): QueryReport['diagnostics'] {
  return report.diagnostics.filter(({ code }) => code === 'double-counting');
}

function plain(aggregate: string): string {
  return aggregate.toLowerCase().replace(/\s+/gu, ' ').trim();
}
