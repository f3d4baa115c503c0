/** The private folder of one job: Spark's configuration, its temporary files and the host names it knows. */

import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { lookup } from 'node:dns/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isIP } from 'node:net';

export interface RunFolder {
  readonly configuration: string;
  /** Options for the driver's Java, in the form that SPARK_SUBMIT_OPTS wants. */
  readonly javaOptions: string;
  remove(): Promise<void>;
}

export interface RunFolderRequest {
  /** The configuration of the user's own Spark, kept where it does not contradict ours. */
  readonly baseConfiguration: string | undefined;
  /** The driver's jar; undefined when Spark has one. */
  readonly driver: string | undefined;
  /** Address → names. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
}

/** Makes the folder, readable by this user alone. */
export async function makeRunFolder(request: RunFolderRequest): Promise<RunFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'grainline-spark-'));
  const configuration = join(folder, 'conf');
  const temporary = join(folder, 'tmp');
  const hosts = join(folder, 'hosts');
  await mkdir(temporary, { mode: 0o700 });
  if (request.baseConfiguration !== undefined && existsSync(request.baseConfiguration)) {
    await cp(request.baseConfiguration, configuration, { recursive: true, dereference: true });
  }
  await mkdir(configuration, { recursive: true, mode: 0o700 });
  await writeFile(
    hosts,
    [...request.hosts].map(([address, names]) => `${address} ${names.join(' ')}\n`).join(''),
  );
  const javaOptions = `"-Djava.io.tmpdir=${temporary}" "-Djdk.net.hosts.file=${hosts}"`;
  await writeDefaults(join(configuration, 'spark-defaults.conf'), temporary, javaOptions, request.driver);
  const logging = join(configuration, 'log4j2.properties');
  if (!existsSync(logging)) await writeFile(logging, quietLogging);
  return {
    configuration,
    javaOptions,
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Later lines win over those of the user's own file, and over nothing that spark-submit is told on its command line. */
async function writeDefaults(
  path: string,
  temporary: string,
  javaOptions: string,
  driver: string | undefined,
): Promise<void> {
  const before = existsSync(path) ? await readFile(path, 'utf8') : 'spark.master local[*]\n';
  const lines = [
    'spark.ui.enabled false',
    'spark.ui.showConsoleProgress false',
    `spark.sql.warehouse.dir ${join(temporary, 'warehouse')}`,
    `spark.executor.extraJavaOptions ${javaOptions}`,
  ];
  if (driver !== undefined) {
    // Not --jars: that copies every jar to every executor.
    lines.push(`spark.driver.extraClassPath ${driver}`, `spark.executor.extraClassPath ${driver}`);
  }
  await writeFile(path, `${before.trimEnd()}\n${lines.join('\n')}\n`, { mode: 0o600 });
}

const quietLogging = `\
rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = stderr
appender.console.type = Console
appender.console.name = stderr
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yy/MM/dd HH:mm:ss} %p %c{1}: %m%n%ex
# Said on every machine that lacks Hadoop's native library, or whose name is a loopback address.
logger.native.name = org.apache.hadoop.util.NativeCodeLoader
logger.native.level = error
logger.address.name = org.apache.spark.util.Utils
logger.address.level = error
`;

/**
 * The names that a job may use: `warehouse`, the target's own host, this machine, and those listed in
 * GRAINLINE_SPARK_HOSTS. Java asks no name server once it is given a hosts file, so nothing else resolves.
 */
export async function knownHosts(
  warehouseAddress: string | undefined,
  others: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const hosts = new Map<string, string[]>([['127.0.0.1', ['localhost', hostname()]]]);
  const add = (address: string, name: string): void => {
    const names = hosts.get(address) ?? [];
    if (!names.includes(name)) hosts.set(address, [...names, name]);
  };
  if (warehouseAddress !== undefined) add(warehouseAddress, 'warehouse');
  for (const name of others) {
    if (name === 'localhost' || isIP(name) !== 0) continue;
    const address = await resolveHost(name);
    if (address !== undefined) add(address, name);
  }
  return hosts;
}

/** A host's first address, or undefined when its name is unknown here; the job will then say so. */
export async function resolveHost(name: string): Promise<string | undefined> {
  try {
    return (await lookup(name)).address;
  } catch {
    return undefined;
  }
}
