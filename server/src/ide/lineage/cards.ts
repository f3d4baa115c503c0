/** What a card says of a resource: its columns and keys, its tests, how its last run went, where it is written. */

import type { Place } from '../../base/diagnostic.ts';
import { columnsOf, relationOf, type Catalog } from '../../project/catalog.ts';
import { asList, isConfig } from '../../project/config.ts';
import { configString, type ExposureNode, type GraphNode } from '../../project/nodes.ts';
import { entryRange } from '../../project/parse/schema-files.ts';
import { placeIn } from '../../project/problems.ts';
import type { Project } from '../../project/project.ts';
import { parseYaml } from '../../project/yaml.ts';
import type { LastResult, LastStatus, LineageColumn, LineageNode, LineageTests } from './lineage-graph.ts';
import type { Member } from './members.ts';

export const CARD_WIDTH = 224;
export const CARD_HEIGHT = 46;
export const COLUMN_HEIGHT = 22;

export type LastResults = ReadonlyMap<string, LastResult>;

/** Everything but what depends on the rest of the view. */
export type Card = Omit<LineageNode, 'x' | 'y' | 'hiddenUp' | 'hiddenDown'>;

export function cardOf(
  project: Project,
  catalog: Catalog,
  results: LastResults,
  member: Member,
  form: 'closed' | 'open',
): Card {
  const place = placeOf(project, member.node);
  const { columns, from } = columnsOfCard(project, catalog, member);
  return {
    uniqueId: member.uniqueId,
    name: member.name,
    type: member.type,
    materialized: member.type === 'model' ? materialized(member.node) : null,
    layer: member.layer,
    ...(place ? { place } : {}),
    columns,
    columnsFrom: from,
    tests: testsOf(member, results),
    status: statusOf(member.uniqueId, results),
    width: CARD_WIDTH,
    height: form === 'open' ? CARD_HEIGHT + COLUMN_HEIGHT * columns.length : CARD_HEIGHT,
  };
}

export function statusOf(uniqueId: string, results: LastResults): LastStatus | null {
  return results.get(uniqueId)?.status ?? null;
}

/** Whether it, or a test of it, failed when it last ran. */
export function hasFailed(member: Member, results: LastResults): boolean {
  return (
    isFailure(statusOf(member.uniqueId, results)) ||
    member.tests.some((test) => isFailure(statusOf(test.unique_id, results)))
  );
}

function isFailure(status: LastStatus | null): boolean {
  return (
    status === 'error' || status === 'fail' || status === 'runtime error' || status === 'partial success'
  );
}

function testsOf({ tests }: Member, results: LastResults): LineageTests {
  const statuses = tests.map((test) => statusOf(test.unique_id, results));
  return {
    total: tests.length,
    // A warning has passed as far as what comes after it is concerned.
    passed: statuses.filter((status) => status === 'pass' || status === 'warn').length,
    failed: statuses.filter(isFailure).length,
    names: tests.map(({ name }) => name),
  };
}

function materialized(node: GraphNode): string {
  return configString(node.config, 'materialized') ?? 'view';
}

function columnsOfCard(
  project: Project,
  catalog: Catalog,
  { uniqueId, node }: Member,
): { readonly columns: readonly LineageColumn[]; readonly from: LineageNode['columnsFrom'] } {
  const found = columnsOf(project, catalog, uniqueId);
  const keys = keysOf(project, catalog, node);
  const isKey = (name: string): boolean => keys.has(name.toLowerCase());
  if (found) {
    const columns = found.columns.map(({ name, type }) => ({ name, type, isKey: isKey(name) }));
    return { columns, from: found.from };
  }
  const declared = 'columns' in node ? Object.values(node.columns) : [];
  if (declared.length === 0) return { columns: [], from: null };
  return {
    columns: declared.map(({ name, data_type: type }) => ({ name, type, isKey: isKey(name) })),
    from: 'declared',
  };
}

/** The declared grain; else the key that tests and constraints make; else the server's primary key. */
function keysOf(project: Project, catalog: Catalog, node: GraphNode): ReadonlySet<string> {
  const meta = isConfig(node.config.meta) ? node.config.meta : {};
  const grain = asList(meta.grain).map(String);
  if (grain.length > 0) return lowerCase(grain);
  const isRelation = node.resource_type === 'source' || 'alias' in node;
  const tested = 'primary_key' in node ? (node.primary_key ?? []) : [];
  if (tested.length > 0) return lowerCase(tested);
  const relation = isRelation ? relationOf(project, catalog, node) : undefined;
  return lowerCase(relation?.keys.find(({ kind }) => kind === 'primary')?.columns ?? []);
}

function lowerCase(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}

/** Its own file where it has one, else its name in a property file. */
function placeOf(project: Project, node: GraphNode): Place | undefined {
  const { raw, entry, path = [] } = project.origins.get(node.unique_id) ?? {};
  if (raw) return placeIn(raw.file);
  if (entry) return placeIn(entry.yaml.file, entryRange(entry, ...path, 'name'));
  return node.resource_type === 'exposure' ? exposurePlace(project, node) : undefined;
}

function exposurePlace({ input, world }: Project, node: ExposureNode): Place | undefined {
  const folder = world.packages.get(node.package_name)?.folder ?? '';
  const file = input.files.get(folder ? `${folder}/${node.original_file_path}` : node.original_file_path);
  if (!file) return undefined;
  const yaml = parseYaml(file);
  const exposures = isConfig(yaml.value) ? asList(yaml.value.exposures) : [];
  const index = exposures.findIndex((entry) => isConfig(entry) && entry.name === node.name);
  return placeIn(file, index < 0 ? undefined : yaml.rangeOf(['exposures', index, 'name']));
}
