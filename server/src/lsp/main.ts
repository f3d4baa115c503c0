/** The language server as a process of its own: `--node-ipc` when an editor forks it, `--stdio` else. */

import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './server.ts';

/** Our bug is caught once, here: what was being asked is given up, said to the developer, and the editor keeps its server. */
function survive(error: unknown): void {
  // An editor that is gone cannot be told anything.
  if (error instanceof Error && 'code' in error && GONE.has(error.code)) process.exit(1);
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

const GONE: ReadonlySet<unknown> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_IPC_CHANNEL_CLOSED']);

process.on('uncaughtException', survive);
process.on('unhandledRejection', survive);

startServer(createConnection(ProposedFeatures.all));
