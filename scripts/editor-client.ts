/** An editor as the language server sees one: a process at the other end of stdio, documents that are typed in, answers that are waited for. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { fromPosition, toPosition } from '../server/src/lsp/convert.ts';
import type { Notifications, Position, ProjectState, Range, Requests } from '../server/src/lsp/protocol.ts';

const SERVER = fileURLToPath(new URL('../dist/server.mjs', import.meta.url));

/** After this, what a test waits for does not come. */
const PATIENCE_MS = 60_000;

export interface ShownDiagnostic {
  readonly range: Range;
  readonly severity: number;
  readonly code: string;
  readonly message: string;
}

export interface ClientOptions {
  /** What is started; the bundled server where nothing is said. */
  readonly command?: readonly string[];
  /** Files by path; written into a new folder. */
  readonly files: ReadonlyMap<string, string>;
  readonly env?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether the editor asks for diagnostics, as VS Code does, or is told. */
  readonly diagnostics?: 'pulled' | 'pushed';
  /** Whether the editor says its folder as one of several, as VS Code does, or as its only one. */
  readonly root?: 'folders' | 'uri';
  /** What the editor can do in its workspace, instead of what VS Code can. */
  readonly workspace?: Readonly<Record<string, unknown>>;
  /** What it answers when it is asked for its settings; one that is not asked has none. */
  readonly configuration?: () => unknown;
}

const VSCODE_WORKSPACE = {
  workspaceFolders: true,
  diagnostics: { refreshSupport: true },
  inlayHint: { refreshSupport: true },
  codeLens: { refreshSupport: true },
};

export class EditorClient {
  readonly folder: string;
  readonly #process: ChildProcess;
  readonly #connection: MessageConnection;
  readonly #texts = new Map<string, string>();
  readonly #versions = new Map<string, number>();
  readonly #states: ProjectState[] = [];
  readonly #pushed = new Map<string, readonly ShownDiagnostic[]>();
  readonly #waiting = new Set<() => void>();
  readonly notifications: { readonly method: string; readonly params: unknown }[] = [];
  /** How often the server asked the editor to ask again. */
  refreshes = 0;
  /** The requests that the server made, by method. */
  readonly askedOf: string[] = [];
  /** What it told its user. */
  readonly messages: string[] = [];

  private constructor(folder: string, process: ChildProcess, connection: MessageConnection) {
    this.folder = folder;
    this.#process = process;
    this.#connection = connection;
  }

