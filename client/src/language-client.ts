/** Starts the language server as a process of its own, starts it again when it ends, and makes a `Server` of it. */

import { EventEmitter, commands, window, workspace } from 'vscode';
import type { ExtensionContext, LogOutputChannel, Uri } from 'vscode';
import type { Disposable } from './disposal.ts';
import type { LanguageClient, LanguageClientOptions, ServerOptions } from 'vscode-languageclient/node';
import type { Server } from './server.ts';
import { Refusal } from './server.ts';

/** As many ends within this time as a bad quarter of an hour has; more is a fault that a restart does not mend. */
const ENDS_ALLOWED = 4;
const WITHIN_MS = 3 * 60 * 1000;

const LANGUAGES = ['jinja-sql', 'sql', 'jinja-yaml', 'yaml', 'markdown'];

export interface RunningServer extends Server, Disposable {
  /** Starts it for these folders; when it runs already, anew. */
  start(folders: readonly Uri[]): Promise<void>;
  stop(): Promise<void>;
}

export function languageServer(context: ExtensionContext, output: LogOutputChannel): RunningServer {
  const ready = new EventEmitter<void>();
  const listeners = new Set<{ method: string; listen: (params: unknown) => void }>();
  let client: LanguageClient | undefined;
  let isReady = false;
  let turn: Promise<void> = Promise.resolve();

  const begin = async (folders: readonly Uri[]): Promise<void> => {
    await end();
    if (folders.length === 0) return;
    // Half a megabyte that a window without a project never reads.
    const { CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn, State, TransportKind } =
      await import('vscode-languageclient/node');
    const program = context.asAbsolutePath('dist/server.mjs');
    const run = {
      module: program,
      transport: TransportKind.ipc,
      // The editor's own flags are not for this process.
      options: { execArgv: [] as string[] },
    };
    const serverOptions: ServerOptions = { run, debug: run };
    const ends: number[] = [];
    let hasAnswered = false;
    const options: LanguageClientOptions = {
      documentSelector: folders.flatMap((folder) =>
        LANGUAGES.map((language) => ({
          scheme: 'file',
          language,
          pattern: { baseUri: folder.toString(), pattern: '**' },
        })),
      ),
      outputChannel: output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: settings,
      progressOnInitialization: false,
      markdown: { isTrusted: { enabledCommands: ownCommands(context) }, supportThemeIcons: true },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          // One that never answered would not answer the next time either; whoever started it says why.
          if (!hasAnswered) return { action: CloseAction.DoNotRestart, handled: true };
          hasAnswered = false;
          const now = Date.now();
          ends.push(now);
          while ((ends[0] ?? now) < now - WITHIN_MS) ends.shift();
          if (ends.length > ENDS_ALLOWED) {
            void sayStopped();
            return { action: CloseAction.DoNotRestart, handled: true };
          }
          if (ends.length === 1) void sayRestarted();
          return { action: CloseAction.Restart, handled: true };
        },
      },
      initializationFailedHandler: () => false,
    };
    const made = new LanguageClient('grainline', 'Grainline', serverOptions, options);
    made.onDidChangeState(({ newState }) => {
      if (made !== client) return;
      isReady = newState === State.Running;
      if (!isReady) return;
      hasAnswered = true;
      ready.fire();
    });
    for (const method of new Set([...listeners].map((entry) => entry.method))) {
      made.onNotification(method, dispatch(method));
    }
    client = made;
    await made.start();
  };

  const end = async (): Promise<void> => {
    const old = client;
    client = undefined;
    isReady = false;
    // One that does not answer is ended by the client library itself.
    await old?.dispose().catch(() => undefined);
  };

  /** Starts and stops follow each other, however fast they are asked for. */
  const inTurn = (step: () => Promise<void>): Promise<void> => {
    turn = turn.catch(() => undefined).then(step);
    return turn;
  };

  return {
    start: (folders) => inTurn(() => begin(folders)),
    stop: () => inTurn(end),
    onReady: ready.event,
    get isReady() {
      return isReady;
    },
    async request(method, params, token) {
      if (!client || !isReady) {
        throw new Refusal(
          'The language server of Grainline is not running. Start it with “Grainline: Restart Language Server”.',
        );
      }
      try {
        return await client.sendRequest(method, params, token);
      } catch (error) {
        throw new Refusal(error instanceof Error ? error.message : String(error));
      }
    },
    on(method, listen) {
      const entry = { method, listen: listen as (params: unknown) => void };
      listeners.add(entry);
      // A client keeps one handler a method: each gets the news through the same one.
      client?.onNotification(method, dispatch(method));
      return {
        dispose() {
          listeners.delete(entry);
        },
      };
    },
    dispose() {
      ready.dispose();
      void end();
    },
  };

  function dispatch(method: string): (params: unknown) => void {
    return (params) => {
      for (const entry of listeners) if (entry.method === method) entry.listen(params);
    };
  }
}

function settings(): unknown {
  const own = workspace.getConfiguration('grainline');
  return {
    target: own.get<string>('target'),
    previewLimit: own.get<number>('previewLimit'),
    describe: own.get<boolean>('describe'),
  };
}

function ownCommands(context: ExtensionContext): string[] {
  const manifest = context.extension.packageJSON as { contributes: { commands: { command: string }[] } };
  return manifest.contributes.commands.map(({ command }) => command);
}

async function sayRestarted(): Promise<void> {
  const chosen = await window.showWarningMessage(
    'The language server of Grainline ended unexpectedly and was started again. No text is lost.',
    'Show Output',
  );
  if (chosen) await commands.executeCommand('grainline.showOutput');
}

async function sayStopped(): Promise<void> {
  const chosen = await window.showErrorMessage(
    'The language server of Grainline ended five times within three minutes and stays off until you start it again.',
    'Start Again',
    'Show Output',
  );
  if (chosen === 'Start Again') await commands.executeCommand('grainline.restartServer');
  else if (chosen) await commands.executeCommand('grainline.showOutput');
}
