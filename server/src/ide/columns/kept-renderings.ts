/** Renderings that outlive an edit: what a template gives changes only with what it is rendered from. */

import { questionsOf, Renderings, type Rendering } from '../../checks/renderings.ts';
import type { Template } from '../../jinja/index.ts';
import type { Catalog } from '../../project/catalog.ts';
import type { SourceFile } from '../../project/files.ts';
import type { ManifestNode } from '../../project/nodes.ts';
import type { Project } from '../../project/project.ts';
import type { Settings } from '../../project/settings.ts';
import type { Snapshot } from '../snapshot.ts';

/** The macros, project files and settings that every template may use; one object as long as all of them stay the same. */
interface Surroundings {
  readonly files: ReadonlySet<SourceFile>;
}

interface Kept {
  readonly surroundings: Surroundings;
  /** What else a template is rendered from, as a text: its resource's config and what its refs are called. */
  readonly key: string;
  readonly renderings: readonly Rendering[];
  /** What a template that asked the warehouse was answered from; undefined for one that asked nothing. */
  readonly catalog: Catalog | undefined;
}

/** What a rendering is made of. */
export type Renderable = Pick<Snapshot, 'project' | 'catalog'>;

const kept = new WeakMap<Template, Kept>();

export function keptRenderings(snapshot: Renderable, node: ManifestNode): readonly Rendering[] {
  const { project, catalog } = snapshot;
  const template = project.origins.get(node.unique_id)?.raw?.template;
  if (!template) return [];
  const surroundings = surroundingsOf(project);
  const key = keyOf(project, node);
  const known = kept.get(template);
  const isSame = known?.surroundings === surroundings && known.key === key;
  if (isSame && (known.catalog === undefined || known.catalog === catalog)) return known.renderings;
  const renderings = renderingsOf(snapshot).of(node);
  const hasAsked = renderings.some((rendering) => questionsOf(rendering).length > 0);
  kept.set(template, { surroundings, key, renderings, catalog: hasAsked ? catalog : undefined });
  return renderings;
}

const around = new WeakMap<Project, Surroundings>();
const lastSeen = new WeakMap<Settings, Surroundings>();
const perMoment = new WeakMap<Project, { readonly catalog: Catalog; readonly renderings: Renderings }>();

function renderingsOf({ project, catalog }: Renderable): Renderings {
  let known = perMoment.get(project);
  if (known?.catalog !== catalog) {
    known = { catalog, renderings: new Renderings(project, catalog) };
    perMoment.set(project, known);
  }
  return known.renderings;
}

function surroundingsOf(project: Project): Surroundings {
  let known = around.get(project);
  if (!known) around.set(project, (known = interned(project)));
  return known;
}

function interned({ world }: Project): Surroundings {
  const files = new Set([...world.packages.values()].map(({ file }) => file));
  for (const { file } of world.macros.byId.values()) files.add(file);
  const before = lastSeen.get(world.settings);
  if (before?.files.size === files.size && [...files].every((file) => before.files.has(file))) return before;
  const made: Surroundings = { files };
  lastSeen.set(world.settings, made);
  return made;
}

function keyOf({ manifest }: Project, node: ManifestNode): string {
  const parents = node.depends_on.nodes.map((id) => {
    const parent = manifest.nodes.get(id) ?? manifest.sources.get(id);
    return [parent?.relation_name, parent?.config.materialized];
  });
  return JSON.stringify([node.unique_id, node.relation_name, node.config, node.columns, parents]);
}
