/** What the extension is made of, as its commands need it. */

import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { ActiveResource } from './active-resource.ts';
import type { CompiledDocuments } from './compiled/document.ts';
import type { GrainVerdicts } from './inline/verdicts.ts';
import type { Pages } from './pages/pages.ts';
import type { Projects } from './projects.ts';
import type { Server } from './server.ts';

export interface Parts {
  readonly context: ExtensionContext;
  readonly output: LogOutputChannel;
  readonly server: Server;
  readonly projects: Projects;
  readonly active: ActiveResource;
  readonly pages: Pages;
  readonly compiled: CompiledDocuments;
  readonly verdicts: GrainVerdicts;
  /** Ends the language server and starts it again. */
  readonly restart: () => Promise<void>;
}
