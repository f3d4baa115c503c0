/** Projects in folders of their own: copies of the sample, and small ones on a database of the shared server. */

import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { withDatabase } from '../support/postgres.ts';
import { repository } from './program.ts';
import type { Surroundings } from './program.ts';

/** What the sample consists of; the repository holds more. */
const SAMPLE = ['dbt_project.yml', 'profiles.yml', 'models', 'macros', 'data', 'test/data'];

export function scratchFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `grainline-${name}-`));
  // The embedded server is another user's process when this one is root.
  chmodSync(folder, 0o755);
  return folder;
}

export function sampleCopy(): string {
  const folder = scratchFolder('sample');
  for (const part of SAMPLE) cpSync(join(repository, part), join(folder, part), { recursive: true });
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export const SETTINGS = `name: shop
version: '1.0'
profile: shop
`;

/** A profile in place of dbt's usual one; `changes` are lines of YAML that come last and win. */
export function profile(server: ConnectionSettings, changes: Readonly<Record<string, string>> = {}): string {
  const lines = {
    type: 'postgres',
    host: server.host,
    port: String(server.port),
    user: server.user,
    password: JSON.stringify(server.password),
    dbname: server.database,
    schema: 'shop',
    threads: '4',
    ...changes,
  };
  const written = Object.entries(lines).map(([key, value]) => `      ${key}: ${value}\n`);
  return `shop:\n  target: dev\n  outputs:\n    dev:\n${written.join('')}`;
}

export interface Scratch extends TestDatabase, Surroundings {
  /** Writes more files of the project. */
  write(files: Readonly<Record<string, string>>): void;
}

/** A small project on an empty database; both go after. `files` may replace the project file and the profile. */
export function withProject<T>(
  files: Readonly<Record<string, string>>,
  work: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  return withDatabase(async (database) => {
    const folder = scratchFolder('project');
    try {
      writeFiles(folder, {
        'dbt_project.yml': SETTINGS,
        'profiles.yml': profile(database.settings),
        ...files,
      });
      return await work({
        ...database,
        folder,
        secrets: [database.settings.password],
        write: (more) => {
          writeFiles(folder, more);
        },
      });
    } finally {
      removeFolder(folder);
    }
  });
}
