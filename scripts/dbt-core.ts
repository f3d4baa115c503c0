/** dbt-core itself, to compare with: the one that GRAINLINE_DBT names, else one installed once into the ignored cache. */

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export type DbtCore = { readonly path: string } | { readonly missing: string };

const RELEASE = '1.11';
const OLDEST_PYTHON = [3, 10];
const INSTALL_MS = 10 * 60 * 1000;

const run = promisify(execFile);

/** Where this is called first, takes the time of an installation (some 20 s). */
export async function dbtCore(): Promise<DbtCore> {
  const chosen = process.env.GRAINLINE_DBT;
  if (chosen !== undefined && chosen !== '') {
    if (existsSync(chosen)) return { path: chosen };
    return { missing: `GRAINLINE_DBT names "${chosen}", which does not exist` };
  }
  const folder = join(import.meta.dirname, '..', '.cache', `dbt-core-${RELEASE}`);
  const program =
    process.platform === 'win32' ? join(folder, 'Scripts', 'dbt.exe') : join(folder, 'bin', 'dbt');
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return { path: program };
  const python = await findPython();
  if (python === undefined) {
    return {
      missing: `needs Python ${OLDEST_PYTHON.join('.')} or newer with venv to install dbt-core ${RELEASE}; or set GRAINLINE_DBT`,
    };
  }
  try {
    await locked(`${folder}.lock`, async () => {
      if (existsSync(complete)) return;
      rmSync(folder, { recursive: true, force: true });
      const wanted = ['dbt-core', 'dbt-postgres'].map((name) => `${name}==${RELEASE}.*`);
      await run(python, ['-m', 'venv', folder]);
      await run(
        program.replace(/dbt(\.exe)?$/u, 'pip$1'),
        ['install', '--quiet', '--disable-pip-version-check', ...wanted],
        {
          timeout: INSTALL_MS,
        },
      );
      writeFileSync(complete, '');
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    return { missing: `dbt-core ${RELEASE} could not be installed: ${reason ?? ''}` };
  }
  return { path: program };
}

async function findPython(): Promise<string | undefined> {
  const check = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${OLDEST_PYTHON.join(', ')}))`;
  for (const name of ['python3', 'python']) {
    const fits = await run(name, ['-c', check]).then(
      () => true,
      () => false,
    );
    if (fits) return name;
  }
  return undefined;
}

/** One installer at a time, among processes too; a lock whose owner died is taken over. */
async function locked(lock: string, work: () => Promise<void>): Promise<void> {
  mkdirSync(join(lock, '..'), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > INSTALL_MS) rmSync(lock, { recursive: true, force: true });
      await sleep(250);
    }
  }
  try {
    await work();
  } finally {
    rmdirSync(lock);
  }
}
