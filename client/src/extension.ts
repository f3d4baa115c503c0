/** The extension's life: what VS Code calls when it starts and when it ends. Nothing of a project is read or run before its folder is trusted. */

import { Uri, commands, window, workspace } from 'vscode';
import type { ExtensionContext } from 'vscode';
import type { Disposable } from './disposal.ts';
import { activeResource } from './active-resource.ts';
import { registerCommands } from './commands/table.ts';
import { compiledDocuments } from './compiled/document.ts';
import { followCursor } from './compiled/following.ts';
import { inlineNotes } from './inline/notes.ts';
import { grainVerdicts } from './inline/verdicts.ts';
import { languageServer } from './language-client.ts';
import { libraryTexts } from './library-text.ts';
import { openPages } from './pages/pages.ts';
import { shownText } from './pages/shown-text.ts';
import type { Parts } from './parts.ts';
import type { ProjectFolders } from './project-folders.ts';
import { findProjectFolders } from './project-folders.ts';
import { projectsOf } from './projects.ts';
import { Refusal } from './server.ts';
import { claimSqlFiles } from './sql-files.ts';
import { statusItem } from './status/status-item.ts';
import { testExplorer } from './testing/explorer.ts';
import { testResults } from './testing/results.ts';

export function activate(context: ExtensionContext): void {
  let parts: Parts | undefined;
  context.subscriptions.push(
    ...registerCommands(() => {
      if (parts) return parts;
      throw new Refusal(
        workspace.isTrusted
          ? 'Grainline is still starting. Try again in a moment.'
          : 'This folder is not trusted, so nothing of its project is run. Trust it with “Workspaces: Manage Workspace Trust”.',
      );
    }),
  );
  const begin = async (): Promise<void> => {
    const found = await findProjectFolders();
    parts = assemble(context, found);
  };
  if (workspace.isTrusted) void begin();
  else context.subscriptions.push(workspace.onDidGrantWorkspaceTrust(() => void begin()));
}

/** Makes the parts, each of which listens to those before it, and starts the server when there is a project to serve. */
function assemble(context: ExtensionContext, found: ProjectFolders): Parts {
  const keep = <T extends Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const output = keep(window.createOutputChannel('Grainline', { log: true }));
  const server = keep(languageServer(context, output));
  keep(found);
  const projects = keep(projectsOf(server));
  const active = keep(activeResource(server, projects));
  const verdicts = keep(grainVerdicts(server));
  const compiled = keep(compiledDocuments(server));
  keep(followCursor(compiled));
  keep(libraryTexts(server));
  const pages = keep(
    openPages(
      {
        extension: Uri.file(context.extensionPath),
        server,
        text: keep(shownText()),
        memory: context.workspaceState,
        commands: ownCommands(context),
      },
      projects,
      active,
    ),
  );
  const results = keep(testResults(server, projects));
  keep(testExplorer(server, projects, results));
  keep(inlineNotes(verdicts, results));
  keep(statusItem(server, projects));
  keep(claimSqlFiles(found, server, projects, context.extension.id));

  const restart = async (): Promise<void> => {
    await commands.executeCommand('setContext', 'grainline.active', found.folders.length > 0);
    try {
      await server.start(found.folders);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      output.error(words);
      throw new Refusal(
        `The language server of Grainline could not be started: ${words}. “Grainline: Show Output” says more.`,
      );
    }
  };
  const restartAloud = (): void => {
    restart().catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      void window.showErrorMessage(error.message);
    });
  };
  keep(found.onChange(restartAloud));
  restartAloud();
  return { context, output, server, projects, active, pages, compiled, verdicts, restart };
}

function ownCommands(context: ExtensionContext): ReadonlySet<string> {
  const manifest = context.extension.packageJSON as { contributes: { commands: { command: string }[] } };
  return new Set(manifest.contributes.commands.map(({ command }) => command));
}
