/** A session with a Postgres server: statements queue in order, can be cancelled, and fail only as Failures. */

import { FailureError } from '../../base/failure.ts';
import type { ConnectionFailure } from '../../base/failure.ts';
import type {
  Cell,
  ConnectionSettings,
  QueryResult,
  RowCursor,
  Session,
  StatementDescription,
} from '../port.ts';
import { requestCancel } from './cancel-request.ts';
import { submit } from './driver.ts';
import type { DriverClient, ServerMessage } from './driver.ts';
import {
  SourceError,
  copyExchange,
  describeExchange,
  parameterExchange,
  portalExchange,
  portalRowsExchange,
  textExchange,
} from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { lostConnection, statementFailure } from './failures.ts';

/** Older notices are dropped beyond this: a loop that raises one per row must not fill the memory. */
const NOTICES_KEPT = 1000;
const CLOSE_TIMEOUT_MS = 2000;
/** Descriptions that travel together: their locks are held, and their timeout runs, until the last is answered. */
const DESCRIBED_AT_ONCE = 100;

interface AskedDescription {
  readonly text: string;
  readonly resolve: (description: StatementDescription) => void;
  readonly reject: (error: Error) => void;
}

export class PostgresSession implements Session {
  readonly backendPid: number;
  readonly #client: DriverClient;
  readonly #settings: ConnectionSettings;
  /** Settles when everything asked so far is over. */
  #tail: Promise<void> = Promise.resolve();
  #running = false;
  #cancelAsked = false;
  #pendingCancel: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;
  #lost: ConnectionFailure | undefined;
  #notices: string[] = [];
  /** How often the server said that it waits for the next statement. */
  #readies = 0;
  #transactionStatus: 'idle' | 'open' | 'failed' = 'idle';
  /** Descriptions asked for while nothing else was asked after them, and not yet sent. */
  #asked: AskedDescription[] | undefined;
  #cursors = 0;

  /** Takes over a connected client. */
  constructor(client: DriverClient, settings: ConnectionSettings) {
    this.#client = client;
    this.#settings = settings;
    this.backendPid = client.processID;
    client.on('error', (error) => {
      this.#lost ??= { kind: 'connection', message: lostConnection(error, settings) };
    });
    client.connection.on('readyForQuery', ({ status }) => {
      this.#readies++;
      this.#transactionStatus = status === 'I' ? 'idle' : status === 'T' ? 'open' : 'failed';
    });
    client.on('notice', (notice) => {
      const { severity, message } = notice as unknown as ServerMessage;
      this.#notices.push(`${severity ?? 'NOTICE'}: ${message}`);
      if (this.#notices.length > NOTICES_KEPT) this.#notices.shift();
    });
  }

  get transactionStatus(): 'idle' | 'open' | 'failed' {
    return this.#transactionStatus;
  }

  query(text: string): Promise<QueryResult> {
    return this.#enqueue(() => textExchange(text));
  }

  queryWith(text: string, parameters: readonly Cell[]): Promise<QueryResult> {
    return this.#enqueue(() => parameterExchange(text, parameters));
  }

  describe(text: string): Promise<StatementDescription> {
    return new Promise((resolve, reject) => {
      const asked = { text, resolve, reject };
      if (this.#asked) {
        this.#asked.push(asked);
        return;
      }
      const batch = [asked];
      this.#asked = batch;
      this.#tail = this.#tail.then(() => {
        if (this.#asked === batch) this.#asked = undefined;
        return this.#describeAll(batch);
      });
    });
  }

  /**
   * A portal of the extended protocol, not DECLARE CURSOR: the text is sent as it is, so positions hold, it can be one
   * statement only, and what DECLARE refuses (EXPLAIN, SHOW) gives rows too.
   */
  async openCursor(text: string): Promise<RowCursor> {
    await this.#tail;
    const ownsTransaction = this.#transactionStatus === 'idle';
    const portal = `grainline_${String(++this.#cursors)}`;
    // What the server may still refuse shows in the portal's exchange as well.
    if (ownsTransaction) await this.query('begin transaction read only');
    let ended = false;
    let closing: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      ended = true;
      // A lost or closed session has no transaction left to end.
      if (ownsTransaction && !this.#closing && !this.#lost) await this.query('rollback');
    };
    try {
      const columns = await this.#enqueue(() => portalExchange(text, portal));
      return {
        columns,
        read: async (count) => {
          if (ended) return [];
          const read = await this.#enqueue(() => portalRowsExchange(text, portal, Math.max(1, count)));
          ended ||= read.ended;
          return read.rows;
        },
        close: () => (closing ??= close()),
      };
    } catch (error) {
      await close();
      throw error;
    }
  }

