/** A moment of a fixture's project, and what verbs find there as pictures. */

import type { Place } from '../../server/src/base/diagnostic.ts';
import type { Cursor, Snapshot } from '../../server/src/ide/snapshot.ts';
import { emptyCatalog, type Catalog } from '../../server/src/project/catalog.ts';
import { withFile } from '../../server/src/project/files.ts';
import { loadProject } from '../../server/src/project/project.ts';
import type { Settings } from '../../server/src/project/settings.ts';
import { loadSqlParser } from '../../server/src/sql/parser.ts';
import { cursorOf } from '../support/fixture-project.ts';
import type { Annotation, Fixture } from '../support/fixture.ts';
import { projectFromFixture } from '../support/project.ts';

const parser = await loadSqlParser();

export interface Moment {
  readonly fixture: Fixture;
  readonly snapshot: Snapshot;
  /** Asked for only where there is a cursor. */
  readonly cursor: () => Cursor;
}

export function moment(
  source: string,
  settings: Partial<Settings> = {},
  catalog: Catalog = emptyCatalog,
): Moment {
  const { fixture, project } = projectFromFixture(source, settings);
  return { fixture, snapshot: { project, catalog, parser }, cursor: () => cursorOf(fixture) };
}

/** The same with one file as an editor has it, such as one with CRLF. */
export function withText(snapshot: Snapshot, path: string, text: string): Snapshot {
  const { input } = snapshot.project;
  const { project } = loadProject({ ...input, files: withFile(input.files, path, text) });
  if (!project) throw new Error('The fixture is no project any more.');
  return { ...snapshot, project };
}

export function marks(places: readonly Place[], expectation: string): Annotation[] {
  return places.map(({ path, range }) => ({ path, range, expectation }));
}

/** `path: the text there`, for what is in no file of the fixture too. */
export function quote({ project }: Snapshot, { path, range }: Place): string {
  const text =
    project.input.files.get(path)?.text ??
    project.input.library.find((file) => `library:${file.path}` === path)?.text ??
    '';
  return `${path}: ${text.slice(range.start, range.end)}`;
}
