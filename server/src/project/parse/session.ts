/** What parsing one project works with: inputs that stay, and what is found on the way. */

import type { DocNode } from '../nodes.ts';
import type { FileSet } from '../files.ts';
import type { Package } from '../project-file.ts';
import type { Problems } from '../problems.ts';
import type { World } from '../context/world.ts';

export interface ParseSession {
  readonly world: World;
  readonly files: FileSet;
  readonly docs: ReadonlyMap<string, DocNode>;
  readonly problems: Problems;
  /** When each resource is said to be created, in seconds since the epoch. */
  readonly createdAt: number;
}

export function sectionsFor(
  session: ParseSession,
  owner: Package,
  section: keyof Package['sections'],
): { readonly ownSection: unknown; readonly rootSection?: unknown } {
  const { root } = session.world;
  return owner === root
    ? { ownSection: owner.sections[section] }
    : { ownSection: owner.sections[section], rootSection: root.sections[section] };
}
