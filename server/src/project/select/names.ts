/** The methods that go by a resource's name: fqn, source, exposure, metric, semantic_model, saved_query, unit_test. */

import type { GraphNode, ResourceType } from '../nodes.ts';
import { SelectionError } from './criteria.ts';
import type { SelectionMethod } from './method.ts';
import { textValue } from './method.ts';
import { hasWildcard, matchesWildcard } from './wildcard.ts';

/** `name`, `folder.name`, `package.folder.name`, a prefix of those, or wildcards in them; anything but sources. */
export const byFqn: SelectionMethod = (criterion) => {
  const selector = textValue(criterion);
  return (node) => {
    if (node.resource_type === 'source') return false;
    const versioned = isVersioned(node);
    return matchesFqn(node.fqn, selector, versioned) || matchesFqn(node.fqn.slice(1), selector, versioned);
  };
};

export function isVersioned(node: GraphNode): boolean {
  return node.resource_type === 'model' && node.version !== undefined && node.version !== null;
}

function matchesFqn(fqn: readonly string[], selector: string, versioned: boolean): boolean {
  const parts = selector.split('.');
  const leaf = versioned ? fqn.at(-2) : fqn.at(-1);
  if (leaf === selector) return true;
  // `model.v2` and `model_v2` both name a version.
  if (versioned && fqn.slice(-2).join('_') === parts.slice(-2).join('_')) return true;
  const flat = fqn.flatMap((segment) => segment.split('.'));
  if (flat.length < parts.length) return false;
  const wild = parts.findIndex(hasWildcard);
  const literal = wild < 0 ? parts : parts.slice(0, wild);
  if (literal.some((part, index) => flat[index] !== part)) return false;
  if (wild < 0) return true;
  if (matchesWildcard(flat.slice(wild).join('.'), parts.slice(wild).join('.'))) return true;
  return parts.length === 1 && leaf !== undefined && matchesWildcard(leaf, selector);
}

/** `source`, `source.table` or `package.source.table`. */
export const bySource: SelectionMethod = (criterion) => {
  const selector = textValue(criterion);
  const parts = selector.split('.');
  if (parts.length > 3) {
    throw new SelectionError(
      `Invalid source selector value "${selector}". Sources must be of the form \`\${source_name}\`, ` +
        '`${source_name}.${target_name}`, or `${package_name}.${source_name}.${target_name}',
    );
  }
  const [packageName = '*', sourceName = '*', table = '*'] =
    parts.length === 3 ? parts : ['*', parts[0] ?? '*', parts[1] ?? '*'];
  return (node) =>
    node.resource_type === 'source' &&
    matchesWildcard(node.package_name, packageName) &&
    matchesWildcard(node.source_name, sourceName) &&
    matchesWildcard(node.name, table);
};

export const byExposure = byPackageAndName('exposure', 'exposure', 'Exposures', 'exposure');
export const byMetric = byPackageAndName('metric', 'metric', 'Metrics', 'metric');
export const bySemanticModel = byPackageAndName(
  'semantic_model',
  'semantic model',
  'Semantic models',
  'semantic_model',
);
export const bySavedQuery = byPackageAndName('saved_query', 'saved query', 'Saved queries', 'saved_query');
export const byUnitTest = byPackageAndName('unit_test', 'unit test', 'Unit tests', 'unit_test');

/** `name` or `package.name` of one type of resource. */
function byPackageAndName(
  type: ResourceType,
  singular: string,
  plural: string,
  key: string,
): SelectionMethod {
  return (criterion) => {
    const selector = textValue(criterion);
    const parts = selector.split('.');
    if (parts.length > 2) {
      throw new SelectionError(
        `Invalid ${singular} selector value "${selector}". ${plural} must be of the form ` +
          `\${${key}_name} or \${${key}_package.${key}_name}`,
      );
    }
    const [packageName = '*', name = '*'] = parts.length === 2 ? parts : ['*', parts[0]];
    return (node) =>
      node.resource_type === type &&
      matchesWildcard(node.package_name, packageName) &&
      matchesWildcard(node.name, name);
  };
}
