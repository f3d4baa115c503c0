/** One session of a run as templates see it: dbt's transactions, results in text, errors with their place in the template. */

import { FailureError, type QueryFailure } from '../base/failure.ts';
import type { CapturedText } from '../jinja/index.ts';
import { originOf, TemplateError, type ErrorFrame } from '../jinja/index.ts';
import type { AgateTable } from '../project/context/agate/index.ts';
import type { Relation } from '../project/context/relation.ts';
import type {
  Executed,
  ExecuteOptions,
  KnownRelations,
  WarehouseAccess,
} from '../project/context/warehouse-access.ts';
import { lineIndex, positionAt } from '../base/text.ts';
import type { Session } from '../warehouse/port.ts';

/** Adds the query comment; the offset says how far the statement moved. */
export type Comment = (sql: string) => { readonly text: string; readonly moved: number };

export class SessionAccess implements WarehouseAccess {
  readonly relations: KnownRelations;
  readonly #session: Session;
  #comment: Comment;
  readonly #onStatement: (sql: string) => void;
  #driverHasBegun = false;
  #isOpen = false;

  constructor(
    session: Session,
    relations: KnownRelations,
    comment: Comment,
    onStatement: (sql: string) => void,
  ) {
    this.#session = session;
    this.relations = relations;
    this.#comment = comment;
    this.#onStatement = onStatement;
  }

  get session(): Session {
    return this.#session;
  }

  /** The comment of the node that runs next. */
  setComment(comment: Comment): void {
    this.#comment = comment;
  }

  /**
   * dbt over psycopg2 has two layers of transactions, and projects depend on both: the driver opens one before a session's first
   * statement, never again after a `commit` that was sent as SQL; dbt opens one where a statement asks for it (`auto_begin`). So what
   * comes before the first commit is one transaction, and what comes after it commits by itself unless dbt begins anew.
   */
  async execute(sql: string | CapturedText, options: ExecuteOptions): Promise<Executed> {
    const plain = typeof sql === 'string' ? sql : sql.text;
    const { text, moved } = this.#comment(plain);
    // One message for both: a transaction of its own need not cost a round trip.
    const opening = this.#opens(options.autoBegin) ? 'begin;\n' : '';
    this.#onStatement(text);
    try {
      const result = await this.#session.query(opening + text);
      const rows = options.limit === null ? result.rows : result.rows.slice(0, options.limit);
      return { command: result.command, columns: result.columns, rows };
    } catch (error) {
      throw error instanceof FailureError ? databaseError(error, sql, opening.length + moved) : error;
    }
  }

  /** Whether a `begin` must go before the next statement; notes that it does. */
  #opens(asked: boolean): boolean {
    const isNeeded = !this.#driverHasBegun || (asked && !this.#isOpen);
    this.#driverHasBegun = true;
    if (asked) this.#isOpen = true;
    return isNeeded;
  }

  async commit(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      await this.#session.query('commit');
    } catch (error) {
      throw error instanceof FailureError ? databaseError(error, 'commit', 0) : error;
    }
  }

  /** Leaves the driver's own transaction: what follows commits by itself. */
  async clearTransaction(): Promise<void> {
    if (this.#opens(true)) await this.#session.query('begin');
    await this.commit();
  }

  /** The end of a node: what is open is undone, and the next one starts as on a fresh session. */
  async rollback(): Promise<void> {
    this.#isOpen = false;
    this.#driverHasBegun = false;
    if (this.#session.transactionStatus !== 'idle') await this.#session.query('rollback');
  }

  async copyRows(relation: Relation, table: AgateTable, columns: readonly string[]): Promise<number> {
    if (this.#opens(true)) await this.#session.query('begin');
    const statement = `copy ${relation.render()} (${columns.join(', ')}) from stdin`;
    this.#onStatement(statement);
    try {
      return await this.#session.copyIn(statement, copyChunks(table, columns.length));
    } catch (error) {
      throw error instanceof FailureError ? databaseError(error, statement, 0) : error;
    }
  }
}

const CHUNK = 64 * 1024;

/** COPY's text format: tabs, `\N` for NULL, backslash escapes. */
function* copyChunks(table: AgateTable, columnCount: number): IterableIterator<Uint8Array> {
  const encoder = new TextEncoder();
  let chunk = '';
  for (let row = 0; row < table.rowCount; row++) {
    for (let column = 0; column < columnCount; column++) {
      const cell = table.cellText(row, column);
      chunk += (column === 0 ? '' : '\t') + (cell === null ? '\\N' : escapeCopy(cell));
    }
    chunk += '\n';
    if (chunk.length >= CHUNK) {
      yield encoder.encode(chunk);
      chunk = '';
    }
  }
  if (chunk) yield encoder.encode(chunk);
}

const COPY_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

function escapeCopy(cell: string): string {
  return /[\\\t\n\r]/.test(cell)
    ? cell.replace(/[\\\t\n\r]/g, (character) => COPY_ESCAPES[character] ?? character)
    : cell;
}

/** A refusal as templates and results show it: psycopg2's text, and the template's place where the map knows it. */
function databaseError(error: FailureError, sql: string | CapturedText, moved: number): TemplateError {
  const { failure } = error;
  if (failure.kind === 'cancelled')
    return new TemplateError('cancelled', 'DbtRuntimeError', failure.message, { cause: error });
  if (failure.kind === 'connection')
    return new TemplateError('database', 'DbtDatabaseError', failure.message, { cause: error });
  const plain = typeof sql === 'string' ? sql : sql.text;
  const offset = failure.offset === undefined ? undefined : failure.offset - moved;
  const frames = typeof sql === 'string' || offset === undefined ? [] : originFrames(sql, offset);
  return new TemplateError('database', 'DbtDatabaseError', driverText(failure, plain, offset), {
    cause: error,
    frames,
  });
}

function originFrames(sql: CapturedText, offset: number): ErrorFrame[] {
  const origin = originOf({ segments: sql.segments }, offset);
  if (!origin) return [];
  return [origin, ...origin.sites].map(({ source, start, end }) => ({
    path: source.path,
    text: source.text,
    start,
    end,
  }));
}

/** Message, the line with a caret, detail, hint: what libpq prints. */
function driverText(failure: QueryFailure, sql: string, offset: number | undefined): string {
  const parts = [failure.message];
  if (offset !== undefined && offset >= 0) {
    const { line, column } = positionAt(sql, offset);
    const start = lineIndex(sql)[line] ?? 0;
    const end = sql.indexOf('\n', start);
    const prefix = `LINE ${String(line + 1)}: `;
    parts.push(
      `${prefix}${sql.slice(start, end < 0 ? sql.length : end)}`,
      `${' '.repeat(prefix.length + column)}^`,
    );
  }
  if (failure.detail !== undefined) parts.push(`DETAIL:  ${failure.detail}`);
  if (failure.hint !== undefined) parts.push(`HINT:  ${failure.hint}`);
  if (failure.context !== undefined) parts.push(`CONTEXT:  ${failure.context}`);
  return parts.join('\n');
}
