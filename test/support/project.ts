/** A project from a fixture, in memory: the engine's real macros, a Postgres target, no warehouse. */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from '../../server/src/project/files.ts';
import { fileSet } from '../../server/src/project/files.ts';
import type { Project, ProjectInput } from '../../server/src/project/project.ts';
import { loadProject } from '../../server/src/project/project.ts';
import type { Settings } from '../../server/src/project/settings.ts';
import { defaultFlags } from '../../server/src/project/settings.ts';
import { project as fixtureWithSettings } from './fixture-project.ts';
import type { Fixture } from './fixture.ts';

const MACROS = fileURLToPath(new URL('../../server/macros/', import.meta.url));

let library: readonly SourceFile[] | undefined;

/** The engine's own macros, read once: the same objects each time, so that what is derived from them is shared. */
export function macroLibrary(): readonly SourceFile[] {
  library ??= readdirSync(MACROS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.sql'))
    .sort()
    .map((path) => ({ path, text: readFileSync(MACROS + path, 'utf8') }));
  return library;
}

/** A Postgres target that nothing connects to. */
export function fixtureSettings(overrides: Partial<Settings> = {}): Settings {
  return {
    target: {
      profileName: 'fixture',
      name: 'dev',
      kind: 'postgres',
      database: 'warehouse',
      schema: 'analytics',
      threads: 4,
      credentials: {
        type: 'postgres',
        host: 'localhost',
        port: 5432,
        user: 'analyst',
        dbname: 'warehouse',
        schema: 'analytics',
        threads: 4,
      },
    },
    vars: {},
    environment: new Map(),
    flags: defaultFlags,
    invocationId: '00000000-0000-4000-8000-000000000000',
    startedAt: Date.UTC(2026, 0, 15, 12),
    ...overrides,
  };
}

export interface FixtureProject {
  readonly fixture: Fixture;
  readonly input: ProjectInput;
  readonly project: Project;
}

/** Reads the fixture's files as a project, wrong ones too; throws only when there is none (a broken dbt_project.yml). */
export function projectFromFixture(source: string, settings: Partial<Settings> = {}): FixtureProject {
  const fixture = fixtureWithSettings(source);
  const input: ProjectInput = {
    files: fileSet(fixture.files),
    library: macroLibrary(),
    settings: fixtureSettings(settings),
  };
  const { project, diagnostics } = loadProject(input);
  if (!project)
    throw new Error(`The fixture is no project: ${diagnostics.map(({ message }) => message).join(' ')}`);
  return { fixture, input, project };
}
