/** One request and its answer on the wire: a statement text, a statement with parameters, descriptions, a portal, a COPY. */

import type { Cell, QueryResult, ResultColumn, StatementDescription } from '../port.ts';
import type { Submittable, Wire, WireField, WireParameters } from './driver.ts';

export interface Exchange<T> {
  /** The statement that the server is at: an error's position counts in it. */
  readonly statement: string;
  readonly submittable: Submittable;
  /** Rejects with the driver's own error; the session turns it into a Failure. */
  readonly done: Promise<T>;
}

/** What a COPY's byte source threw: the caller's error, told apart from the driver's. */
export class SourceError extends Error {
  readonly source: Error;

  constructor(source: Error) {
    super(source.message);
    this.source = source;
  }
}

/** Simple protocol: any number of statements; the last one's result counts. */
export function textExchange(text: string): Exchange<QueryResult> {
  return resultExchange(text, (wire) => {
    wire.query(text);
  });
}

/** Extended protocol: one statement, unnamed, parameters and results in text format. */
export function parameterExchange(text: string, parameters: readonly Cell[]): Exchange<QueryResult> {
  return resultExchange(text, (wire) => {
    wire.stream.cork();
    wire.parse({ text, name: '' });
    wire.bind({ values: parameters });
    wire.describe({ type: 'P', name: '' });
    wire.execute({ rows: 0 });
    wire.sync();
    wire.stream.uncork();
  });
}

/** Binds one statement to a named portal, which lives until its transaction ends, and tells the columns it will give. */
export function portalExchange(text: string, portal: string): Exchange<readonly ResultColumn[]> {
  const outcome = deferred<readonly ResultColumn[]>();
  let columns: readonly ResultColumn[] = [];
  return {
    statement: text,
    done: outcome.promise,
    submittable: {
      ...ignoreAll,
      submit(wire) {
        wire.stream.cork();
        wire.parse({ text, name: '' });
        wire.bind({ portal, values: [] });
        wire.describe({ type: 'P', name: portal });
        wire.sync();
        wire.stream.uncork();
      },
      handleRowDescription({ fields }) {
        columns = fields.map(toColumn);
      },
      handleError(error) {
        outcome.reject(error);
      },
      handleReadyForQuery() {
        outcome.resolve(columns);
      },
    },
  };
}

/** Rows of a portal, at most `count`; `ended` says whether the statement has run to its end. */
export interface PortalRows {
  readonly rows: readonly (readonly Cell[])[];
  readonly ended: boolean;
}

export function portalRowsExchange(text: string, portal: string, count: number): Exchange<PortalRows> {
  const outcome = deferred<PortalRows>();
  const rows: (readonly Cell[])[] = [];
  let ended = true;
  return {
    statement: text,
    done: outcome.promise,
    submittable: {
      ...ignoreAll,
      submit(wire) {
        wire.stream.cork();
        wire.execute({ portal, rows: count });
        wire.sync();
        wire.stream.uncork();
      },
      handleDataRow({ fields }) {
        rows.push(fields);
      },
      handlePortalSuspended() {
        ended = false;
      },
      handleCopyInResponse(wire) {
        wire.sendCopyFail('a cursor has no data to send');
      },
      handleError(error) {
        outcome.reject(error);
      },
      handleReadyForQuery() {
        outcome.resolve({ rows, ended });
      },
    },
  };
}

/**
 * Describes statements in one round trip, telling each as it is known. Rejects at the first that the server refuses:
 * the ones after it were not looked at.
 */
export function describeExchange(
  texts: readonly string[],
  onDescribed: (description: StatementDescription) => void,
): Exchange<void> {
  const outcome = deferred<undefined>();
  let described = 0;
  let parameterTypes: readonly number[] = [];
  let stopListening = nothing;

  const finish = (columns: readonly ResultColumn[]): void => {
    described++;
    onDescribed({ columns, parameterTypes });
    parameterTypes = [];
  };
  const onParameters = (message: WireParameters): void => {
    parameterTypes = message.dataTypeIDs;
  };
  const onNoData = (): void => {
    finish([]);
  };

  return {
    get statement() {
      return texts[described] ?? '';
    },
    done: outcome.promise,
    submittable: {
      ...ignoreAll,
      submit(wire) {
        wire.on('parameterDescription', onParameters);
        wire.on('noData', onNoData);
        stopListening = (): void => {
          wire.off('parameterDescription', onParameters);
          wire.off('noData', onNoData);
        };
        wire.stream.cork();
        for (const text of texts) {
          wire.parse({ text, name: '' });
          wire.describe({ type: 'S', name: '' });
        }
        wire.sync();
        wire.stream.uncork();
      },
      handleRowDescription({ fields }) {
        finish(fields.map(toColumn));
      },
      handleError(error) {
        stopListening();
        outcome.reject(error);
      },
      handleReadyForQuery() {
        stopListening();
        outcome.resolve(undefined);
      },
    },
  };
}

