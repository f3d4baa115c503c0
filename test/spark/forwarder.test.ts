/** Checks that a loopback port stands for another one, both ways, for as long as it should. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { forwardPort } from '../../server/src/warehouse/spark/forwarder.ts';
import type { AddressInfo } from 'node:net';

/** Answers, once the client has said everything, how many bytes it said. */
const counter = createServer({ allowHalfOpen: true }, (socket) => {
  let heard = 0;
  socket.on('data', (bytes) => (heard += bytes.length));
  socket.on('end', () => socket.end(`heard ${heard}`));
});
counter.listen(0, '127.0.0.1');
await once(counter, 'listening');
after(() => counter.close());
const target = { host: '127.0.0.1', port: (counter.address() as AddressInfo).port };

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function ask(address: string, port: number, words: string): Promise<string> {
  const socket = connect({ host: address, port, allowHalfOpen: true });
  socket.end(words);
  return text(socket);
}

test('a megabyte goes through, and the end of one side reaches the other', async (t) => {
  const port = await freePort();
  const forwarder = await forwardPort(port, target);
  assert.ok(forwarder);
  t.after(() => forwarder.close());
  assert.equal(await ask(forwarder.address, port, 'x'.repeat(1_000_000)), 'heard 1000000');
  await forwarder.close();
  await assert.rejects(ask(forwarder.address, port, 'x'), /ECONNREFUSED/);
});

const oneAddress = process.platform === 'darwin' && 'macOS has one loopback address: run it on Linux.';

test('two jobs at once have an address each', { skip: oneAddress }, async (t) => {
  const port = await freePort();
  const first = await forwardPort(port, target);
  const second = await forwardPort(port, target);
  assert.ok(first && second);
  t.after(() => Promise.all([first.close(), second.close()]));
  assert.notEqual(first.address, second.address);
  assert.equal(await ask(second.address, port, 'abc'), 'heard 3');
});

test('a port that another program holds on every address is left alone', async (t) => {
  const other = createServer().listen(0, '0.0.0.0');
  t.after(() => other.close());
  await once(other, 'listening');
  assert.equal(await forwardPort((other.address() as AddressInfo).port, target), undefined);
});
