/** The runs of this session: one at a time for a project, each followed event by event, with what is remembered of the last result of each resource. */

import { randomUUID } from 'node:crypto';
import { FailureError } from '../base/failure.ts';
import { UsageError } from '../cli/arguments.ts';
import { ProjectErrors } from '../cli/open-project.ts';
import { TemplateError } from '../jinja/index.ts';
import { UnreadableFile } from '../workspace/disk.ts';
import { RefusedError } from './refusal.ts';
import type { ProjectHost } from './project-host.ts';
import type {
  LogLine,
  NodeStatus,
  Notify,
  RunNews,
  RunNode,
  RunOrder,
  RunView,
  TaskOrder,
  TestOutcome,
} from './protocol.ts';
import { runProject } from './project-run.ts';
import { lastRunOnDisk } from './past-run.ts';
import { commandOf, runTask } from './task.ts';

/** What a run tells its view; the rest of a RunView does not change. */
export type RunUpdate = Pick<RunNews, 'nodes' | 'log'>;

export type Tell = (update: RunUpdate) => void;

export interface RunsEvents {
  /** A run began or is being stopped. */
  changed(host: ProjectHost): void;
  /** A run ended: relations, results and rows may be other ones. */
  finished(host: ProjectHost): void;
}

interface Run {
  readonly host: ProjectHost;
  /** Without its nodes and lines: these come one by one, by the thousand. */
  view: RunView;
  readonly nodes: Map<string, RunNode>;
  readonly log: LogLine[];
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/** Kept to look back at. */
const KEPT_RUNS = 20;
const KEPT_SQL = 3;
const KEPT_LINES = 5000;

export class Runs {
  readonly #notify: Notify;
  readonly #events: RunsEvents;
  readonly #runs: Run[] = [];
  readonly #outcomes = new WeakMap<ProjectHost, Map<string, TestOutcome>>();

  constructor(notify: Notify, events: RunsEvents) {
    this.#notify = notify;
    this.#events = events;
  }

  startRun(host: ProjectHost, order: RunOrder): string {
    const select = order.select.length > 0 ? ` --select ${order.select.join(' ')}` : '';
    const title = `grainline ${order.command}${select}${order.fullRefresh ? ' --full-refresh' : ''}`;
    return this.#start(host, 'run', title, order, (tell, signal) => runProject(host, order, tell, signal));
  }

  startTask(host: ProjectHost, order: TaskOrder): string {
    const title = `grainline ${commandOf(order).join(' ')}`;
    return this.#start(host, 'task', title, order, (tell, signal) => runTask(host, order, tell, signal));
  }

  /** Asks the run to stop, on the server too. */
  cancel(runId: string): void {
    const run = this.#runs.find(({ view }) => view.runId === runId);
    if (run?.view.state !== 'running') return;
    this.#update(run, { state: 'cancelling' });
    run.controller.abort();
    this.#events.changed(run.host);
  }

  runningIn(host: ProjectHost): { readonly runId: string; readonly title: string } | null {
    const run = this.#runs.find((candidate) => candidate.host === host && candidate.view.endedAt === null);
    return run ? { runId: run.view.runId, title: run.view.title } : null;
  }

  /** Newest first; what a terminal left in target/ comes last. */
  viewsOf(host: ProjectHost): readonly RunView[] {
    const own = this.#runs.filter((run) => run.host === host).map(wholeView);
    if (own.some(({ kind }) => kind === 'run')) return own;
    const past = lastRunOnDisk(host);
    return past ? [...own, past] : own;
  }

  /** The last result of each resource, by unique id. */
  outcomesOf(host: ProjectHost): ReadonlyMap<string, TestOutcome> {
    let known = this.#outcomes.get(host);
    if (!known) {
      known = new Map();
      const past = lastRunOnDisk(host);
      if (past) for (const node of past.nodes) remember(known, node, past.endedAt ?? past.startedAt);
      this.#outcomes.set(host, known);
    }
    return known;
  }

  async stopIn(host: ProjectHost): Promise<void> {
    const runs = this.#runs.filter((run) => run.host === host && run.view.endedAt === null);
    for (const { view } of runs) this.cancel(view.runId);
    await Promise.all(runs.map(({ done }) => done));
  }

