/** The server that a schema given as DDL is tried on, or the project's target where none is given. */

import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import type { Warehouse } from '../warehouse/port.ts';
import { text, type Arguments } from './arguments.ts';
import { findProjectFolder, locate, openWarehouse, stateFolder } from './open-project.ts';
import type { Output } from './output.ts';

export async function scratchWarehouse(args: Arguments, output: Output): Promise<Warehouse> {
  const onProgress = (line: string): void => {
    output.progress(line);
  };
  if (text(args, 'schema') === null && text(args, 'cases') === null) {
    const { folder, settings } = locate(args);
    return openWarehouse(folder, settings.target, onProgress);
  }
  const { ensureEmbedded } = await import('../warehouse/embedded/launcher.ts');
  const { postgresWarehouse } = await import('../warehouse/postgres/warehouse.ts');
  const folder = findProjectFolder(args);
  const settings = await ensureEmbedded({
    stateFolder: scratchFolder(folder),
    searchFrom: [folder],
    onProgress,
  });
  // Its own database, in which nothing stays.
  return postgresWarehouse({ ...settings, database: 'postgres' });
}

/** The project's own embedded server; outside of projects one for the user, which holds nothing. */
function scratchFolder(folder: string): string {
  const isNamed = process.env.GRAINLINE_HOME !== undefined && process.env.GRAINLINE_HOME !== '';
  if (isNamed || existsSync(join(folder, 'dbt_project.yml'))) return stateFolder(folder);
  return join(tmpdir(), `grainline-scratch-${String(userInfo().uid)}`);
}
