/** Renderings that outlive an edit: what a template gives changes only with what it is rendered from. */

import { Renderings, type Rendering } from '../../checks/renderings.ts';
import type { Template } from '../../jinja/index.ts';
import type { SourceFile } from '../../project/files.ts';
import type { ManifestNode } from '../../project/nodes.ts';
import type { Project } from '../../project/project.ts';
import type { Settings } from '../../project/settings.ts';

/** The macros, project files and settings that every template may use; one object as long as all of them stay the same. */
interface Surroundings {
  readonly files: ReadonlySet<SourceFile>;
}

interface Kept {
  readonly surroundings: Surroundings;
  /** What else a template is rendered from, as a text: its resource's config and what its refs are called. */
  readonly key: string;
  readonly renderings: readonly Rendering[];
}

const kept = new WeakMap<Template, Kept>();

export function keptRenderings(project: Project, node: ManifestNode): readonly Rendering[] {
  const template = project.origins.get(node.unique_id)?.raw?.template;
  if (!template) return [];
  const surroundings = surroundingsOf(project);
  const key = keyOf(project, node);
  const known = kept.get(template);
  if (known?.surroundings === surroundings && known.key === key) return known.renderings;
  const renderings = renderingsOf(project).of(node);
  kept.set(template, { surroundings, key, renderings });
  return renderings;
}

const perProject = new WeakMap<Project, { readonly renderings: Renderings; readonly around: Surroundings }>();
const lastSeen = new WeakMap<Settings, Surroundings>();

function renderingsOf(project: Project): Renderings {
  return ofProject(project).renderings;
}

function surroundingsOf(project: Project): Surroundings {
  return ofProject(project).around;
}

function ofProject(project: Project): { readonly renderings: Renderings; readonly around: Surroundings } {
  let known = perProject.get(project);
  if (!known) {
    known = { renderings: new Renderings(project), around: interned(project) };
    perProject.set(project, known);
  }
  return known;
}

function interned({ world }: Project): Surroundings {
  const files = new Set([...world.packages.values()].map(({ file }) => file));
  for (const { file } of world.macros.byId.values()) files.add(file);
  const before = lastSeen.get(world.settings);
  if (before?.files.size === files.size && [...files].every((file) => before.files.has(file))) return before;
  const around: Surroundings = { files };
  lastSeen.set(world.settings, around);
  return around;
}

function keyOf({ manifest }: Project, node: ManifestNode): string {
  const parents = node.depends_on.nodes.map((id) => {
    const parent = manifest.nodes.get(id) ?? manifest.sources.get(id);
    return [parent?.relation_name, parent?.config.materialized];
  });
  return JSON.stringify([node.unique_id, node.relation_name, node.config, node.columns, parents]);
}
