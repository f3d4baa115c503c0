/** The declared grain of a resource, `meta: grain:` of its configuration, and where it is written. */

import type { Place } from '../base/diagnostic.ts';
import { templateFacts } from '../jinja/index.ts';
import { isConfig } from '../project/config.ts';
import type { GraphNode } from '../project/nodes.ts';
import { entryRange } from '../project/parse/schema-files.ts';
import { placeIn } from '../project/problems.ts';
import type { Project } from '../project/project.ts';

/** The columns whose values together never repeat; undefined when none are declared, or not as a list of names. */
export function declaredGrain({ config }: Pick<GraphNode, 'config'>): readonly string[] | undefined {
  const grain = isConfig(config.meta) ? config.meta.grain : undefined;
  if (!Array.isArray(grain) || grain.length === 0) return undefined;
  return grain.every((column) => typeof column === 'string') ? grain : undefined;
}

/** `one row per order_id and line`. */
export function grainSentence(columns: readonly string[]): string {
  const last = columns.at(-1) ?? '';
  const others = columns.slice(0, -1);
  return `one row per ${others.length === 0 ? last : `${others.join(', ')} and ${last}`}`;
}

/** The list of columns as written: in the property file, else in the file's own config(). */
export function grainPlace(project: Project, uniqueId: string): Place | undefined {
  const { entry, raw } = project.origins.get(uniqueId) ?? {};
  if (entry) {
    const config = isConfig(entry.value.config) ? entry.value.config : {};
    if (isConfig(config.meta) && 'grain' in config.meta)
      return placeIn(entry.yaml.file, entryRange(entry, 'config', 'meta', 'grain'));
    if (isConfig(entry.value.meta) && 'grain' in entry.value.meta)
      return placeIn(entry.yaml.file, entryRange(entry, 'meta', 'grain'));
  }
  const template = raw?.template;
  // A snapshot of a property file has a template that stands in no file.
  if (template?.text !== raw?.file.text || !template) return undefined;
  const meta = templateFacts(template)
    .configs.flatMap(({ entries }) => entries)
    .find(({ name }) => name.text === 'meta');
  return meta && { path: template.path, range: { start: meta.valueStart, end: meta.valueEnd } };
}
