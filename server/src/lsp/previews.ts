/** The previews of this session: each fetches on a session of its own, keeps its rows here, and is asked for them by page. */

import { randomUUID } from 'node:crypto';
import { FailureError } from '../base/failure.ts';
import { openWarehouse } from '../cli/open-project.ts';
import { typeNames } from '../describe/type-names.ts';
import { originOf, TemplateError, type CapturedText } from '../jinja/index.ts';
import { fetchRows, type FetchEnd } from '../preview/fetch-rows.ts';
import { isNumericType } from '../preview/comparison.ts';
import { PreviewRows } from '../preview/preview-rows.ts';
import { declaredGrain } from '../ide/grain.ts';
import { columnsOf, relationOf } from '../project/catalog.ts';
import { openAccess } from '../run/single-session.ts';
import { loadSqlParser } from '../sql/parser.ts';
import type { Session } from '../warehouse/port.ts';
import type { Document } from './folders.ts';
import { limited, previewSubject, renderPreview, type PreviewSubject } from './preview-sql.ts';
import { addressOf, READ_ONLY_SESSION } from './editor-sessions.ts';
import type { ProjectHost } from './project-host.ts';
import type {
  ExportQuery,
  Notify,
  PageQuery,
  PreviewOrder,
  PreviewPage,
  PreviewState,
  SummaryQuery,
  CellSummary,
  Location,
} from './protocol.ts';
import { projectWithTarget } from './readiness.ts';
import { RefusedError } from './refusal.ts';

interface Preview {
  readonly host: ProjectHost;
  readonly controller: AbortController;
  state: PreviewState;
  rows: PreviewRows | undefined;
  readonly startedAt: number;
  done: Promise<void>;
}

/** Rows of grids that nobody closed are let go, the oldest first. */
const MOST_PREVIEWS = 20;

/** Notices while rows come are this far apart, in milliseconds. */
const NEWS_MS = 100;

export class Previews {
  readonly #notify: Notify;
  readonly #previews = new Map<string, Preview>();

  constructor(notify: Notify) {
    this.#notify = notify;
  }

  open(host: ProjectHost, document: Document | undefined, order: PreviewOrder): PreviewState {
    const subject = previewSubject(host, document, order);
    const { target } = projectWithTarget(host);
    const preview: Preview = {
      host,
      controller: new AbortController(),
      rows: undefined,
      startedAt: Date.now(),
      done: Promise.resolve(),
      state: {
        previewId: randomUUID(),
        folder: host.uri,
        title: subject.title,
        phase: 'fetching',
        columns: [],
        rows: 0,
        hasMore: false,
        limit: order.limit,
        elapsed: 0,
        connection: target.name,
        sql: '',
        problem: null,
      },
    };
    this.#previews.set(preview.state.previewId, preview);
    for (const { state } of [...this.#previews.values()].slice(0, -MOST_PREVIEWS))
      this.close(state.previewId);
    preview.done = this.#fetch(preview, subject, order.limit);
    return preview.state;
  }

  page(query: PageQuery): PreviewPage {
    const { rows } = this.#known(query.previewId);
    return rows?.page(query) ?? { offset: 0, matching: 0, rows: [] };
  }

  summary(query: SummaryQuery): CellSummary {
    const { rows } = this.#known(query.previewId);
    return rows?.summary(query) ?? { count: 0, nulls: 0, sum: null, average: null };
  }

  export(query: ExportQuery): { readonly text: string } {
    const { rows } = this.#known(query.previewId);
    return { text: rows?.export(query) ?? '' };
  }

  async cancel(previewId: string): Promise<PreviewState> {
    const preview = this.#known(previewId);
    preview.controller.abort();
    await preview.done;
    return preview.state;
  }

  close(previewId: string): void {
    const preview = this.#previews.get(previewId);
    this.#previews.delete(previewId);
    preview?.controller.abort();
  }

  closeIn(host: ProjectHost): void {
    for (const preview of [...this.#previews.values()])
      if (preview.host === host) this.close(preview.state.previewId);
  }

  async closeAll(): Promise<void> {
    const all = [...this.#previews.values()];
    for (const { state } of all) this.close(state.previewId);
    await Promise.all(all.map(({ done }) => done));
  }

  #known(previewId: string): Preview {
    const preview = this.#previews.get(previewId);
    if (!preview) throw new RefusedError('These rows are gone: run the preview again.');
    return preview;
  }

  async #fetch(preview: Preview, subject: PreviewSubject, limit: number): Promise<void> {
    // The answer to the request goes first.
    await new Promise((resolve) => setImmediate(resolve));
    const { host, controller } = preview;
    const { project, survey } = host;
    let sql: CapturedText | undefined;
    try {
      if (!project || !survey) throw new RefusedError('The project is gone: open it again.');
      const warehouse = await openWarehouse(host.folder, survey.settings.target, () => undefined);
      this.#become(preview, { connection: addressOf(warehouse) });
      const { access, session, close } = await openAccess(warehouse);
      // A template may wait for the server, too.
      const stop = (): void => {
        session.cancel().catch(() => undefined);
      };
      controller.signal.addEventListener('abort', stop, { once: true });
      try {
        await session.query(READ_ONLY_SESSION);
        controller.signal.throwIfAborted();
        sql = await renderPreview(project, subject, access);
        await access.rollback();
        controller.signal.throwIfAborted();
        controller.signal.removeEventListener('abort', stop);
        const text = limited(await loadSqlParser(), sql, limit + 1);
        this.#become(preview, { sql: sql.text });
        const end = await this.#read(preview, subject, session, text, limit, controller.signal);
        this.#become(preview, {
          phase: end === 'stopped' ? 'stopped' : 'done',
          hasMore: end !== 'complete',
        });
      } finally {
        controller.signal.removeEventListener('abort', stop);
        await close();
      }
    } catch (error) {
      if (controller.signal.aborted) this.#become(preview, { phase: 'stopped' });
      else this.#become(preview, { phase: 'failed', problem: problemOf(host, error, sql) });
    }
  }

  async #read(
    preview: Preview,
    subject: PreviewSubject,
    session: Session,
    sql: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<FetchEnd> {
    let told = 0;
    return fetchRows(session, {
      sql,
      limit,
      signal,
      begin: async (columns) => {
        const types = await typeNames(session, columns);
        const named = columns.map(({ name }, index) => ({ name, type: types[index] ?? '' }));
        preview.rows = new PreviewRows(named);
        const keys = keyColumns(preview.host, subject.node?.unique_id);
        this.#become(preview, {
          columns: named.map(({ name, type }) => ({
            name,
            type,
            isNumeric: isNumericType(type),
            isKey: keys.has(name),
            nulls: 0,
          })),
        });
        return preview.rows;
      },
      progress: () => {
        if (Date.now() - told < NEWS_MS) return;
        told = Date.now();
        this.#become(preview, {});
      },
    });
  }

  /** What is counted is counted anew with every change. */
  #become(preview: Preview, change: Partial<PreviewState>): void {
    const { rows } = preview;
    const next = { ...preview.state, ...change };
    preview.state = {
      ...next,
      rows: rows?.count ?? 0,
      elapsed: Date.now() - preview.startedAt,
      columns: next.columns.map((column, index) => ({ ...column, nulls: rows?.nulls(index) ?? 0 })),
    };
    if (this.#previews.has(next.previewId)) this.#notify('grainline/preview', preview.state);
  }
}

