/** The verbs over a model, and the one at a declared grain. */

import type { Range } from '../base/text.ts';
import { memberOf } from '../project/manifest.ts';
import type { ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import type { CodeLens } from './answers.ts';
import { resourcesIn } from './file-resources.ts';
import { declaredGrain, grainPlace } from './grain.ts';
import type { Snapshot } from './snapshot.ts';

export function codeLenses({ project }: Snapshot, path: string): readonly CodeLens[] {
  const { code, entries } = resourcesIn(project, path);
  return [
    ...code.flatMap((id) => {
      const node = project.manifest.nodes.get(id);
      return node ? verbs(project, node) : [];
    }),
    ...entries.flatMap((id) => grainLens(project, path, id)),
  ];
}

function verbs(project: Project, node: ManifestNode): readonly CodeLens[] {
  const { unique_id: uniqueId, resource_type: type } = node;
  const range = placeOf(project, node);
  const lens = (verb: CodeLens['verb'], title: string): CodeLens => ({ range, title, verb, uniqueId });
  const preview = lens('preview', 'Preview');
  if (type === 'analysis') return [preview];
  if (type === 'test') return [lens('test', 'Test'), preview];
  if (type !== 'model' && type !== 'snapshot') return [];
  const { parents, children, tests } = neighbours(project, uniqueId);
  return [
    lens('build', '▷ Build'),
    ...(tests > 0 ? [lens('test', `Test ${String(tests)}`)] : []),
    ...(node.language === 'sql' ? [preview] : []),
    lens('lineage', `Lineage ${String(parents)} ↑ ${String(children)} ↓`),
  ];
}

/** The first line of the file, or of the snapshot's block. */
function placeOf({ origins }: Project, { unique_id: id, resource_type: type }: ManifestNode): Range {
  const start = type === 'snapshot' ? (origins.get(id)?.raw?.template?.start ?? 0) : 0;
  return { start, end: start };
}

function neighbours(
  { graph, manifest }: Project,
  id: string,
): { readonly parents: number; readonly children: number; readonly tests: number } {
  const children = graph.children.get(id) ?? [];
  const tests = children.filter((child) => {
    const type = memberOf(manifest, child)?.resource_type;
    return type === 'test' || type === 'unit_test';
  }).length;
  return { parents: (graph.parents.get(id) ?? []).length, children: children.length - tests, tests };
}

function grainLens(project: Project, path: string, id: string): readonly CodeLens[] {
  const node = project.manifest.nodes.get(id);
  const place = node && declaredGrain(node) ? grainPlace(project, id) : undefined;
  if (place?.path !== path) return [];
  const { start } = place.range;
  return [{ range: { start, end: start }, title: 'Validate grain', verb: 'grain', uniqueId: id }];
}
