/** Tries what was proven: a key that repeats all the same, and an aggregate that was not said to count twice and does. For tests. */

import type { Analysis } from '../sql/grain/analyze.ts';
import { measuredValues } from '../sql/grain/double-counting.ts';
import type { Counted } from '../sql/plan/deparse-check.ts';
import { loadNodePrinter } from '../sql/plan/deparser.ts';
import type { ColumnId, Plan, Scalar } from '../sql/plan/plan.ts';
import { inputsOf, scalarsOf } from '../sql/plan/reads.ts';
import { columnsIn, partsOf } from '../sql/plan/scalars.ts';
import type { SqlParser } from '../sql/parser.ts';
import type { Session } from '../warehouse/port.ts';
import { aggregateClaims, keyClaim, type Claim } from './claims.ts';
import { hintsOf } from './hints.ts';
import { refute, type RefuteOptions, type Witness } from './refute.ts';
import { readTables } from './tables.ts';

export interface Missed {
  /** Proven, and broken by these rows. */
  readonly keys: readonly { readonly columns: readonly string[]; readonly witness: Witness }[];
  /** Not said to count twice, and seen to. */
  readonly aggregates: readonly { readonly aggregate: string; readonly witness: Witness }[];
  /** Said to count twice, and right on all rows that were tried. */
  readonly unseen: readonly string[];
}

/** Results that copies do not change. */
const INDIFFERENT = new Set([
  'min', 'max', 'bool_and', 'bool_or', 'every', 'bit_and', 'bit_or', 'any_value', 'range_agg', 'range_intersect_agg',
]); // prettier-ignore

export async function searchMissed(
  session: Session,
  parser: SqlParser,
  text: string,
  analysis: Analysis,
  options: RefuteOptions,
): Promise<Missed> {
  const tables = await readTables(session);
  const hints = hintsOf(parser, analysis.statement, tables);
  const make = aggregateClaims(await loadNodePrinter(), analysis.statement, analysis.derivation);
  const columns = analysis.columns.map(({ id, name }, index) => ({ id, name: `${name}#${String(index)}`, type: '' })); // prettier-ignore
  const keys = analysis.keys.flatMap((ids) => {
    const names = ids.map((id) => columns.find((column) => column.id === id)?.name ?? '');
    const claim = keyClaim({ sql: text, columns }, names);
    return claim ? [{ columns: names.map((name) => name.replace(/#\d+$/, '')), claim }] : [];
  });
  const flagged = new Set(analysis.doubleCountings.map(({ call }) => call.id));
  const quiet = quietCounts(analysis).filter(({ call }) => !flagged.has(call.id));
  const claimed = (counted: Counted): Claim | undefined => make.claim(counted, counted.call.function, 'it');
  const aggregates = quiet.map((counted) => ({ counted, claim: claimed(counted) }));
  const said = analysis.doubleCountings.map((counted) => ({ counted, claim: claimed(counted) }));
  const claims = [...keys, ...aggregates, ...said].flatMap(({ claim }) => claim ?? []);
  const { witnesses } = await refute(session, tables, hints, claims, options);
  const witnessOf = (claim: Claim | undefined): Witness | undefined => claim && witnesses.get(claim);
  return {
    keys: keys.flatMap(({ columns: names, claim }) => {
      const witness = witnesses.get(claim);
      return witness ? [{ columns: names, witness }] : [];
    }),
    aggregates: aggregates.flatMap(({ counted, claim }) => {
      const witness = witnessOf(claim);
      return witness ? [{ aggregate: counted.call.function, witness }] : [];
    }),
    unseen: said.flatMap(({ counted, claim }) =>
      claim && !witnesses.has(claim) ? [counted.call.function] : [],
    ),
  };
}

/** Aggregates that copies change, unless something above divides by the number of them. */
function quietCounts(analysis: Analysis): readonly Counted[] {
  const found: Counted[] = [];
  const divided = new Set<ColumnId>();
  const seen = new Set<Plan>();
  const visitScalar = (scalar: Scalar): void => {
    if (scalar.kind === 'call' && scalar.name === '/')
      for (const part of scalar.arguments) for (const id of columnsIn(part)) divided.add(id);
    if (scalar.kind === 'subquery') visit(scalar.query.plan);
    partsOf(scalar).forEach(visitScalar);
  };
  const visit = (plan: Plan): void => {
    if (seen.has(plan)) return;
    seen.add(plan);
    if (plan.kind === 'named') visit(plan.of.query.plan);
    if (plan.kind === 'aggregate')
      for (const call of plan.calls)
        if (!call.distinct && !INDIFFERENT.has(call.function))
          for (const measure of measuredValues(call)) found.push({ plan, call, ...measure });
    scalarsOf(plan).forEach(visitScalar);
    inputsOf(plan).forEach(visit);
  };
  visit(analysis.statement.query.plan);
  return found.filter(({ call, value }) => !divided.has(call.id) && !divides(value));
}

function divides(scalar: Scalar): boolean {
  return (scalar.kind === 'call' && scalar.name === '/') || partsOf(scalar).some(divides);
}