  async stopAll(): Promise<void> {
    await Promise.all([...new Set(this.#runs.map(({ host }) => host))].map((host) => this.stopIn(host)));
  }

  #start(
    host: ProjectHost,
    kind: RunView['kind'],
    title: string,
    order: RunOrder | TaskOrder,
    work: (tell: Tell, signal: AbortSignal) => Promise<'done' | 'failed'>,
  ): string {
    const running = this.runningIn(host);
    if (running)
      throw new RefusedError(`"${running.title}" is still running: wait for it, or stop it first.`);
    const controller = new AbortController();
    const { survey } = host;
    const view: RunView = {
      runId: randomUUID(),
      folder: host.uri,
      title,
      kind,
      order,
      state: 'running',
      target: survey?.hasTarget ? survey.settings.target.name : null,
      threads: survey?.settings.target.threads ?? 1,
      startedAt: Date.now(),
      endedAt: null,
      nodes: [],
      log: [],
    };
    let settle = (): void => undefined;
    const done = new Promise<void>((resolve) => (settle = resolve));
    const run: Run = { host, view, nodes: new Map(), log: [], controller, done };
    this.#runs.unshift(run);
    this.#forget();
    this.#notify('grainline/run', { runId: view.runId, folder: host.uri, begun: view });
    this.#events.changed(host);
    void this.#follow(run, work).finally(settle);
    return view.runId;
  }

  async #follow(
    run: Run,
    work: (tell: Tell, signal: AbortSignal) => Promise<'done' | 'failed'>,
  ): Promise<void> {
    const { signal } = run.controller;
    // The answer to the request goes first.
    await new Promise((resolve) => setImmediate(resolve));
    let state: RunView['state'];
    try {
      state = await work((update) => {
        this.#update(run, update);
      }, signal);
    } catch (error) {
      state = 'failed';
      this.#update(run, { log: wordsOf(error).map((text) => line('error', text)) });
    }
    const endedAt = Date.now();
    const outcomes = this.outcomesOf(run.host) as Map<string, TestOutcome>;
    this.#update(run, {
      state: signal.aborted ? 'cancelled' : state,
      endedAt,
      ...(signal.aborted ? { nodes: notBegun(run) } : {}),
    });
    for (const node of run.nodes.values()) remember(outcomes, node, endedAt);
    this.#events.finished(run.host);
  }

  /** What goes on is kept, however much began after it; the SQL of all nodes is large, and looked at in the last runs. */
  #forget(): void {
    const ended = this.#runs.filter(({ view }) => view.endedAt !== null);
    for (const run of ended.slice(KEPT_SQL))
      for (const [id, node] of run.nodes) run.nodes.set(id, { ...node, compiledSql: null });
    for (const run of ended.slice(KEPT_RUNS)) this.#runs.splice(this.#runs.indexOf(run), 1);
  }

  #update(run: Run, news: Omit<RunNews, 'runId' | 'folder'>): void {
    const { nodes = [], log = [], ...fields } = news;
    run.view = { ...run.view, ...fields };
    for (const node of nodes) run.nodes.set(node.uniqueId, node);
    run.log.push(...log);
    if (run.log.length > 2 * KEPT_LINES) run.log.splice(0, run.log.length - KEPT_LINES);
    this.#notify('grainline/run', { runId: run.view.runId, folder: run.host.uri, ...news });
  }
}

function wholeView({ view, nodes, log }: Run): RunView {
  return { ...view, nodes: [...nodes.values()], log: log.slice(-KEPT_LINES) };
}

export function line(level: LogLine['level'], text: string): LogLine {
  return { at: Date.now(), level, text };
}

function wordsOf(error: unknown): readonly string[] {
  if (error instanceof ProjectErrors) return error.diagnostics.map(({ message }) => message);
  const isRefusal = [FailureError, UsageError, RefusedError, TemplateError, UnreadableFile].some(
    (kind) => error instanceof kind,
  );
  if (isRefusal && error instanceof Error) return [error.message];
  return [`The run failed by a fault of Grainline's: ${String(error)}`];
}

const UNFINISHED: ReadonlySet<RunNode['status']> = new Set(['queued', 'running']);

/** What a run that was stopped has left undone. */
function notBegun({ nodes }: Run): readonly RunNode[] {
  return [...nodes.values()].flatMap((node) =>
    UNFINISHED.has(node.status) ? [{ ...node, status: 'skipped', message: 'Stopped.' }] : [],
  );
}

function remember(outcomes: Map<string, TestOutcome>, node: RunNode, at: number): void {
  if (UNFINISHED.has(node.status) || node.status === 'skipped') return;
  outcomes.set(node.uniqueId, {
    status: node.status as NodeStatus,
    message: node.message,
    failures: node.type === 'test' || node.type === 'unit_test' ? node.rows : null,
    time: node.startedAt !== null && node.endedAt !== null ? (node.endedAt - node.startedAt) / 1000 : 0,
    at: node.endedAt ?? at,
    difference: node.difference,
  });
}
