/** The projects of this window as the server last told, and which of them a file belongs to. */

import { EventEmitter, Uri, commands, window } from 'vscode';
import type { Event } from 'vscode';
import type { Disposable } from './disposal.ts';
import type { ProjectState } from '../../server/src/lsp/protocol.ts';
import type { Server } from './server.ts';

export interface Projects extends Disposable {
  readonly all: readonly ProjectState[];
  /** The innermost project that holds the file. */
  of(uri: Uri): ProjectState | undefined;
  byFolder(folder: string): ProjectState | undefined;
  /** That of the active editor; else the only one, or the first. */
  readonly current: ProjectState | undefined;
  /** The server told something of a project, or another one became the current one. */
  readonly onChange: Event<ProjectState | undefined>;
}

export function projectsOf(server: Server): Projects {
  const changed = new EventEmitter<ProjectState | undefined>();
  const states = new Map<string, ProjectState>();
  let lastActive: string | undefined;

  const take = (state: ProjectState): void => {
    states.set(state.folder, state);
    tellContext();
    changed.fire(state);
  };
  const of = (uri: Uri): ProjectState | undefined =>
    [...states.values()]
      .filter((state) => holds(state.folder, uri))
      .sort((a, b) => b.folder.length - a.folder.length)[0];
  const current = (): ProjectState | undefined =>
    (lastActive === undefined ? undefined : states.get(lastActive)) ?? [...states.values()][0];

  const tellContext = (): void => {
    const running = [...states.values()].some((state) => state.running !== null);
    void commands.executeCommand('setContext', 'grainline.running', running);
  };

  const follow = (): void => {
    const document = window.activeTextEditor?.document;
    const found = document && of(document.uri);
    if (!found || found.folder === lastActive) return;
    lastActive = found.folder;
    changed.fire(found);
  };

  const subscriptions = [
    server.on('grainline/project', take),
    server.onReady(() => {
      states.clear();
      void server.request('grainline/projects', null).then(
        (found) => {
          found.forEach(take);
          follow();
        },
        // It ended while it was asked: it is asked again when it is back.
        () => undefined,
      );
    }),
    window.onDidChangeActiveTextEditor(follow),
  ];

  return {
    get all() {
      return [...states.values()];
    },
    of,
    byFolder: (folder) => states.get(folder),
    get current() {
      return current();
    },
    onChange: changed.event,
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      changed.dispose();
    },
  };
}

function holds(folder: string, uri: Uri): boolean {
  const root = Uri.parse(folder);
  const path = root.path.endsWith('/') ? root.path : `${root.path}/`;
  return uri.scheme === root.scheme && uri.path.startsWith(path);
}
