/** What the world refuses: a lost connection, a failed query, a cancelled wait. Never the user's typing and never our bug. */

export type Failure = ConnectionFailure | QueryFailure | CancelledFailure;

/** The server could not be reached, refused us, or went away. */
export interface ConnectionFailure {
  readonly kind: 'connection';
  /** One sentence that says what happened and what to do; holds no password. */
  readonly message: string;
  /** SQLSTATE (such as `28P01`) where the server sent one. */
  readonly sqlstate?: string;
}

/** The server ran a statement and refused it. */
export interface QueryFailure {
  readonly kind: 'query';
  /** The server's primary message, as sent. */
  readonly message: string;
  readonly sqlstate: string;
  readonly detail?: string;
  readonly hint?: string;
  /** UTF-16 offset into the statement text as it was sent. */
  readonly offset?: number;
  /** The server's CONTEXT, such as `COPY accounts, line 3, column created_at: "x"`. */
  readonly context?: string;
}

/** Somebody stopped it: Ctrl-C, the editor's stop, a deadline. */
export interface CancelledFailure {
  readonly kind: 'cancelled';
  readonly message: string;
}

/** The throwable that carries a {@link Failure} through promises. */
export class FailureError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'FailureError';
    this.failure = failure;
  }
}
