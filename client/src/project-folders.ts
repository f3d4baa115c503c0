/** Which folders of the window hold a dbt project, and when that changes. */

import { EventEmitter, Uri, workspace } from 'vscode';
import type { Event } from 'vscode';
import type { Disposable } from './disposal.ts';

/** Packages have a dbt_project.yml too, and are no projects of their own. */
const NOT_PROJECTS = '**/{node_modules,dbt_packages,dbt_modules,target,.venv,venv,site-packages}/**';

/** Long enough for a checkout that changes many files to end. */
const SETTLE_MS = 500;

export interface ProjectFolders extends Disposable {
  /** The outermost folders: one in another is covered by it. */
  readonly folders: readonly Uri[];
  readonly onChange: Event<readonly Uri[]>;
}

export async function findProjectFolders(): Promise<ProjectFolders> {
  const changed = new EventEmitter<readonly Uri[]>();
  let folders = await search();
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    const found = await search();
    if (found.map(String).join('\n') === folders.map(String).join('\n')) return;
    folders = found;
    changed.fire(folders);
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), SETTLE_MS);
  };
  const watcher = workspace.createFileSystemWatcher('**/dbt_project.yml', false, true, false);
  watcher.onDidCreate(soon);
  watcher.onDidDelete(soon);
  const moved = workspace.onDidChangeWorkspaceFolders(soon);

  return {
    get folders() {
      return folders;
    },
    onChange: changed.event,
    dispose() {
      clearTimeout(timer);
      watcher.dispose();
      moved.dispose();
      changed.dispose();
    },
  };
}

async function search(): Promise<readonly Uri[]> {
  const files = await workspace.findFiles('**/dbt_project.yml', NOT_PROJECTS);
  const folders = files
    .filter((file) => file.scheme === 'file')
    .map((file) => Uri.joinPath(file, '..'))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return folders.filter(
    (folder) => !folders.some((other) => other !== folder && folder.path.startsWith(`${other.path}/`)),
  );
}
