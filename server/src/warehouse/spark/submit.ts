/** Submits a PySpark job to the nearest Spark that reaches the target's warehouse. */

import { INTERRUPTED } from './command.ts';
import { findComposeSpark, leadsToComposeWarehouse, runInCompose } from './compose.ts';
import { JobOutput } from './explain.ts';
import { runLocally } from './local.ts';
import { findJob } from './submission.ts';
import { SparkUnavailable } from './unavailable.ts';
import type { ConnectionSettings } from '../port.ts';
import type { Stream } from './command.ts';

export interface SubmitOptions {
  /** The folder of docker-compose.yml and `pyspark`. */
  readonly projectFolder: string;
  /** Where an installed Spark is kept; `userCacheFolder()` shares it among all of a user's projects. */
  readonly cacheFolder: string;
  /** A path, or a name in the project's `pyspark` folder. */
  readonly job: string;
  /** The job's own arguments. */
  readonly arguments: readonly string[];
  /** Options of spark-submit itself, given before the job. */
  readonly sparkArguments?: readonly string[];
  readonly connection: ConnectionSettings;
  /** The schema that holds the marts. */
  readonly schema: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly currentFolder?: string;
  readonly signal?: AbortSignal;
  readonly onLine: (line: string, stream: Stream) => void;
}

/**
 * Resolves to the job's exit code: 1 with one line on `stderr` when no job could start, 130 after an abort.
 * The compose service takes the job when it is up and the target is its warehouse; else a Spark of this machine.
 */
export async function submitSparkJob(options: SubmitOptions): Promise<number> {
  const environment = options.environment ?? process.env;
  const { signal } = options;
  const output = new JobOutput(options.onLine, environment);
  try {
    const jobFile = findJob(options.job, options.projectFolder, options.currentFolder ?? process.cwd());
    const run = {
      jobFile,
      sparkArguments: options.sparkArguments ?? [],
      jobArguments: options.arguments,
      schema: options.schema,
      environment,
      signal,
      onLine: (line: string, stream: Stream): void => {
        output.push(line, stream);
      },
    };
    const service = await findComposeSpark(options.projectFolder, environment);
    let code: number;
    if (service !== undefined && leadsToComposeWarehouse(options.connection, service)) {
      code = await runInCompose(service, run);
    } else {
      if (service !== undefined) options.onLine(otherWarehouse, 'stderr');
      code = await runLocally({ ...run, cacheFolder: options.cacheFolder, connection: options.connection });
    }
    output.finish(code);
    return code;
  } catch (error) {
    if (!(error instanceof SparkUnavailable)) throw error;
    if (signal?.aborted === true) return INTERRUPTED;
    options.onLine(error.message, 'stderr');
    return 1;
  }
}

const otherWarehouse =
  "The spark service runs, but it reads its own warehouse and not this target's, so a Spark of this machine takes the job (GRAINLINE_TARGET=docker chooses the service).";
