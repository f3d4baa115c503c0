/** What every verb is asked about: one moment of a project, and of what is known of its warehouse. */

import type { Catalog } from '../project/catalog.ts';
import type { Project } from '../project/project.ts';
import type { SqlParser } from '../sql/parser.ts';

export interface Snapshot {
  readonly project: Project;
  readonly catalog: Catalog;
  readonly parser: SqlParser;
}

/** A cursor: a file of the project, by its path below the project's root, and a UTF-16 offset into its text. */
export interface Cursor {
  readonly path: string;
  readonly offset: number;
}
