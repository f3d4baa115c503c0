/** sources.json, schema version 3: how fresh the sources were. */

import { unreachable } from '../../base/unreachable.ts';
import type { FreshnessResult } from '../results.ts';
import type { ArtifactMetadata } from './metadata.ts';
import { metadataJson, offsetTime } from './metadata.ts';
import { timingJson } from './run-results-json.ts';
import type { ArtifactShape } from './published-schema.ts';
import { withPublishedMetadata } from './published-schema.ts';

export interface SourcesMetadata extends ArtifactMetadata {
  /** Seconds that the whole command took. */
  readonly elapsedTime: number;
}

export function sourcesJson(
  results: readonly FreshnessResult[],
  metadata: SourcesMetadata,
  shape: ArtifactShape = 'published',
): Record<string, unknown> {
  const complete = {
    metadata: metadataJson('sources', metadata),
    results: results.map(freshnessJson),
    elapsed_time: metadata.elapsedTime,
  };
  return shape === 'published' ? withPublishedMetadata(complete) : complete;
}

function freshnessJson(result: FreshnessResult): Record<string, unknown> {
  switch (result.status) {
    case 'runtime error':
      return { unique_id: result.uniqueId, error: result.message, status: result.status };
    case 'pass':
    case 'warn':
    case 'error':
      return {
        unique_id: result.uniqueId,
        max_loaded_at: offsetTime(result.maxLoadedAt),
        snapshotted_at: offsetTime(result.snapshottedAt),
        max_loaded_at_time_ago_in_s: result.age,
        status: result.status,
        criteria: result.criteria,
        adapter_response: result.adapterResponse,
        timing: result.timing.map(timingJson),
        thread_id: result.threadId,
        execution_time: result.executionTime,
      };
    default:
      return unreachable(result);
  }
}
