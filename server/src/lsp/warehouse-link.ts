/** One project's connection to its warehouse: keeps trying, reads the catalog, describes what changed. Says once what is wrong. */

import type { Diagnostic } from '../base/diagnostic.ts';
import { FailureError } from '../base/failure.ts';
import { openWarehouse, stateFolder } from '../cli/open-project.ts';
import { readCatalog } from '../describe/read-catalog.ts';
import { schemasOf } from '../project/stored-names.ts';
import { describeModels } from '../describe/describe-models.ts';
import type { CatalogColumn } from '../project/catalog.ts';
import type { Project } from '../project/project.ts';
import type { Session, Warehouse } from '../warehouse/port.ts';
import { AskingModels } from './asking-models.ts';
import { movedDiagnostics } from './moved-diagnostics.ts';
import { addressOf, ASKING_SESSION } from './editor-sessions.ts';
import type { ProjectHost } from './project-host.ts';
import type { WarehouseState } from './protocol.ts';
import type { EditorSettings } from './settings.ts';
import { TemplateQuestions } from './template-questions.ts';

/** An idle connection is asked whether it lives this often: nobody else tells. */
const HEARTBEAT_MS = 5000;

/** Waits between attempts, in milliseconds; the last is repeated. */
const RETRIES = [1000, 2000, 5000, 10_000, 30_000];

/** Many files that change at once, such as a branch that is checked out, are described together. */
const SETTLE_MS = 30;

interface Verdict {
  readonly path: string;
  /** The file's text when Postgres was asked. */
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

export class WarehouseLink {
  readonly #host: ProjectHost;
  readonly #settings: () => EditorSettings;
  readonly #changed: () => void;
  readonly #broken: (error: unknown) => void;
  readonly #verdicts = new Map<string, Verdict>();
  readonly #pending = new Set<string>();
  #described: Project | undefined;
  readonly #asking: AskingModels;
  readonly #questions: TemplateQuestions;
  #warehouse: Warehouse | undefined;
  #session: Session | undefined;
  #state: WarehouseState = { kind: 'unknown', address: null, message: null, catalogReadAt: null };
  #timer: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #attempts = 0;
  #isClosed = false;
  #work: Promise<void> = Promise.resolve();

  constructor(
    host: ProjectHost,
    settings: () => EditorSettings,
    changed: () => void,
    broken: (error: unknown) => void,
  ) {
    this.#host = host;
    this.#settings = settings;
    this.#changed = changed;
    this.#broken = broken;
    this.#asking = new AskingModels(host);
    this.#questions = new TemplateQuestions({
      open: () => this.#openAsking(),
      answered: (sql, answer) => {
        for (const id of this.#asking.learn(sql, answer)) this.#pending.add(id);
        if (this.#session) this.#schedule(0);
      },
      broken,
    });
  }

  get state(): WarehouseState {
    return this.#state;
  }

  /** Begins to connect, and to try again later when it cannot be. */
  connect(): void {
    this.#enqueue(() => this.#connect());
  }

