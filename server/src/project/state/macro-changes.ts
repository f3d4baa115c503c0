/** Which macros differ from those of an earlier manifest, and what is built with them. */

import type { Manifest } from '../manifest.ts';
import type { GraphNode } from '../nodes.ts';

/** Macros that were changed, added or removed. */
export function changedMacros(previous: Manifest, manifest: Manifest): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const [id, macro] of manifest.macros) {
    if (previous.macros.get(id)?.macro_sql !== macro.macro_sql) changed.add(id);
  }
  for (const id of previous.macros.keys()) if (!manifest.macros.has(id)) changed.add(id);
  return changed;
}

/** Whether any macro that a member calls, or that those call, is among `changed`. */
export function usesMacros(node: GraphNode, changed: ReadonlySet<string>, manifest: Manifest): boolean {
  if (changed.size === 0 || node.resource_type === 'source') return false;
  const seen = new Set<string>();
  const pending = [...node.depends_on.macros];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (changed.has(id)) return true;
    pending.push(...(manifest.macros.get(id)?.depends_on.macros ?? []));
  }
  return false;
}