  copyIn(statement: string, bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
    return this.#enqueue(() => copyExchange(statement, bytes));
  }

  cancel(): Promise<void> {
    if (!this.#running || this.#lost) return Promise.resolve();
    this.#cancelAsked = true;
    this.#pendingCancel = requestCancel(this.#settings, this.#client.processID, this.#client.secretKey);
    return this.#pendingCancel;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  takeNotices(): readonly string[] {
    const taken = this.#notices;
    this.#notices = [];
    return taken;
  }

  #enqueue<T>(begin: () => Exchange<T>): Promise<T> {
    this.#asked = undefined;
    const answer = this.#tail.then(() => this.#run(begin()));
    const over = (): void => undefined;
    this.#tail = answer.then(over, over);
    return answer;
  }

  /** One refused statement ends its round trip: the ones behind it are asked again in the next. */
  async #describeAll(batch: readonly AskedDescription[]): Promise<void> {
    let next = 0;
    while (next < batch.length) {
      const together = batch.slice(next, next + DESCRIBED_AT_ONCE);
      try {
        const texts = together.map(({ text }) => text);
        await this.#run(describeExchange(texts, (description) => batch[next++]?.resolve(description)));
      } catch (error) {
        batch[next++]?.reject(error as Error);
      }
    }
  }

  async #run<T>(exchange: Exchange<T>): Promise<T> {
    // A cancel still on its way to the server must not hit the statement after the one it was meant for.
    await this.#pendingCancel;
    if (this.#closing) throw new FailureError({ kind: 'cancelled', message: 'The session is closed.' });
    if (this.#lost) throw new FailureError(this.#lost);
    refuseNul(exchange.statement);
    this.#running = true;
    this.#cancelAsked = false;
    const readiesBefore = this.#readies;
    try {
      submit(this.#client, exchange.submittable);
      return await exchange.done;
    } catch (error) {
      // The error comes before the server is ready again and says whether the transaction lives.
      if (this.#readies === readiesBefore) await this.#readyOrLost();
      throw this.#toThrow(error, exchange.statement);
    } finally {
      this.#running = false;
    }
  }

  #readyOrLost(): Promise<void> {
    return new Promise((resolve) => {
      const { connection } = this.#client;
      const done = (): void => {
        connection.off('readyForQuery', done);
        connection.off('end', done);
        resolve();
      };
      if (connection.stream.destroyed) {
        resolve();
        return;
      }
      connection.on('readyForQuery', done);
      connection.on('end', done);
    });
  }

  /** Server and socket errors become Failures; what the caller's own byte source threw stays itself. */
  #toThrow(error: unknown, text: string): Error {
    if (this.#closing) return new FailureError({ kind: 'cancelled', message: 'The session was closed.' });
    if (error instanceof SourceError) return error.source;
    return new FailureError(statementFailure(error, text, this.#settings, () => this.#cancelAsked));
  }

  async #close(): Promise<void> {
    // The server goes on with a statement whose client has gone: stop it first.
    await this.cancel();
    await atMost(CLOSE_TIMEOUT_MS, this.#tail);
    const ended = this.#client.end();
    if (!(await atMost(CLOSE_TIMEOUT_MS, ended))) this.#client.connection.stream.destroy();
  }
}

/** The wire ends a text at a NUL, so the server would see half of it. */
function refuseNul(text: string): void {
  const offset = text.indexOf('\0');
  if (offset < 0) return;
  throw new FailureError({
    kind: 'query',
    message: 'invalid byte sequence for encoding "UTF8": 0x00',
    sqlstate: '22021',
    hint: 'Postgres text cannot hold NUL characters: remove it.',
    offset,
  });
}

/** True when the promise settled in time. */
async function atMost(milliseconds: number, promise: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  const settled = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
