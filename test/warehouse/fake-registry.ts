/** A registry on the loopback that serves one archive, and archives made by hand, wrong ones included. */

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface ArchiveEntry {
  readonly path: string;
  readonly text?: string;
  readonly mode?: number;
  /** Of tar; `0` is a plain file, `2` a symbolic link. */
  readonly type?: string;
  readonly target?: string;
  /** What the header says, when it lies. */
  readonly size?: number;
}

const BLOCK = 512;

/** A tar as npm makes it, compressed. */
export function archiveOf(entries: readonly ArchiveEntry[]): Buffer {
  return gzipSync(Buffer.concat([...entries.map(entryBlocks), Buffer.alloc(2 * BLOCK)]));
}

function entryBlocks({ path, text = '', mode = 0o644, type = '0', target = '', size }: ArchiveEntry): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): void => {
    header.write(value.toString(8).padStart(length - 1, '0'), at);
  };
  header.write(path, 0);
  octal(mode, 100, 8);
  octal(size ?? content.length, 124, 12);
  header.write(' '.repeat(8), 148);
  header.write(type, 156);
  header.write(target, 157);
  header.write('ustar\u000000', 257);
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return Buffer.concat([header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
}

export function integrityOf(archive: Buffer): string {
  return `sha512-${createHash('sha512').update(archive).digest('base64')}`;
}

export interface FakeRegistry {
  readonly url: string;
  /** The paths that were asked for. */
  readonly asked: readonly string[];
}

export async function withRegistry(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  work: (registry: FakeRegistry) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await work({ url: `http://127.0.0.1:${String(port)}/npm`, asked });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
