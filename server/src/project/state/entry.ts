/** A resource as its entry in manifest.json: dbt's keys in dbt's order, absent ones filled with their defaults. */

import type { Manifest } from '../manifest.ts';
import type { DocNode, GraphNode, GroupNode, MacroNode } from '../nodes.ts';
import { metricEntry, savedQueryEntry, semanticModelEntry } from './semantic-entry.ts';

export type Entry = Record<string, unknown>;

/** What compiling a node gave, for nodes that were compiled. */
export interface CompiledNode {
  readonly compiledCode: string;
  /** Relative to the project, such as `target/compiled/shop/models/orders.sql`. */
  readonly compiledPath: string | null;
  /** The ephemeral models put in front of the code. */
  readonly extraCtes: readonly { readonly id: string; readonly sql: string }[];
}

const RESOURCE = ['name', 'resource_type', 'package_name', 'path', 'original_file_path', 'unique_id'];
const PARSED = [
  'database',
  'schema',
  ...RESOURCE,
  'fqn',
  'alias',
  'checksum',
  'config',
  'tags',
  'description',
  'columns',
  'meta',
  'group',
  'docs',
  'patch_path',
  'build_path',
  'unrendered_config',
  'created_at',
  'relation_name',
  'raw_code',
  'doc_blocks',
];
const BEFORE_COMPILED = [
  ...PARSED,
  'language',
  'refs',
  'sources',
  'metrics',
  'functions',
  'depends_on',
  'compiled_path',
];
const AFTER_COMPILED = ['contract'];
const COMPILED = ['compiled', 'compiled_code', 'extra_ctes_injected', 'extra_ctes'];
const MODEL = [
  'access',
  'constraints',
  'version',
  'latest_version',
  'deprecation_date',
  'primary_key',
  'time_spine',
];
const GENERIC_TEST = ['column_name', 'file_key_name', 'attached_node', 'test_metadata'];
const SEED = [...PARSED, 'root_path', 'depends_on'];
const SOURCE = [
  'database',
  'schema',
  ...RESOURCE,
  'fqn',
  'source_name',
  'source_description',
  'loader',
  'identifier',
  'quoting',
  'loaded_at_field',
  'loaded_at_query',
  'freshness',
  'external',
  'description',
  'columns',
  'meta',
  'source_meta',
  'tags',
  'config',
  'patch_path',
  'unrendered_config',
  'relation_name',
  'created_at',
  'unrendered_database',
  'unrendered_schema',
  'doc_blocks',
];
const EXPOSURE = [
  ...RESOURCE,
  'fqn',
  'type',
  'owner',
  'description',
  'label',
  'maturity',
  'meta',
  'tags',
  'config',
  'unrendered_config',
  'url',
  'depends_on',
  'refs',
  'sources',
  'metrics',
  'created_at',
];
const UNIT_TEST = [
  'model',
  'given',
  'expect',
  ...RESOURCE,
  'fqn',
  'description',
  'overrides',
  'depends_on',
  'config',
  'checksum',
  'schema',
  'created_at',
  'versions',
  'version',
];
const GROUP = [...RESOURCE, 'owner', 'description', 'config'];
const MACRO = [
  ...RESOURCE,
  'macro_sql',
  'depends_on',
  'description',
  'meta',
  'docs',
  'config',
  'patch_path',
  'arguments',
  'created_at',
  'supported_languages',
];
const DOC = [...RESOURCE, 'block_contents'];

/** Keys that hold a list even when nobody says anything; every other absent key is null. */
const LISTS: readonly string[] = ['constraints', 'doc_blocks', 'functions', 'metrics', 'primary_key'];

export function manifestEntry(node: GraphNode, manifest: Manifest, compiled?: CompiledNode): Entry {
  switch (node.resource_type) {
    case 'source':
      return pick(node, SOURCE);
    case 'exposure':
      return pick(node, EXPOSURE);
    case 'unit_test':
      return pick(node, UNIT_TEST);
    case 'metric':
      return metricEntry(node, manifest);
    case 'semantic_model':
      return semanticModelEntry(node, manifest);
    case 'saved_query':
      return savedQueryEntry(node, manifest);
    case 'seed':
      // A seed depends on nothing, so its entry has no place for nodes.
      return { ...pick(node, SEED), depends_on: { macros: node.depends_on.macros } };
    default: {
      const own =
        node.resource_type === 'model'
          ? MODEL
          : node.test_metadata
            ? GENERIC_TEST
            : node.resource_type === 'operation'
              ? ['index']
              : [];
      return compiled
        ? pick({ ...node, ...compiledValues(compiled) }, [
            ...BEFORE_COMPILED,
            ...COMPILED,
            ...AFTER_COMPILED,
            ...own,
          ])
        : pick(node, [...BEFORE_COMPILED, ...AFTER_COMPILED, ...own]);
    }
  }
}

function compiledValues(compiled: CompiledNode): Entry {
  return {
    compiled_path: compiled.compiledPath,
    compiled: true,
    compiled_code: compiled.compiledCode,
    extra_ctes_injected: true,
    extra_ctes: compiled.extraCtes.map(({ id, sql }) => ({ id, sql })),
  };
}

export function groupEntry(group: GroupNode): Entry {
  const { name = null, email = null, ...others } = group.owner;
  return { ...pick(group, GROUP), owner: { email, name, ...others } };
}

export function macroEntry(macro: MacroNode): Entry {
  return { ...pick(macro, MACRO), depends_on: { macros: macro.depends_on.macros } };
}

export function docEntry(doc: DocNode): Entry {
  return pick(doc, DOC);
}

function pick(node: object, keys: readonly string[]): Entry {
  const values = node as Readonly<Entry>;
  const entry: Entry = {};
  for (const key of keys) entry[key] = values[key] ?? (LISTS.includes(key) ? [] : null);
  return entry;
}
