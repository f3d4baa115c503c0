/** The batches in data/incremental that can be ingested. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectHost } from './project-host.ts';
import type { BatchState } from './protocol.ts';

const FOLDER = 'data/incremental';

/** In the order of their names; none where the project has no such folder. */
export function batchesOf(host: ProjectHost): readonly BatchState[] {
  const folder = join(host.folder, FOLDER);
  return foldersIn(folder)
    .flatMap((table) =>
      filesIn(join(folder, table)).map((file) => `${table}/${file.slice(0, -'.csv'.length)}`),
    )
    .sort((one, other) =>
      batch(one) < batch(other) ? -1 : batch(one) > batch(other) ? 1 : one < other ? -1 : 1,
    )
    .map((name) => ({ name }));
}

function batch(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    // A project without batches.
    return [];
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.csv'));
}
