/** What the active editor shows: the model, test or source that menus, the lineage and the status speak of. */

import { EventEmitter, commands, window, workspace } from 'vscode';
import type { Event, TextEditor } from 'vscode';
import type { Disposable } from './disposal.ts';
import type { Resource } from '../../server/src/lsp/protocol.ts';
import type { Projects } from './projects.ts';
import type { Server } from './server.ts';

/** While the cursor moves through a property file, only the place where it rests is asked for. */
const REST_MS = 120;

export interface ActiveResource extends Disposable {
  readonly resource: Resource | null;
  readonly onChange: Event<Resource | null>;
}

export function activeResource(server: Server, projects: Projects): ActiveResource {
  const changed = new EventEmitter<Resource | null>();
  let resource: Resource | null = null;
  let timer: NodeJS.Timeout | undefined;
  let asked = 0;

  const set = (found: Resource | null): void => {
    void commands.executeCommand('setContext', 'grainline.resource', found?.type ?? false);
    if (found?.uniqueId === resource?.uniqueId && found?.folder === resource?.folder) return;
    resource = found;
    changed.fire(found);
  };

  const ask = async (editor: TextEditor): Promise<void> => {
    const turn = ++asked;
    const { document, selection } = editor;
    if (document.uri.scheme !== 'file' || !projects.of(document.uri) || !server.isReady) {
      // A page or a compiled text beside the model is no reason to forget the model; a foreign file is.
      if (document.uri.scheme === 'file') set(null);
      return;
    }
    const found = await server
      .request('grainline/resourceAt', { uri: document.uri.toString(), position: selection.active })
      .catch(() => null);
    if (turn === asked) set(found);
  };

  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const editor = window.activeTextEditor;
      if (editor) void ask(editor);
    }, REST_MS);
  };

  const subscriptions = [
    window.onDidChangeActiveTextEditor(soon),
    window.onDidChangeTextEditorSelection(({ textEditor }) => {
      // In a template every place is the same resource.
      if (textEditor.document.languageId.includes('yaml')) soon();
    }),
    workspace.onDidCloseTextDocument(() => {
      if (window.visibleTextEditors.length === 0) set(null);
    }),
    projects.onChange(soon),
    server.on('grainline/projectChanged', soon),
  ];

  return {
    get resource() {
      return resource;
    },
    onChange: changed.event,
    dispose() {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
      changed.dispose();
    },
  };
}
