/** Finds the Python and the Java that Spark needs, or says in one line how to get them. */

import { join } from 'node:path';
import { askCommand } from './command.ts';
import { SparkUnavailable } from './unavailable.ts';

/** The oldest versions that the Spark of installation.ts runs on. */
const PYTHON_MINOR = 10;
const JAVA_MAJOR = 17;

export interface Python {
  readonly file: string;
  /** Such as `3.11`. */
  readonly version: string;
}

export interface Java {
  readonly file: string;
  /** The environment's JAVA_HOME as Spark must see it: undefined when the Java is the one on the PATH. */
  readonly home: string | undefined;
}

/** The first Python 3.10 or later on the PATH. */
export async function findPython(environment: NodeJS.ProcessEnv): Promise<Python> {
  for (const file of ['python3', 'python']) {
    const answer = await askCommand({
      file,
      arguments: ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'],
      environment,
    });
    const version = answer?.trim();
    const parts = /^3\.(\d+)$/.exec(version ?? '');
    if (version !== undefined && parts !== null && Number(parts[1]) >= PYTHON_MINOR) return { file, version };
  }
  throw new SparkUnavailable(
    `A Spark job needs Python 3.${PYTHON_MINOR} or later: install python3 with venv (on Debian: apt install python3 python3-venv), or start the service (docker compose up -d spark).`,
  );
}

/** JAVA_HOME's Java or the one on the PATH, 17 or later. */
export async function findJava(environment: NodeJS.ProcessEnv): Promise<Java> {
  const home = environment.JAVA_HOME;
  const candidates: Java[] = [{ file: 'java', home: undefined }];
  if (home !== undefined && home !== '') candidates.unshift({ file: join(home, 'bin', 'java'), home });
  for (const java of candidates) {
    const answer = await askCommand({ file: java.file, arguments: ['-version'], environment });
    const version = /version "(\d+)/.exec(answer ?? '');
    if (version !== null && Number(version[1]) >= JAVA_MAJOR) return java;
  }
  throw new SparkUnavailable(
    `A Spark job needs Java ${JAVA_MAJOR} or later: install one (on Debian: apt install openjdk-17-jre-headless) or point JAVA_HOME at it, or start the service (docker compose up -d spark).`,
  );
}
