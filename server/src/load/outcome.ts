/** What loading ends with: a report, or the one problem that left the warehouse as it was. */

/** A user's file, read as often as asked; the shell gives it, for nothing here knows a disk. */
export interface SourceFile {
  /** As the user should read it in a message; with `/`. */
  readonly path: string;
  open(): AsyncIterable<Uint8Array>;
}

/** What is wrong with the input, and what to do. */
export interface LoadProblem {
  /** One sentence, without the place. */
  readonly message: string;
  readonly path?: string;
  /** One-based; the first line of the row where a value with line breaks makes it several lines long. */
  readonly line?: number;
  readonly column?: string;
}

/** Every other obstacle (no connection, no privilege, cancelled) is thrown as a FailureError. */
export type Outcome<T> =
  { readonly kind: 'done'; readonly report: T } | { readonly kind: 'refused'; readonly problem: LoadProblem };

/** Told while it happens; nothing of it holds before the end. */
export type LoadEvent =
  | { readonly kind: 'waiting'; readonly message: string }
  | { readonly kind: 'dependents-dropped'; readonly relations: readonly string[] }
  | { readonly kind: 'copied'; readonly path: string; readonly table: string; readonly rows: number }
  | { readonly kind: 'repeated'; readonly path: string; readonly table: string; readonly batch: string };

/** Carries a problem out of a transaction, which it rolls back. */
export class LoadError extends Error {
  readonly problem: LoadProblem;

  constructor(problem: LoadProblem) {
    super(problem.message);
    this.name = 'LoadError';
    this.problem = problem;
  }
}
