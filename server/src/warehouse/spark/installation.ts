/** Finds a Spark on this machine, or installs one for the user once. */

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { askCommand, runCommand } from './command.ts';
import { findJava, findPython } from './requirements.ts';
import { SparkUnavailable } from './unavailable.ts';
import type { Java, Python } from './requirements.ts';

/** Exactly these archives, so that what runs is what was tested. */
const PYSPARK = '4.1.4';
export const requirements = `\
pyspark==${PYSPARK} --hash=sha256:bcbd5e18690cf79d438e97210ad06fb8d451a251bb77becc2b0418868d2acd73
py4j==0.10.9.9 --hash=sha256:c7c26e4158defb37b0bb124933163641a2ff6e3a3913f7811b0ddbe07ed61533
`;

export interface Installation {
  readonly sparkHome: string;
  readonly java: Java;
  /** The Python that runs the job; undefined leaves it to the user's own Spark. */
  readonly python: string | undefined;
  /** Whether Grainline brought it, and so its configuration is ours alone. */
  readonly origin: 'own' | 'installed';
}

export interface InstallationRequest {
  readonly cacheFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (line: string) => void;
}

/** Where installed Sparks are kept for all of a user's projects: `$XDG_CACHE_HOME/grainline` or the platform's own place. */
export function userCacheFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const named = environment.XDG_CACHE_HOME;
  if (named !== undefined && named !== '') return join(named, 'grainline');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'grainline');
  return join(homedir(), '.cache', 'grainline');
}

/** The user's own Spark (SPARK_HOME, or the `spark-submit` on the PATH), else the cached one, else a new one. */
export async function findSpark(request: InstallationRequest): Promise<Installation> {
  if (process.platform === 'win32') {
    throw new SparkUnavailable(
      'On Windows a Spark job runs in the compose service or under WSL: start the service (docker compose up -d spark) and choose its warehouse (GRAINLINE_TARGET=docker).',
    );
  }
  const own = await findOwnSpark(request.environment);
  if (own !== undefined) {
    return {
      sparkHome: own,
      java: await findJava(request.environment),
      python: undefined,
      origin: 'own',
    };
  }
  const python = await findPython(request.environment);
  const java = await findJava(request.environment);
  const folder = join(request.cacheFolder, `pyspark-${PYSPARK}-python-${python.version}`);
  if (!existsSync(folder)) await install(folder, python, request);
  return {
    sparkHome: join(folder, 'lib', `python${python.version}`, 'site-packages', 'pyspark'),
    java,
    python: join(folder, 'bin', 'python'),
    origin: 'installed',
  };
}

async function findOwnSpark(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const named = environment.SPARK_HOME;
  if (named !== undefined && named !== '') {
    if (isSparkHome(named)) return named;
    throw new SparkUnavailable(
      `SPARK_HOME is "${named}", which holds no Spark (no bin/spark-submit and jars/): correct or unset it.`,
    );
  }
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    const script = join(folder, 'spark-submit');
    if (folder === '' || !existsSync(script)) continue;
    // The launcher of a clone may be on the PATH too; only what has Spark's jars beside it is a Spark.
    const home = dirname(dirname(await realpath(script)));
    if (isSparkHome(home)) return home;
    const packaged = await askCommand({
      file: join(folder, 'python3'),
      arguments: ['-c', 'import os, pyspark; print(os.path.dirname(pyspark.__file__))'],
      environment,
    });
    if (packaged !== undefined && isSparkHome(packaged.trim())) return packaged.trim();
  }
  return undefined;
}

function isSparkHome(folder: string): boolean {
  return existsSync(join(folder, 'bin', 'spark-submit')) && existsSync(join(folder, 'jars'));
}

/** Installs beside the final folder and renames, so that a broken install is never found and two at once agree. */
async function install(folder: string, python: Python, request: InstallationRequest): Promise<void> {
  request.onProgress(`Installing PySpark ${PYSPARK} for this user (456 MB from PyPI, once) into ${folder} …`);
  await mkdir(request.cacheFolder, { recursive: true });
  const temporary = await mkdtemp(join(request.cacheFolder, 'installing-'));
  try {
    const environment = join(temporary, 'environment');
    await step(
      { file: python.file, arguments: ['-m', 'venv', environment] },
      `Python ${python.version} cannot make a virtual environment: install its venv module (on Debian: apt install python3-venv)`,
      request,
    );
    const list = join(temporary, 'requirements.txt');
    await writeFile(list, requirements);
    await step(
      {
        file: join(environment, 'bin', 'python'),
        arguments: [
          '-m',
          'pip',
          'install',
          '--quiet',
          '--disable-pip-version-check',
          '--require-hashes',
          '-r',
          list,
        ],
      },
      `PySpark ${PYSPARK} could not be installed from PyPI: check the network, or install Spark yourself and set SPARK_HOME`,
      request,
    );
    await rename(environment, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function step(
  command: { readonly file: string; readonly arguments: readonly string[] },
  refusal: string,
  request: InstallationRequest,
): Promise<void> {
  const said: string[] = [];
  const code = await runCommand({
    ...command,
    environment: request.environment,
    signal: request.signal,
    onLine: (line) => said.push(line),
  });
  if (request.signal?.aborted === true) throw new SparkUnavailable('Stopped before the job started.');
  if (code === 0) return;
  const reason = said.findLast((line) => /error/i.test(line))?.trim();
  throw new SparkUnavailable(reason === undefined ? `${refusal}.` : `${refusal} (${reason}).`);
}
