/** What `ls` prints for the selected members, a line each. */

import type { Manifest } from '../manifest.ts';
import { memberOf } from '../manifest.ts';
import type { GraphNode } from '../nodes.ts';
import type { Entry } from '../state/entry.ts';
import { manifestEntry } from '../state/entry.ts';

export type ListOutput = 'selector' | 'name' | 'path' | 'json';

export interface ListOptions {
  readonly output: ListOutput;
  /** For JSON: keys of the manifest entry, nested ones with dots; the default keys when empty. */
  readonly outputKeys: readonly string[];
}

const DEFAULT_KEYS: readonly string[] = [
  'alias',
  'name',
  'package_name',
  'depends_on',
  'tags',
  'config',
  'resource_type',
  'source_name',
  'original_file_path',
  'unique_id',
];

/** One line per id, in the order of ids; an id that the manifest does not have gives none. */
export function listNodes(manifest: Manifest, ids: Iterable<string>, options: ListOptions): string[] {
  return [...ids].sort().flatMap((id) => {
    const node = memberOf(manifest, id);
    return node ? [lineOf(node, manifest, options)] : [];
  });
}

function lineOf(node: GraphNode, manifest: Manifest, options: ListOptions): string {
  switch (options.output) {
    case 'selector':
      return selectorOf(node);
    case 'name':
      return searchName(node);
    case 'path':
      return node.original_file_path;
    case 'json':
      return pythonJson(chosenKeys(manifestEntry(node, manifest), options.outputKeys));
  }
}

/** What selects exactly this member. */
export function selectorOf(node: GraphNode): string {
  switch (node.resource_type) {
    case 'source':
      return `source:${node.package_name}.${node.source_name}.${node.name}`;
    case 'exposure':
    case 'metric':
    case 'saved_query':
    case 'semantic_model':
      return `${node.resource_type}:${node.package_name}.${node.name}`;
    case 'unit_test':
      return `unit_test:${node.package_name}.${node.name}${node.version === null ? '' : `_v${String(node.version)}`}`;
    default:
      return node.fqn.join('.');
  }
}

/** The name as a `ref` or `source` would say it: with its version or its source. */
export function searchName(node: GraphNode): string {
  if (node.resource_type === 'source') return `${node.source_name}.${node.name}`;
  if (node.resource_type !== 'model' || node.version === undefined || node.version === null) return node.name;
  return `${node.name}.v${String(node.version)}`;
}

function chosenKeys(entry: Entry, keys: readonly string[]): Entry {
  if (keys.length === 0)
    return Object.fromEntries(Object.entries(entry).filter(([key]) => DEFAULT_KEYS.includes(key)));
  const chosen: Entry = {};
  for (const key of keys) {
    if (key.includes('.')) {
      const value = nested(entry, key.split('.'));
      if (value !== null && value !== undefined) chosen[key] = value;
    } else if (Object.hasOwn(entry, key)) {
      chosen[key] = entry[key];
    }
  }
  return chosen;
}

function nested(entry: Entry, path: readonly string[]): unknown {
  let value: unknown = entry;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
      return undefined;
    value = (value as Entry)[key];
  }
  return value;
}

/** JSON with Python's spacing and escapes, so that scripts that compare lines of `ls` see the same ones. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, entry]) => `${pythonJson(key)}: ${pythonJson(entry)}`);
    return `{${entries.join(', ')}}`;
  }
  const json = JSON.stringify(value ?? null);
  return json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
