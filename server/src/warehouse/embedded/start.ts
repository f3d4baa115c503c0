/** Starts the server on an existing data folder, detached, so that it outlives the command that started it. */

import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fchmodSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { FailureError } from '../../base/failure.ts';
import type { ServerPrograms } from './distribution.ts';
import { dataFolder, logFile, programsFolder } from './home.ts';
import type { Home } from './home.ts';
import { cannotRun, identity, serverEnvironment } from './initialise.ts';
import { giveTo } from './operator.ts';
import { clearStale, serverState, settledState } from './postmaster.ts';

export const LOOPBACK = '127.0.0.1';

/** Below the range from which systems take ports for outgoing connections. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;
const ATTEMPTS = 8;
const POLL_MS = 5;
/** Replaying two gigabytes of log after a crash takes a while. */
const READY_TIMEOUT_MS = 120_000;

/**
 * Returns the port once the server accepts sessions. `wished` is kept when it is free. We hold the lock, and the server
 * was seen stopped; should one come up all the same, that one is taken.
 */
export async function startServer(
  home: Home,
  programs: ServerPrograms,
  wished: number | undefined,
): Promise<number> {
  const data = dataFolder(home.place);
  let port = wished !== undefined && (await isFree(wished)) ? wished : await freePort();
  let reason = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const outcome = await launch(home, programs, port);
    const state = await settledState(data, READY_TIMEOUT_MS);
    if (state.kind === 'ready') return state.port;
    reason = outcome;
    if (/could not bind|could not create any TCP/.test(reason)) {
      port = await freePort();
    } else if (/is still in use|already exists|pre-existing shared memory/.test(reason)) {
      clearStale(data);
      await sleep(100 * 2 ** attempt); // Where orphans cannot be found and ended, they end by themselves.
    } else {
      break;
    }
  }
  throw startFailure(reason, home);
}

/** Removes copies of other versions than the one about to run. */
export function removeOtherVersions(home: Home, programs: ServerPrograms): void {
  const parent = programsFolder(home.place);
  for (const name of readdirSync(parent)) {
    if (name !== programs.version) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

/** Resolves when the server is ready, or has ended: then with what it said. */
async function launch(home: Home, programs: ServerPrograms, port: number): Promise<string> {
  const data = dataFolder(home.place);
  const log = freshLog(home);
  const ended =
    process.platform === 'win32'
      ? launchWindows(programs, data, log, port)
      : launchUnix(home, programs, data, log, port);
  const exit = { seen: false };
  const noteExit = (): void => {
    exit.seen = true;
  };
  ended.then(noteExit, noteExit);
  const started = Date.now();
  while (!exit.seen && serverState(data).kind !== 'ready' && Date.now() - started < READY_TIMEOUT_MS) {
    await sleep(POLL_MS);
  }
  if (serverState(data).kind === 'ready') return '';
  await Promise.race([ended, sleep(1000)]);
  return lastWords(log);
}

/** A session of its own (setsid): Ctrl-C in the terminal and its closing do not reach the server. */
function launchUnix(
  home: Home,
  programs: ServerPrograms,
  data: string,
  log: string,
  port: number,
): Promise<void> {
  const descriptor = openSync(log, 'a', 0o600);
  fchmodSync(descriptor, 0o600);
  giveTo(home.operator, log);
  const child = spawn(programs.postgres, ['-D', data, ...serverOptions(port)], {
    detached: true,
    stdio: ['ignore', descriptor, descriptor],
    cwd: home.place,
    env: serverEnvironment(),
    ...identity(home.operator),
  });
  closeSync(descriptor);
  child.unref();
  return new Promise((resolve, reject) => {
    child.on('exit', () => {
      resolve();
    });
    child.on('error', (error) => {
      reject(cannotRun(programs.postgres, error));
    });
  });
}

/** pg_ctl drops the rights of an elevated shell, with which Postgres refuses to run. */
function launchWindows(programs: ServerPrograms, data: string, log: string, port: number): Promise<void> {
  const options = serverOptions(port).join(' ');
  const child = spawn(programs.pgCtl, ['start', '-W', '-D', data, '-l', log, '-o', options], {
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
    env: serverEnvironment(),
  });
  child.unref();
  return new Promise((resolve, reject) => {
    child.on('exit', (status) => {
      if (status !== 0) resolve(); // Zero says only that the server was launched.
    });
    child.on('error', (error) => {
      reject(cannotRun(programs.pgCtl, error));
    });
  });
}

/** No Unix socket: its path may have 107 bytes only, and a project's folder may be deeper. */
function serverOptions(port: number): readonly string[] {
  return [
    '-c',
    `listen_addresses=${LOOPBACK}`,
    '-c',
    `port=${String(port)}`,
    '-c',
    'unix_socket_directories=',
  ];
}

/** One log per start, the one before kept: a crash can still be looked up after the restart. */
function freshLog(home: Home): string {
  const log = logFile(home.place);
  if (existsSync(log)) renameSync(log, `${log}.before`);
  return log;
}

function lastWords(log: string): string {
  if (!existsSync(log)) return '';
  const lines = readFileSync(log, 'utf8').split('\n');
  return lines.filter((line) => /FATAL:|PANIC:|ERROR:|could not|error while loading/.test(line)).join('\n');
}

function startFailure(reason: string, home: Home): FailureError {
  const last =
    reason
      .split('\n')
      .at(-1)
      ?.replace(/^.*?(FATAL|PANIC|ERROR|LOG|WARNING): +/, '') ?? '';
  const log = logFile(home.place);
  const message = reason.includes('No space left on device')
    ? 'The embedded warehouse cannot start, for the disk is full: free space, then run the command again.'
    : `The embedded warehouse does not start${last === '' ? '' : ` (${last})`}: its log is "${log}".`;
  return new FailureError({ kind: 'connection', message });
}

async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    if (await isFree(port)) return port;
  }
  throw new FailureError({
    kind: 'connection',
    message: `No free port was found on ${LOOPBACK}: end other servers.`,
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.on('error', () => {
      resolve(false);
    });
    probe.listen(port, LOOPBACK, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}
