/** Runs a plan: the only code that changes a warehouse. Events come as things happen; aborting reaches the server. */

import { FailureError } from '../base/failure.ts';
import { callValue, noArguments, str, TemplateError, type Value } from '../jinja/index.ts';
import { runningContext, type Compiler } from '../project/compile.ts';
import { relationsOf } from '../project/context/adapter/relations.ts';
import { AgateTable } from '../project/context/agate/index.ts';
import { projectQuoting } from '../project/context/world.ts';
import { Relation } from '../project/context/relation.ts';
import { isEphemeral, type ManifestNode, type UnitTestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import type { Session, Warehouse } from '../warehouse/port.ts';
import { Channel } from './channel.ts';
import type { RunEvent } from './events.ts';
import { runHooks } from './hooks.ts';
import { describeNode, type Plan } from './plan.ts';
import { queryComment } from './query-comment.ts';
import { RelationCache } from './relation-cache.ts';
import type { NodeResult, RetriedRun } from './results.ts';
import { placesOf, runNode, type NodeOutcome, type Surroundings } from './run-node.ts';
import { SessionAccess } from './session-access.ts';
import { systemNode } from './system-node.ts';

export interface ExecuteOptions {
  readonly project: Project;
  readonly plan: Plan;
  readonly warehouse: Warehouse;
  readonly surroundings: Surroundings;
  readonly signal: AbortSignal;
  readonly deferred?: ReadonlyMap<string, Relation>;
  readonly retried?: RetriedRun;
}

/** Yields events until the run is over; the last is `run-finished` with every result, of nodes that never started too. */
export function execute(options: ExecuteOptions): AsyncIterable<RunEvent> {
  const channel = new Channel<RunEvent>();
  const run = new Run(options, (event) => {
    channel.push(event);
  });
  run.start().then(
    () => {
      channel.close();
    },
    (error: unknown) => {
      channel.fail(error);
    },
  );
  return channel;
}

const STOPPED_BY: readonly string[] = ['error', 'fail', 'skipped', 'partial success', 'runtime error'];

class Run {
  readonly #options: ExecuteOptions;
  readonly #emit: (event: RunEvent) => void;
  readonly #cache = new RelationCache();
  readonly #sessions = new Set<Session>();
  readonly #idle: SessionAccess[] = [];
  readonly #results: NodeResult[] = [];
  readonly #compiler: Omit<Compiler, 'access'>;
  #startedCount = 0;
  #hasFailedFast = false;

  constructor(options: ExecuteOptions, emit: (event: RunEvent) => void) {
    this.#options = options;
    this.#emit = emit;
    this.#compiler = {
      project: options.project,
      onMessage: (message) => {
        emit({ kind: 'message', ...message });
      },
      selected: options.plan.nodes,
      ephemeral: new Map(),
      ...(options.deferred ? { deferred: options.deferred } : {}),
    };
  }

  async start(): Promise<void> {
    const { project, plan, surroundings, signal } = this.#options;
    const startedAt = surroundings.now();
    const { target } = project.input.settings;
    const onAbort = (): void => {
      this.#hasFailedFast = true;
      for (const session of this.#sessions) void session.cancel();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#emit({
      kind: 'run-started',
      total: plan.nodes.length,
      threads: target.threads,
      target: target.name,
    });
    try {
      await this.#prepare();
      const hooksPass = await this.#hooks('on-run-start');
      const isSkipping = project.world.root.flags.skip_nodes_if_on_run_start_fails === true;
      await this.#runGraph(hooksPass || !isSkipping);
      await this.#hooks('on-run-end');
    } finally {
      signal.removeEventListener('abort', onAbort);
      await Promise.all([...this.#sessions].map((session) => session.close()));
    }
    this.#emit({
      kind: 'run-finished',
      results: this.#results,
      elapsed: (surroundings.now() - startedAt) / 1000,
    });
  }

  async #acquire(): Promise<SessionAccess> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    const session = await this.#options.warehouse.open('grainline');
    this.#sessions.add(session);
    const access: SessionAccess = new SessionAccess(
      session,
      this.#cache.through((database, schema) => this.#listRelations(access, database, schema)),
      (sql) => ({ text: sql, moved: 0 }),
      () => undefined,
    );
    return access;
  }

  #release(access: SessionAccess): void {
    this.#idle.push(access);
  }

  async #withSession<T>(work: (access: SessionAccess) => Promise<T>): Promise<T> {
    const access = await this.#acquire();
    try {
      return await work(access);
    } finally {
      await access.rollback().catch(() => undefined);
      this.#release(access);
    }
  }

  /** Creates the schemas that are missing and reads what stands in them. */
  async #prepare(): Promise<void> {
    const { project, plan } = this.#options;
    if (!plan.needsSchemas) return;
    const schemas = new Map<string, Relation>();
    for (const id of plan.nodes) {
      const node = project.manifest.nodes.get(id);
      if (!node || !buildsRelation(node)) continue;
      schemas.set(`${node.database}.${node.schema}`.toLowerCase(), schemaRelation(project, node));
    }
    await this.#withSession(async (access) => {
      const context = this.#systemContext(access);
      const existing = await callMacro(context.find, 'list_schemas', [
        this.#options.project.input.settings.target.database,
      ]);
      const known = new Set(
        existing instanceof AgateTable
          ? existing.rowValues().map((row) => str(row[0] ?? '').toLowerCase())
          : [],
      );
      for (const schema of schemas.values()) {
        if (known.has((schema.schema ?? '').toLowerCase())) continue;
        await callMacro(context.find, 'create_schema', [schema]);
        await access.commit();
      }
      for (const schema of this.#schemasToRead()) {
        const isThere = known.has((schema.schema ?? '').toLowerCase());
        this.#cache.fill(
          schema.schema ?? '',
          isThere ? await this.#listRelations(access, schema.database ?? '', schema.schema ?? '') : [],
        );
      }
      await this.#linkViews(context.find);
    });
  }

  /** Schemas of the nodes of the project: `get_relation` must know them all. */
  #schemasToRead(): Relation[] {
    const { project, plan } = this.#options;
    const schemas = new Map<string, Relation>();
    const ids = new Set(plan.nodes.flatMap((id) => [id, ...(project.graph.parents.get(id) ?? [])]));
    for (const id of ids) {
      const node = project.manifest.nodes.get(id);
      if (node && buildsRelation(node)) schemas.set(node.schema.toLowerCase(), schemaRelation(project, node));
    }
    return [...schemas.values()];
  }

  async #linkViews(find: (name: string) => Value | undefined): Promise<void> {
    const links = await callMacro(find, 'postgres__get_relations', []);
    if (!(links instanceof AgateTable)) return;
    for (const [schema, name, referencedSchema, referencedName] of links.rowValues()) {
      this.#cache.link(
        { schema: str(referencedSchema ?? ''), name: str(referencedName ?? '') },
        { schema: str(schema ?? ''), name: str(name ?? '') },
      );
    }
  }

  async #listRelations(
    access: SessionAccess,
    database: string,
    schema: string,
  ): Promise<readonly Relation[]> {
    const { find } = this.#systemContext(access);
    const relation = new Relation({
      database,
      schema,
      quotePolicy: projectQuoting(this.#options.project.world),
    });
    const table = await callMacro(find, 'list_relations_without_caching', [relation]);
    return relationsOf(table).filter((item) => item instanceof Relation);
  }

  /** Macros that the engine calls on its own behalf see an operation's context. */
  #systemContext(access: SessionAccess): { readonly find: (name: string) => Value | undefined } {
    const { project } = this.#options;
    const running = runningContext({ ...this.#compiler, access }, systemNode(project));
    access.setComment(queryComment(project, { connection: 'master' }, this.#compiler.onMessage));
    return { find: (name) => running.scope.find(name) };
  }

  async #hooks(point: 'on-run-start' | 'on-run-end'): Promise<boolean> {
    const { project, plan, surroundings } = this.#options;
    if (!plan.runsHooks) return true;
    const hooks = [...project.manifest.nodes.values()].filter(
      (node) => node.resource_type === 'operation' && node.tags.includes(point),
    );
    if (hooks.length === 0) return true;
    return this.#withSession(async (access) => {
      const results = await runHooks({
        hooks,
        compiler: { ...this.#compiler, access },
        access,
        surroundings,
        point,
        results: this.#results,
        emit: this.#emit,
      });
      this.#results.push(...results);
      return results.every((result) => result.status === 'success');
    });
  }

  /** Runs what is ready on as many sessions as there are threads; a failure skips what hangs on it. */
  async #runGraph(hooksPass: boolean): Promise<void> {
    const { project, plan } = this.#options;
    const children = childrenOf(plan);
    const waiting = new Map(plan.steps.map((step) => [step.id, new Set(step.waitsFor)]));
    const skipped = new Map<string, NodeResult | null>();
    const running = new Set<Promise<void>>();
    const ready = plan.nodes.filter((id) => waiting.get(id)?.size === 0);
    const { threads } = project.input.settings.target;
    const finish = (id: string): void => {
      for (const child of children.get(id) ?? []) {
        const left = waiting.get(child);
        if (left?.delete(id) && left.size === 0) ready.push(child);
      }
    };
    while (ready.length > 0 || running.size > 0) {
      while (ready.length > 0 && running.size < threads) {
        const id = ready.shift() ?? '';
        if (!hooksPass || this.#hasFailedFast || skipped.has(id)) {
          this.#skip(id, skipped.get(id) ?? null);
          if (plan.command === 'build') markSkipped(children, id, skipped, null);
          finish(id);
          continue;
        }
        const task = this.#runOne(id).then((outcome) => {
          if (outcome) this.#settle(id, outcome, children, skipped);
          finish(id);
        });
        const tracked: Promise<void> = task.finally(() => running.delete(tracked));
        running.add(tracked);
      }
      if (running.size > 0) await Promise.race(running);
    }
  }

  #settle(
    id: string,
    outcome: NodeOutcome,
    children: Children,
    skipped: Map<string, NodeResult | null>,
  ): void {
    const { plan, project } = this.#options;
    const { result } = outcome;
    const node = project.manifest.nodes.get(id);
    const hidden = node !== undefined && isEphemeral(node);
    if (!hidden) this.#results.push(result);
    const stops =
      plan.command === 'build'
        ? STOPPED_BY.includes(result.status)
        : result.status === 'error' || result.status === 'partial success';
    if (stops) markSkipped(children, id, skipped, hidden ? result : null);
    if (project.input.settings.flags.failFast && ['error', 'fail'].includes(result.status))
      this.#hasFailedFast = true;
  }

  async #runOne(id: string): Promise<NodeOutcome | undefined> {
    const { project, plan, surroundings, signal } = this.#options;
    const node: ManifestNode | UnitTestNode | undefined =
      project.manifest.nodes.get(id) ?? project.manifest.unitTests.get(id);
    if (!node) return this.#passOver(id);
    const isShown = !(node.resource_type === 'model' && isEphemeral(node));
    const index = isShown ? ++this.#startedCount : 0;
    const total = plan.shownCount;
    const description = describeNode(node);
    if (isShown) this.#emit({ kind: 'node-started', uniqueId: id, index, total, description });
    let access: SessionAccess;
    try {
      access = await this.#acquire();
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      return this.#report(
        failedToConnect(node, error, surroundings.now()),
        index,
        total,
        description,
        isShown,
      );
    }
    const purpose =
      plan.command === 'clone'
        ? 'clone'
        : plan.command === 'compile' || plan.command === 'generate'
          ? 'compile'
          : 'build';
    const outcome = await runNode(
      {
        compiler: { ...this.#compiler, access },
        access,
        surroundings,
        threadId: `Thread-${String(this.#idle.length + 1)}`,
        purpose,
        ...(this.#options.retried ? { retried: this.#options.retried } : {}),
      },
      node,
    );
    if (outcome.result.status === 'error' && signal.aborted) {
      this.#release(access);
      return this.#report(
        { ...outcome, result: { ...outcome.result, message: outcome.result.message ?? 'cancelled' } },
        index,
        total,
        description,
        isShown,
      );
    }
    this.#release(access);
    return this.#report(outcome, index, total, description, isShown);
  }

  /** Exposures and saved queries have a place in a build but nothing to run. */
  #passOver(id: string): NodeOutcome {
    const { plan } = this.#options;
    const result: NodeResult = {
      uniqueId: id,
      status: 'no-op',
      timing: [],
      threadId: 'main',
      executionTime: 0,
      adapterResponse: {},
      message: 'NO-OP',
      failures: 0,
      compiled: null,
      compiledCode: null,
      relationName: null,
    };
    return this.#report({ result }, ++this.#startedCount, plan.shownCount, describeId(id), true);
  }

  #report(
    outcome: NodeOutcome,
    index: number,
    total: number,
    description: string,
    isShown: boolean,
  ): NodeOutcome {
    const { result } = outcome;
    if (isShown || result.status === 'error') {
      this.#emit({ kind: 'node-finished', result, index, total, description, ...placesOf(outcome) });
    }
    return outcome;
  }

  #skip(id: string, cause: NodeResult | null): void {
    const { project, plan } = this.#options;
    const node = project.manifest.nodes.get(id) ?? project.manifest.unitTests.get(id);
    if (node?.resource_type === 'model' && isEphemeral(node)) return;
    const message = this.#hasFailedFast
      ? 'Skipping due to fail_fast'
      : cause === null
        ? null
        : `Compilation Error in ${id}, caused by compilation error in referenced ephemeral model ${cause.uniqueId}`;
    const result: NodeResult = {
      uniqueId: id,
      status: 'skipped',
      timing: [],
      threadId: 'main',
      executionTime: 0,
      adapterResponse: {},
      message,
      failures: null,
      compiled: !node || node.resource_type === 'seed' ? null : false,
      compiledCode: null,
      relationName: !node || node.resource_type === 'unit_test' ? null : node.relation_name,
    };
    this.#results.push(result);
    this.#emit({
      kind: 'node-finished',
      result,
      index: ++this.#startedCount,
      total: plan.shownCount,
      description: node ? describeNode(node) : describeId(id),
    });
  }
}

