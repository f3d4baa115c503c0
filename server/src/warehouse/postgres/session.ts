/** A session with a Postgres server: statements queue in order, can be cancelled, and fail only as Failures. */

import { FailureError } from '../../base/failure.ts';
import type { ConnectionFailure } from '../../base/failure.ts';
import type { Cell, ConnectionSettings, QueryResult, Session } from '../port.ts';
import { requestCancel } from './cancel-request.ts';
import { submit } from './driver.ts';
import type { DriverClient, ServerMessage } from './driver.ts';
import { SourceError, copyExchange, parameterExchange, textExchange } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { lostConnection, statementFailure } from './failures.ts';

/** Older notices are dropped beyond this: a loop that raises one per row must not fill the memory. */
const NOTICES_KEPT = 1000;
const CLOSE_TIMEOUT_MS = 2000;

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
    return this.#enqueue(text, () => textExchange(text));
  }

  queryWith(text: string, parameters: readonly Cell[]): Promise<QueryResult> {
    return this.#enqueue(text, () => parameterExchange(text, parameters));
  }

  copyIn(statement: string, bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
    return this.#enqueue(statement, () => copyExchange(statement, bytes));
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

  #enqueue<T>(text: string, begin: () => Exchange<T>): Promise<T> {
    const answer = this.#tail.then(() => this.#run(text, begin));
    const over = (): void => undefined;
    this.#tail = answer.then(over, over);
    return answer;
  }

  async #run<T>(text: string, begin: () => Exchange<T>): Promise<T> {
    // A cancel still on its way to the server must not hit the statement after the one it was meant for.
    await this.#pendingCancel;
    if (this.#closing) throw new FailureError({ kind: 'cancelled', message: 'The session is closed.' });
    if (this.#lost) throw new FailureError(this.#lost);
    refuseNul(text);
    this.#running = true;
    this.#cancelAsked = false;
    const readiesBefore = this.#readies;
    try {
      const exchange = begin();
      submit(this.#client, exchange.submittable);
      return await exchange.done;
    } catch (error) {
      // The error comes before the server is ready again and says whether the transaction lives.
      if (this.#readies === readiesBefore) await this.#readyOrLost();
      throw this.#toThrow(error, text);
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
