/** Where a setting of a resource is written: in its property file's entry, else in the config() of its own file. */

import type { Place } from '../base/diagnostic.ts';
import { templateFacts } from '../jinja/index.ts';
import { isConfig } from '../project/config.ts';
import { entryRange } from '../project/parse/schema-files.ts';
import { placeIn } from '../project/problems.ts';
import type { Project } from '../project/project.ts';

/** The value's place; undefined where it comes from the project file. */
export function configPlace(project: Project, uniqueId: string, key: string): Place | undefined {
  const { entry, raw } = project.origins.get(uniqueId) ?? {};
  if (entry) {
    const config = isConfig(entry.value.config) ? entry.value.config : {};
    if (key in config) return placeIn(entry.yaml.file, entryRange(entry, 'config', key));
    if (key in entry.value) return placeIn(entry.yaml.file, entryRange(entry, key));
  }
  const template = raw?.template;
  // A snapshot of a property file has a template that stands in no file.
  if (template?.text !== raw?.file.text || !template) return undefined;
  const setting = templateFacts(template)
    .configs.flatMap(({ entries }) => entries)
    .find(({ name }) => name.text === key);
  return setting && { path: template.path, range: { start: setting.valueStart, end: setting.valueEnd } };
}
