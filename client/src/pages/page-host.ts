/** The editor's end of a page: gives it what it is opened with, asks the server for it, and does what only an editor can. */

import { Position, Range, Uri, ViewColumn, commands, env, window, workspace } from 'vscode';
import type { Memento, Webview } from 'vscode';
import type { Disposable } from '../disposal.ts';
import type { Location, Notifications } from '../../../server/src/lsp/protocol.ts';
import type { FromPage, PageArgument, PageName, ToPage } from '../../webview/messages.ts';
import type { Server } from '../server.ts';
import { Refusal } from '../server.ts';
import { mayAsk, newsFor } from './allowed.ts';
import { pageFolder, pageHtml } from './page-html.ts';
import type { ShownText } from './shown-text.ts';

/** What every page's host is given. */
export interface PageMeans {
  readonly extension: Uri;
  readonly server: Server;
  readonly text: ShownText;
  readonly memory: Memento;
  /** The extension's own commands, which are the only ones that a page may call. */
  readonly commands: ReadonlySet<string>;
}

/** Has a life: as long as its webview. */
export class PageHost implements Disposable {
  readonly #webview: Webview;
  readonly #name: PageName;
  /** Under which its state is kept, so that a window that is opened again looks as it was left. */
  readonly #key: string;
  readonly #means: PageMeans;
  readonly #subscriptions: Disposable[] = [];
  #argument: PageArgument | undefined;
  /** What the page is told first; asked for when the page can listen, so that it is no older than that. */
  #opening: () => readonly ToPage[] = () => [];
  #isReady = false;

  constructor(webview: Webview, name: PageName, key: string, means: PageMeans) {
    this.#webview = webview;
    this.#name = name;
    this.#key = key;
    this.#means = means;
    webview.options = { enableScripts: true, localResourceRoots: [pageFolder(means.extension)] };
    this.#subscriptions.push(
      webview.onDidReceiveMessage((message: FromPage) => void this.#receive(message)),
      ...newsFor(name).map((method) =>
        means.server.on(method, (params) => {
          this.#tell(method, params);
        }),
      ),
    );
    webview.html = pageHtml(webview, means.extension, name);
  }

  get argument(): PageArgument | undefined {
    return this.#argument;
  }

  /** Shows this instead of what it shows. `opening` follows at once. */
  show(argument: PageArgument, opening: () => readonly ToPage[] = () => []): void {
    this.#argument = argument;
    this.#opening = opening;
    if (this.#isReady) this.#start();
  }

  post(message: ToPage): void {
    if (this.#isReady) void this.#webview.postMessage(message);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #start(): void {
    if (!this.#argument) return;
    this.post({
      kind: 'start',
      page: this.#name,
      argument: this.#argument,
      state: this.#means.memory.get(`${this.#key}.state`) ?? null,
    });
    for (const message of this.#opening()) this.post(message);
  }

  #tell<Method extends keyof Notifications>(method: Method, params: Notifications[Method]): void {
    const folder = 'folder' in params ? params.folder : undefined;
    if (this.#argument && folder !== undefined && folder !== this.#argument.folder) return;
    // The union of messages is one for each method; which one this is, only the caller's type says.
    const message = { kind: 'notification', method, params } as ToPage;
    if (this.#isReady) this.post(message);
  }

  async #receive(message: FromPage): Promise<void> {
    switch (message.kind) {
      case 'ready':
        this.#isReady = true;
        this.#start();
        return;
      case 'request':
        await this.#answer(message.id, message.method, message.params);
        return;
      case 'open':
        await openLocation(message.location, message.beside === true ? 'beside' : 'here');
        return;
      case 'copy':
        await env.clipboard.writeText(message.text);
        return;
      case 'save':
        await save(message.name, message.text, this.#argument?.folder);
        return;
      case 'show-text':
        await this.#means.text.show(message.title, message.language, message.text);
        return;
      case 'command':
        if (this.#means.commands.has(message.command)) {
          await commands.executeCommand(message.command, message.argument);
        }
        return;
      case 'remember':
        await this.#means.memory.update(`${this.#key}.state`, message.state);
        return;
    }
  }

  async #answer(id: number, method: string, params: unknown): Promise<void> {
    if (!mayAsk(this.#name, method)) {
      this.post({ kind: 'refusal', id, message: `This page may not ask for ${method}.` });
      return;
    }
    try {
      const result = await this.#means.server.request(method, params as never);
      this.post({ kind: 'response', id, result });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.post({ kind: 'refusal', id, message: error.message });
    }
  }
}

/** Opens the file where it says; a page beside it stays where it is. */
export async function openLocation(location: Location, where: 'here' | 'beside'): Promise<void> {
  const uri = Uri.parse(location.uri);
  if (uri.scheme !== 'file') return;
  const { start, end } = location.range;
  const selection = new Range(
    new Position(start.line, start.character),
    new Position(end.line, end.character),
  );
  const column = where === 'beside' ? ViewColumn.Beside : editorColumn();
  await window.showTextDocument(uri, {
    selection: new Range(selection.start, selection.start),
    preview: true,
    ...(column !== undefined && { viewColumn: column }),
  });
  window.activeTextEditor?.revealRange(selection);
}

/** The column where text is already: opening a file over the page that named it would hide the page. */
function editorColumn(): ViewColumn | undefined {
  return (window.activeTextEditor ?? window.visibleTextEditors[0])?.viewColumn;
}

async function save(name: string, text: string, folder: string | undefined): Promise<void> {
  const target = await window.showSaveDialog({
    ...(folder !== undefined && { defaultUri: Uri.joinPath(Uri.parse(folder), name) }),
    title: 'Save',
  });
  if (!target) return;
  await workspace.fs.writeFile(target, new TextEncoder().encode(text));
  window.setStatusBarMessage(`$(check) Saved ${target.path.slice(target.path.lastIndexOf('/') + 1)}`, 5000);
}
