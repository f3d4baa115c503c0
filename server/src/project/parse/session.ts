/** What parsing one project works with: inputs that stay, and what is found on the way. */

import type { Template } from '../../jinja/index.ts';
import type { DocNode } from '../nodes.ts';
import type { FileSet } from '../files.ts';
import type { Package } from '../project-file.ts';
import { Problems } from '../problems.ts';
import type { World } from '../context/world.ts';

export interface ParseSession {
  readonly world: World;
  readonly files: FileSet;
  readonly docs: ReadonlyMap<string, DocNode>;
  readonly problems: Problems;
  /** When each resource is said to be created, in seconds since the epoch. */
  readonly createdAt: number;
}

/** For what is said of a resource whose template is broken: that is said, and all else is its echo. */
export function quietSession(session: ParseSession, template: Template | null): ParseSession {
  return template && template.diagnostics.length > 0 ? { ...session, problems: new Problems() } : session;
}

interface Sections {
  readonly ownSection: unknown;
  readonly rootSection?: unknown;
}

/** The section of the owner's project file, and the root project's where that is another. */
export function sectionsFor(
  session: ParseSession,
  owner: Package,
  section: keyof Package['sections'],
): Sections {
  return both(session, owner, (source) => source.sections[section]);
}

export function unrenderedSectionsFor(
  session: ParseSession,
  owner: Package,
  section: keyof Package['sections'],
): Sections {
  return both(session, owner, (source) => source.unrenderedSections[section]);
}

function both(session: ParseSession, owner: Package, read: (source: Package) => unknown): Sections {
  const { root } = session.world;
  return owner === root ? { ownSection: read(owner) } : { ownSection: read(owner), rootSection: read(root) };
}

/** dbt's flag: compare `config()` and property files as they are written, not as they rendered. */
export function comparesUnrendered(session: ParseSession): boolean {
  return session.world.root.flags.state_modified_compare_more_unrendered_values === true;
}
