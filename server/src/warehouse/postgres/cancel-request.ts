/** Postgres's CancelRequest: a connection of its own that asks the server to stop what another session runs. */

import { createConnection } from 'node:net';

import type { ConnectionSettings } from '../port.ts';

const CANCEL_REQUEST_CODE = 80877102;
const TIMEOUT_MS = 5000;

/**
 * Resolves once the server has closed the connection, which it does after it signalled the session; also when the
 * server cannot be reached, since then nothing runs that could be stopped.
 */
export function requestCancel(
  settings: ConnectionSettings,
  processId: number,
  secretKey: number,
): Promise<void> {
  const packet = Buffer.alloc(16);
  packet.writeInt32BE(16, 0);
  packet.writeInt32BE(CANCEL_REQUEST_CODE, 4);
  packet.writeInt32BE(processId, 8);
  packet.writeInt32BE(secretKey, 12);

  return new Promise((resolve) => {
    const socket = settings.host.startsWith('/')
      ? createConnection(`${settings.host}/.s.PGSQL.${String(settings.port)}`)
      : createConnection(settings.port, settings.host);
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
    socket.on('connect', () => socket.write(packet));
    socket.on('error', () => undefined); // 'close' follows
    socket.on('close', () => {
      resolve();
    });
    socket.resume();
  });
}
