/** What the engine asks of a warehouse. One adapter per server kind implements it; nothing above names a driver. */

/** A value in the server's own text format; null is SQL NULL. */
export type Cell = string | null;

export interface ResultColumn {
  readonly name: string;
  /** pg_type oid. */
  readonly typeOid: number;
  /** -1 where the type has no modifier. */
  readonly typmod: number;
}

/** The last result of a statement text, as a client of the simple protocol sees it. */
export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** The command tag, such as `SELECT 5`, `CREATE VIEW`, `INSERT 0 3`. */
  readonly command: string;
}

/** What the server says of a statement that it did not execute. */
export interface StatementDescription {
  /** Empty for a statement that gives no rows. */
  readonly columns: readonly ResultColumn[];
  /** pg_type oids of `$1`, `$2`, …, as the server inferred them. */
  readonly parameterTypes: readonly number[];
}

/** The rows of one statement in portions, in the statement's own order; only the last portion is in memory. */
export interface RowCursor {
  readonly columns: readonly ResultColumn[];
  /** The next rows, fewer than asked for when there are no more, none after the last. */
  read(count: number): Promise<readonly (readonly Cell[])[]>;
  /** Ends the transaction that the cursor opened; safe to call twice and after a failed read. */
  close(): Promise<void>;
}

/** How to reach one database of one server. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Seconds; 0 waits for ever. dbt's default is 10. */
  readonly connectTimeout?: number;
  readonly sslmode?: string;
  readonly sslcert?: string;
  readonly sslkey?: string;
  readonly sslrootcert?: string;
  /** Sent as `search_path` at the start of the session. */
  readonly searchPath?: string;
  /** `set role` at the start of the session. */
  readonly role?: string;
  readonly applicationName?: string;
  /** Seconds between TCP keep-alives; 0 or absent is the system's default. */
  readonly keepalivesIdle?: number;
}

/**
 * One session with one server. Statements queue in order; a session serves one caller.
 * Every method throws a FailureError, and nothing else, when the world refuses.
 */
export interface Session {
  /** Runs a text of one or more statements over the simple protocol, outside a transaction unless the text opened one. */
  query(text: string): Promise<QueryResult>;
  /** Runs one statement with `$1`… parameters, each given in text format. */
  queryWith(text: string, parameters: readonly Cell[]): Promise<QueryResult>;
  /** Has one statement parsed and typed, and nothing executed. Calls that wait for one another travel together. */
  describe(text: string): Promise<StatementDescription>;
  /**
   * Opens a cursor on one statement, in a read-only transaction of its own unless one is open already.
   * Until the cursor is closed, other statements of the session run in that transaction.
   */
  openCursor(text: string): Promise<RowCursor>;
  /** `COPY … FROM STDIN`: streams the bytes; resolves to the number of rows. Memory stays flat. */
  copyIn(statement: string, bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number>;
  /** Asks the server (over a second connection) to stop what runs now; that statement then fails as `cancelled`. */
  cancel(): Promise<void>;
  /** Ends the session; safe to call twice and while a statement runs. */
  close(): Promise<void>;
  /** Whether a transaction is open, as the server last said; `failed` until it is rolled back. */
  readonly transactionStatus: 'idle' | 'open' | 'failed';
  /** The server's process id for this session. */
  readonly backendPid: number;
  /** NOTICE and WARNING messages since the last call. */
  takeNotices(): readonly string[];
}

export interface Warehouse {
  readonly settings: ConnectionSettings;
  open(applicationName?: string): Promise<Session>;
}
