/**
 * Unpacks an archive as npm makes them: plain files below `package/`, nothing else. Whatever is more than that (links, devices, long
 * names, paths that lead outside) is refused, not interpreted.
 */

import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';

import { FailureError } from '../../base/failure.ts';
import { ByteReader } from './byte-reader.ts';

const BLOCK = 512;

/** More than any server unpacks to; a bomb is stopped here. */
const MOST_BYTES = 512 * 1024 * 1024;
const MOST_FILES = 10_000;

interface Entry {
  /** Below the package's folder, from its parts. */
  readonly path: readonly string[];
  readonly size: number;
  readonly isProgram: boolean;
}

/** Writes into `folder`, which is made; on a failure what was written so far stays, for whoever asked to remove. */
export async function unpackArchive(file: string, folder: string): Promise<void> {
  const packed = createReadStream(file);
  const stream = packed.pipe(createGunzip());
  packed.on('error', (error) => stream.destroy(error));
  const bytes = new ByteReader(stream);
  const made = new Set<string>();
  let files = 0;
  let total = 0;
  try {
    for (;;) {
      const header = await bytes.take(BLOCK);
      if (header.every((byte) => byte === 0)) return;
      const entry = readHeader(header);
      files += 1;
      total += entry.size;
      if (files > MOST_FILES || total > MOST_BYTES) throw refused('it is larger than any server');
      await writeEntry(entry, bytes, folder, made);
      await bytes.take((BLOCK - (entry.size % BLOCK)) % BLOCK);
    }
  } catch (error) {
    throw isDamage(error) ? refused('it is damaged') : error;
  } finally {
    packed.destroy();
    stream.destroy();
  }
}

async function writeEntry(entry: Entry, bytes: ByteReader, folder: string, made: Set<string>): Promise<void> {
  const path = join(folder, ...entry.path);
  const parent = dirname(path);
  if (!made.has(parent)) await mkdir(parent, { recursive: true });
  made.add(parent);
  // Nothing is written over: a second file of the same name is as wrong as any other trick.
  const file = await open(path, 'wx').catch((error: unknown) => {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw isThere ? refused(`it holds "${entry.path.join('/')}" twice`) : error;
  });
  try {
    for await (const piece of bytes.pieces(entry.size)) await file.writeFile(piece);
    // Whatever the umask: another user may have to run the server.
    await file.chmod(entry.isProgram ? 0o755 : 0o644);
  } finally {
    await file.close();
  }
}

function readHeader(header: Buffer): Entry {
  const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (sum !== readOctal(header, 148, 8) || header.toString('latin1', 257, 262) !== 'ustar') {
    throw refused('it is damaged');
  }
  const prefix = readText(header, 345, 155);
  const written = `${prefix === '' ? '' : `${prefix}/`}${readText(header, 0, 100)}`;
  const type = header[156];
  if (type !== 0 && type !== 0x30) throw refused(`it holds "${written}", which is no plain file`);
  return {
    path: safePath(written),
    size: readOctal(header, 124, 12),
    isProgram: (readOctal(header, 100, 8) & 0o100) !== 0,
  };
}

function safePath(written: string): readonly string[] {
  const [root, ...path] = written.split('/');
  // A backslash and a colon are part of a name here and a way out of the folder on Windows.
  const isSafe = path.every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:]/u.test(part));
  if (root !== 'package' || path.length === 0 || !isSafe) {
    throw refused(`it holds "${written}", which is outside the package`);
  }
  return path;
}

function readText(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

function readOctal(header: Buffer, start: number, length: number): number {
  const text = readText(header, start, length).trim();
  if (!/^[0-7]+$/u.test(text)) throw refused('it is damaged');
  return Number.parseInt(text, 8);
}

/** What zlib says of bytes that are none of its own, and the reader of a stream that ends early. */
function isDamage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof RangeError || ('code' in error && String(error.code).startsWith('Z_'));
}

function refused(reason: string): FailureError {
  return new FailureError({
    kind: 'connection',
    message: `The archive of the server cannot be unpacked (${reason}): it was removed and nothing of it was used. Please report it.`,
  });
}
