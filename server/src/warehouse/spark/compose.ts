/** Runs a job in the `spark` service of the project's docker-compose.yml. */

import { existsSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { askCommand, runCommand } from './command.ts';
import { SparkUnavailable } from './unavailable.ts';
import { withinProject } from './submission.ts';
import type { ConnectionSettings } from '../port.ts';
import type { Command, Stream } from './command.ts';

/** Where the service sees the project's folder. */
const MOUNTED_PROJECT = '/project';

/** A running `spark` service, and the warehouse beside it as this machine sees it. */
export interface ComposeSpark {
  /** The words of the command that Compose answers to: `docker compose` or the older `docker-compose`. */
  readonly words: readonly string[];
  readonly projectFolder: string;
  /** The loopback port at which the service `warehouse` is published; undefined when it is not. */
  readonly warehousePort: number | undefined;
}

export interface ComposeRun {
  readonly jobFile: string;
  readonly sparkArguments: readonly string[];
  readonly jobArguments: readonly string[];
  readonly schema: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
  readonly onLine: (line: string, stream: Stream) => void;
}

/** The service, or undefined when there is no Docker here, it does not answer, or the service is down. */
export async function findComposeSpark(
  projectFolder: string,
  environment: NodeJS.ProcessEnv,
): Promise<ComposeSpark | undefined> {
  if (!existsSync(join(projectFolder, 'docker-compose.yml'))) return undefined;
  // The engine first: without one, each Compose would wait and complain in its own way.
  const engine = await askCommand({
    file: 'docker',
    arguments: ['version', '--format', '{{.Server.Version}}'],
    environment,
    timeout: 5_000,
  });
  if (engine === undefined) return undefined;
  for (const words of [['docker', 'compose'], ['docker-compose']]) {
    const ask = (...rest: readonly string[]): Promise<string | undefined> =>
      askCommand(composeCommand(words, rest, projectFolder, environment));
    if ((await ask('version')) === undefined) continue;
    if ((await ask('exec', '-T', 'spark', 'true')) === undefined) return undefined;
    const published = /:(\d+)$/m.exec((await ask('port', 'warehouse', '5432')) ?? '');
    return {
      words,
      projectFolder,
      warehousePort: published === null ? undefined : Number(published[1]),
    };
  }
  return undefined;
}

/** Whether the connection leads to the warehouse that the service's jobs read. */
export function leadsToComposeWarehouse(connection: ConnectionSettings, spark: ComposeSpark): boolean {
  if (connection.host === 'warehouse') return true;
  const loopback = ['localhost', '127.0.0.1', '::1'].includes(connection.host);
  return loopback && connection.port === spark.warehousePort;
}

/** Resolves to the job's exit code. The service knows its own connection, so no password travels. */
export async function runInCompose(spark: ComposeSpark, run: ComposeRun): Promise<number> {
  const path = withinProject(run.jobFile, spark.projectFolder);
  if (path === undefined) {
    throw new SparkUnavailable(
      `The spark service sees the project's folder only, and "${run.jobFile}" lies outside it: move the job into pyspark/, or stop the service (docker compose stop spark) to use a Spark of this machine.`,
    );
  }
  const exec = (...rest: readonly string[]): Command =>
    composeCommand(spark.words, ['exec', '-T', ...rest], spark.projectFolder, run.environment);
  const folder = `/tmp/job-${randomUUID()}`;
  return runCommand({
    ...exec(
      ...['-e', `GRAINLINE_SCHEMA=${run.schema}`, 'spark', 'setsid', '--wait', 'sh', '-c', jobScript, folder],
      ...[...run.sparkArguments, `${MOUNTED_PROJECT}/${path}`, ...run.jobArguments],
    ),
    signal: run.signal,
    onLine: run.onLine,
    onAbort: async () => {
      await askCommand(exec('spark', 'sh', '-c', stopScript, folder));
    },
  });
}

/**
 * Runs in the service with the job's folder as `$0`. Ending `compose exec` leaves the job running in there, so its
 * process group is written down; and what a stopped Spark leaves behind lies in a folder that can be removed whole.
 */
const jobScript = `\
mkdir "$0" && echo $$ >"$0/group" || exit
trap 'rm -rf "$0"' EXIT
SPARK_SUBMIT_OPTS="$SPARK_SUBMIT_OPTS -Djava.io.tmpdir=$0" spark-submit "$@"`;

const stopScript = `\
group=-$(cat "$0/group") || exit
kill -s TERM -- "$group"
for second in 1 2 3 4 5; do
  kill -s 0 -- "$group" 2>/dev/null || break
  sleep 1
done
kill -s KILL -- "$group" 2>/dev/null
rm -rf "$0"`;

function composeCommand(
  words: readonly string[],
  rest: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv,
): Command {
  return { file: words[0] as string, arguments: [...words.slice(1), ...rest], folder, environment };
}
