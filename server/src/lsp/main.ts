/** The language server as a process of its own: `--node-ipc` when an editor forks it, `--stdio` else. */

import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './server.ts';

startServer(createConnection(ProposedFeatures.all));