  projectChanged(): void {
    const project = this.#host.project;
    if (!project || !this.#settings().describe) return;
    this.#notePending(project);
    if (this.#session) this.#schedule(SETTLE_MS);
  }

  settingsChanged(): void {
    if (!this.#settings().describe) {
      this.#verdicts.clear();
      this.#questions.want(new Set());
    } else this.#described = undefined;
    this.projectChanged();
    this.#changed();
  }

  /** Another document is open: what its template asks is wanted now. */
  opened(): void {
    if (this.#session) this.#schedule(SETTLE_MS);
  }

  async refresh(): Promise<void> {
    this.#enqueue(() => (this.#session ? this.#readCatalog() : this.#connect()));
    await this.#work;
  }

  verdicts(path: string): readonly Diagnostic[] {
    if (!this.#settings().describe) return [];
    const text = this.#host.textOf(path);
    const { manifest } = this.#host.project ?? {};
    return [...this.#verdicts].flatMap(([id, verdict]) =>
      verdict.path === path && text !== undefined && manifest?.nodes.has(id)
        ? movedDiagnostics(verdict.diagnostics, verdict.text, text)
        : [],
    );
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#heartbeat);
    const session = this.#session;
    this.#session = undefined;
    await this.#questions.close();
    await session?.close();
  }

  /** One thing after the other, and nothing thrown away unseen: what is no refusal of the world is our bug. */
  #enqueue(work: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#isClosed) return;
      try {
        await work();
      } catch (error) {
        if (error instanceof FailureError) this.#lost(error);
        else this.#broken(error);
      }
    });
    // What telling of it brings about may fail, too, and what comes after is still done.
    this.#work = this.#work.catch(this.#broken);
  }

  async #connect(): Promise<void> {
    // Somebody asked before the next attempt was due.
    if (this.#session) return;
    clearTimeout(this.#timer);
    const { survey } = this.#host;
    if (!survey?.hasTarget) {
      this.#become({ kind: 'off', address: null, message: 'No target: see profiles.yml.' });
      return;
    }
    const { target } = survey.settings;
    if (target.kind === 'embedded' && !(await this.#mayStartEmbedded())) return;
    // While it is away, trying again is no news.
    if (this.#state.kind !== 'away') this.#become({ kind: 'connecting', address: null, message: null });
    const warehouse = await openWarehouse(this.#host.folder, target, () => undefined);
    const session = await warehouse.open('grainline editor');
    if (this.#isClosed) {
      await session.close();
      return;
    }
    // From here on it is closed with the link.
    this.#session = session;
    this.#warehouse = warehouse;
    await session.query(ASKING_SESSION);
    this.#become({ kind: 'connected', address: addressOf(warehouse), message: null });
    this.#keepAsking();
    await this.#readCatalog();
    // A server that accepts and then refuses is not asked every second.
    this.#attempts = 0;
  }

  /** A project that is opened has its server started; one that somebody stopped while it was open stays stopped. */
  async #mayStartEmbedded(): Promise<boolean> {
    const { embeddedStatus } = await import('../warehouse/embedded/launcher.ts');
    const status = embeddedStatus({ stateFolder: stateFolder(this.#host.folder) });
    if (status.running) return true;
    const { lookForDistribution } = await import('../warehouse/embedded/distribution.ts');
    if (!lookForDistribution([this.#host.folder])) {
      this.#become({
        kind: 'off',
        address: null,
        message:
          'The embedded Postgres is not on this machine yet: run "Grainline: Fetch the Embedded Postgres…".',
        remedy: 'fetch-embedded',
      });
      return false;
    }
    if (!status.created) {
      this.#become({
        kind: 'off',
        address: null,
        message: 'The embedded warehouse does not exist yet: run "Grainline: Initialise".',
      });
      return false;
    }
    if (this.#state.kind !== 'away') return true;
    throw new FailureError({
      kind: 'connection',
      message: 'The embedded warehouse was stopped: build or preview something, and it is started again.',
    });
  }

  async #readCatalog(): Promise<void> {
    const project = this.#host.project;
    const session = this.#session;
    if (!project || !session) return;
    const readAt = Date.now();
    const schemas = schemasOf(project);
    const relations = await readCatalog(session, schemas);
    if (this.#isClosed) return;
    this.#host.setCatalog({ ...this.#host.catalog, readAt, relations, schemas: new Set(schemas) });
    this.#become({ ...this.#state, catalogReadAt: readAt });
    this.#described = undefined;
    if (!this.#settings().describe) return;
    this.#notePending(project);
    await this.#describe();
  }

  /** What differs from the project that was described last; everything the first time. */
  #notePending(project: Project): void {
    const before = this.#described;
    this.#described = project;
    if (before === project) return;
    for (const [id, node] of project.manifest.nodes)
      if (before?.manifest.nodes.get(id) !== node) this.#pending.add(id);
    for (const id of this.#verdicts.keys()) if (!project.manifest.nodes.has(id)) this.#verdicts.delete(id);
    this.#asking.forgetMissing(project);
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#enqueue(() => (this.#session ? this.#describe() : this.#connect()));
    }, delay);
    this.#timer.unref();
  }

  async #describe(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    while (this.#pending.size > 0 && !this.#isClosed) {
      const project = this.#host.project;
      if (!project) return;
      const ids = this.#openFirst(project, [...this.#pending]);
      for (const id of ids) this.#pending.delete(id);
      const asked = new Set(ids);
      const described = new Map(this.#host.catalog.described);
      const { catalog } = this.#host;
      for await (const { uniqueId, outcome, asks } of describeModels(session, project, catalog, ids)) {
        this.#asking.note(uniqueId, asks);
        const before = described.get(uniqueId);
        const columns = outcome.kind === 'columns' ? outcome.columns : undefined;
        // What it last gave is the best that is known of it while it is typed, but not of one that the warehouse decides.
        if (columns) described.set(uniqueId, columns);
        else if (asks.length > 0) described.delete(uniqueId);
        this.#note(project, uniqueId, outcome.kind === 'refused' ? outcome.diagnostics : []);
        if (signature(before) !== signature(described.get(uniqueId)))
          for (const child of project.graph.children.get(uniqueId) ?? [])
            if (!asked.has(child)) this.#pending.add(child);
      }
      if (this.#session !== session) return;
      this.#host.setCatalog({ ...this.#host.catalog, described });
      this.#changed();
    }
    this.#questions.want(this.#settings().describe ? this.#asking.unanswered() : new Set());
  }

  async #openAsking(): Promise<Session> {
    if (!this.#warehouse)
      throw new FailureError({ kind: 'connection', message: 'There is no connection yet.' });
    const session = await this.#warehouse.open('grainline editor templates');
    await session.query(ASKING_SESSION);
    return session;
  }

  /** What the user looks at is answered before the rest of a large project is. */
  #openFirst(project: Project, ids: readonly string[]): readonly string[] {
    const isOpen = (id: string): boolean => {
      const path = project.origins.get(id)?.raw?.file.path;
      return path !== undefined && this.#host.isOpen(path);
    };
    const open = ids.filter(isOpen);
    return open.length > 0 && open.length < ids.length && this.#host.catalog.described.size > 0 ? open : ids;
  }

  #note(project: Project, uniqueId: string, diagnostics: readonly Diagnostic[]): void {
    const file = project.origins.get(uniqueId)?.raw?.file;
    if (!file || diagnostics.length === 0) {
      this.#verdicts.delete(uniqueId);
      return;
    }
    this.#verdicts.set(uniqueId, { path: file.path, text: file.text, diagnostics });
  }

  #keepAsking(): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => {
      this.#enqueue(async () => {
        await this.#session?.query('select 1');
      });
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** The catalog that was read last stays in use. */
  #lost(error: FailureError): void {
    if (this.#isClosed) return;
    const session = this.#session;
    this.#session = undefined;
    clearInterval(this.#heartbeat);
    void session?.close().catch(() => undefined);
    this.#become({ ...this.#state, kind: 'away', message: error.message });
    const delay = RETRIES[Math.min(this.#attempts, RETRIES.length - 1)] ?? 0;
    this.#attempts += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.connect();
    }, delay);
    this.#timer.unref();
  }

  #become(state: Omit<WarehouseState, 'catalogReadAt'> & { readonly catalogReadAt?: number | null }): void {
    const next = { ...state, catalogReadAt: state.catalogReadAt ?? this.#host.catalog.readAt };
    if (JSON.stringify(next) === JSON.stringify(this.#state)) return;
    this.#state = next;
    this.#changed();
  }
}

function signature(columns: readonly CatalogColumn[] | undefined): string {
  return columns ? JSON.stringify(columns.map(({ name, type }) => [name, type])) : '';
}
