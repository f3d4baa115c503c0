/** What templates ask and nobody knows yet, asked of the warehouse on sessions of its own: a slow question keeps nobody waiting. */

import { FailureError } from '../base/failure.ts';
import { askForTemplate } from '../describe/template-answers.ts';
import type { Answer } from '../project/answers.ts';
import { loadSqlParser } from '../sql/parser.ts';
import type { Session } from '../warehouse/port.ts';

/** A query that is being typed is not sent after each key. */
const SETTLE_MS = 200;

/** At the same time. */
const MOST_SESSIONS = 2;

/** Sessions that nobody needs are given back. */
const IDLE_MS = 15_000;

export interface QuestionEvents {
  /** A session that only looks. */
  open(): Promise<Session>;
  answered(sql: string, answer: Answer): void;
  broken(error: unknown): void;
}

export class TemplateQuestions {
  readonly #events: QuestionEvents;
  readonly #idle: Session[] = [];
  readonly #running = new Map<string, Session | undefined>();
  #wanted: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #isClosed = false;
  readonly #broken = (error: unknown): void => {
    this.#events.broken(error);
  };

  constructor(events: QuestionEvents) {
    this.#events = events;
  }

  /** All that is unanswered now: what is no longer among it is not sent, or stopped on the server. */
  want(statements: ReadonlySet<string>): void {
    if (this.#isClosed) return;
    this.#wanted = statements;
    for (const [sql, session] of this.#running)
      if (!statements.has(sql)) session?.cancel().catch(this.#broken);
    clearTimeout(this.#timer);
    if (statements.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#begin();
    }, SETTLE_MS);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wanted = new Set();
    clearTimeout(this.#timer);
    clearTimeout(this.#idleTimer);
    const running = [...this.#running.values()].filter((session) => session !== undefined);
    // To be gone stops nothing on the server.
    await Promise.all(running.map((session) => session.cancel().catch(() => undefined)));
    await Promise.all([...running, ...this.#idle].map((session) => session.close()));
  }

  #begin(): void {
    for (const sql of this.#wanted) {
      if (this.#isClosed || this.#running.size >= MOST_SESSIONS) return;
      if (this.#running.has(sql)) continue;
      this.#running.set(sql, undefined);
      void this.#ask(sql);
    }
  }

  async #ask(sql: string): Promise<void> {
    try {
      const answer = await this.#answerOf(sql);
      this.#running.delete(sql);
      if (this.#isClosed || !answer || !this.#wanted.has(sql)) return;
      this.#wanted = new Set([...this.#wanted].filter((other) => other !== sql));
      this.#events.answered(sql, answer);
    } catch (error) {
      this.#running.delete(sql);
      // The link notices by itself that the server is away, and wants it again when it is back.
      if (!(error instanceof FailureError)) this.#events.broken(error);
      else if (error.failure.kind === 'connection') return;
    }
    this.#begin();
    this.#closeIdleLater();
  }

  /** Undefined for one that was stopped. */
  async #answerOf(sql: string): Promise<Answer | undefined> {
    const parser = await loadSqlParser();
    const session = this.#idle.pop() ?? (await this.#events.open());
    this.#running.set(sql, session);
    if (this.#isClosed || !this.#wanted.has(sql)) {
      await this.#release(session);
      return undefined;
    }
    try {
      const told = await askForTemplate(session, parser, sql);
      await this.#release(session);
      return { ...told, answeredAt: Date.now() };
    } catch (error) {
      if (error instanceof FailureError && error.failure.kind === 'cancelled') await this.#release(session);
      else await session.close().catch(() => undefined);
      throw error;
    }
  }

  async #release(session: Session): Promise<void> {
    if (this.#isClosed) await session.close();
    else this.#idle.push(session);
  }

  #closeIdleLater(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      for (const session of this.#idle.splice(0)) session.close().catch(this.#broken);
    }, IDLE_MS);
    this.#idleTimer.unref();
  }
}
