/** Brings the Postgres JDBC driver into the cache, by the Ivy that every Spark carries, and checks what came. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { SparkUnavailable } from './unavailable.ts';
import type { Java } from './requirements.ts';

/** The driver in Maven's terms, and the checksum of its jar. */
export const DRIVER = {
  group: 'org.postgresql',
  artifact: 'postgresql',
  version: '42.7.14',
  sha256: '73914527305a40cce504b0d3d90b23caf565136912d607ae8ae7c5895512332c',
} as const;

/** Names a driver jar that is already on this machine. */
const DRIVER_VARIABLE = 'GRAINLINE_JDBC_DRIVER';

export interface DriverRequest {
  readonly cacheFolder: string;
  readonly sparkHome: string;
  readonly java: Java;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (line: string) => void;
}

/** The path of the driver's jar, or undefined when this Spark has one among its own jars. */
export async function findDriver(request: DriverRequest): Promise<string | undefined> {
  const given = request.environment[DRIVER_VARIABLE];
  if (given !== undefined && given !== '') {
    if (existsSync(given)) return given;
    throw new SparkUnavailable(
      `${DRIVER_VARIABLE} names "${given}", which is not there: correct or unset it.`,
    );
  }
  const jars = await readdir(join(request.sparkHome, 'jars'));
  if (jars.some((name) => /^postgresql-[\d.]+\.jar$/.test(name))) return undefined;
  const cached = join(request.cacheFolder, `${DRIVER.artifact}-${DRIVER.version}.jar`);
  if (await isGenuine(cached)) return cached;
  const ivy = jars.find((name) => /^ivy-[\d.]+\.jar$/.test(name));
  if (ivy === undefined) throw new SparkUnavailable(withoutDriver('this Spark carries no Ivy to fetch it'));
  request.onProgress(`Fetching the Postgres JDBC driver ${DRIVER.version} (1.2 MB, once) …`);
  await fetchDriver(join(request.sparkHome, 'jars', ivy), cached, request);
  return cached;
}

async function fetchDriver(ivy: string, destination: string, request: DriverRequest): Promise<void> {
  await mkdir(request.cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(request.cacheFolder, 'driver-'));
  try {
    const said: string[] = [];
    const code = await runCommand({
      file: request.java.file,
      arguments: [
        ...['-jar', ivy, '-cache', join(folder, 'cache'), '-notransitive', '-types', 'jar'],
        ...[
          '-dependency',
          DRIVER.group,
          DRIVER.artifact,
          DRIVER.version,
          '-retrieve',
          join(folder, '[artifact].[ext]'),
        ],
      ],
      environment: request.environment,
      signal: request.signal,
      timeout: 180_000,
      onLine: (line) => said.push(line),
    });
    const fetched = join(folder, 'postgresql.jar');
    if (code !== 0 || !existsSync(fetched)) {
      const reason = said.find((line) => /UnknownHost|timed? ?out|refused|not found/i.test(line));
      throw new SparkUnavailable(withoutDriver(reason?.trim() ?? `Ivy ended with code ${code}`));
    }
    if (!(await isGenuine(fetched)))
      throw new SparkUnavailable(withoutDriver('what came has another checksum'));
    await rename(fetched, destination);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function withoutDriver(reason: string): string {
  return `The Postgres JDBC driver (${DRIVER.group}:${DRIVER.artifact}:${DRIVER.version}) could not be fetched, ${reason}: fetch it yourself and name the jar in ${DRIVER_VARIABLE}.`;
}

async function isGenuine(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  return (
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex') === DRIVER.sha256
  );
}
