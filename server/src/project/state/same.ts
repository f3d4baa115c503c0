/** Which parts of a resource are what they were: body, configuration, descriptions, place, contents. */

import type { Config, ExposureNode, GraphNode, ManifestNode, SemanticNode, SourceNode } from '../nodes.ts';
import { equalIgnoringNulls, equalValues } from './equality.ts';
import { queryParams, semanticElements } from './semantic-entry.ts';

export interface CompareOptions {
  /** dbt's flag `state_modified_compare_more_unrendered_values`: compares a source's place as written, not as rendered. */
  readonly compareMoreUnrenderedValues: boolean;
}

/** Undefined: resources of this type have no body. */
export function sameBody(old: GraphNode, current: GraphNode): boolean | undefined {
  if (!isParsed(current)) return undefined;
  if (!isParsed(old)) return false;
  if (current.resource_type !== 'seed') return current.raw_code === old.raw_code;
  const { checksum } = current;
  return (
    checksum.name !== 'none' &&
    checksum.name === old.checksum.name &&
    checksum.checksum === old.checksum.checksum
  );
}

/** Undefined: resources of this type have no configuration to compare. */
export function sameConfig(old: GraphNode, current: GraphNode): boolean | undefined {
  switch (current.resource_type) {
    case 'unit_test':
      return undefined;
    case 'semantic_model':
    case 'saved_query':
      return equalValues(current.config, old.config);
    default:
      return sameWrittenConfig(current, unrendered(current), unrendered(old));
  }
}

function unrendered(node: GraphNode): Config {
  return node.resource_type === 'unit_test' ? {} : node.unrendered_config;
}

/** What is part of a relation's name is compared as such; tags and groups change nothing that is built. */
const NOT_COMPARED: Readonly<Record<string, readonly string[]>> = {
  source: [],
  exposure: [],
  metric: ['group'],
};
const NODE_NOT_COMPARED: readonly string[] = ['alias', 'schema', 'database', 'tags', 'group'];

/** All that makes one test differ from another with the same arguments. */
const TEST_MODIFIERS: readonly string[] = [
  'severity',
  'where',
  'limit',
  'fail_calc',
  'warn_if',
  'error_if',
  'store_failures',
  'store_failures_as',
];

function sameWrittenConfig(node: GraphNode, current: Config, old: Config): boolean {
  const sameKey = (key: string): boolean =>
    Object.hasOwn(current, key) === Object.hasOwn(old, key) && equalValues(current[key], old[key]);
  if (node.resource_type === 'test') return TEST_MODIFIERS.every(sameKey);
  const skipped = NOT_COMPARED[node.resource_type] ?? NODE_NOT_COMPARED;
  return [...Object.keys(current), ...Object.keys(old)].every((key) => skipped.includes(key) || sameKey(key));
}

/** Only what is persisted to the database counts. Undefined: resources of this type persist no description. */
export function samePersistedDescription(old: GraphNode, current: GraphNode): boolean | undefined {
  if (!isParsed(current)) return undefined;
  if (!isParsed(old)) return false;
  const persisted = current.config.persist_docs;
  if (typeof persisted !== 'object' || persisted === null) return true;
  if ('relation' in persisted && persisted.relation && current.description !== old.description) return false;
  if (!('columns' in persisted && persisted.columns)) return true;
  return equalValues(columnDescriptions(current), columnDescriptions(old));
}

function columnDescriptions(node: ManifestNode): Record<string, string> {
  return Object.fromEntries(Object.entries(node.columns).map(([key, column]) => [key, column.description]));
}

/** The configured name, not the final one: another target or user is no change. Undefined: no relation. */
export function sameRelation(
  old: GraphNode,
  current: GraphNode,
  options: CompareOptions,
): boolean | undefined {
  if (current.resource_type === 'source') {
    if (old.resource_type !== 'source' || current.identifier !== old.identifier) return false;
    return options.compareMoreUnrenderedValues
      ? current.unrendered_database === old.unrendered_database &&
          current.unrendered_schema === old.unrendered_schema
      : current.database === old.database && current.schema === old.schema;
  }
  if (!isParsed(current)) return undefined;
  return (
    isParsed(old) &&
    ['database', 'schema', 'alias'].every((key) =>
      equalValues(current.unrendered_config[key] ?? null, old.unrendered_config[key] ?? null),
    )
  );
}

