/** What the editor at the other end can do: nothing is asked of it that it does not know. */

import {
  CodeLensRefreshRequest,
  DiagnosticRefreshRequest,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  InlayHintRefreshRequest,
  WatchKind,
  type ClientCapabilities,
  type Connection,
} from 'vscode-languageserver/node';

export class ClientAbilities {
  readonly #connection: Connection;
  readonly #capabilities: ClientCapabilities;

  constructor(connection: Connection, capabilities: ClientCapabilities) {
    this.#connection = connection;
    this.#capabilities = capabilities;
  }

  /** Whether it asks for diagnostics; else it is told. */
  get pullsDiagnostics(): boolean {
    return this.#capabilities.textDocument?.diagnostic !== undefined;
  }

  get tellsFolders(): boolean {
    return this.#capabilities.workspace?.workspaceFolders === true;
  }

  /** Lets it ask again for what it shows as wrong. */
  async refreshDiagnostics(): Promise<void> {
    if (this.#capabilities.workspace?.diagnostics?.refreshSupport)
      await this.#connection.sendRequest(DiagnosticRefreshRequest.type);
  }

  /** Lets it ask again for what it shows between the lines. */
  async refreshLenses(): Promise<void> {
    const { codeLens, inlayHint } = this.#capabilities.workspace ?? {};
    if (codeLens?.refreshSupport) await this.#connection.sendRequest(CodeLensRefreshRequest.type);
    if (inlayHint?.refreshSupport) await this.#connection.sendRequest(InlayHintRefreshRequest.type);
  }

  /** The settings under `grainline`; undefined where it cannot be asked. */
  async settings(): Promise<unknown> {
    if (!this.#capabilities.workspace?.configuration) return undefined;
    return (await this.#connection.workspace.getConfiguration('grainline')) as unknown;
  }

  /** Asks to be told of changed settings and files. */
  async register(): Promise<void> {
    const { didChangeConfiguration, didChangeWatchedFiles } = this.#capabilities.workspace ?? {};
    if (didChangeConfiguration?.dynamicRegistration)
      await this.#connection.client.register(DidChangeConfigurationNotification.type, {
        section: 'grainline',
      });
    if (didChangeWatchedFiles?.dynamicRegistration)
      await this.#connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [
          { globPattern: '**/*.{sql,yml,yaml,md,csv,py}' },
          { globPattern: '**/.dbtignore' },
          // Of a folder that is removed or renamed, an editor tells the folder and none of its files.
          { globPattern: '**/*', kind: WatchKind.Delete },
        ],
      });
  }
}
