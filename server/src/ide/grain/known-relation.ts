/** A resource as a relation: its columns, and every key that is guaranteed, declared, tested, or proven of its SQL. */

import { asList } from '../../project/config.ts';
import { relationOf, type Catalog } from '../../project/catalog.ts';
import type { ManifestNode, SourceNode } from '../../project/nodes.ts';
import type { Project } from '../../project/project.ts';
import type { Settings } from '../../project/settings.ts';
import type { Relation, RelationKey } from '../../sql/plan/schema.ts';
import { parentColumns, resourceOf } from '../columns/parent-columns.ts';
import { declaredGrain } from '../grain.ts';
import type { Snapshot } from '../snapshot.ts';
import { modelAnalysis, provenKeys, type ModelAnalysis } from './model-analysis.ts';

interface Kept {
  readonly columns: unknown;
  readonly model: ModelAnalysis | undefined;
  readonly built: unknown;
  readonly relation: Relation;
}

const memo = new WeakMap<Project, WeakMap<Catalog, Map<string, Relation | undefined>>>();
/** The same relation as long as all that it is made of is the same, so that what reads it is not analyzed again. */
const kept = new WeakMap<ManifestNode | SourceNode, Kept>();

/** Undefined where its columns are not all known. */
export function knownRelation(snapshot: Snapshot, id: string): Relation | undefined {
  const known = knownOf(snapshot);
  if (known.has(id)) return known.get(id);
  const relation = readRelation(snapshot, id);
  known.set(id, relation);
  return relation;
}

function knownOf({ project, catalog }: Snapshot): Map<string, Relation | undefined> {
  let byCatalog = memo.get(project);
  if (!byCatalog) memo.set(project, (byCatalog = new WeakMap<Catalog, Map<string, Relation | undefined>>()));
  let known = byCatalog.get(catalog);
  if (!known) byCatalog.set(catalog, (known = new Map<string, Relation | undefined>()));
  return known;
}

function readRelation(snapshot: Snapshot, id: string): Relation | undefined {
  const { project, catalog } = snapshot;
  const resource = resourceOf(project, id);
  const columns = parentColumns(snapshot, id);
  // A seed is read as the table that its present file makes.
  if (!resource || !(columns.isComplete || resource.resource_type === 'seed')) return undefined;
  const model = isModel(resource) ? modelAnalysis(snapshot, id) : undefined;
  const built = relationOf(project, catalog, resource)?.guarantees;
  const before = kept.get(resource);
  if (before?.columns === columns && before.model === model && before.built === built) return before.relation;
  const notNull = new Set(notNullColumns(project, id, model));
  const relation = interned(project, id, {
    schema: resource.schema,
    name: 'alias' in resource ? resource.alias : resource.identifier,
    columns: columns.columns.map(({ name, type, isNotNull }) => ({
      name,
      type,
      notNull: isNotNull || notNull.has(name),
    })),
    keys: [
      ...(built?.keys ?? []),
      ...statedKeys(project, resource),
      ...(model ? provenKeys(model, resource.name) : []),
    ],
    foreignKeys: built?.foreignKeys ?? [],
    hasChildren: built?.hasChildren ?? false,
    // A model is read as the relation it will be; a view that nobody here makes, as what it is made of.
    definition: model ? undefined : built?.definition,
  });
  kept.set(resource, { columns, model, built, relation });
  return relation;
}

/** By the settings of a project, which outlive its edits: what was last known of each resource, with its content as a text. */
const lastSeen = new WeakMap<
  Settings,
  Map<string, { readonly content: string; readonly relation: Relation }>
>();

/** Equal relations are one object, so that an edit that changes no column and no key of a model reaches nobody who reads it. */
function interned({ world }: Project, id: string, relation: Relation): Relation {
  let seen = lastSeen.get(world.settings);
  if (!seen)
    lastSeen.set(world.settings, (seen = new Map<string, { content: string; relation: Relation }>()));
  const content = JSON.stringify(relation);
  const before = seen.get(id);
  if (before?.content === content) return before.relation;
  seen.set(id, { content, relation });
  return relation;
}

function isModel(resource: ManifestNode | SourceNode): boolean {
  return resource.resource_type === 'model' || resource.resource_type === 'snapshot';
}

/** Keys that somebody states: the declared grain, unique tests, and what an incremental model merges by. */
function statedKeys(project: Project, resource: ManifestNode | SourceNode): readonly RelationKey[] {
  const grain = declaredGrain(resource);
  const merged = asList(resource.config.unique_key).map(String);
  return [
    ...(grain ? [stated(grain, `the declared grain of ${resource.name}`, 'not distinct')] : []),
    ...testedKeys(project, resource.unique_id),
    ...(merged.length > 0 ? [stated(merged, `the unique_key of ${resource.name}`, 'distinct')] : []),
  ];
}

function stated(columns: readonly string[], name: string, nulls: RelationKey['nulls']): RelationKey {
  const parts = columns.map((column) => ({ column, expression: undefined, operator: 'equals' as const }));
  return { parts, where: undefined, nulls, name };
}

const COMBINATIONS = new Set(['unique_combination_of_columns', 'expect_compound_columns_to_be_unique']);

function testedKeys(project: Project, id: string): readonly RelationKey[] {
  return testsOf(project, id).flatMap((test): readonly RelationKey[] => {
    const { name = '', kwargs = {} } = test.test_metadata ?? {};
    // One that looks at a part of the rows says nothing of the others.
    if (test.config.where !== null && test.config.where !== undefined) return [];
    if (name === 'unique' && typeof kwargs.column_name === 'string')
      return [stated([kwargs.column_name], `the test ${test.name}`, 'distinct')];
    const columns = asList(kwargs.combination_of_columns ?? kwargs.column_list).map(String);
    return COMBINATIONS.has(name) && columns.length > 0
      ? [stated(columns, `the test ${test.name}`, 'not distinct')]
      : [];
  });
}

function notNullColumns(project: Project, id: string, model: ModelAnalysis | undefined): readonly string[] {
  const tested = testsOf(project, id).flatMap((test) => {
    const { name, kwargs = {} } = test.test_metadata ?? {};
    const isWhole = test.config.where === null || test.config.where === undefined;
    return name === 'not_null' && isWhole && typeof kwargs.column_name === 'string'
      ? [kwargs.column_name]
      : [];
  });
  if (model?.kind !== 'analyzed') return tested;
  const { analysis } = model;
  return [
    ...tested,
    ...analysis.columns.filter(({ id: column }) => analysis.notNull.has(column)).map(({ name }) => name),
  ];
}

function testsOf({ manifest, graph }: Project, id: string): readonly ManifestNode[] {
  return (graph.children.get(id) ?? []).flatMap((child) => {
    const test = manifest.nodes.get(child);
    return test?.resource_type === 'test' && test.test_metadata && test.attached_node === id ? [test] : [];
  });
}