/** `exposure weekly_report` of the id of what has nothing to run. */
function describeId(id: string): string {
  const [kind = '', , name = ''] = id.split('.');
  return `${kind} ${name}`;
}

function buildsRelation(node: ManifestNode): boolean {
  if (node.resource_type === 'test') return node.relation_name !== null;
  return ['model', 'seed', 'snapshot'].includes(node.resource_type) && !isEphemeral(node);
}

function schemaRelation(project: Project, node: ManifestNode): Relation {
  const quotePolicy = projectQuoting(project.world);
  return new Relation({
    database: node.database,
    schema: node.schema,
    quotePolicy,
    includePolicy: { database: true, schema: true, identifier: false },
  });
}

type Children = ReadonlyMap<string, readonly string[]>;

function childrenOf(plan: Plan): Children {
  const children = new Map<string, string[]>();
  for (const { id, waitsFor } of plan.steps) {
    for (const parent of waitsFor) {
      const known = children.get(parent);
      if (known) known.push(id);
      else children.set(parent, [id]);
    }
  }
  return children;
}

function markSkipped(
  children: Children,
  id: string,
  skipped: Map<string, NodeResult | null>,
  cause: NodeResult | null,
): void {
  for (const child of children.get(id) ?? []) {
    if (skipped.has(child)) continue;
    skipped.set(child, cause);
    if (cause === null) markSkipped(children, child, skipped, null);
  }
}

async function callMacro(
  find: (name: string) => Value | undefined,
  name: string,
  positional: readonly Value[],
): Promise<Value> {
  const macro = find(name);
  if (macro === undefined)
    throw new TemplateError(
      'compilation',
      'DbtRuntimeError',
      `dbt could not find a macro with the name '${name}' in any package`,
    );
  return callValue(macro, { positional, keyword: noArguments.keyword });
}

function failedToConnect(node: ManifestNode | UnitTestNode, error: FailureError, now: number): NodeOutcome {
  return {
    result: {
      uniqueId: node.unique_id,
      status: 'error',
      timing: [],
      threadId: 'main',
      executionTime: 0,
      adapterResponse: {},
      message: `Database Error in ${node.resource_type} ${node.name} (${node.original_file_path})\n  ${error.message}`,
      failures: null,
      compiled: false,
      compiledCode: null,
      relationName: null,
    },
    ...(now < 0 ? {} : {}),
  };
}