/** `COPY … FROM STDIN`: pulls the next chunk only when the socket has room, so memory stays flat. */
export function copyExchange(
  statement: string,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Exchange<number> {
  const outcome = deferred<number>();
  let rows = 0;
  let sourceError: SourceError | undefined;

  const pump = async (wire: Wire): Promise<void> => {
    try {
      for await (const chunk of bytes) {
        if (outcome.settled()) return;
        if (chunk.length > 0 && !sendCopyData(wire, chunk)) await roomAgain(wire, outcome.finished);
        if (outcome.settled()) return;
      }
      wire.endCopyFrom();
    } catch (error) {
      sourceError = new SourceError(error instanceof Error ? error : new Error(String(error)));
      if (!outcome.settled()) wire.sendCopyFail('the data could not be read');
    }
  };

  return {
    statement,
    done: outcome.promise,
    submittable: {
      ...ignoreAll,
      submit(wire) {
        wire.query(statement);
      },
      handleCopyInResponse(wire) {
        void pump(wire);
      },
      handleCommandComplete({ text }) {
        rows = Number(/^COPY (\d+)$/.exec(text)?.[1] ?? 0);
      },
      handleError(error) {
        outcome.reject(sourceError ?? error);
      },
      handleReadyForQuery() {
        outcome.resolve(rows);
      },
    },
  };
}

function resultExchange(statement: string, submit: (wire: Wire) => void): Exchange<QueryResult> {
  const outcome = deferred<QueryResult>();
  let columns: readonly ResultColumn[] = [];
  let rows: (readonly Cell[])[] = [];
  let last: QueryResult = { columns, rows, command: '' };

  return {
    statement,
    done: outcome.promise,
    submittable: {
      ...ignoreAll,
      submit,
      handleRowDescription({ fields }) {
        columns = fields.map(toColumn);
        rows = [];
      },
      handleDataRow({ fields }) {
        rows.push(fields);
      },
      handleCommandComplete({ text }) {
        last = { columns, rows, command: text };
        columns = [];
        rows = [];
      },
      handleCopyInResponse(wire) {
        wire.sendCopyFail('this statement was sent without data');
      },
      handleError(error) {
        outcome.reject(error);
      },
      handleReadyForQuery() {
        outcome.resolve(last);
      },
    },
  };
}

const nothing = (): void => undefined;

const ignoreAll = {
  handleRowDescription: nothing,
  handleDataRow: nothing,
  handleCommandComplete: nothing,
  handleCopyInResponse: nothing,
  handleEmptyQuery: nothing,
  handlePortalSuspended: nothing,
  handleCopyData: nothing,
};

function toColumn(field: WireField): ResultColumn {
  return { name: field.name, typeOid: field.dataTypeID, typmod: field.dataTypeModifier };
}

/** Returns false when the socket's buffer is full. */
function sendCopyData(wire: Wire, chunk: Uint8Array): boolean {
  const header = new Uint8Array(5);
  header[0] = 0x64; // 'd', CopyData
  new DataView(header.buffer).setUint32(1, chunk.length + 4);
  wire.stream.cork();
  wire.stream.write(header);
  const room = wire.stream.write(chunk);
  wire.stream.uncork();
  return room;
}

/** Resolves when the socket drains, and also when the exchange ends first: a dead socket never drains. */
function roomAgain(wire: Wire, finished: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      wire.stream.off('drain', done);
      resolve();
    };
    wire.stream.on('drain', done);
    void finished.then(done);
  });
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  /** Resolves, whatever the outcome. */
  readonly finished: Promise<void>;
  settled(): boolean;
  resolve(value: T): void;
  reject(error: Error): void;
}

function deferred<T>(): Deferred<T> {
  let settled = false;
  let resolve: (value: T) => void = nothing;
  let reject: (error: Error) => void = nothing;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return {
    promise,
    finished: promise.then(nothing, nothing),
    settled: () => settled,
    resolve(value) {
      settled = true;
      resolve(value);
    },
    reject(error) {
      settled = true;
      reject(error);
    },
  };
}
