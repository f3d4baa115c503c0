/** `spark-submit`: runs a PySpark job against the target's warehouse. */

import { submitSparkJob } from '../../warehouse/spark/submit.ts';
import { userCacheFolder } from '../../warehouse/spark/installation.ts';
import { parseSubmission } from '../../warehouse/spark/submission.ts';
import { SparkUnavailable } from '../../warehouse/spark/unavailable.ts';
import { UsageError, type Arguments } from '../arguments.ts';
import { interruption } from '../interruption.ts';
import { connectionSettings, locate } from '../open-project.ts';
import type { Output } from '../output.ts';

function readSubmission(words: readonly string[]): ReturnType<typeof parseSubmission> {
  try {
    return parseSubmission(words);
  } catch (error) {
    if (error instanceof SparkUnavailable) throw new UsageError(error.message);
    throw error;
  }
}

/** The words after the command belong to spark-submit and the job, whatever they look like. */
export async function sparkSubmitCommand(
  words: readonly string[],
  args: Arguments,
  output: Output,
): Promise<number> {
  const { folder, settings } = locate(args);
  const submission = readSubmission(words);
  const connection = await connectionSettings(folder, settings.target, (line) => {
    output.progress(line);
  });
  const stop = interruption(output);
  try {
    return await submitSparkJob({
      projectFolder: folder,
      cacheFolder: userCacheFolder(),
      job: submission.job,
      arguments: submission.jobArguments,
      sparkArguments: submission.sparkArguments,
      connection,
      schema: settings.target.schema,
      signal: stop.signal,
      onLine: (line, stream) => {
        if (stream === 'stdout') output.print(line);
        else output.error(line);
      },
    });
  } finally {
    stop.dispose();
  }
}
