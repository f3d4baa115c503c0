/** Which layer of a warehouse a resource belongs to, told by what it is, then by its folder, then by how its name begins. */

import type { GraphNode } from '../../project/nodes.ts';
import type { Layer } from './lineage-graph.ts';

/** Folders as dbt's own guide, and the projects that do not follow it, call them. */
const FOLDERS: ReadonlyMap<string, Layer> = new Map([
  ...named('staging', ['staging', 'stage', 'stg', 'base', 'bronze', 'landing', 'prep', 'preparation', 'clean', 'cleaned']),
  ...named('intermediate', ['intermediate', 'int', 'silver', 'transform', 'transforms', 'transformation', 'transformations']),
  ...named('mart', ['mart', 'marts', 'gold', 'report', 'reports', 'reporting', 'presentation', 'facts', 'dimensions', 'warehouse']),
]); // prettier-ignore

/** The first word of a name. */
const PREFIXES: ReadonlyMap<string, Layer> = new Map([
  ...named('staging', ['stg', 'staging', 'base', 'src']),
  ...named('intermediate', ['int', 'intermediate']),
  ...named('mart', ['fct', 'fact', 'dim', 'mart', 'rpt', 'report', 'agg', 'obt']),
]);

export function layerOf(node: GraphNode): Layer {
  switch (node.resource_type) {
    case 'source':
    case 'seed':
      return 'raw';
    case 'exposure':
      return 'exposure';
    case 'model':
    case 'snapshot':
      return byFolder(node.path) ?? PREFIXES.get(firstWord(node.name)) ?? 'other';
    default:
      return 'other';
  }
}

/** The innermost folder decides: `marts/finance/intermediate` holds what the marts of finance are made of. */
function byFolder(path: string): Layer | undefined {
  for (const folder of path.toLowerCase().split('/').slice(0, -1).reverse()) {
    // Some number their folders: 1_staging, 02-marts.
    const layer = FOLDERS.get(folder) ?? FOLDERS.get(folder.slice(lettersAt(folder)));
    if (layer) return layer;
  }
  return undefined;
}

function lettersAt(folder: string): number {
  let at = 0;
  while (at < folder.length && '0123456789_-.'.includes(folder.charAt(at))) at += 1;
  return at;
}

function firstWord(name: string): string {
  const end = name.indexOf('_');
  return end < 0 ? '' : name.slice(0, end).toLowerCase();
}

function named(layer: Layer, names: readonly string[]): (readonly [string, Layer])[] {
  return names.map((name) => [name, layer]);
}
