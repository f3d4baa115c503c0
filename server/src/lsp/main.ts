/** The language server as a process of its own: over IPC when an editor forks it, else over standard input and output. */

import {
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { startServer } from './server.ts';

const isForked = process.argv.includes('--node-ipc');
const connection = isForked
  ? createConnection(ProposedFeatures.all)
  : createConnection(
      ProposedFeatures.all,
      new StreamMessageReader(process.stdin),
      new StreamMessageWriter(process.stdout),
    );
startServer(connection);
