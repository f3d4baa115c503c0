/** The user's mistakes, as values. */

import type { Range } from './text.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** A place in one file of the project. Paths are relative to the project's root, with `/`. */
export interface Place {
  readonly path: string;
  readonly range: Range;
}

export interface Diagnostic {
  /** Stable kebab-case name; its page is docs/diagnostics/<code>.md. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence, names quoted, says what to do. */
  readonly message: string;
  /** Absent only for what has no file, such as a missing profile. */
  readonly place?: Place;
  readonly related?: readonly { readonly place: Place; readonly message: string }[];
  /** What was probably meant. */
  readonly suggestion?: Suggestion;
}

/** A text to stand in a range of the file that the diagnostic is in. */
export interface Suggestion {
  readonly range: Range;
  readonly text: string;
}
