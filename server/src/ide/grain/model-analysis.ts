/** What a model's SQL gives, row for row: its keys, what its columns come from, and where rows are counted twice. */

import type { CapturedText } from '../../jinja/index.ts';
import type { Catalog } from '../../project/catalog.ts';
import type { Project } from '../../project/project.ts';
import { analyze, type Analysis } from '../../sql/grain/analyze.ts';
import type { SqlTree } from '../../sql/parse-sql.ts';
import type { RelationKey, Schema } from '../../sql/plan/schema.ts';
import { idOfRelation } from '../columns/parent-columns.ts';
import { renderedSql, treeOf, type RenderedSql } from '../columns/rendered.ts';
import type { Snapshot } from '../snapshot.ts';
import { knownRelation } from './known-relation.ts';

export type ModelAnalysis =
  | {
      readonly kind: 'analyzed';
      readonly rendered: RenderedSql;
      readonly tree: SqlTree;
      readonly analysis: Analysis;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

const memo = new WeakMap<Project, WeakMap<Catalog, Map<string, ModelAnalysis>>>();

/** The SQL of a full run, where that of an incremental one differs. */
export function modelAnalysis(snapshot: Snapshot, uniqueId: string): ModelAnalysis {
  const known = knownOf(snapshot);
  const found = known.get(uniqueId);
  if (found) return found;
  for (const id of parentsFirst(snapshot.project, uniqueId, known)) {
    // Whoever asks for it while it is analyzed goes round in a circle.
    known.set(id, { kind: 'unknown', reason: 'it reads itself' });
    known.set(id, analyzed(snapshot, id));
  }
  return known.get(uniqueId) ?? { kind: 'unknown', reason: 'there is no such resource' };
}

function knownOf({ project, catalog }: Snapshot): Map<string, ModelAnalysis> {
  let byCatalog = memo.get(project);
  if (!byCatalog) memo.set(project, (byCatalog = new WeakMap<Catalog, Map<string, ModelAnalysis>>()));
  let known = byCatalog.get(catalog);
  if (!known) byCatalog.set(catalog, (known = new Map<string, ModelAnalysis>()));
  return known;
}

/** A long chain must not become a deep recursion. */
function parentsFirst(
  project: Project,
  id: string,
  known: ReadonlyMap<string, ModelAnalysis>,
): readonly string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const waiting: { readonly id: string; readonly isReady: boolean }[] = [{ id, isReady: false }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.isReady) order.push(next.id);
    else if (!seen.has(next.id) && !known.has(next.id) && project.manifest.nodes.has(next.id)) {
      seen.add(next.id);
      waiting.push({ id: next.id, isReady: true });
      for (const parent of project.manifest.nodes.get(next.id)?.depends_on.nodes ?? [])
        waiting.push({ id: parent, isReady: false });
    }
  }
  return order;
}

interface Kept {
  readonly relations: readonly unknown[];
  readonly analysis: ModelAnalysis;
}

/** What was analyzed of a text holds as long as what it reads is the same. */
const kept = new WeakMap<CapturedText, Kept>();

function analyzed(snapshot: Snapshot, id: string): ModelAnalysis {
  const node = snapshot.project.manifest.nodes.get(id);
  const [rendered] = node ? renderedSql(snapshot, node) : [];
  if (!node || !rendered) return { kind: 'unknown', reason: 'its template does not give SQL yet' };
  const before = kept.get(rendered.sql);
  const parents = node.depends_on.nodes.map((parent) => knownRelation(snapshot, parent));
  if (
    before?.relations.length === parents.length &&
    before.relations.every((relation, index) => relation === parents[index])
  )
    return before.analysis;
  const analysis = analyzeText(snapshot, rendered);
  kept.set(rendered.sql, { relations: parents, analysis });
  return analysis;
}

function analyzeText(snapshot: Snapshot, rendered: RenderedSql): ModelAnalysis {
  const tree = treeOf(snapshot.parser, rendered);
  if (tree?.statements.length !== 1) return { kind: 'unknown', reason: 'its SQL does not parse' };
  const result = analyze(snapshot.parser, tree, schemaOf(snapshot));
  if (result.kind === 'unknown') return { kind: 'unknown', reason: result.reason };
  return { kind: 'analyzed', rendered, tree, analysis: result.analysis };
}

/** The relations that models read, by the names that they read them under. */
function schemaOf(snapshot: Snapshot): Schema {
  return {
    relation(schema, name) {
      const id = idOfRelation(snapshot.project, schema, name);
      return id === undefined ? undefined : knownRelation(snapshot, id);
    },
  };
}

/** The keys that a model's SQL proves, as keys of its relation. */
export function provenKeys(model: ModelAnalysis, name: string): readonly RelationKey[] {
  if (model.kind !== 'analyzed') return [];
  const { analysis } = model;
  return analysis.keys.map((columns) => ({
    parts: columns.map((id) => ({
      column: analysis.columns.find((column) => column.id === id)?.name ?? '',
      expression: undefined,
      operator: 'equals' as const,
    })),
    where: undefined,
    nulls: 'not distinct' as const,
    name: `the SQL of ${name}`,
  }));
}
