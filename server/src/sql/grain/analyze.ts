/** A query's columns, keys and double countings, against a schema: all that follows without asking a server. */

import type { SqlTree } from '../parse-sql.ts';
import type { SqlParser } from '../parser.ts';
import { bindStatement, type BoundStatement } from '../plan/bind.ts';
import type { ColumnId, NamedQuery, PlanColumn } from '../plan/plan.ts';
import type { Schema } from '../plan/schema.ts';
import { newDerivation, queryFacts, type Derivation } from './derive.ts';
import { doubleCountings, type DoubleCounting } from './double-counting.ts';
import { closure, isNotNull, type Facts } from './facts.ts';
import { candidateKeys, isKey } from './keys.ts';
import { rowName } from './row-name.ts';

export interface Analysis {
  readonly statement: BoundStatement;
  readonly derivation: Derivation;
  readonly facts: Facts;
  readonly columns: readonly PlanColumn[];
  /** By column, whether it is never NULL. */
  readonly notNull: ReadonlySet<ColumnId>;
  /** Candidate keys, the smaller ones first. An empty one: at most one row. */
  readonly keys: readonly (readonly ColumnId[])[];
  readonly doubleCountings: readonly DoubleCounting[];
}

export type Analyzed =
  | { readonly kind: 'analyzed'; readonly analysis: Analysis }
  | { readonly kind: 'unknown'; readonly reason: string; readonly offset: number | undefined };

export function analyze(parser: SqlParser, tree: SqlTree, schema: Schema): Analyzed {
  const binding = bindStatement(parser, tree, schema);
  if (binding.kind === 'unknown') return binding;
  const { statement } = binding;
  const derivation = newDerivation(parser);
  const facts = queryFacts(derivation, statement.query);
  const columns = statement.query.output;
  const ids = columns.map((column) => column.id);
  const plans = [statement.query, ...statement.ctes.map((cte: NamedQuery) => cte.query)].map(
    (query) => query.plan,
  );
  // A CTE that nothing reads has aggregates of its own all the same.
  for (const cte of statement.ctes) queryFacts(derivation, cte.query);
  const analysis: Analysis = {
    statement,
    derivation,
    facts,
    columns,
    notNull: new Set(ids.filter((id) => isNotNull(derivation.attributes, facts, id))),
    keys: candidateKeys(derivation.attributes, facts, ids),
    doubleCountings: doubleCountings(derivation, plans),
  };
  return { kind: 'analyzed', analysis };
}

export type KeyVerdict =
  | { readonly kind: 'proven' }
  /** Rows of these can repeat for one value of the key, as far as is known. */
  | { readonly kind: 'open'; readonly reason: string };

/** Whether these of the query's columns are a key of its output. */
export function keyVerdict(analysis: Analysis, key: readonly string[]): KeyVerdict {
  const ids: ColumnId[] = [];
  for (const name of key) {
    const column = analysis.columns.find((candidate) => candidate.name === name);
    if (!column) return { kind: 'open', reason: `the query has no column "${name}"` };
    ids.push(column.id);
  }
  const { attributes } = analysis.derivation;
  if (isKey(attributes, analysis.facts, ids)) return { kind: 'proven' };
  const reached = closure(attributes, analysis.facts, ids);
  const missing = analysis.facts.rows.filter((row) => !reached.has(row));
  const names = [...new Set(missing.map((row) => rowName(attributes, row)))];
  const what = key.length === 0 ? 'nothing' : key.join(', ');
  return { kind: 'open', reason: `${what} does not tell which row of ${names.join(' and of ')} it is` };
}
