/** The relations of a project's resources, by the names that the server has for them. */

import { isEphemeral, type ManifestNode, type SourceNode } from './nodes.ts';
import type { Project } from './project.ts';
import { identifierName } from '../sql/identifiers.ts';

export type RelationNode = ManifestNode | SourceNode;

export interface StoredName {
  readonly schema: string;
  readonly name: string;
}

/** Names as the server stores them: unquoted, case kept. */
export function relationKey(schema: string, name: string): string {
  return `${schema}.${name}`;
}

const stored = new WeakMap<RelationNode, StoredName | null>();

/** Where a model, seed, snapshot or source stands, folded as its quoting asks; undefined where it is no relation of the target's database. */
export function storedName(project: Project, node: RelationNode): StoredName | undefined {
  let name = stored.get(node);
  if (name === undefined) stored.set(node, (name = readName(project, node)));
  return name ?? undefined;
}

const BUILT = new Set(['model', 'seed', 'snapshot', 'source']);

function readName({ world }: Project, node: RelationNode): StoredName | null {
  if (!BUILT.has(node.resource_type) || isEphemeral(node)) return null;
  if (node.database.toLowerCase() !== world.settings.target.database.toLowerCase()) return null;
  const parts = nameParts(node.relation_name ?? '');
  const [schema, name] = parts.slice(-2);
  if (schema !== undefined && name !== undefined) return { schema, name };
  return { schema: node.schema, name: node.resource_type === 'source' ? node.identifier : node.alias };
}

/** `"a"."b"` as a and b. */
function nameParts(written: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at <= written.length; at++) {
    if (written[at] === '"') isQuoted = !isQuoted;
    if (at < written.length && (written[at] !== '.' || isQuoted)) continue;
    if (at > start) parts.push(identifierName(written.slice(start, at)));
    start = at + 1;
  }
  return parts;
}

/** The schemas in which the project's models, seeds, snapshots and sources stand, in order. */
export function schemasOf(project: Project): readonly string[] {
  const schemas = new Set<string>();
  for (const node of relationNodes(project)) {
    const name = storedName(project, node);
    if (name) schemas.add(name.schema);
  }
  return [...schemas].sort();
}

function* relationNodes({ manifest }: Project): IterableIterator<RelationNode> {
  // A source may describe what a model builds; the model's own text then says more, so it comes last.
  yield* manifest.sources.values();
  yield* manifest.nodes.values();
}

const indexes = new WeakMap<Project, ReadonlyMap<string, string>>();

/** Unique ids by `relationKey`. */
export function resourcesByRelation(project: Project): ReadonlyMap<string, string> {
  let index = indexes.get(project);
  if (index) return index;
  const made = new Map<string, string>();
  for (const node of relationNodes(project)) {
    const name = storedName(project, node);
    if (name) made.set(relationKey(name.schema, name.name), node.unique_id);
  }
  indexes.set(project, (index = made));
  return index;
}
