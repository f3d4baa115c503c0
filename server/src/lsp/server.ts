/** The language server: what it can do, and which part answers what. */

import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  TextDocumentSyncKind,
  TextDocuments,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { loadSqlParser } from '../sql/parser.ts';
import { VERSION } from '../cli/version.ts';
import { answerCustomRequests } from './custom-requests.ts';
import { Diagnostics } from './diagnostics.ts';
import { Folders } from './folders.ts';
import { answerLanguageRequests } from './language-requests.ts';
import type { ProjectHost } from './project-host.ts';
import { Runs } from './runs.ts';
import { stateOf, type Server } from './server-parts.ts';
import { Previews } from './previews.ts';
import { defaultSettings, readSettings, type EditorSettings } from './settings.ts';
import { Warehouses } from './warehouses.ts';

/** Serves one editor's window until it closes the connection. */
export function startServer(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  let settings = defaultSettings;
  let client: InitializeParams['capabilities'] = {};
  let server: Server | undefined;

  connection.onInitialize(async (params): Promise<InitializeResult> => {
    client = params.capabilities;
    settings = readSettings(params.initializationOptions);
    server = await makeServer(connection, documents, () => settings, pullsDiagnostics(params));
    answerLanguageRequests(server);
    answerCustomRequests(server);
    followDocuments(server);
    for (const { uri } of params.workspaceFolders ?? []) openFolder(server, uri);
    return { capabilities: CAPABILITIES, serverInfo: { name: 'Grainline', version: VERSION } };
  });

  connection.onInitialized(() => {
    if (!server) return;
    const current = server;
    if (client.workspace?.didChangeConfiguration?.dynamicRegistration)
      void connection.client.register(DidChangeConfigurationNotification.type, { section: 'grainline' });
    if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration)
      void connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: '**/*.{sql,yml,yaml,md,csv,py}' }, { globPattern: '**/.dbtignore' }],
      });
    if (client.workspace?.workspaceFolders)
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        for (const { uri } of removed) closeFolder(current, uri);
        for (const { uri } of added) openFolder(current, uri);
      });
    for (const host of current.folders.all()) current.tellState(host);
  });

  connection.onDidChangeConfiguration(({ settings: sent }: { settings: unknown }) => {
    const section =
      typeof sent === 'object' && sent !== null && 'grainline' in sent ? sent.grainline : undefined;
    const before = settings;
    settings = readSettings(section);
    if (!server) return;
    for (const host of server.folders.all()) {
      if (before.target !== settings.target) void server.warehouses.retarget(host, settings.target);
      else server.warehouses.settingsChanged(host);
    }
  });

  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (server)
      void filesChanged(
        server,
        changes.map(({ uri }) => uri),
      );
  });

  connection.onShutdown(async () => {
    await server?.runs.stopAll();
    await server?.previews.closeAll();
    await server?.warehouses.closeAll();
  });

  documents.listen(connection);
  connection.listen();
}

const CAPABILITIES: InitializeResult['capabilities'] = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  diagnosticProvider: {
    identifier: 'grainline',
    interFileDependencies: true,
    workspaceDiagnostics: false,
  },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  completionProvider: { triggerCharacters: ["'", '"', '.', '(', '{', ' ', '%', ':', '-'] },
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  documentLinkProvider: { resolveProvider: false },
  inlayHintProvider: true,
  codeLensProvider: { resolveProvider: false },
  codeActionProvider: { codeActionKinds: ['quickfix'] },
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
};

function pullsDiagnostics({ capabilities }: InitializeParams): boolean {
  return capabilities.textDocument?.diagnostic !== undefined;
}

async function makeServer(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  settings: () => EditorSettings,
  pulls: boolean,
): Promise<Server> {
  const notify: Server['notify'] = (method, params) => {
    void connection.sendNotification(method, params);
  };
  const told = new WeakMap<ProjectHost, string>();
  const folders = new Folders(await loadSqlParser(), {
    changed: (host, cause) => {
      server.warehouses.projectChanged(host);
      server.diagnostics.changed(host, cause);
      notify('grainline/projectChanged', { folder: host.uri, version: host.version });
      if (cause === 'other') notify('grainline/testsChanged', { folder: host.uri });
      server.tellState(host);
    },
  });
  const server: Server = {
    connection,
    documents,
    folders,
    settings,
    notify,
    warehouses: new Warehouses(settings, {
      changed: (host) => {
        server.diagnostics.changed(host, 'other');
        server.tellState(host);
      },
      broken: (error) => {
        connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      },
    }),
    diagnostics: new Diagnostics(connection, documents, folders, () => server.warehouses, pulls),
    runs: new Runs(notify, {
      finished: (host) => {
        server.tellState(host);
        notify('grainline/testsChanged', { folder: host.uri });
        void server.warehouses.refresh(host);
      },
      changed: (host) => {
        server.tellState(host);
      },
    }),
    previews: new Previews(notify),
    tellState: (host) => {
      const state = stateOf(server, host);
      const words = JSON.stringify(state);
      if (told.get(host) === words) return;
      told.set(host, words);
      notify('grainline/project', state);
    },
  };
  return server;
}

function followDocuments({ documents, folders, diagnostics }: Server): void {
  documents.onDidChangeContent(({ document }) => {
    const found = folders.documentAt(document.uri);
    found?.host.edit(found.path, document.getText());
  });
  documents.onDidClose(({ document }) => {
    const found = folders.documentAt(document.uri);
    found?.host.edit(found.path, undefined);
    diagnostics.closed(document.uri);
  });
}

function openFolder(server: Server, uri: string): void {
  for (const host of server.folders.open(uri, () => server.settings().target)) void startHost(server, host);
}

/** The folder is read after the editor was answered: a window opens at once, however large its project is. */
async function startHost(server: Server, host: ProjectHost): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  for (const document of server.documents.all()) {
    const found = server.folders.documentAt(document.uri);
    if (found?.host === host) host.edit(found.path, document.getText());
  }
  await host.load();
  server.warehouses.start(host);
}

function closeFolder(server: Server, uri: string): void {
  for (const host of server.folders.close(uri)) {
    void server.runs.stopIn(host);
    void server.warehouses.close(host);
  }
}

async function filesChanged(server: Server, uris: readonly string[]): Promise<void> {
  const byHost = new Map<ProjectHost, string[]>();
  for (const uri of uris) {
    const found = server.folders.documentAt(uri);
    if (found) byHost.set(found.host, [...(byHost.get(found.host) ?? []), found.path]);
    if (!uri.endsWith('/dbt_project.yml') || found?.path === 'dbt_project.yml') continue;
    for (const host of server.folders.openAt(uri, () => server.settings().target))
      await startHost(server, host);
  }
  for (const [host, paths] of byHost) {
    const targetPath = host.project?.world.root.targetPath ?? 'target';
    const own = paths.filter((path) => !path.startsWith(`${targetPath}/`) && !path.startsWith('.grainline/'));
    if (own.length > 0) await host.filesChanged(own);
    if (own.includes('profiles.yml')) server.warehouses.start(host);
  }
}
