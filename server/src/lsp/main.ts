/** The language server as a process of its own: `--node-ipc` when an editor forks it, `--stdio` else. */

import {
  createConnection,
  LogMessageNotification,
  MessageType,
  ProposedFeatures,
} from 'vscode-languageserver/node';
import { setRenderDeadline } from '../jinja/index.ts';
import { startServer } from './server.ts';

const connection = createConnection(ProposedFeatures.all);

/** Our bug is caught once, here: what was being asked is given up, it is said in the editor's log, and the server goes on. */
function survive(error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  connection.sendNotification(LogMessageNotification.type, { type: MessageType.Error, message }).catch(() => {
    // An editor that cannot be told anything is gone.
    process.exit(1);
  });
}

process.on('uncaughtException', survive);
process.on('unhandledRejection', survive);

// No message reaches a server whose thread computes a template without end: the render looks at the clock itself.
setRenderDeadline({ milliseconds: 5000, now: () => performance.now() });

startServer(connection);
