/** What a user typed after `spark-submit`: options for Spark, the job, and the job's own arguments. */

import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { SparkUnavailable } from './unavailable.ts';

export interface Submission {
  /** Options of spark-submit itself, such as `--conf`, `spark.driver.memory=2g`. */
  readonly sparkArguments: readonly string[];
  readonly job: string;
  readonly jobArguments: readonly string[];
}

/** Options of spark-submit that take no value; every other one takes the next word unless it is written `--name=value`. */
const flagsWithoutValue = new Set(['--verbose', '-v', '--supervise']);

/** Splits a command line at the job; throws {@link SparkUnavailable} when it names none. */
export function parseSubmission(words: readonly string[]): Submission {
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at] as string;
    if (!word.startsWith('-')) break;
    if (!flagsWithoutValue.has(word) && !word.includes('=')) at += 1;
  }
  const job = words[at];
  if (job === undefined) {
    throw new SparkUnavailable(
      'No job was named: say "spark-submit [Spark options] JOB.py [job arguments]", JOB.py in pyspark/ or a path.',
    );
  }
  return { sparkArguments: words.slice(0, at), job, jobArguments: words.slice(at + 1) };
}

/** The job's absolute path: as written from the current folder, else in the project's `pyspark` folder. */
export function findJob(job: string, projectFolder: string, currentFolder: string): string {
  const candidates = isAbsolute(job)
    ? [job]
    : [resolve(currentFolder, job), join(projectFolder, 'pyspark', job), join(projectFolder, job)];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) {
    throw new SparkUnavailable(
      `There is no job "${job}" in pyspark/ or the current folder: check the name, or give its path.`,
    );
  }
  return found;
}

/** A path with `/` from the project's folder, or undefined when it lies outside it. */
export function withinProject(path: string, projectFolder: string): string | undefined {
  const inside = relative(projectFolder, path);
  if (inside === '' || inside.split(sep)[0] === '..' || isAbsolute(inside)) return undefined;
  return inside.split(sep).join('/');
}
