/** What the parts of the language server share. */

import type { Connection, TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { ClientAbilities } from './client-abilities.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Folders } from './folders.ts';
import type { Previews } from './previews.ts';
import type { ProfileWatch } from './profile-watch.ts';
import type { ProjectHost } from './project-host.ts';
import type { Notifications, Notify } from './protocol.ts';
import type { Runs } from './runs.ts';
import type { EditorSettings } from './settings.ts';
import type { Warehouses } from './warehouses.ts';

export interface Server {
  readonly connection: Connection;
  readonly abilities: ClientAbilities;
  readonly documents: TextDocuments<TextDocument>;
  readonly folders: Folders;
  readonly warehouses: Warehouses;
  readonly diagnostics: Diagnostics;
  readonly runs: Runs;
  readonly previews: Previews;
  readonly profiles: ProfileWatch;
  readonly settings: () => EditorSettings;
  readonly notify: Notify;
  /** Tells the client how a project and its warehouse are. */
  readonly tellState: (host: ProjectHost) => void;
}

/** A project as the status item shows it. */
export function stateOf({ warehouses, runs }: Server, host: ProjectHost): Notifications['grainline/project'] {
  return {
    folder: host.uri,
    ...host.stateOfProject,
    warehouse: warehouses.stateOf(host),
    running: runs.runningIn(host),
  };
}
