/** Compiled SQL as a document that cannot be changed: opened beside its template and renewed as that is typed. */

import { CodeLens, EventEmitter, Range, Uri, ViewColumn, languages, window, workspace } from 'vscode';
import type { TextDocument } from 'vscode';
import type { Disposable } from '../disposal.ts';
import type { CompiledSql } from '../../../server/src/lsp/protocol.ts';
import type { Server } from '../server.ts';
import { Refusal } from '../server.ts';

export const SCHEME = 'grainline-compiled';

/** Between the last key and the next text: short enough to feel live, long enough to type a word. */
const PAUSE_MS = 150;

export interface CompiledDocuments extends Disposable {
  showBeside(template: Uri): Promise<void>;
  /** What the compiled document of a template shows now. */
  of(template: Uri): CompiledSql | undefined;
}

export function compiledDocuments(server: Server): CompiledDocuments {
  const changed = new EventEmitter<Uri>();
  const lensesChanged = new EventEmitter<void>();
  const shown = new Map<string, CompiledSql>();
  const timers = new Map<string, NodeJS.Timeout>();

  const fetch = async (template: Uri): Promise<CompiledSql> => {
    const key = template.toString();
    try {
      const compiled = await server.request('grainline/compiled', { uri: key });
      if (!compiled) throw new Refusal('This file has no SQL of its own to compile.');
      shown.set(key, compiled);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // The last text stays, and says why it is not renewed.
      const last = shown.get(key) ?? { name: '', sql: '', pieces: [], problem: null, answeredAt: null };
      shown.set(key, { ...last, problem: error.message });
    }
    lensesChanged.fire();
    return shown.get(key) as CompiledSql;
  };

  const renewSoon = (template: Uri): void => {
    const key = template.toString();
    if (!openDocument(template)) return;
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        changed.fire(compiledUri(template));
      }, PAUSE_MS),
    );
  };
  const renewAll = (): void => {
    for (const document of workspace.textDocuments) {
      if (document.uri.scheme === SCHEME) renewSoon(templateUri(document.uri));
    }
  };

  const subscriptions = [
    workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: async (uri) => (await fetch(templateUri(uri))).sql,
    }),
    languages.registerCodeLensProvider(
      { scheme: SCHEME },
      {
        onDidChangeCodeLenses: lensesChanged.event,
        provideCodeLenses(document) {
          const compiled = shown.get(templateUri(document.uri).toString());
          const title = compiled && titleOf(compiled);
          if (title === undefined) return [];
          // A lens moves no line, so that what is below stays where its template is.
          return [new CodeLens(new Range(0, 0, 0, 0), { title, command: '' })];
        },
      },
    ),
    workspace.onDidChangeTextDocument(({ document }) => {
      renewSoon(document.uri);
    }),
    workspace.onDidCloseTextDocument((document) => {
      if (document.uri.scheme === SCHEME) shown.delete(templateUri(document.uri).toString());
    }),
    server.on('grainline/projectChanged', renewAll),
    server.onReady(renewAll),
  ];

  return {
    async showBeside(template) {
      const document = await workspace.openTextDocument(compiledUri(template));
      if (document.languageId !== 'sql') await languages.setTextDocumentLanguage(document, 'sql');
      await window.showTextDocument(document, {
        viewColumn: ViewColumn.Beside,
        preserveFocus: true,
        preview: true,
      });
    },
    of: (template) => shown.get(template.toString()),
    dispose() {
      for (const timer of timers.values()) clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
      changed.dispose();
      lensesChanged.dispose();
    },
  };
}

/** What a reader must know of the text: that it is not the present one, or what it was rendered with. */
function titleOf({ problem, answeredAt }: CompiledSql): string | undefined {
  if (problem !== null) return `$(warning) Not renewed: ${problem}`;
  if (answeredAt === null) return undefined;
  return `$(database) Rendered with what the warehouse answered at ${new Date(answeredAt).toLocaleTimeString()}`;
}

export function compiledUri(template: Uri): Uri {
  const name = template.path.slice(template.path.lastIndexOf('/') + 1).replace(/\.sql$/u, '');
  return Uri.from({ scheme: SCHEME, path: `/${name} (compiled).sql`, query: template.toString() });
}

export function templateUri(compiled: Uri): Uri {
  return Uri.parse(compiled.query);
}

function openDocument(template: Uri): TextDocument | undefined {
  const uri = compiledUri(template).toString();
  return workspace.textDocuments.find((document) => document.uri.toString() === uri);
}
