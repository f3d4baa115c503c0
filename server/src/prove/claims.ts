/** Claims about a query as SQL that gives a row where the data at hand breaks them. */

import type { Attribute } from '../sql/grain/attributes.ts';
import { factsOf, type Derivation } from '../sql/grain/derive.ts';
import { closure } from '../sql/grain/facts.ts';
import { checkText, contextsIn, type Contexts, type Counted } from '../sql/plan/deparse-check.ts';
import type { Identity } from '../sql/plan/deparse-rows.ts';
import { NotDeparsable } from '../sql/plan/deparse-scalar.ts';
import { PlanPrinter } from '../sql/plan/deparse.ts';
import type { NodePrinter } from '../sql/plan/deparser.ts';
import type { BoundStatement } from '../sql/plan/bind.ts';
import type { Aggregate, ColumnId, Distinct } from '../sql/plan/plan.ts';
import type { Cell } from '../warehouse/port.ts';
import { columnsIn } from '../sql/plan/scalars.ts';

export interface Claim {
  /** Each gives a row, of one text, where the claim is broken, and none where it holds. */
  readonly checks: readonly string[];
  /** Columns that are likely to be equal where it is broken. */
  readonly equal: readonly ColumnId[];
  /** What was seen, as a sentence. */
  told(found: Cell): string;
}

/** Types whose values the server does not compare. */
const INCOMPARABLE = new Set(['json', 'xml', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle']);

export interface KeyedQuery {
  readonly sql: string;
  readonly columns: readonly { readonly id: ColumnId; readonly name: string; readonly type: string }[];
}

/** Undefined where the query has no such column, or several. */
export function keyClaim({ sql, columns }: KeyedQuery, key: readonly string[]): Claim | undefined {
  const places = key.map((name) => columns.findIndex((column) => column.name === name));
  if (places.includes(-1)) return undefined;
  const names = columns.map((_, index) => `k${String(index)}`).join(', ');
  const from = `from (${sql}\n) q(${names})`;
  const values = places.map((place) => {
    const name = `k${String(place)}`;
    return INCOMPARABLE.has(columns[place]?.type ?? '') ? `${name}::text` : name;
  });
  const shown = values.map((value, index) => `'${quoted(key[index] ?? '')}', ${value}::text`).join(', ');
  const group = values.length > 0 ? ` group by ${values.join(', ')}` : '';
  return {
    checks: [
      `select jsonb_build_object('times', count(*), 'values', jsonb_build_object(${shown}))::text ${from}${group} having count(*) > 1 limit 1`,
    ],
    equal: places.flatMap((place) => columns[place]?.id ?? []),
    told: (found) => {
      const { times, values: seen } = JSON.parse(found ?? '{}') as {
        times: number;
        values: Record<string, string | null>;
      };
      const told = key.map((name) => `${name} = ${seen[name] ?? 'NULL'}`).join(', ');
      return told === '' ? `${String(times)} rows` : `${told} comes ${String(times)} times`;
    },
  };
}

function quoted(text: string): string {
  return text.replaceAll("'", "''");
}

/** What claims about aggregates share. */
export interface AggregateClaims {
  /** Undefined where it cannot be computed a second time. */
  claim(counted: Counted, written: string, repeated: string): Claim | undefined;
}

export function aggregateClaims(
  print: NodePrinter,
  statement: BoundStatement,
  derivation: Derivation,
): AggregateClaims {
  const contexts = contextsIn([statement.query, ...statement.ctes.map((cte) => cte.query)]);
  return {
    claim: (counted, written, repeated) =>
      aggregateClaim(newPrinter(print, derivation), contexts, counted, written, repeated),
  };
}

export function newPrinter(print: NodePrinter, derivation: Derivation): PlanPrinter {
  return new PlanPrinter({ print, isFixed: (plan, identity) => isFixed(derivation, plan, identity) });
}

function aggregateClaim(
  printer: PlanPrinter,
  contexts: Contexts,
  counted: Counted,
  written: string,
  repeated: string,
): Claim | undefined {
  let checks: readonly string[];
  try {
    checks = checkText(printer, contexts, counted);
  } catch (error) {
    if (error instanceof NotDeparsable) return undefined;
    throw error;
  }
  const { plan } = counted;
  const groups = plan.kind === 'aggregate' ? plan.groups.map((group) => group.expression) : [];
  return {
    checks: checks.map(
      (check) =>
        `select jsonb_build_object('group', group_, 'all', all_, 'once', once_)::text from (${check}) c limit 1`,
    ),
    equal: groups.flatMap((scalar) => [...columnsIn(scalar)]),
    told: (found) => {
      const { all, once } = JSON.parse(found ?? '{}') as { all: string | null; once: string | null };
      return `${written} is ${all ?? 'NULL'}; over each row of ${repeated} once it is ${once ?? 'NULL'}`;
    },
  };
}

/** Whether the rows of one plan, which a single attribute stands for, are fixed by the columns that are grouped by. */
function isFixed(derivation: Derivation, plan: Aggregate | Distinct, { plan: source }: Identity): boolean {
  const { attributes } = derivation;
  const given = derivation.given.get(plan) ?? [];
  const facts = factsOf(derivation, plan.input, given);
  const rows = new Set<Attribute>();
  for (const attribute of [...facts.rows, ...facts.dependencies.flatMap(({ from, to }) => [...from, ...to])])
    if (attributes.source(attribute)?.plan === source) rows.add(attribute);
  const [only, ...more] = rows;
  if (only === undefined || more.length > 0) return false;
  const by =
    plan.kind === 'distinct'
      ? plan.columns
      : plan.groups
          .filter((_, index) => plan.sets?.every((set) => set.includes(index)) ?? true)
          .map((group) => attributes.of(group.expression));
  return closure(attributes, facts, [...given, ...by]).has(only);
}
