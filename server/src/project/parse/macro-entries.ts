/** The macros of the manifest. */

import { isConfig } from '../config.ts';
import type { World } from '../context/world.ts';
import { macroDependencies } from '../macros.ts';
import type { MacroNode } from '../nodes.ts';
import type { Describe } from './patches.ts';
import type { SchemaEntry } from './schema-files.ts';

/** The macros with what property files say of them. */
export function macroNodes(
  world: World,
  entries: readonly SchemaEntry[],
  describe: Describe,
): Map<string, MacroNode> {
  const macros = new Map<string, MacroNode>();
  for (const macro of world.macros.byId.values()) {
    macros.set(macro.node.unique_id, {
      ...macro.node,
      depends_on: { macros: macroDependencies(world.macros, macro) },
    });
  }
  for (const entry of entries) {
    if (entry.key !== 'macros') continue;
    const macro = macros.get(`macro.${entry.owner.name}.${entry.name}`);
    if (!macro) continue;
    macro.description = describe(
      typeof entry.value.description === 'string' ? entry.value.description : '',
      entry,
    ).text;
    macro.patch_path = `${entry.owner.name}://${entry.originalPath}`;
    if (Array.isArray(entry.value.arguments)) macro.arguments = entry.value.arguments.filter(isConfig);
    if (isConfig(entry.value.meta)) macro.meta = entry.value.meta;
  }
  return macros;
}
