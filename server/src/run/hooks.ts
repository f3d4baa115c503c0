/** `on-run-start` and `on-run-end`: SQL before and after everything, outside any transaction, in order. */

import { FailureError } from '../base/failure.ts';
import {
  Dict,
  fromJs,
  parseTemplate,
  renderTemplate,
  TemplateError,
  toCapturedText,
  HostObject,
  Tuple,
  type Value,
} from '../jinja/index.ts';
import { define } from '../project/context/host.ts';
import { datetimeFromMillis } from '../project/context/modules/index.ts';
import { runningContext, type Compiler } from '../project/compile.ts';
import { manifestDict } from '../project/context/node-context.ts';
import type { Members } from '../project/context/layers.ts';
import type { ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import type { RunEvent } from './events.ts';
import { errorMessage } from './messages.ts';
import type { NodeResult } from './results.ts';
import type { Surroundings } from './run-node.ts';
import type { SessionAccess } from './session-access.ts';

export interface HookRun {
  readonly hooks: readonly ManifestNode[];
  readonly compiler: Compiler;
  readonly access: SessionAccess;
  readonly surroundings: Surroundings;
  readonly point: 'on-run-start' | 'on-run-end';
  /** The nodes' results so far; `results` in on-run-end hooks. */
  readonly results: readonly NodeResult[];
  readonly emit: (event: RunEvent) => void;
}

/** The first failure skips the rest. */
export async function runHooks(run: HookRun): Promise<NodeResult[]> {
  const { hooks, surroundings, point, emit } = run;
  const results: NodeResult[] = [];
  await run.access.clearTransaction();
  let hasFailed = false;
  for (const [index, hook] of hooks.entries()) {
    const name = `${hook.package_name}.${point}.${String(index)}`;
    const description = `hook: ${name}`;
    emit({
      kind: 'node-started',
      uniqueId: hook.unique_id,
      index: index + 1,
      total: hooks.length,
      description,
    });
    const startedAt = surroundings.now();
    let compiledCode: string | null = null;
    const outcome = hasFailed
      ? { status: 'skipped' as const, message: `${name} skipped` }
      : await runHook(run, hook, name, (code) => {
          compiledCode = code;
        });
    if (outcome.status === 'error') hasFailed = true;
    const completedAt = surroundings.now();
    const result: NodeResult = {
      uniqueId: hook.unique_id,
      status: outcome.status,
      timing: [
        { name: 'compile', startedAt, completedAt: startedAt },
        { name: 'execute', startedAt, completedAt },
      ],
      threadId: 'main',
      executionTime: (completedAt - startedAt) / 1000,
      adapterResponse: {},
      message: outcome.message,
      failures: outcome.status === 'success' ? 0 : 1,
      compiled: true,
      compiledCode,
      relationName: null,
    };
    results.push(result);
    emit({ kind: 'node-finished', result, index: index + 1, total: hooks.length, description });
  }
  return results;
}

async function runHook(
  run: HookRun,
  hook: ManifestNode,
  name: string,
  onCompiled: (code: string) => void,
): Promise<{ status: 'success' | 'error'; message: string }> {
  const { access } = run;
  try {
    const running = runningContext(run.compiler, hook, hookMembers(run.compiler.project, run.results));
    const rendered = await renderTemplate(parseTemplate(hook.raw_code, 'dbt_project.yml'), {
      context: running.context,
    });
    onCompiled(rendered.text);
    if (rendered.text.trim() !== '')
      await access.execute(toCapturedText(rendered), { autoBegin: false, fetch: false, limit: null });
    return { status: 'success', message: `${name} passed` };
  } catch (error) {
    if (error instanceof TemplateError)
      return { status: 'error', message: `${name} failed, error:\n ${errorMessage(error, hook, null)}` };
    if (error instanceof FailureError)
      return { status: 'error', message: `${name} failed, error:\n ${error.message}` };
    throw error;
  }
}

/** What on-run-end hooks see beside the usual names. */
export function hookMembers(project: Project, results: readonly NodeResult[]): Members {
  const built = results.flatMap((result) => {
    const node = project.manifest.nodes.get(result.uniqueId);
    return node && ['model', 'seed', 'snapshot'].includes(node.resource_type) && result.status !== 'skipped'
      ? [node]
      : [];
  });
  const pairs = new Map(
    built.map((node) => [`${node.database}.${node.schema}`, [node.database, node.schema]]),
  );
  return {
    schemas: () => fromJs([...new Set(built.map((node) => node.schema))]),
    database_schemas: () => [...pairs.values()].map((pair) => new Tuple(pair)),
    results: () => results.map((result) => new ResultValue(project, result)),
  };
}

/** One result in `results`: status, node, timing and the rest. */
class ResultValue extends HostObject {
  readonly typeName = 'RunResult';
  readonly #project: Project;
  readonly #result: NodeResult;

  constructor(project: Project, result: NodeResult) {
    super();
    this.#project = project;
    this.#result = result;
  }

  override getAttribute(name: string): Value | undefined {
    const result = this.#result;
    switch (name) {
      case 'status':
        return result.status;
      case 'message':
        return result.message;
      case 'failures':
        return result.failures;
      case 'thread_id':
        return result.threadId;
      case 'execution_time':
        return fromJs(result.executionTime);
      case 'adapter_response':
        return fromJs(result.adapterResponse);
      case 'agate_table':
      case 'batch_results':
        return null;
      case 'timing':
        return result.timing.map((step) =>
          Dict.of([
            ['name', step.name],
            ['started_at', moment(step.startedAt)],
            ['completed_at', moment(step.completedAt)],
          ]),
        );
      case 'to_dict':
        return define(name, 'omit_none=', () => this.#dict());
      case 'node':
        return this.#node();
      default:
        return undefined;
    }
  }

  #node(): Value {
    const { manifest } = this.#project;
    const id = this.#result.uniqueId;
    const node = manifest.nodes.get(id) ?? manifest.unitTests.get(id);
    return node ? manifestDict(node) : null;
  }

  #dict(): Value {
    const plain = Object.entries(resultDict(this.#result)).map(
      ([key, value]) => [key, fromJs(value)] as const,
    );
    return Dict.of([...plain, ['agate_table', null], ['batch_results', null], ['node', this.#node()]]);
  }
}

function moment(time: number | null): Value {
  return time === null ? null : datetimeFromMillis(time);
}

function resultDict(result: NodeResult): Record<string, unknown> {
  return {
    status: result.status,
    timing: result.timing.map((step) => ({
      name: step.name,
      started_at: iso(step.startedAt),
      completed_at: iso(step.completedAt),
    })),
    thread_id: result.threadId,
    execution_time: result.executionTime,
    adapter_response: result.adapterResponse,
    message: result.message,
    failures: result.failures,
  };
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
