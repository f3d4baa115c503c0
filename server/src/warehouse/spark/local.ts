/** Runs a job on a Spark of this machine against any warehouse that this machine reaches. */

import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { runCommand } from './command.ts';
import { forwardPort } from './forwarder.ts';
import { findSpark } from './installation.ts';
import { findDriver } from './jdbc-driver.ts';
import { jobEnvironment } from './job-environment.ts';
import { knownHosts, makeRunFolder, resolveHost } from './run-folder.ts';
import { SparkUnavailable } from './unavailable.ts';
import type { ConnectionSettings } from '../port.ts';
import type { Stream } from './command.ts';
import type { Forwarder } from './forwarder.ts';
import type { Installation } from './installation.ts';

/** The port beside the host name `warehouse` in jobs that name both. */
const WAREHOUSE_PORT = 5432;

export interface LocalRun {
  /** Absolute path of the job. */
  readonly jobFile: string;
  readonly sparkArguments: readonly string[];
  readonly jobArguments: readonly string[];
  readonly cacheFolder: string;
  readonly connection: ConnectionSettings;
  readonly schema: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
  readonly onLine: (line: string, stream: Stream) => void;
}

/** Resolves to the job's exit code; throws SparkUnavailable when it cannot start. */
export async function runLocally(run: LocalRun): Promise<number> {
  if (run.connection.host.startsWith('/')) {
    throw new SparkUnavailable(
      `A Spark job reaches Postgres over TCP, and this target's host is the socket folder "${run.connection.host}": give the target a host name.`,
    );
  }
  const request = {
    cacheFolder: join(run.cacheFolder, 'spark'),
    environment: run.environment,
    signal: run.signal,
    onProgress: (line: string): void => {
      run.onLine(line, 'stderr');
    },
  };
  const spark = await findSpark(request);
  const driver = await findDriver({ ...request, sparkHome: spark.sparkHome, java: spark.java });
  const reach = await reachWarehouse(run);
  const folder = await makeRunFolder({
    baseConfiguration: spark.origin === 'own' ? ownConfiguration(spark, run.environment) : undefined,
    driver,
    hosts: await knownHosts(reach.address, [run.connection.host, ...listedHosts(run.environment)]),
  });
  try {
    return await runCommand({
      file: join(spark.sparkHome, 'bin', 'spark-submit'),
      arguments: [...run.sparkArguments, run.jobFile, ...run.jobArguments],
      folder: dirname(run.jobFile),
      environment: {
        ...run.environment,
        ...javaAndPython(spark),
        ...jobEnvironment(run.connection, run.schema),
        SPARK_HOME: spark.sparkHome,
        SPARK_CONF_DIR: folder.configuration,
        SPARK_LOCAL_IP: '127.0.0.1',
        SPARK_SUBMIT_OPTS: `${run.environment.SPARK_SUBMIT_OPTS ?? ''} ${folder.javaOptions}`.trim(),
      },
      signal: run.signal,
      onLine: run.onLine,
    });
  } finally {
    await reach.forwarder?.close();
    await folder.remove();
  }
}

/** Where `warehouse:5432` of a job leads: straight to the target when it listens there, else through a forwarder. */
async function reachWarehouse(
  run: LocalRun,
): Promise<{ readonly address: string | undefined; readonly forwarder?: Forwarder }> {
  const { host, port } = run.connection;
  if (port === WAREHOUSE_PORT) {
    return { address: isIP(host) !== 0 ? host : await resolveHost(host) };
  }
  const forwarder = await forwardPort(WAREHOUSE_PORT, { host, port });
  if (forwarder !== undefined) return { address: forwarder.address, forwarder };
  // Better an unknown host than another program's server behind the right name.
  run.onLine(
    `Port ${WAREHOUSE_PORT} of this machine is taken, so a job that names warehouse:${WAREHOUSE_PORT} will not find it: free the port, or take the address from GRAINLINE_HOST and GRAINLINE_PORT.`,
    'stderr',
  );
  return { address: undefined };
}

function ownConfiguration(spark: Installation, environment: NodeJS.ProcessEnv): string {
  return environment.SPARK_CONF_DIR ?? join(spark.sparkHome, 'conf');
}

function listedHosts(environment: NodeJS.ProcessEnv): readonly string[] {
  return (environment.GRAINLINE_SPARK_HOSTS ?? '').split(/[\s,]+/).filter((name) => name !== '');
}

function javaAndPython(spark: Installation): NodeJS.ProcessEnv {
  const java = { JAVA_HOME: spark.java.home };
  // A notebook's choice of Python for the driver would start the notebook instead of the job.
  return spark.python === undefined
    ? java
    : { ...java, PYSPARK_PYTHON: spark.python, PYSPARK_DRIVER_PYTHON: spark.python };
}