  static async open({
    files,
    env = {},
    settings = {},
    diagnostics = 'pulled',
    command = [process.execPath, SERVER, '--stdio'],
    root = 'folders',
    workspace = VSCODE_WORKSPACE,
    configuration,
  }: ClientOptions): Promise<EditorClient> {
    const folder = mkdtempSync(join(tmpdir(), 'grainline-lsp-'));
    for (const [path, text] of files) writeTo(folder, path, text);
    const [program = '', ...words] = command;
    const child = spawn(program, words, {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, HOME: folder, ...env },
    });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const client = new EditorClient(folder, child, connection);
    client.#listen(workspace, configuration);
    connection.listen();
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: root === 'uri' ? pathToFileURL(folder).href : null,
      ...(root === 'uri' ? {} : { workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'test' }] }),
      initializationOptions: settings,
      capabilities: {
        textDocument: diagnostics === 'pulled' ? { diagnostic: {} } : {},
        workspace,
      },
    });
    await connection.sendNotification('initialized', {});
    await client.until(() => client.state !== undefined && client.state.phase !== 'loading');
    return client;
  }

  #listen(workspace: Readonly<Record<string, unknown>>, configuration: (() => unknown) | undefined): void {
    const record = (method: keyof Notifications): void => {
      this.#connection.onNotification(method, (params: unknown) => {
        this.notifications.push({ method, params });
        if (method === 'grainline/project') this.#states.push(params as ProjectState);
        this.#wake();
      });
    };
    for (const method of [
      'grainline/project',
      'grainline/run',
      'grainline/preview',
      'grainline/testsChanged',
      'grainline/projectChanged',
    ] as const)
      record(method);
    this.#connection.onNotification(
      'textDocument/publishDiagnostics',
      ({ uri, diagnostics }: { uri: string; diagnostics: ShownDiagnostic[] }) => {
        this.#pushed.set(uri, diagnostics);
        this.#wake();
      },
    );
    this.#connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
      this.messages.push(message);
      this.#wake();
    });
    // What is not answered here is refused, as an editor refuses what it does not know.
    const answer = (method: string, work: () => unknown = () => null): void => {
      this.#connection.onRequest(method, () => {
        this.askedOf.push(method);
        this.#wake();
        return work();
      });
    };
    answer('client/registerCapability');
    if (configuration) answer('workspace/configuration', () => [configuration()]);
    if ('diagnostics' in workspace)
      answer('workspace/diagnostic/refresh', () => {
        this.refreshes += 1;
        return null;
      });
    if ('inlayHint' in workspace) answer('workspace/inlayHint/refresh');
    if ('codeLens' in workspace) answer('workspace/codeLens/refresh');
  }

  /** The project's state as it was told last. */
  get state(): ProjectState | undefined {
    return this.#states.at(-1);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get folderUri(): string {
    return pathToFileURL(this.folder).href;
  }

  uri(path: string): string {
    return pathToFileURL(join(this.folder, path)).href;
  }

  textOf(path: string): string {
    return this.#texts.get(path) ?? '';
  }

  async openDocument(path: string, text: string): Promise<void> {
    this.#texts.set(path, text);
    this.#versions.set(path, 1);
    const languageId = path.endsWith('.sql') ? 'jinja-sql' : 'yaml';
    await this.#connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: this.uri(path), languageId, version: 1, text },
    });
  }

  /** Replaces a stretch of the document, as typing does; offsets into its present text. */
  async edit(path: string, start: number, end: number, text: string): Promise<void> {
    const before = this.textOf(path);
    const version = (this.#versions.get(path) ?? 0) + 1;
    this.#versions.set(path, version);
    await this.#connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: this.uri(path), version },
      contentChanges: [{ range: { start: toPosition(before, start), end: toPosition(before, end) }, text }],
    });
    // Nobody types between the two characters of a line's end.
    const at = (offset: number): number => fromPosition(before, toPosition(before, offset));
    this.#texts.set(path, before.slice(0, at(start)) + text + before.slice(at(end)));
  }

  async replace(path: string, text: string): Promise<void> {
    await this.edit(path, 0, this.textOf(path).length, text);
  }

  async close(path: string): Promise<void> {
    this.#texts.delete(path);
    await this.#connection.sendNotification('textDocument/didClose', {
      textDocument: { uri: this.uri(path) },
    });
  }

  /** Tells the server something that this client has no word of its own for. */
  tell(method: string, params: unknown): Promise<void> {
    return this.#connection.sendNotification(method, params);
  }

  /** Writes to disk behind the editor's back; nobody tells the server. */
  writeOnDisk(path: string, text: string): void {
    writeTo(this.folder, path, text);
  }

  /** Whether the server's process is alive. */
  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Writes to disk behind the editor's back, and tells the server as a watcher would; undefined deletes. */
  async changeOnDisk(path: string, text: string | undefined): Promise<void> {
    if (text === undefined) rmSync(join(this.folder, path), { recursive: true, force: true });
    else writeTo(this.folder, path, text);
    await this.#connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: this.uri(path), type: text === undefined ? 3 : 2 }],
    });
  }

  request<Method extends keyof Requests>(
    method: Method,
    params: Requests[Method]['params'],
  ): Promise<Requests[Method]['result']> {
    return this.#connection.sendRequest(method, params);
  }

  /** One of the protocol's own requests. */
  ask<Result>(method: string, params: unknown): Promise<Result> {
    return this.#connection.sendRequest(method, params);
  }

  /** Asks about a place in a document. */
  askAt<Result>(method: string, path: string, offset: number, more: object = {}): Promise<Result> {
    return this.ask(method, {
      textDocument: { uri: this.uri(path) },
      position: toPosition(this.textOf(path), offset),
      ...more,
    });
  }

  async diagnostics(path: string): Promise<readonly ShownDiagnostic[]> {
    const report = await this.ask<{ items: readonly ShownDiagnostic[] }>('textDocument/diagnostic', {
      textDocument: { uri: this.uri(path) },
    });
    return report.items;
  }

  /** Those that were told without being asked for. */
  pushed(path: string): readonly ShownDiagnostic[] {
    return this.#pushed.get(this.uri(path)) ?? [];
  }

  offset(path: string, position: Position): number {
    return fromPosition(this.textOf(path), position);
  }

  /** The stretch of a document that a range names. */
  slice(path: string, { start, end }: Range): string {
    return this.textOf(path).slice(this.offset(path, start), this.offset(path, end));
  }

  /** Waits for something the server tells. */
  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`waited in vain for ${holds.toString()}`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, 100);
        this.#waiting.add(wake);
      });
    }
  }

  /** Ends the server as an editor does, and the folder with it. */
  async dispose(): Promise<void> {
    const closed = this.#process.exitCode === null ? once(this.#process, 'close') : undefined;
    if (closed) {
      await this.#connection.sendRequest('shutdown').catch(() => undefined);
      await this.#connection.sendNotification('exit').catch(() => undefined);
      await closed;
    }
    this.#connection.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

export async function withEditor(
  options: ClientOptions,
  work: (client: EditorClient) => Promise<void>,
): Promise<void> {
  const client = await EditorClient.open(options);
  try {
    await work(client);
  } finally {
    await client.dispose();
  }
}

function writeTo(folder: string, path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