/** Everything but macros and contracts. An `old` of undefined means new, which for what is not built is no change. */
export function sameContents(
  old: GraphNode | undefined,
  current: GraphNode,
  options: CompareOptions,
): boolean {
  switch (current.resource_type) {
    case 'source':
      return old === undefined || (old.resource_type === 'source' && sameSource(old, current, options));
    case 'exposure':
      return old === undefined || (old.resource_type === 'exposure' && sameExposure(old, current));
    case 'metric':
    case 'semantic_model':
    case 'saved_query':
      return (
        old === undefined || (old.resource_type === current.resource_type && sameSemantics(old, current))
      );
    case 'unit_test':
      return old?.resource_type === 'unit_test' && old.checksum === current.checksum;
    default:
      return old !== undefined && isParsed(old) && sameNode(old, current, options);
  }
}

function sameNode(old: ManifestNode, current: ManifestNode, options: CompareOptions): boolean {
  const sameFqn = equalValues(old.fqn, current.fqn);
  if (current.test_metadata) return sameConfig(old, current) === true && sameFqn;
  const same =
    sameBody(old, current) === true &&
    sameConfig(old, current) === true &&
    samePersistedDescription(old, current) === true &&
    sameFqn &&
    sameRelation(old, current, options) === true;
  if (current.resource_type !== 'model') return same;
  return (
    same &&
    (current.latest_version ?? null) === (old.latest_version ?? null) &&
    current.access === old.access &&
    (current.deprecation_date ?? null) === (old.deprecation_date ?? null)
  );
}

function sameSource(old: SourceNode, current: SourceNode, options: CompareOptions): boolean {
  return (
    sameRelation(old, current, options) === true &&
    equalValues(old.fqn, current.fqn) &&
    sameConfig(old, current) === true &&
    equalIgnoringNulls(old.quoting, current.quoting) &&
    equalIgnoringNulls(old.freshness ?? {}, current.freshness ?? {}) &&
    equalIgnoringNulls(old.loaded_at_field, current.loaded_at_field) &&
    equalIgnoringNulls(old.external, current.external)
  );
}

function sameExposure(old: ExposureNode, current: ExposureNode): boolean {
  return (
    equalValues(old.fqn, current.fqn) &&
    old.type === current.type &&
    equalIgnoringNulls(old.owner, current.owner) &&
    equalIgnoringNulls(old.maturity, current.maturity) &&
    equalIgnoringNulls(old.url, current.url) &&
    old.description === current.description &&
    equalIgnoringNulls(old.label, current.label) &&
    equalValues([...new Set(old.depends_on.nodes)].sort(), [...new Set(current.depends_on.nodes)].sort()) &&
    sameConfig(old, current) === true
  );
}

function sameSemantics(old: SemanticNode, current: SemanticNode): boolean {
  if (old.description !== current.description || sameConfig(old, current) !== true) return false;
  const [before, now] = [old.definition, current.definition];
  switch (current.resource_type) {
    case 'metric':
      return old.label === current.label && before.type === now.type;
    case 'semantic_model':
      return (
        old.group === current.group &&
        before.model === now.model &&
        equalIgnoringNulls(before.defaults ?? {}, now.defaults ?? {}) &&
        equalIgnoringNulls(before.primary_entity, now.primary_entity) &&
        equalIgnoringNulls(semanticElements(before), semanticElements(now))
      );
    case 'saved_query':
      return (
        old.label === current.label &&
        old.group === current.group &&
        equalValues(old.tags, current.tags) &&
        ['metrics', 'group_by', 'where'].every((key) =>
          equalValues(queryParams(before)[key], queryParams(now)[key]),
        ) &&
        equalIgnoringNulls(exportsOf(before), exportsOf(now))
      );
  }
}

/** An export's place as written; the rest follows from the target. */
function exportsOf(definition: Config): unknown[] {
  const exports = Array.isArray(definition.exports) ? definition.exports : [];
  return exports.map((each: { name?: unknown; config?: Config; unrendered_config?: Config }) => {
    const written = each.unrendered_config ?? each.config ?? {};
    return [each.name, written.export_as, written.schema, written.alias].map((value) => value ?? null);
  });
}

/** Models, seeds, snapshots, tests, analyses and operations. */
export function isParsed(node: GraphNode): node is ManifestNode {
  switch (node.resource_type) {
    case 'source':
    case 'exposure':
    case 'metric':
    case 'semantic_model':
    case 'saved_query':
    case 'unit_test':
      return false;
    default:
      return true;
  }
}
