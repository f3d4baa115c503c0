/** Gives a job the warehouse at port 5432 of a loopback address, whatever port it really has. */

import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

export interface Forwarder {
  /** The loopback address that the job's host name `warehouse` stands for. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Every address of 127.0.0.0/8 is this machine on Linux and Windows. The first one is tried last: on it another
 * Postgres may already listen, or want to while the job runs. macOS has only that one.
 */
const addresses = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.6', '127.0.0.1'];

/** Listens at the first free of the addresses and carries each connection over; undefined when none is free. */
export async function forwardPort(
  port: number,
  target: { readonly host: string; readonly port: number },
): Promise<Forwarder | undefined> {
  for (const address of addresses) {
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (near) => {
      carry(near, connect({ ...target, allowHalfOpen: true }), sockets);
    });
    if (await listen(server, address, port)) {
      return { address, close: () => closeAll(server, sockets) };
    }
  }
  return undefined;
}

function carry(near: Socket, far: Socket, sockets: Set<Socket>): void {
  for (const [socket, other] of [
    [near, far],
    [far, near],
  ] as const) {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.pipe(other);
    socket.once('error', () => other.destroy());
    socket.once('close', () => {
      sockets.delete(socket);
      if (!socket.readableEnded) other.destroy();
    });
  }
}

function listen(server: Server, address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ host: address, port, exclusive: true }, () => {
      resolve(true);
    });
  });
}

function closeAll(server: Server, sockets: Set<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
