/** Where an embedded warehouse lives: its folders, its port and its password, and the choice of a place the server's user can reach. */

import { randomBytes, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';

import { FailureError } from '../../base/failure.ts';
import { canReach, chooseOperator, giveTo, ownerOf } from './operator.ts';
import type { Operator } from './operator.ts';

/** Where things are under one state folder. */
export interface Home {
  /** Holds what clients read: connection.json and the lock. */
  readonly folder: string;
  /** Holds what the server reads and writes. */
  readonly place: string;
  /** Undefined when the server runs as ourselves. */
  readonly operator: Operator | undefined;
}

export interface Connection {
  /** The port the server last listened on. */
  readonly port: number;
  readonly password: string;
  /** Where the server's files are, when not beside this file. */
  readonly place?: string;
}

export const homeFolder = (stateFolder: string): string => join(stateFolder, 'warehouse');
export const lockFile = (stateFolder: string): string => join(homeFolder(stateFolder), 'lock');
export const dataFolder = (place: string): string => join(place, 'data');
export const logFile = (place: string): string => join(place, 'server.log');
export const programsFolder = (place: string): string => join(place, 'server');

const unfinishedConnection = (stateFolder: string): string => `${connectionFile(stateFolder)}.unfinished`;

const OWNER_FILE = 'owner';
/** Reachable by every user; the first that can be made is taken. */
const SHARED_PARENTS = ['/var/lib/grainline', '/var/tmp/grainline', join(tmpdir(), 'grainline')];

/** Undefined when nothing was started here yet. Throws a FailureError when the file may not be read. */
export function readConnection(stateFolder: string): Connection | undefined {
  const path = connectionFile(stateFolder);
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<Connection>;
    if (typeof value.port !== 'number' || typeof value.password !== 'string') return undefined;
    return { port: value.port, password: value.password, ...(value.place ? { place: value.place } : {}) };
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw hasCode(error, 'EACCES')
      ? failure(
          `The embedded warehouse in "${stateFolder}" belongs to another user: run as that user, or set GRAINLINE_HOME to a folder of your own.`,
        )
      : error;
  }
}

/** Replaces the file as a whole; readable by its owner only. Called under the lock, so that one unfinished file is enough. */
export function writeConnection(stateFolder: string, connection: Connection): void {
  const path = connectionFile(stateFolder);
  const unfinished = unfinishedConnection(stateFolder);
  writeFileSync(unfinished, `${JSON.stringify(connection, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, path);
}

/** Left by a writer that was killed. */
export function removeUnfinishedConnection(stateFolder: string): void {
  rmSync(unfinishedConnection(stateFolder), { force: true });
}

export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

/** Where the server's files are according to connection.json; it need not exist. */
export function placeOf(stateFolder: string, connection: Connection | undefined): string {
  return connection?.place ?? join(homeFolder(stateFolder), 'postgres');
}

/**
 * Makes the folders and decides whom the server runs as. Root's server runs as another user: where that one cannot
 * reach the project (a clone under /root), the server's files go to a folder of their own that everybody can reach.
 */
export function prepareHome(stateFolder: string): Home {
  const folder = homeFolder(stateFolder);
  try {
    mkdirSync(folder, { recursive: true });
    // Nothing in it is for a repository: it says so itself, in a project that has not heard of us.
    const ignored = join(folder, '.gitignore');
    if (!existsSync(ignored)) writeFileSync(ignored, '*\n');
  } catch (error) {
    throw failure(
      `The folder "${folder}" cannot be made (${reason(error)}): set GRAINLINE_HOME to a folder that can be written.`,
    );
  }
  const known = readConnection(stateFolder);
  const place = placeOf(stateFolder, known);
  if (existsSync(dataFolder(place)) && (known?.place === undefined || isOurs(place, stateFolder))) {
    return { folder, place, operator: ownerOf(dataFolder(place)) };
  }
  const operator = chooseOperator();
  const inside = join(folder, 'postgres');
  if (!operator || canReach(operator, folder)) {
    mkdirSync(inside, { recursive: true, mode: 0o755 });
    giveTo(operator, inside);
    return { folder, place: inside, operator };
  }
  return { folder, place: makeSharedPlace(stateFolder, operator), operator };
}

/** Undefined for a place that another, living project owns: a copied project folder names its original's place. */
export function ownPlace(stateFolder: string, connection: Connection): string | undefined {
  const place = placeOf(stateFolder, connection);
  return connection.place === undefined || isOurs(place, stateFolder) ? place : undefined;
}

/** A place outside the project, whose project is gone from where it was. */
export interface AbandonedPlace {
  readonly place: string;
  /** It was deleted rather than moved: it lay in the folder for temporary files, or nobody started it for a month. */
  readonly forgotten: boolean;
}

const MINUTE = 60_000;
const MONTH = 30 * 24 * 60 * MINUTE;

/** Their servers would run until the machine stops: no other project ends them. */
export function abandonedPlaces(): readonly AbandonedPlace[] {
  if (process.getuid?.() !== 0) return [];
  return SHARED_PARENTS.filter((parent) => existsSync(parent))
    .flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
    .flatMap((place) => {
      const owner = readOwner(place);
      // A place just made is named by its project only a moment later.
      if (owner === undefined || age(join(place, OWNER_FILE)) < MINUTE || namesPlace(owner, place)) return [];
      return [{ place, forgotten: isTemporary(owner) || age(logFile(place)) > MONTH }];
    });
}

function isTemporary(path: string): boolean {
  return path.startsWith(realpathSync(tmpdir()) + sep);
}

function age(path: string): number {
  return existsSync(path) ? Date.now() - statSync(path).mtimeMs : 0;
}

function connectionFile(stateFolder: string): string {
  return join(homeFolder(stateFolder), 'connection.json');
}

/** A copied project folder names the original's place: that one stays the original's. A moved one takes it along. */
function isOurs(place: string, stateFolder: string): boolean {
  const owner = readOwner(place);
  const ours = realpathSync(stateFolder);
  if (owner === undefined || owner === ours) return true;
  if (namesPlace(owner, place)) return false;
  writeFileSync(join(place, OWNER_FILE), ours);
  return true;
}

function readOwner(place: string): string | undefined {
  try {
    return readFileSync(join(place, OWNER_FILE), 'utf8');
  } catch {
    return undefined;
  }
}

function namesPlace(stateFolder: string, place: string): boolean {
  return readConnection(stateFolder)?.place === place;
}

function makeSharedPlace(stateFolder: string, operator: Operator): string {
  for (const parent of SHARED_PARENTS) {
    const place = join(parent, randomUUID());
    try {
      mkdirSync(place, { recursive: true, mode: 0o755 });
    } catch {
      continue;
    }
    // A folder that another user made first could be swapped under us.
    if (statSync(parent).uid === 0 && canReach(operator, place)) {
      writeFileSync(join(place, OWNER_FILE), realpathSync(stateFolder));
      giveTo(operator, place);
      return place;
    }
    rmSync(place, { recursive: true, force: true });
  }
  throw failure(
    `The server has to run as user "${operator.name}", who cannot reach "${dirname(homeFolder(stateFolder))}": set GRAINLINE_HOME to a folder that every user can enter.`,
  );
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
  );
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function failure(message: string): FailureError {
  return new FailureError({ kind: 'connection', message });
}
