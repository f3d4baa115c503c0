/** The grain of a relation, a CTE and a join as a hover says it: proven and from what, or unknown and why. */

import { memberOf } from '../../project/manifest.ts';
import type { BoundQuery, Join, NamedQuery } from '../../sql/plan/plan.ts';
import type { Snapshot } from '../snapshot.ts';
import { relationKeys } from './certainty.ts';
import { knownRelation } from './known-relation.ts';
import { modelAnalysis } from './model-analysis.ts';
import { joinGrain, notNullColumns, queryGrain } from './plan-grain.ts';
import { neededKeys } from './proof.ts';
import type { Analyzed } from './subject.ts';
import { named, rowPer } from './words.ts';

/** Undefined for what has no rows of its own. */
export function resourceGrain(snapshot: Snapshot, id: string): string | undefined {
  const node = memberOf(snapshot.project.manifest, id);
  switch (node?.resource_type) {
    case 'model':
    case 'snapshot': {
      const model = modelAnalysis(snapshot, id);
      if (model.kind === 'unknown') return `Grain unknown: ${escaped(model.reason)}.`;
      return partGrain(snapshot, model, 'query', model.analysis.statement.query);
    }
    case 'seed':
    case 'source': {
      const relation = knownRelation(snapshot, id);
      const [key] = relation?.keys.filter(({ where }) => where === undefined) ?? [];
      const [columns] = relation ? relationKeys(relation) : [];
      if (!relation || !key || !columns) return undefined;
      const notNull = relation.columns.filter((column) => column.notNull).map(({ name }) => name);
      return lines(`${sentence(columns)}, from ${escaped(key.name)}.`, notNull);
    }
    default:
      return undefined;
  }
}

export function cteGrain(snapshot: Snapshot, model: Analyzed, start: number): string | undefined {
  const { ctes } = model.analysis.statement;
  const index = ctes.findIndex((cte) => cte.start === start);
  const cte: NamedQuery | undefined = ctes[index];
  return cte && partGrain(snapshot, model, index, cte.query);
}

function partGrain(snapshot: Snapshot, model: Analyzed, part: number | 'query', query: BoundQuery): string {
  const { derivation } = model.analysis;
  const grain = queryGrain(derivation, query);
  const notNull = notNullColumns(derivation, query);
  if (grain.kind === 'unknown') return lines(`Grain unknown: ${escaped(grain.reason)}.`, notNull);
  const keys = neededKeys(snapshot, model, part);
  const from = keys === undefined || keys.length === 0 ? 'the SQL alone' : escaped(named(keys));
  return lines(`${sentence(grain.columns)}, proven from ${from}.`, notNull);
}

export function joinMarkdown({ analysis }: Analyzed, join: Join): string | undefined {
  const found = joinGrain(analysis.derivation, join);
  if (!found) return undefined;
  const { repeats, grain } = found;
  const what = repeats
    ? 'This join may repeat rows of what stands before it.'
    : 'This join finds one row at most for each row before it.';
  const after =
    grain.kind === 'known'
      ? `After it: ${rowPer(grain.columns.map(code))}.`
      : `Grain unknown: ${escaped(grain.reason)}.`;
  return `${what} ${after}`;
}

function sentence(columns: readonly string[]): string {
  const text = rowPer(columns.map(code));
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function lines(grain: string, notNull: readonly string[]): string {
  return notNull.length === 0 ? grain : `${grain}  \nNever NULL: ${notNull.map(code).join(', ')}.`;
}

function code(text: string): string {
  return text.includes('`') ? escaped(text) : `\`${text}\``;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/gu, (mark) => `\\${mark}`);
}
