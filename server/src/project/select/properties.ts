/** The methods that go by a property: tag, group, access, package, config, resource_type, test_name, test_type, version. */

import type { GraphNode } from '../nodes.ts';
import { isParsed } from '../state/same.ts';
import { SelectionError } from './criteria.ts';
import type { SelectionMethod } from './method.ts';
import { textValue } from './method.ts';
import { matchesWildcard } from './wildcard.ts';

export const byTag: SelectionMethod = (criterion) => {
  const selector = textValue(criterion);
  return (node) => tagsOf(node).some((tag) => matchesWildcard(tag, selector));
};

function tagsOf(node: GraphNode): readonly string[] {
  const tags = node.resource_type === 'unit_test' ? node.config.tags : node.tags;
  if (typeof tags === 'string') return [tags];
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}

export const byGroup: SelectionMethod = (criterion) => {
  const selector = textValue(criterion);
  return (node) => {
    if (!isParsed(node) && node.resource_type !== 'metric') return false;
    const { group } = node.config;
    return typeof group === 'string' && group !== '' && matchesWildcard(group, selector);
  };
};

export const byAccess: SelectionMethod = (criterion) => {
  const selector = textValue(criterion);
  return (node) => node.resource_type === 'model' && node.access === selector;
};

/** `this` is the root project. */
export const byPackage: SelectionMethod = (criterion, context) => {
  const written = textValue(criterion);
  const selector = written === 'this' ? context.manifest.projectName : written;
  return (node) => matchesWildcard(node.package_name, selector);
};

const RESOURCE_TYPES: readonly string[] = [
  'model',
  'analysis',
  'test',
  'snapshot',
  'operation',
  'seed',
  'rpc',
  'sql_operation',
  'doc',
  'source',
  'macro',
  'exposure',
  'metric',
  'group',
  'saved_query',
  'semantic_model',
  'unit_test',
  'fixture',
  'function',
];

export const byResourceType: SelectionMethod = (criterion) => {
  const selector = textValue(criterion);
  if (!RESOURCE_TYPES.includes(selector))
    throw new SelectionError(`Invalid resource_type selector "${selector}"`);
  return (node) => node.resource_type === selector;
};

/** The generic test's name, such as `unique`, or a unit test's. */
export const byTestName: SelectionMethod = (criterion) => {
  const selector = textValue(criterion);
  return (node) => {
    if (node.resource_type === 'unit_test') return matchesWildcard(node.name, selector);
    return (
      node.resource_type === 'test' &&
      node.test_metadata !== undefined &&
      matchesWildcard(node.test_metadata.name, selector)
    );
  };
};

/** `generic` (also `schema`), `singular`, `unit`, or `data` for generic and singular. */
export const byTestType: SelectionMethod = (criterion) => {
  const selector = textValue(criterion);
  const types = {
    generic: ['generic'],
    schema: ['generic'],
    data: ['generic', 'singular'],
    singular: ['singular'],
    unit: ['unit'],
  }[selector];
  if (!types) {
    throw new SelectionError(
      `Invalid test type selector ${selector}: expected "generic", "singular", "unit", or "data"`,
    );
  }
  return (node) => {
    if (node.resource_type === 'unit_test') return types.includes('unit');
    if (node.resource_type !== 'test') return false;
    return types.includes(node.test_metadata ? 'generic' : 'singular');
  };
};

export const byVersion: SelectionMethod = (criterion) => {
  const selector = textValue(criterion);
  const test = {
    latest: (version: Version, latest: Version) => version !== null && version === latest,
    prerelease: (version: Version, latest: Version) =>
      isVersion(version) && isVersion(latest) && isLower(latest, version),
    old: (version: Version, latest: Version) =>
      isVersion(version) && isVersion(latest) && isLower(version, latest),
    none: (version: Version) => version === null,
  }[selector];
  if (!test) {
    throw new SelectionError(
      `Invalid version type selector ${selector}: expected one of: "latest", "prerelease", "old", or "none"`,
    );
  }
  return (node) => node.resource_type === 'model' && test(node.version ?? null, node.latest_version ?? null);
};

type Version = string | number | null;

function isVersion(version: Version): version is string | number {
  return version !== null && version !== '' && version !== 0;
}

/** Numbers by value when both are, else texts. */
function isLower(a: string | number, b: string | number): boolean {
  const [first, second] = [Number(a), Number(b)];
  if (!Number.isNaN(first) && !Number.isNaN(second)) return first < second;
  return String(a) < String(b);
}

/** `config.materialized:table`, `config.meta.owner:me`; a list matches by any of its items. */
export const byConfig: SelectionMethod = (criterion) => {
  const { value: wanted, methodArguments: path } = criterion;
  const ignoresCase = path.length === 1 && path[0] === 'severity';
  const literal = String(wanted).toLowerCase();
  const equals = (value: unknown): boolean => {
    if (value === wanted) return true;
    if (ignoresCase && typeof value === 'string') return value.toLowerCase() === literal;
    return (literal === 'true' && value === true) || (literal === 'false' && value === false);
  };
  return (node) => {
    if (!isParsed(node) && node.resource_type !== 'source') return false;
    const value = descend(node.config, path);
    return Array.isArray(value) ? value.some(equals) : equals(value);
  };
};

function descend(config: unknown, path: readonly string[]): unknown {
  let value = config;
  for (const written of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const key = value === config ? manifestKey(written) : written;
    if (!Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** Hooks are the two config keys whose attribute is spelt otherwise than their entry. */
function manifestKey(key: string): string {
  if (key === 'pre_hook') return 'pre-hook';
  if (key === 'post_hook') return 'post-hook';
  return key;
}
