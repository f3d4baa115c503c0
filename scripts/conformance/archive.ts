/** Reads a gzipped tar, or an unpacked folder of the same shape, into memory. */

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Path inside the archive, with `/` and without a leading `./`, to a function that reads the file. */
export type Archive = ReadonlyMap<string, () => Buffer>;

const BLOCK = 512;

export function openArchive(path: string): Archive {
  if (!existsSync(path)) throw new Error(`There is no archive or folder at "${path}".`);
  return statSync(path).isDirectory() ? openFolder(path) : readTar(gunzipSync(readFileSync(path)));
}

function openFolder(folder: string): Archive {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(paths.map((path) => [path.split(sep).join('/'), () => readFileSync(join(folder, path))]));
}

/** POSIX tar with GNU and pax long names; only plain files count. */
function readTar(bytes: Buffer): Archive {
  const files = new Map<string, () => Buffer>();
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0;) {
    const field = (start: number, length: number): string =>
      bytes.toString('utf8', at + start, at + start + length).replace(/\0.*$/su, '');
    const size = Number.parseInt(field(124, 12).trim() || '0', 8);
    const type = field(156, 1);
    const prefix = field(345, 155);
    const shortName = prefix ? `${prefix}/${field(0, 100)}` : field(0, 100);
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'L') longName = content.toString('utf8').replace(/\0+$/u, '');
    else if (type === 'x') longName = /^\d+ path=(.*)$/mu.exec(content.toString('utf8'))?.[1] ?? longName;
    else {
      if (type === '0' || type === '')
        files.set((longName ?? shortName).replace(/^\.\//u, ''), () => content);
      longName = undefined;
    }
  }
  return files;
}
