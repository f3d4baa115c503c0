/** An edit of one resource's file, at the price of that resource: the keystroke's way to a new project. */

import type { Diagnostic } from '../base/diagnostic.ts';
import type { SourceFile } from './files.ts';
import { concealing } from './concealment.ts';
import { inheritLookups, lookupsOf } from './compile.ts';
import { buildGraph, findCycle } from './graph.ts';
import type { ManifestNode } from './nodes.ts';
import { linkNode } from './parse/assemble.ts';
import { configureNode } from './parse/configure.ts';
import { describer } from './parse/docs.ts';
import { rereadNode } from './parse/read-nodes.ts';
import type { ParseSession } from './parse/session.ts';
import { Problems } from './problems.ts';
import type { Project } from './project.ts';

/** One file each, and nothing else in it. */
const EDITABLE = new Set<ManifestNode['resource_type']>(['model', 'analysis', 'test']);

/**
 * The project with one file's text replaced. Undefined where more than the one resource may be another one than before (its configuration or its
 * names changed, it is part of a cycle, the file holds macros): then everything must be read anew, which gives the same and takes longer.
 */
export function withEditedResource(project: Project, file: SourceFile): Project | undefined {
  const id = editableIn(project, file.path);
  const origin = id === undefined ? undefined : project.origins.get(id);
  const before = id === undefined ? undefined : project.manifest.nodes.get(id);
  if (!origin?.raw || !before) return undefined;
  const files = new Map(project.input.files).set(file.path, file);
  const { world, manifest } = project;
  const problems = new Problems(concealing(world.settings.environment, files));
  const session: ParseSession = {
    world,
    files,
    docs: manifest.docs,
    problems,
    createdAt: before.created_at,
  };
  const raw = rereadNode(session, origin.raw, file);
  const { entry } = origin;
  const describe = describer(manifest.docs, world, problems);
  const after = configureNode(session, raw, entry ? { entry, value: entry.value } : undefined, describe);
  if (after.primary_key) after.primary_key = before.primary_key ?? [];
  if (!isSameToOthers(project, before, after)) return undefined;
  const nextOrigin = { ...origin, raw };
  const isComplete = linkNode(session, after, lookupsOf(project), nextOrigin);
  // A test of something that is not there is switched off, and counts among what is.
  if (!isComplete && after.resource_type === 'test') return undefined;
  const next = {
    ...project,
    input: { ...project.input, files },
    manifest: { ...manifest, nodes: new Map(manifest.nodes).set(after.unique_id, after) },
    origins: new Map(project.origins).set(after.unique_id, nextOrigin),
    ...withFindings(project, after.unique_id, problems.all()),
  };
  if (!isSame(before.depends_on.nodes, after.depends_on.nodes)) {
    next.graph = buildGraph(next.manifest);
    if (findCycle(next.graph)) return undefined;
  }
  inheritLookups(project, next, before, after);
  return next;
}

function editableIn(project: Project, path: string): string | undefined {
  const { manifest, world, origins, diagnostics } = project;
  if (diagnostics.some(({ code }) => code === 'cycle' || code === 'duplicate-resource')) return undefined;
  for (const [id, { raw }] of origins) {
    if (raw?.file.path !== path) continue;
    const node = manifest.nodes.get(id);
    if (node !== raw.node || !EDITABLE.has(node.resource_type) || !raw.template) return undefined;
    if (node.version !== null && node.version !== undefined) return undefined;
    const holdsMacros = [...world.macros.byId.values()].some((macro) => macro.file.path === path);
    return holdsMacros ? undefined : id;
  }
  return undefined;
}

/** Whether everything that other resources see of it is what it was. */
function isSameToOthers(project: Project, before: ManifestNode, after: ManifestNode): boolean {
  const seen = (node: ManifestNode): unknown[] => [
    node.unique_id,
    node.database,
    node.schema,
    node.alias,
    node.relation_name,
    node.access,
    node.group,
    node.config,
    node.fqn,
  ];
  if (!isSame(seen(before), seen(after))) return false;
  if (isSame(before.depends_on.macros, after.depends_on.macros)) return true;
  // Whether a model asks for is_incremental() decides what its unit tests must say.
  return ![...project.manifest.unitTests.values()].some(({ depends_on: { nodes } }) =>
    nodes.includes(before.unique_id),
  );
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function withFindings(
  project: Project,
  id: string,
  found: readonly Diagnostic[],
): Pick<Project, 'diagnostics' | 'findings'> {
  const known = project.findings.get(id) ?? [];
  const { diagnostics, findings } = project;
  if (known.length === 0 && found.length === 0) return { diagnostics, findings };
  const gone = new Set(known);
  return {
    diagnostics: [...diagnostics.filter((diagnostic) => !gone.has(diagnostic)), ...found],
    findings: new Map(findings).set(id, found),
  };
}
