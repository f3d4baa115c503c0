/** The embedded warehouse's life: start it or attach to the one that runs, stop it, say how it is. */

import { existsSync, realpathSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import { FailureError } from '../../base/failure.ts';
import type { ConnectionSettings, Session } from '../port.ts';
import { postgresWarehouse } from '../postgres/warehouse.ts';
import { findDistribution, installDistribution, installedPrograms } from './distribution.ts';
import type { ServerPrograms } from './distribution.ts';
import {
  abandonedPlaces,
  dataFolder,
  lockFile,
  logFile,
  newPassword,
  ownPlace,
  placeOf,
  prepareHome,
  programsFolder,
  readConnection,
  removeUnfinishedConnection,
  writeConnection,
} from './home.ts';
import type { Home } from './home.ts';
import {
  SUPERUSER,
  checkDataVersion,
  flushLater,
  identity,
  initialise,
  resetPassword,
  serverEnvironment,
} from './initialise.ts';
import { withLock } from './lock.ts';
import { ownerOf } from './operator.ts';
import { clearStale, serverState, settledState } from './postmaster.ts';
import { isAlive } from './processes.ts';
import { LOOPBACK, removeOtherVersions, startServer } from './start.ts';

export const DATABASE = 'warehouse';

const STOP_TIMEOUT_MS = 60_000;
const RECOVERY_TIMEOUT_MS = 60_000;
const FAST_SHUTDOWN_MS = 10_000;

export interface EmbeddedOptions {
  /** Absolute; holds the data, the password and the log. One warehouse per state folder. */
  readonly stateFolder: string;
  /** Folders whose node_modules may hold the server, before our own. */
  readonly searchFrom?: readonly string[];
  /** Told in one sentence what takes longer than attaching does. */
  readonly onProgress?: (message: string) => void;
}

export type EmbeddedStatus =
  | { readonly running: false; readonly created: boolean; readonly dataFolder: string }
  | {
      readonly running: true;
      readonly pid: number;
      readonly settings: ConnectionSettings;
      readonly dataFolder: string;
      readonly logFile: string;
    };

/**
 * Returns how to reach the warehouse's database, started if need be. Any number of processes may call it at once.
 * Throws a FailureError that says what to do when it cannot be had here.
 */
export function ensureEmbedded(options: EmbeddedOptions): Promise<ConnectionSettings> {
  const { stateFolder } = options;
  return refusalsAsFailures(stateFolder, async () => {
    const attached = await attach(stateFolder);
    if (attached) return attached;
    const home = prepareHome(stateFolder);
    return withLock(
      lockFile(stateFolder),
      async () => (await attach(stateFolder)) ?? (await start(options, home)),
    );
  });
}

/** Returns false when none ran. Sessions end, statements are rolled back, nothing committed is lost. */
export function stopEmbedded({ stateFolder }: { readonly stateFolder: string }): Promise<boolean> {
  return refusalsAsFailures(stateFolder, async () => {
    const place = placeOf(stateFolder, readConnection(stateFolder));
    if (!existsSync(dataFolder(place))) return false;
    return withLock(lockFile(stateFolder), () => stopServer(place));
  });
}

export function embeddedStatus(options: { readonly stateFolder: string }): EmbeddedStatus {
  const connection = readConnection(options.stateFolder);
  const data = dataFolder(placeOf(options.stateFolder, connection));
  const state = serverState(data);
  if (state.kind !== 'ready' || !connection)
    return { running: false, created: existsSync(data), dataFolder: data };
  return {
    running: true,
    pid: state.pid,
    settings: settingsFor(state.port, connection.password),
    dataFolder: data,
    logFile: logFile(placeOf(options.stateFolder, connection)),
  };
}

/** Undefined when no server of ours is ready. */
async function attach(stateFolder: string): Promise<ConnectionSettings | undefined> {
  const connection = readConnection(stateFolder);
  if (!connection) return undefined;
  const place = ownPlace(stateFolder, connection);
  if (place === undefined) return undefined;
  const data = dataFolder(place);
  const state = serverState(data);
  if (state.kind !== 'ready') return undefined;
  const settings = settingsFor(state.port, connection.password);
  return (await answers(settings, data)) ? settings : undefined;
}

async function start(options: EmbeddedOptions, home: Home): Promise<ConnectionSettings> {
  const data = dataFolder(home.place);
  removeUnfinishedConnection(options.stateFolder);
  const known = readConnection(options.stateFolder);
  const programs = installDistribution(
    findDistribution(options.searchFrom ?? []),
    programsFolder(home.place),
  );
  const created = existsSync(data);
  // Written before there is data: a start killed in between finds the password of the data it finds.
  const connection = {
    ...placed(options.stateFolder, home),
    port: known?.port ?? 0,
    password: known?.password ?? newPassword(),
  };
  if (!known || known.place !== connection.place) writeConnection(options.stateFolder, connection);
  if (!created) {
    await tidyAbandoned();
    options.onProgress?.(`Creating the embedded warehouse in ${home.place}`);
    await initialise(home, programs, connection.password);
  }
  checkDataVersion(data, programs);
  // The server that runs here did not take our password or works on a folder that was moved: end it.
  await stopServer(home.place);
  if (created && !known) await resetPassword(home, programs, connection.password);
  removeOtherVersions(home, programs);
  options.onProgress?.(`Starting Postgres ${programs.version}`);
  const port = await startServer(home, programs, connection.port === 0 ? undefined : connection.port);
  if (port !== connection.port) writeConnection(options.stateFolder, { ...connection, port });
  const settings = settingsFor(port, connection.password);
  await ensureDatabase(settings);
  if (!created) flushLater(home, programs);
  return settings;
}

function placed(stateFolder: string, home: Home): { place?: string } {
  return home.place === placeOf(stateFolder, undefined) ? {} : { place: home.place };
}

/** Whether the server takes our password, has our database and works on our data. */
async function answers(settings: ConnectionSettings, data: string): Promise<boolean> {
  let session: Session;
  try {
    session = await openWhenReady(settings);
  } catch (error) {
    if (error instanceof FailureError && error.failure.kind === 'connection') {
      // Every slot taken: it is ours and it lives; the caller's own session will say so.
      return error.failure.sqlstate === '53300';
    }
    throw error;
  }
  try {
    const { rows } = await session.query('show data_directory');
    const folder = rows[0]?.[0] ?? '';
    return existsSync(folder) && realpathSync(folder) === realpathSync(data);
  } finally {
    await session.close();
  }
}

/** A server whose process crashed recovers by itself and refuses sessions meanwhile. */
async function openWhenReady(settings: ConnectionSettings): Promise<Session> {
  const started = Date.now();
  for (;;) {
    try {
      return await postgresWarehouse(settings).open();
    } catch (error) {
      const recovering =
        error instanceof FailureError &&
        error.failure.kind === 'connection' &&
        error.failure.sqlstate === '57P03';
      if (!recovering || Date.now() - started > RECOVERY_TIMEOUT_MS) throw error;
      await sleep(20);
    }
  }
}

async function ensureDatabase(settings: ConnectionSettings): Promise<void> {
  const session = await openWhenReady({ ...settings, database: 'postgres' });
  try {
    const { rows } = await session.queryWith('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rows.length === 0) await session.query(`create database ${DATABASE}`);
  } finally {
    await session.close();
  }
}

/** Stops what runs on this place's data and clears what a killed server left; false when nothing ran. */
async function stopServer(place: string): Promise<boolean> {
  const data = dataFolder(place);
  const now = serverState(data);
  const state = now.kind === 'stopping' ? now : await settledState(data, STOP_TIMEOUT_MS);
  if (state.kind === 'stopped') return false;
  if (state.kind === 'stale') {
    clearStale(data);
    return false;
  }
  askToStop(place, data, state.pid);
  await ended(place, state.pid);
  return true;
}

/**
 * Resolves when the process is gone; it outlives its postmaster.pid by the time that giving its memory back takes. One that
 * is told to stop while it comes back from a crash may wait for ever (seen with Postgres 18.4): it is then ended at once.
 * By that time every commit is on the disk, and the next start replays the log.
 */
async function ended(place: string, pid: number): Promise<void> {
  const started = Date.now();
  let patience = FAST_SHUTDOWN_MS;
  while (isAlive(pid)) {
    const waited = Date.now() - started;
    if (waited > STOP_TIMEOUT_MS) throw cannotStop(pid, place);
    if (waited > patience && process.platform !== 'win32') {
      process.kill(pid, 'SIGQUIT');
      patience = STOP_TIMEOUT_MS;
    }
    await sleep(10);
  }
}

/** A "fast" shutdown: sessions end now. */
function askToStop(place: string, data: string, pid: number): void {
  if (process.platform !== 'win32') {
    try {
      process.kill(pid, 'SIGINT');
    } catch {
      throw cannotStop(pid, place);
    }
    return;
  }
  const programs: ServerPrograms | undefined = installedPrograms(programsFolder(place));
  if (!programs) throw cannotStop(pid, place);
  spawnSync(programs.pgCtl, ['stop', '-m', 'fast', '-W', '-D', data], {
    env: serverEnvironment(),
    ...identity(ownerOf(data)),
  });
}

function cannotStop(pid: number, place: string): FailureError {
  return new FailureError({
    kind: 'connection',
    message: `The embedded warehouse (process ${String(pid)}) does not stop: end that process; its log is "${logFile(place)}".`,
  });
}

/** Stops servers of projects that are gone, and removes their data when nobody came back for it. */
async function tidyAbandoned(): Promise<void> {
  for (const { place, forgotten } of abandonedPlaces()) {
    try {
      await stopServer(place);
      if (forgotten) rmSync(place, { recursive: true, force: true });
    } catch {
      // Another project's leftovers must not keep this one from starting; the next start tries again.
    }
  }
}

/** What the operating system refuses (a full disk, a folder of somebody else) is the world's doing, not our bug. */
async function refusalsAsFailures<T>(stateFolder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) throw error;
    const message =
      error.code === 'ENOSPC'
        ? `The disk of "${stateFolder}" is full: free space, then run the command again.`
        : `The embedded warehouse in "${stateFolder}" cannot be used (${error.message}): correct the folder's permissions, or set GRAINLINE_HOME to a folder of your own.`;
    throw new FailureError({ kind: 'connection', message });
  }
}

function settingsFor(port: number, password: string): ConnectionSettings {
  return { host: LOOPBACK, port, user: SUPERUSER, password, database: DATABASE, sslmode: 'disable' };
}