/** By the keys of the catalog, else by the declared grain. */
function keyColumns(host: ProjectHost, uniqueId: string | undefined): ReadonlySet<string> {
  const node = uniqueId === undefined ? undefined : host.project?.manifest.nodes.get(uniqueId);
  if (!node || !host.project) return new Set();
  const keys = relationOf(host.project, host.catalog, node)?.keys ?? [];
  if (keys.length > 0) return new Set(keys.flatMap(({ columns }) => columns));
  const known = columnsOf(host.project, host.catalog, node.unique_id)?.columns.map(({ name }) => name) ?? [];
  return new Set(declaredGrain(node)?.filter((name) => known.includes(name)));
}

function problemOf(
  host: ProjectHost,
  error: unknown,
  sql: CapturedText | undefined,
): NonNullable<PreviewState['problem']> {
  if (error instanceof TemplateError) {
    const frame = error.frames.find(({ path }) => host.textOf(path) !== undefined);
    return {
      message: error.message,
      ...(frame
        ? { location: host.locationOf({ path: frame.path, range: { start: frame.start, end: frame.end } }) }
        : {}),
    };
  }
  if (error instanceof RefusedError) return { message: error.message };
  if (!(error instanceof FailureError))
    return { message: `The preview failed by a fault of Grainline's: ${String(error)}.` };
  const { failure } = error;
  const words =
    failure.kind === 'query'
      ? [failure.message, failure.detail, failure.hint && `Hint: ${failure.hint}`].filter(Boolean).join('\n')
      : failure.message;
  const location = failure.kind === 'query' && sql ? locationOf(host, sql, failure.offset) : undefined;
  return { message: words, ...(location ? { location } : {}) };
}

function locationOf(host: ProjectHost, sql: CapturedText, offset: number | undefined): Location | undefined {
  if (offset === undefined) return undefined;
  const origin = originOf({ segments: sql.segments }, offset);
  const place =
    origin && [origin, ...origin.sites].find(({ source }) => host.textOf(source.path) !== undefined);
  return place && host.locationOf({ path: place.source.path, range: { start: place.start, end: place.end } });
}
