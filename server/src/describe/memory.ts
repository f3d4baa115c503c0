/** What a session has been told of a project's resources, so that nothing is asked twice. */

import type { CatalogColumn } from '../project/catalog.ts';
import type { ResultColumn, Session } from '../warehouse/port.ts';
import type { Fresh } from './parents.ts';
import type { Fault, Question } from './question.ts';

/** An answer that will not be another as long as its key is the same. */
export type Verdict =
  | { readonly kind: 'columns'; readonly columns: readonly CatalogColumn[] }
  | { readonly kind: 'refused'; readonly faults: readonly Fault[] };

export interface Remembered {
  readonly fresh: Fresh;
  /** Those of its last text that had any. */
  readonly columns: readonly CatalogColumn[] | undefined;
  /** By everything that decides about them; of the present text only. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** What the parts of a text that has faults gave, by statement: each keystroke in it asks about one part anew. */
  readonly parts: ReadonlyMap<string, readonly ResultColumn[]>;
  /** By text. */
  readonly questions: ReadonlyMap<string, Question>;
}

/** By unique id. */
export type Memory = Map<string, Remembered>;

const bySession = new WeakMap<Session, Memory>();

export function memoryOf(session: Session): Memory {
  let memory = bySession.get(session);
  if (!memory) bySession.set(session, (memory = new Map<string, Remembered>()));
  return memory;
}
