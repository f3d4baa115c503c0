/** Whether a relation could be aggregated before it is joined: all that is read of it, besides what it is joined by, is summed up anyway. */

import type { Analysis } from '../../sql/grain/analyze.ts';
import type { AggregateCall, ColumnId, Plan, Scan } from '../../sql/plan/plan.ts';
import { scalarsOf } from '../../sql/plan/reads.ts';
import { columnsIn } from '../../sql/plan/scalars.ts';
import { plansOf } from './plans.ts';

export interface AggregatedUse {
  readonly column: string;
  readonly function: string;
}

/** Give the same of groups' results as of the rows. */
const REPEATABLE = new Set(['sum', 'min', 'max']);

/** Undefined where one of its columns is read otherwise, or in two ways. */
export function aggregatedUses(
  analysis: Analysis,
  scan: Scan,
  joinedBy: readonly string[],
): readonly AggregatedUse[] | undefined {
  const others = new Map(
    scan.columns.flatMap(({ id, name }) => (joinedBy.includes(name) ? [] : [[id, name] as const])),
  );
  const uses = new Map<ColumnId, string>();
  for (const plan of plansOf(analysis)) {
    const calls = callsOf(plan, others);
    for (const { call, column } of calls) {
      if ((uses.get(column) ?? call.function) !== call.function) return undefined;
      uses.set(column, call.function);
    }
    const taken = new Set(calls.flatMap(({ call }) => call.arguments));
    const read = scalarsOf(plan).filter((scalar) => !taken.has(scalar));
    if (read.some((scalar) => [...columnsIn(scalar)].some((column) => others.has(column)))) return undefined;
    // What `*` gives is read by whoever reads the query.
    if (plan === analysis.statement.query.plan && analysis.columns.some(({ id }) => others.has(id)))
      return undefined;
  }
  return [...uses].map(([column, name]) => ({ column: others.get(column) ?? '', function: name }));
}

function callsOf(
  plan: Plan,
  columns: ReadonlyMap<ColumnId, string>,
): readonly { readonly call: AggregateCall; readonly column: ColumnId }[] {
  if (plan.kind !== 'aggregate') return [];
  return plan.calls.flatMap((call) => {
    const [argument] = call.arguments;
    const isPlain = call.arguments.length === 1 && !call.distinct && !call.filter && call.order.length === 0;
    return isPlain &&
      argument?.kind === 'column' &&
      columns.has(argument.column) &&
      REPEATABLE.has(call.function)
      ? [{ call, column: argument.column }]
      : [];
  });
}
