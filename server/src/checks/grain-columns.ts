/** `grain-columns`: `meta.grain` says which columns make a row unique, and does not fit the columns that are listed. */

import { closestName } from '../base/closest-name.ts';
import type { Place } from '../base/diagnostic.ts';
import { templateFacts } from '../jinja/index.ts';
import { isConfig } from '../project/config.ts';
import type { ManifestNode } from '../project/nodes.ts';
import { entryRange } from '../project/parse/schema-files.ts';
import { placeIn } from '../project/problems.ts';
import type { Project } from '../project/project.ts';
import { isOwn, ownTemplate, placeOfNode, type Check } from './check.ts';
import { wordSuggestion } from './word-suggestion.ts';

export const checkGrainColumns: Check = ({ project, nodes }, report) => {
  for (const node of nodes) {
    if (!isOwn(project, node) || !['model', 'seed', 'snapshot'].includes(node.resource_type)) continue;
    const grain = isConfig(node.config.meta) ? node.config.meta.grain : undefined;
    if (grain === undefined || grain === null) continue;
    if (!Array.isArray(grain) || grain.some((column) => typeof column !== 'string')) {
      report(
        `the grain of '${node.name}' must be a list of column names. Write 'grain: [${typeof grain === 'string' ? grain : 'order_id'}]'.`,
        grainPlace(project, node),
      );
      continue;
    }
    const columns = Object.keys(node.columns);
    if (columns.length === 0) continue;
    const listed = new Set(columns.map((column) => column.toLowerCase()));
    (grain as string[]).forEach((column, index) => {
      if (listed.has(column.toLowerCase())) return;
      const close = closestName(column, columns);
      const hint = close ? `Did you mean '${close}'?` : 'List it under columns, or correct the grain.';
      const place = grainPlace(project, node, index);
      report(
        `the grain of '${node.name}' names the column '${column}', which is not among its columns. ${hint}`,
        place,
        { suggestion: place && wordSuggestion(place.range, column, close) },
      );
    });
  }
};

/** Where the grain is written: the property file, else the file's own config(). */
function grainPlace(project: Project, node: ManifestNode, index?: number): Place | undefined {
  const { entry } = project.origins.get(node.unique_id) ?? {};
  const steps = index === undefined ? [] : [index];
  const { value } = entry ?? {};
  const config = isConfig(value?.config) ? value.config : {};
  if (entry && isConfig(config.meta) && 'grain' in config.meta)
    return placeIn(entry.yaml.file, entryRange(entry, 'config', 'meta', 'grain', ...steps));
  if (entry && isConfig(value?.meta) && 'grain' in value.meta)
    return placeIn(entry.yaml.file, entryRange(entry, 'meta', 'grain', ...steps));
  const template = ownTemplate(project, node);
  const meta =
    template &&
    templateFacts(template)
      .configs.flatMap(({ entries }) => entries)
      .find(({ name }) => name.text === 'meta');
  return meta
    ? { path: template.path, range: { start: meta.valueStart, end: meta.valueEnd } }
    : placeOfNode(project, node);
}
