/** The run that a terminal left in target/run_results.json, as a run to look back at. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectHost } from './project-host.ts';
import type { NodeStatus, RunNode, RunView } from './protocol.ts';
import { queuedNode, rowsOf } from './run-node.ts';

/** Undefined where there is none, or none that can be read. */
export function lastRunOnDisk(host: ProjectHost): RunView | undefined {
  const json = resultsIn(host);
  if (!json) return undefined;
  const at = Date.parse(json.metadata?.generated_at ?? '');
  const startedAt = Date.parse(json.metadata?.invocation_started_at ?? '');
  if (Number.isNaN(at)) return undefined;
  return {
    runId: `past-${String(at)}`,
    folder: host.uri,
    title: `grainline ${json.args?.which ?? 'build'}`,
    kind: 'run',
    state: (json.results ?? []).some(({ status }) => status === 'error' || status === 'fail')
      ? 'failed'
      : 'done',
    target: null,
    threads: 1,
    startedAt: Number.isNaN(startedAt) ? at : startedAt,
    endedAt: at,
    nodes: (json.results ?? []).map((result) => nodeOf(host, result)),
    log: [],
  };
}

/** The fields of dbt's run-results (v6) that are shown; anything may be missing. */
interface Results {
  readonly metadata?: { readonly generated_at?: string; readonly invocation_started_at?: string };
  readonly args?: { readonly which?: string };
  readonly results?: readonly Result[];
}

interface Result {
  readonly unique_id: string;
  readonly status: string;
  readonly message?: string | null;
  readonly failures?: number | null;
  readonly compiled_code?: string | null;
  readonly adapter_response?: { readonly rows_affected?: unknown };
  readonly timing?: readonly { readonly started_at?: string; readonly completed_at?: string }[];
}

function resultsIn(host: ProjectHost): Results | undefined {
  const targetPath = host.project?.world.root.targetPath ?? 'target';
  try {
    const json = JSON.parse(
      readFileSync(join(host.folder, targetPath, 'run_results.json'), 'utf8'),
    ) as Results;
    return Array.isArray(json.results) ? json : undefined;
  } catch {
    // Nothing was run here, or another tool is writing it just now.
    return undefined;
  }
}

function nodeOf(host: ProjectHost, result: Result): RunNode {
  const times = (result.timing ?? []).flatMap(({ started_at: from, completed_at: to }) =>
    [from, to].map((time) => Date.parse(time ?? '')).filter((time) => !Number.isNaN(time)),
  );
  return {
    ...queuedNode(host, host.project, result.unique_id),
    status: result.status as NodeStatus,
    startedAt: times.length > 0 ? Math.min(...times) : null,
    endedAt: times.length > 0 ? Math.max(...times) : null,
    rows: rowsOf(result.failures, result.adapter_response?.rows_affected),
    message: result.message ?? null,
    compiledSql: result.compiled_code ?? null,
  };
}
