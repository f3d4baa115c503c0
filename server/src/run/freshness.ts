/** How old the newest row of a source is, and what its limits say of that. */

import { callValue, noArguments, str, TemplateError, type Value } from '../jinja/index.ts';
import type { Compiler } from '../project/compile.ts';
import { runningContext } from '../project/compile.ts';
import { isConfig } from '../project/config.ts';
import { sourceRelation } from '../project/context/node-relation.ts';
import { StatementResult } from '../project/context/results.ts';
import type { Config, SourceNode } from '../project/nodes.ts';
import { systemNode } from './system-node.ts';
import type { FreshnessResult } from './results.ts';

const SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

export async function measureFreshness(
  compiler: Compiler,
  source: SourceNode,
  startedAt: number,
): Promise<FreshnessResult> {
  const criteria = source.freshness ?? {};
  try {
    const [newest, now] = await newestRow(compiler, source, criteria);
    const age = (now - newest) / 1000;
    const status = exceeds(age, criteria.error_after)
      ? 'error'
      : exceeds(age, criteria.warn_after)
        ? 'warn'
        : 'pass';
    return {
      uniqueId: source.unique_id,
      status,
      maxLoadedAt: newest,
      snapshottedAt: now,
      age,
      criteria,
      adapterResponse: {},
      timing: [{ name: 'execute', startedAt, completedAt: startedAt }],
      threadId: 'Thread-1',
      executionTime: 0,
    };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { uniqueId: source.unique_id, status: 'runtime error', message: error.message };
  }
}

async function newestRow(
  compiler: Compiler,
  source: SourceNode,
  criteria: Config,
): Promise<readonly [newest: number, now: number]> {
  const { scope } = runningContext(compiler, systemNode(compiler.project));
  const relation = sourceRelation(source);
  const call = (name: string, positional: readonly Value[]): Value | Promise<Value> => {
    const macro = scope.find(name);
    if (macro === undefined)
      throw new TemplateError(
        'compilation',
        'DbtRuntimeError',
        `dbt could not find a macro with the name '${name}' in any package`,
      );
    return callValue(macro, { positional, keyword: noArguments.keyword });
  };
  const filter = typeof criteria.filter === 'string' ? criteria.filter : null;
  const result =
    source.loaded_at_query === null
      ? await call('collect_freshness', [relation, source.loaded_at_field ?? '', filter])
      : await call('collect_freshness_custom_sql', [relation, source.loaded_at_query]);
  const row = result instanceof StatementResult ? result.table.rowValues()[0] : undefined;
  const [newest, now] = row ?? [];
  if (newest === undefined || newest === null) {
    throw new TemplateError(
      'database',
      'UnexpectedNullError',
      `Expected a non-null value when querying field '${source.loaded_at_field ?? ''}' of table  ${relation.render()} but received value 'null' instead`,
    );
  }
  return [instant(newest), instant(now ?? null)];
}

/** A date or timestamp as Python prints it; UTC where it says no zone. */
function instant(value: Value): number {
  const written = str(value).replace(' ', 'T');
  const zoned = /[+-]\d\d:?\d\d$|Z$/.test(written) || written.length <= 10 ? written : `${written}Z`;
  const time = Date.parse(zoned);
  if (Number.isNaN(time))
    throw new TemplateError(
      'compilation',
      'DbtRuntimeError',
      `Expected a timestamp for the freshness of a source, got '${str(value)}'`,
    );
  return time;
}

function exceeds(age: number, limit: unknown): boolean {
  if (!isConfig(limit) || typeof limit.count !== 'number') return false;
  return age > limit.count * (SECONDS[String(limit.period)] ?? Infinity);
}
