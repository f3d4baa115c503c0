/** run_results.json, schema version 6. */

import type { Batch, NodeResult, StepTiming } from '../results.ts';
import type { ArtifactMetadata } from './metadata.ts';
import { metadataJson, offsetTime, utcTime } from './metadata.ts';
import type { ArtifactShape } from './published-schema.ts';
import { withPublishedMetadata } from './published-schema.ts';

export interface RunResultsMetadata extends ArtifactMetadata {
  /** Seconds that the whole command took. */
  readonly elapsedTime: number;
  /** The command's flags and arguments under dbt's names. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** Environment variables with this prefix, and variables of that name, are secrets. */
const SECRET_PREFIX = 'DBT_ENV_SECRET';
const HIDDEN = '*****';

export function runResultsJson(
  results: readonly NodeResult[],
  metadata: RunResultsMetadata,
  shape: ArtifactShape = 'published',
): Record<string, unknown> {
  const complete = {
    metadata: metadataJson('run-results', metadata),
    results: (shape === 'published' ? results.filter(isPublished) : results).map(resultJson),
    elapsed_time: metadata.elapsedTime,
    args: withoutSecrets(metadata.args),
  };
  return shape === 'published' ? withPublishedMetadata(complete) : complete;
}

/** The published schema has no status for what has nothing to run, such as an exposure in a build. */
function isPublished(result: NodeResult): boolean {
  return result.status !== 'no-op';
}

function resultJson(result: NodeResult): Record<string, unknown> {
  return {
    status: result.status,
    timing: result.timing.map(timingJson),
    thread_id: result.threadId,
    execution_time: result.executionTime,
    adapter_response: result.adapterResponse,
    message: result.message,
    failures: result.failures,
    unique_id: result.uniqueId,
    compiled: result.compiled,
    compiled_code: result.compiledCode,
    relation_name: result.relationName,
    batch_results: result.batchResults
      ? {
          successful: result.batchResults.successful.map(batchJson),
          failed: result.batchResults.failed.map(batchJson),
        }
      : null,
  };
}

export function timingJson(timing: StepTiming): Record<string, unknown> {
  return {
    name: timing.name,
    started_at: timing.startedAt === null ? null : utcTime(timing.startedAt),
    completed_at: timing.completedAt === null ? null : utcTime(timing.completedAt),
  };
}

function batchJson([start, end]: Batch): string[] {
  return [offsetTime(start), offsetTime(end)];
}

/** Variables whose name marks them as secret are hidden wherever their value stands in the command. */
function withoutSecrets(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const vars = args.vars;
  if (typeof vars !== 'object' || vars === null) return { ...args };
  const secrets = Object.entries(vars).flatMap(([name, value]) =>
    name.startsWith(SECRET_PREFIX) && typeof value === 'string' && value.trim() !== '' ? [value] : [],
  );
  const scrub = (value: unknown): unknown =>
    typeof value === 'string'
      ? secrets.reduce((text, secret) => text.replaceAll(secret, HIDDEN), value)
      : value;
  return {
    ...args,
    ...('invocation_command' in args ? { invocation_command: scrub(args.invocation_command) } : {}),
    vars: Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, scrub(value)])),
  };
}
