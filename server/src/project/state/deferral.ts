/** Deferral: building on an earlier environment's relations where this one has none. */

import type { Manifest } from '../manifest.ts';
import type { ManifestNode } from '../nodes.ts';
import { isEphemeral } from '../nodes.ts';

/** The counterparts in an earlier manifest that a `ref` may stand for, by the id they share. */
export function deferrable(manifest: Manifest, previous: Manifest): ReadonlyMap<string, ManifestNode> {
  const counterparts = new Map<string, ManifestNode>();
  for (const [id, node] of previous.nodes) {
    if (!manifest.nodes.has(id) || isEphemeral(node)) continue;
    if (
      node.resource_type === 'model' ||
      node.resource_type === 'seed' ||
      node.resource_type === 'snapshot'
    ) {
      counterparts.set(id, node);
    }
  }
  return counterparts;
}

export interface DeferralOptions {
  /** Prefer the earlier relation for what this run does not build, even where this environment has its own. */
  readonly favorState: boolean;
  /** What this run builds. */
  readonly selected: ReadonlySet<string>;
  /** Whether this environment has the node's relation now; asked when a `ref` is resolved, as a run creates relations. */
  readonly exists: (node: ManifestNode) => boolean;
}

/** The node whose relation a `ref` to `target` means: its earlier counterpart or itself. */
export function resolveDeferral(
  target: ManifestNode,
  counterparts: ReadonlyMap<string, ManifestNode>,
  options: DeferralOptions,
): ManifestNode {
  const counterpart = counterparts.get(target.unique_id);
  if (!counterpart || isEphemeral(target)) return target;
  const favoured = options.favorState && !options.selected.has(target.unique_id);
  return favoured || !options.exists(target) ? counterpart : target;
}

/** Every counterpart that would be used if all were referred to now, by id. */
export function deferredRelations(
  manifest: Manifest,
  previous: Manifest,
  options: DeferralOptions,
): ReadonlyMap<string, ManifestNode> {
  const counterparts = deferrable(manifest, previous);
  const used = new Map<string, ManifestNode>();
  for (const [id, counterpart] of counterparts) {
    const target = manifest.nodes.get(id);
    if (target && resolveDeferral(target, counterparts, options) === counterpart) used.set(id, counterpart);
  }
  return used;
}
