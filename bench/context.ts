/** What the parts of the benchmark share: our program, a server, a folder, and peers where the machine has them. */

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { dbtCore } from '../scripts/dbt-core.ts';
import type { DbtCore } from '../scripts/dbt-core.ts';
import { serverFor } from '../scripts/server-for.ts';
import type { ConnectionSettings } from '../server/src/warehouse/port.ts';

export interface Context {
  readonly root: string;
  /** Our command line's first words. */
  readonly ours: readonly string[];
  readonly server: ConnectionSettings;
  readonly dbtCore: DbtCore;
  readonly hasPsql: boolean;
  /** A new empty folder. */
  folder(name: string): string;
}

export async function makeContext(
  scratch: string,
  url: string | undefined,
): Promise<Context & { stop(): Promise<void> }> {
  const root = join(import.meta.dirname, '..');
  const server = await serverFor(url);
  return {
    root,
    ours: [process.execPath, join(root, 'bin', 'grainline')],
    server: server.settings,
    dbtCore: await dbtCore(),
    hasPsql: spawnSync('psql', ['--version']).status === 0,
    folder: (name) => {
      const path = join(scratch, name);
      mkdirSync(path, { recursive: true });
      return path;
    },
    stop: () => server.stop(),
  };
}

/** The environment in which psql reaches the server. */
export function psqlEnvironment(server: ConnectionSettings): NodeJS.ProcessEnv {
  return {
    PGHOST: server.host,
    PGPORT: String(server.port),
    PGUSER: server.user,
    PGPASSWORD: server.password,
    PGDATABASE: server.database,
  };
}
