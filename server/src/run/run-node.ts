/** Builds or tests one node over one session; what comes back is its result, never a throw. */

import { FailureError } from '../base/failure.ts';
import type { Diagnostic, Place } from '../base/diagnostic.ts';
import {
  CapturedText,
  callValue,
  Dict,
  noArguments,
  str,
  TemplateError,
  toJs,
  truthy,
  type Value,
} from '../jinja/index.ts';
import {
  compileNode,
  modelDict,
  runningContext,
  type Compiled,
  type Compiler,
  type RunningNode,
} from '../project/compile.ts';
import { AdapterResponse } from '../project/context/adapter/response.ts';
import { AgateTable, CsvError, tableFromCsv } from '../project/context/agate/index.ts';
import { define } from '../project/context/host.ts';
import { manifestDict } from '../project/context/node-context.ts';
import { Relation } from '../project/context/relation.ts';
import type { Members } from '../project/context/layers.ts';
import { findMaterialization } from '../project/macros.ts';
import { isMicrobatch, usesBatches } from '../project/microbatch.ts';
import { isConfig } from '../project/config.ts';
import type { ManifestNode, UnitTestNode } from '../project/nodes.ts';
import { errorMessage, errorPlace, macroPlaces } from './messages.ts';
import { nameSeedLine, type LoadedSeed } from './seed-place.ts';
import { queryComment } from './query-comment.ts';
import type { BatchResults, NodeResult, NodeStatus, RetriedRun, RowDifference } from './results.ts';
import { eventTimeFilter, runBatches, type BatchVariant } from './run-batches.ts';
import type { SessionAccess } from './session-access.ts';
import { unitTestCode } from './unit-test-code.ts';
import { unitTestDifference } from './unit-test-difference.ts';

