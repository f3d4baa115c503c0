/** What most tests want of a fixture: a project that an engine accepts, and a picture of expected against found. */

import assert from 'node:assert/strict';
import type { Annotation, Cursor, Fixture } from './fixture.ts';
import { parseFixture, printFixture } from './fixture.ts';

const SETTINGS = `name: fixture
version: '1.0'
profile: fixture
`;

/** The fixture, with a minimal dbt_project.yml where it has none. */
export function project(source: string): Fixture {
  const fixture = parseFixture(source);
  if (fixture.files.has('dbt_project.yml')) return fixture;
  return { ...fixture, files: new Map([['dbt_project.yml', SETTINGS], ...fixture.files]) };
}

/** The cursor of a fixture that must have one. */
export function cursorOf(fixture: Fixture): Cursor {
  if (!fixture.cursor) throw new Error('The fixture has no cursor: put $0 somewhere.');
  return fixture.cursor;
}

/** Fails with both pictures when what was found is not what the carets say, no more and no less. */
export function assertAnnotations(fixture: Fixture, found: readonly Annotation[]): void {
  for (const { path } of found) {
    assert.ok(fixture.files.has(path), `Something was found in ${path}, which is no file of the fixture.`);
  }
  assert.equal(printFixture({ ...fixture, annotations: found }), printFixture(fixture));
}
