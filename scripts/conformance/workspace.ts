/** The folder in which one test class is replayed: project, profiles and logs. */

import { mkdirSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';

export interface Workspace {
  readonly project: string;
  readonly profiles: string;
  readonly logs: string;
  /** What was written last, so that an unchanged file keeps its time. */
  readonly written: Map<string, string>;
}

/** What commands make; the recording does not hold it. */
const MADE = new Set(['target', 'logs', 'dbt_packages']);

export function makeWorkspace(folder: string): Workspace {
  const workspace = {
    project: join(folder, 'project'),
    profiles: join(folder, 'profiles'),
    logs: join(folder, 'logs'),
    written: new Map<string, string>(),
  };
  rmSync(folder, { recursive: true, force: true });
  for (const path of [workspace.project, workspace.profiles, workspace.logs])
    mkdirSync(path, { recursive: true });
  return workspace;
}

/** Makes the project folder hold exactly these files (besides what commands made). */
export function writeFiles(workspace: Workspace, files: ReadonlyMap<string, string>): void {
  for (const path of filesBelow(workspace.project, '')) {
    if (!files.has(path) && !MADE.has(path.split('/', 1)[0] ?? '')) {
      rmSync(join(workspace.project, path));
      workspace.written.delete(path);
      removeEmptyFolders(workspace.project, dirname(path));
    }
  }
  for (const [path, text] of files) {
    if (workspace.written.get(path) === text) continue;
    mkdirSync(dirname(join(workspace.project, path)), { recursive: true });
    writeFileSync(join(workspace.project, path), text);
    workspace.written.set(path, text);
  }
}

/** The recorded profile, pointed at this server; users and passwords stay, since some cases are about them. */
export function writeProfile(workspace: Workspace, text: string, server: ConnectionSettings): void {
  writeFileSync(join(workspace.profiles, 'profiles.yml'), pointAt(text, server));
}

/** Any text of the recording that names its server. */
export function pointAt(text: string, server: ConnectionSettings): string {
  return text
    .replaceAll(/\bport: 55432\b/gu, `port: ${server.port}`)
    .replaceAll(/\bhost: localhost\b/gu, `host: ${server.host}`);
}

function filesBelow(folder: string, under: string): string[] {
  return readdirSync(join(folder, under), { withFileTypes: true }).flatMap((entry) => {
    const path = under ? `${under}/${entry.name}` : entry.name;
    if (!under && MADE.has(entry.name)) return [];
    return entry.isDirectory() ? filesBelow(folder, path) : [path];
  });
}

function removeEmptyFolders(root: string, folder: string): void {
  if (folder === '.' || readdirSync(join(root, folder)).length > 0) return;
  rmdirSync(join(root, folder));
  removeEmptyFolders(root, dirname(folder));
}