/** What a run does to the world beside the warehouse, and its clock. */
export interface Surroundings {
  /** Writes a file below the target folder. */
  writeTarget(path: string, text: string): void;
  /** The text of a seed that was too large to read while parsing. */
  readSeed(path: string): Promise<string>;
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface NodeRun {
  readonly compiler: Compiler;
  readonly access: SessionAccess;
  readonly surroundings: Surroundings;
  readonly threadId: string;
  /** `compile` stops at the code; `clone` copies what another state has built. */
  readonly purpose: 'build' | 'compile' | 'clone';
  readonly retried?: RetriedRun;
}

export interface NodeOutcome {
  readonly result: NodeResult;
  readonly place?: Place;
  /** Places in macros, innermost first, that led to the error. */
  readonly related?: NonNullable<Diagnostic['related']>;
  readonly compiled?: Compiled;
  /** Somebody stopped it: dbt calls that an error, too. */
  readonly stopped?: true;
}

/** What an event of the outcome tells besides its result. */
export function placesOf({
  place,
  related,
  stopped,
}: NodeOutcome): Pick<NodeOutcome, 'place' | 'related' | 'stopped'> {
  return { ...(place ? { place } : {}), ...(related ? { related } : {}), ...(stopped ? { stopped } : {}) };
}

export async function runNode(run: NodeRun, node: ManifestNode | UnitTestNode): Promise<NodeOutcome> {
  const { surroundings } = run;
  const startedAt = surroundings.now();
  const progress: Progress = {
    startedAt,
    compiledAt: null,
    compiled: undefined,
    runPath: null,
    seed: undefined,
  };
  try {
    const asking = { connection: node.unique_id, node: () => manifestDict(node) };
    run.access.setComment(queryComment(run.compiler.project, asking, run.compiler.onMessage));
    const done =
      node.resource_type === 'unit_test'
        ? await runUnitTest(run, node, progress)
        : await runManifestNode(run, node, progress);
    return {
      result: resultOf(run, node, progress, done),
      ...(progress.compiled ? { compiled: progress.compiled } : {}),
    };
  } catch (error) {
    const failed = asTemplateError(error);
    if (progress.seed) nameSeedLine(failed, progress.seed);
    const path =
      node.resource_type === 'unit_test'
        ? undefined
        : run.compiler.project.origins.get(node.unique_id)?.raw?.file.path;
    const place = errorPlace(failed, path);
    const related = macroPlaces(failed, place);
    const result = resultOf(run, node, progress, {
      status: 'error',
      message: errorMessage(failed, node, progress.runPath),
      failures: null,
      response: {},
    });
    return {
      result,
      ...(place ? { place } : {}),
      ...(related.length > 0 ? { related } : {}),
      ...(failed.kind === 'cancelled' ? { stopped: true } : {}),
      ...(progress.compiled ? { compiled: progress.compiled } : {}),
    };
  } finally {
    await run.access.rollback().catch(() => undefined);
  }
}

/** Our own bugs pass through; what the world or a template refuses is the node's error. */
function asTemplateError(error: unknown): TemplateError {
  if (error instanceof TemplateError) return error;
  if (error instanceof FailureError) {
    if (error.failure.kind === 'cancelled')
      return new TemplateError('cancelled', 'DbtRuntimeError', error.message, { cause: error });
    return new TemplateError('database', 'DbtDatabaseError', error.message, { cause: error });
  }
  throw error;
}

interface Progress {
  readonly startedAt: number;
  compiledAt: number | null;
  compiled: Compiled | undefined;
  runPath: string | null;
  seed: LoadedSeed | undefined;
}

interface Done {
  readonly status: NodeStatus;
  readonly message: string | null;
  readonly failures: number | null;
  readonly response: Record<string, unknown>;
  readonly batchResults?: BatchResults;
  readonly difference?: RowDifference;
}

function resultOf(
  run: NodeRun,
  node: ManifestNode | UnitTestNode,
  progress: Progress,
  done: Done,
): NodeResult {
  const completedAt = run.surroundings.now();
  const { compiled } = progress;
  const code = compiled ? plain(compiled.code) : null;
  return {
    uniqueId: node.unique_id,
    status: done.status,
    timing: [
      { name: 'compile', startedAt: progress.startedAt, completedAt: progress.compiledAt ?? completedAt },
      ...(progress.compiledAt === null
        ? []
        : [{ name: 'execute' as const, startedAt: progress.compiledAt, completedAt }]),
    ],
    threadId: run.threadId,
    executionTime: (completedAt - progress.startedAt) / 1000,
    adapterResponse: done.response,
    message: done.message,
    failures: done.failures,
    compiled: node.resource_type === 'seed' ? null : code !== null,
    compiledCode: node.resource_type === 'seed' ? null : code,
    relationName: node.resource_type === 'unit_test' ? null : node.relation_name,
    ...(done.batchResults ? { batchResults: done.batchResults } : {}),
    ...(done.difference ? { difference: done.difference } : {}),
  };
}

function plain(code: string | CapturedText): string {
  return typeof code === 'string' ? code : code.text;
}

async function runManifestNode(run: NodeRun, node: ManifestNode, progress: Progress): Promise<Done> {
  if (run.purpose === 'clone') return cloneNode(run, node, progress);
  if (run.purpose === 'build' && isMicrobatch(node) && usesBatches(run.compiler.project.world))
    return microbatchNode(run, node, progress);
  if (node.resource_type !== 'seed') {
    progress.compiled = await compileNode(run.compiler, node);
    await writeCompiled(run, node, progress.compiled);
  }
  progress.compiledAt = run.surroundings.now();
  const isBuilt =
    run.purpose === 'build' && node.resource_type !== 'analysis' && node.config.materialized !== 'ephemeral';
  if (!isBuilt) return { status: 'success', message: null, failures: null, response: {} };
  const running = materializationContext(run, node, progress);
  const value = await materialize(run, node, running);
  if (node.resource_type === 'test') return testDone(run, node, running);
  rememberRelations(run, node, value);
  return builtDone(running);
}

async function microbatchNode(run: NodeRun, node: ManifestNode, progress: Progress): Promise<Done> {
  progress.compiledAt = run.surroundings.now();
  const { settings } = run.compiler.project.input;
  const relation = await run.access.relations.find(node.database, node.schema, node.alias);
  const previous = run.retried?.batches.get(node.unique_id);
  const results = await runBatches({
    node,
    flags: settings.flags,
    now: run.retried?.startedAt ?? settings.startedAt,
    previous,
    existing: relation?.type ?? null,
    build: (variant) => buildBatch(run, variant),
    onFailure: (batch, error) => {
      const text = `batch ${batch} of ${node.name}: ${errorMessage(error, node, null)}`;
      run.compiler.onMessage({ level: 'warning', text, uniqueId: node.unique_id });
    },
  });
  const done = results.successful.length;
  const left = results.failed.length;
  const [status, message]: readonly [NodeStatus, string] =
    left === 0
      ? ['success', 'SUCCESS']
      : done === 0
        ? ['error', 'ERROR']
        : ['partial success', `PARTIAL SUCCESS (${String(done)}/${String(done + left)})`];
  // What an earlier run built counts for the next retry, not for the status of this one.
  const successful = [...results.successful, ...(previous?.successful ?? [])];
  return { status, message, failures: 0, response: {}, batchResults: { ...results, successful } };
}

async function buildBatch(run: NodeRun, variant: BatchVariant): Promise<void> {
  const { node } = variant;
  const batchRun: NodeRun = {
    ...run,
    compiler: {
      ...run.compiler,
      eventTimeFilter: (target, reader) => (reader === node ? eventTimeFilter(target, variant.span) : null),
    },
  };
  const progress: Progress = {
    startedAt: run.surroundings.now(),
    compiledAt: null,
    compiled: undefined,
    runPath: null,
    seed: undefined,
  };
  try {
    progress.compiled = await compileNode(batchRun.compiler, node);
    await writeCompiled(run, node, progress.compiled, variant.name);
    const running = materializationContext(batchRun, node, progress, variant);
    rememberRelations(run, node, await materialize(run, node, running));
    // A materialization that ran no statement has built nothing.
    builtDone(running);
  } catch (error) {
    throw asTemplateError(error);
  } finally {
    await run.access.rollback();
  }
}

/** Views and tables as copies of the deferred relation; what stands there already is left alone. */
async function cloneNode(run: NodeRun, node: ManifestNode, progress: Progress): Promise<Done> {
  progress.compiledAt = run.surroundings.now();
  const other = run.compiler.deferred?.get(node.unique_id);
  progress.compiled = other
    ? { node, code: `select * from ${other.render()}`, own: '', ctes: [] }
    : undefined;
  const running = materializationContext(run, node, progress);
  rememberRelations(run, node, await materialize(run, node, running, 'clone'));
  const main = running.results.get('main');
  if (!main) return { status: 'success', message: 'No-op', failures: null, response: {} };
  return builtDone(running);
}

/** The ephemeral models that it reads are written too, as nobody else may compile them. */
async function writeCompiled(
  run: NodeRun,
  node: ManifestNode,
  compiled: Compiled,
  batch?: string,
): Promise<void> {
  run.surroundings.writeTarget(targetPath('compiled', node, batch), plain(compiled.code));
  for (const { id } of compiled.ctes) {
    const ephemeral = await run.compiler.ephemeral.get(id);
    if (ephemeral)
      run.surroundings.writeTarget(targetPath('compiled', ephemeral.node), plain(ephemeral.code));
  }
}

/** `compiled/<package>/<file>[/<name>.sql]`, as dbt lays its target folder out; the batches of a model have a folder of their own. */
export function targetPath(kind: 'compiled' | 'run', node: ManifestNode, batch?: string): string {
  const base = `${kind}/${node.package_name}/${node.original_file_path}`;
  const fileName = node.path.split('/').at(-1) ?? '';
  const below = node.config.materialized === 'unit' ? node.path : fileName;
  const whole = node.original_file_path.endsWith(fileName) ? base : `${base}/${below}`;
  if (batch === undefined) return whole;
  return whole.replace(/([^/]*)(\.[^./]*)$/, (_, name: string, extension: string) => {
    return `${name}/${name}_${batch}${extension}`;
  });
}

function materializationContext(
  run: NodeRun,
  node: ManifestNode,
  progress: Progress,
  variant?: BatchVariant,
): RunningNode {
  const code = progress.compiled?.code ?? null;
  const members: Members = {
    sql: () => code,
    compiled_code: () => code,
    // Templates read the compiled code off the model too.
    model: () => {
      const dict = modelDict(node);
      if (code !== null) dict.set('compiled_code', code).set('compiled', true);
      return dict;
    },
    write: () =>
      define('write', 'payload', (args) => {
        const path = targetPath('run', node, variant?.name);
        progress.runPath = `${run.compiler.project.world.root.targetPath}/${path}`;
        run.surroundings.writeTarget(path, str(args.value('payload')));
        return '';
      }),
    load_agate_table: () => define('load_agate_table', '', () => loadSeed(run, node, progress)),
    defer_relation: () => run.compiler.deferred?.get(node.unique_id) ?? null,
  };
  return runningContext(run.compiler, node, members, variant?.macroOverrides);
}

async function loadSeed(run: NodeRun, node: ManifestNode, progress: Progress): Promise<Value> {
  const file = run.compiler.project.origins.get(node.unique_id)?.raw?.file;
  if (!file)
    throw new TemplateError(
      'compilation',
      'LoadAgateTableNotSeedError',
      `can only load_agate_table for seeds (got a ${node.resource_type})`,
    );
  const text = file.isLarge ? await run.surroundings.readSeed(file.path) : file.text;
  const types = isConfig(node.config.column_types) ? Object.keys(node.config.column_types) : [];
  const delimiter = typeof node.config.delimiter === 'string' ? node.config.delimiter : ',';
  progress.seed = { path: file.path, text, delimiter };
  try {
    return tableFromCsv(text, { delimiter, textColumns: new Set(types) });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new TemplateError(
      'compilation',
      'DbtRuntimeError',
      `${file.path}:${String(error.line)}: ${error.message}`,
    );
  }
}

async function materialize(
  run: NodeRun,
  node: ManifestNode,
  running: RunningNode,
  name = String(node.config.materialized),
): Promise<Value> {
  const { project } = run.compiler;
  const macro = findMaterialization(
    project.world.macros,
    name,
    project.world.root.flags.require_explicit_package_overrides_for_builtin_materializations === false
      ? 'may-replace'
      : 'may-add',
  );
  if (!macro)
    throw new TemplateError(
      'compilation',
      'MissingMaterializationError',
      `No materialization '${name}' was found for adapter postgres! (searched types 'default' and 'postgres')`,
    );
  const languages = macro.node.supported_languages ?? ['sql'];
  if (!languages.includes(node.language)) {
    throw new TemplateError(
      'compilation',
      'DbtValidationError',
      `Materialization "${macro.node.name}" only supports languages [${languages.map((language) => `'${language}'`).join(', ')}]; got "${node.language}"`,
    );
  }
  return callValue(running.scope.bind(macro), noArguments);
}

/** A materialization says which relations it made, for the cache. */
function rememberRelations(run: NodeRun, node: ManifestNode, value: Value): void {
  const relations = value instanceof Dict ? value.get('relations') : undefined;
  if (!Array.isArray(relations)) {
    const found =
      value instanceof Dict ? 'a dict without relations' : str(value).trim() === '' ? 'text' : str(value);
    throw new TemplateError(
      'compilation',
      'CompilationError',
      typeof value === 'string' || value instanceof CapturedText
        ? `The materialization ("${String(node.config.materialized)}") did not explicitly return a list of relations to add to the cache.`
        : `Invalid return value from materialization, expected a dict with key "relations", got: ${found}`,
    );
  }
  for (const relation of relations) if (relation instanceof Relation) run.access.relations.added(relation);
}

function builtDone(running: RunningNode): Done {
  const main = running.results.get('main');
  if (!main)
    throw new TemplateError(
      'compilation',
      'DbtRuntimeError',
      'main is not being called during running model',
    );
  const { response } = main;
  return {
    status: 'success',
    message: str(response),
    failures: null,
    response: response instanceof AdapterResponse ? response.toJson() : {},
  };
}

/** The test's one row says how many rows fail and what that means; severity decides the status. */
function testDone(run: NodeRun, node: ManifestNode, running: RunningNode): Done {
  const main = running.results.get('main');
  const row = main?.table.rowValues()[0];
  if (!main || !row || main.table.rowValues().length !== 1) {
    throw new TemplateError(
      'compilation',
      'DbtInternalError',
      `dbt internally failed to execute ${node.unique_id}: expected 1 row`,
    );
  }
  const cell = (name: string): Value =>
    row[main.table.columnNames.findIndex((column) => column.toLowerCase() === name)] ?? null;
  const failures = Number(toJs(cell('failures')) ?? 0);
  const { flags } = run.compiler.project.input.settings;
  const results = `${String(failures)} result${failures === 1 ? '' : 's'}`;
  const response = main.response instanceof AdapterResponse ? main.response.toJson() : {};
  if (String(node.config.severity).toUpperCase() === 'ERROR' && truthy(cell('should_error'))) {
    return {
      status: 'fail',
      failures,
      response,
      message: `Got ${results}, configured to fail if ${String(node.config.error_if)}`,
    };
  }
  if (truthy(cell('should_warn'))) {
    const message = `Got ${results}, configured to ${flags.warnError ? 'fail' : 'warn'} if ${String(node.config.warn_if)}`;
    return { status: flags.warnError ? 'fail' : 'warn', failures, response, message };
  }
  return { status: 'pass', failures: 0, response, message: null };
}

async function runUnitTest(run: NodeRun, test: UnitTestNode, progress: Progress): Promise<Done> {
  const { node, compiled, fixtures } = await unitTestCode(run.compiler, test);
  progress.compiled = compiled;
  await writeCompiled(run, node, compiled);
  for (const { name, sql } of fixtures)
    run.surroundings.writeTarget(targetPath('compiled', { ...node, path: `${name}.sql` }), plain(sql));
  progress.compiledAt = run.surroundings.now();
  if (run.purpose === 'compile') return { status: 'success', message: null, failures: null, response: {} };
  const running = materializationContext(run, node, progress);
  await materialize(run, node, running);
  const main = running.results.get('main');
  if (!main || !(main.table instanceof AgateTable))
    throw new TemplateError(
      'compilation',
      'DbtInternalError',
      `the unit test ${test.name} gave no rows to compare`,
    );
  const difference = unitTestDifference(main.table);
  const response = main.response instanceof AdapterResponse ? main.response.toJson() : {};
  if (difference === null) return { status: 'pass', message: null, failures: 0, response };
  return {
    status: 'fail',
    message: `\n\nactual differs from expected:\n\n${difference.drawn}\n`,
    failures: 1,
    response,
    difference: difference.rows,
  };
}
