/** Which keys of the relations that are read a proof needs: each is left out in turn, and those without which nothing is proven are named. */

import { analyze, type Analysis } from '../../sql/grain/analyze.ts';
import type { RelationKey, Schema } from '../../sql/plan/schema.ts';
import { idOfRelation } from '../columns/parent-columns.ts';
import type { Snapshot } from '../snapshot.ts';
import { knownRelation } from './known-relation.ts';
import { queryGrain } from './plan-grain.ts';
import { plansOf } from './plans.ts';
import type { Analyzed } from './subject.ts';

/** More keys than these are not tried one by one. */
const MOST_KEYS = 12;

/** `part`: a CTE's place among those of the statement, or the query itself. Undefined where trying would take too long. */
export function neededKeys(
  snapshot: Snapshot,
  { analysis, tree }: Analyzed,
  part: number | 'query',
): readonly string[] | undefined {
  const keys = new Set<RelationKey>();
  for (const plan of plansOf(analysis))
    if (plan.kind === 'scan') plan.relation.keys.forEach((key) => keys.add(key));
  if (keys.size > MOST_KEYS) return undefined;
  const wanted = JSON.stringify(grainOf(analysis, part));
  const left = new Set<RelationKey>();
  for (const key of keys) {
    left.add(key);
    const result = analyze(snapshot.parser, tree, schemaWithout(snapshot, left));
    if (result.kind === 'unknown' || JSON.stringify(grainOf(result.analysis, part)) !== wanted)
      left.delete(key);
  }
  return [...new Set([...keys].filter((key) => !left.has(key)).map(({ name }) => name))];
}

function grainOf(analysis: Analysis, part: number | 'query'): unknown {
  const { statement, derivation } = analysis;
  const query = part === 'query' ? statement.query : statement.ctes[part]?.query;
  const grain = query && queryGrain(derivation, query);
  return grain?.kind === 'known' ? grain.columns : undefined;
}

function schemaWithout(snapshot: Snapshot, left: ReadonlySet<RelationKey>): Schema {
  return {
    relation(schema, name) {
      const id = idOfRelation(snapshot.project, schema, name);
      const relation = id === undefined ? undefined : knownRelation(snapshot, id);
      return relation && { ...relation, keys: relation.keys.filter((key) => !left.has(key)) };
    },
  };
}
