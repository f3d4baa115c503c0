/** What a session has been told of a project's resources, so that nothing is asked twice. */

import type { CatalogColumn } from '../project/catalog.ts';
import type { ResultColumn, Session } from '../warehouse/port.ts';
import type { Fresh, Parent } from './parents.ts';
import type { Fault, Question } from './question.ts';

export type Verdict =
  | { readonly kind: 'columns'; readonly columns: readonly CatalogColumn[] }
  | { readonly kind: 'refused'; readonly faults: readonly Fault[] };

/** Everything that a verdict depends on, beside what the server holds. */
export interface Grounds {
  readonly text: string;
  /** Of the resource's configuration, what makes a difference. */
  readonly settings: string;
  readonly hasHooks: boolean;
  readonly catalogReadAt: number | null;
  /** One for each relation that the text reads; undefined for those of which the project knows nothing. */
  readonly parents: readonly (Parent | undefined)[];
}

export interface Reasoned {
  readonly grounds: Grounds;
  readonly verdict: Verdict;
}

/** The statement that was put is not kept to compare: with the columns of all parents it is many times as long as the text. */
export function sameGrounds(a: Grounds, b: Grounds): boolean {
  return (
    a.text === b.text &&
    a.settings === b.settings &&
    a.hasHooks === b.hasHooks &&
    a.catalogReadAt === b.catalogReadAt &&
    a.parents.length === b.parents.length &&
    a.parents.every((parent, index) => sameParent(parent, b.parents[index]))
  );
}

function sameParent(a: Parent | undefined, b: Parent | undefined): boolean {
  if (!a || !b) return a === b;
  return (
    a.id === b.id &&
    a.trust === b.trust &&
    a.stands === b.stands &&
    a.mayHavePrimaryKey === b.mayHavePrimaryKey &&
    a.keepsColumns === b.keepsColumns &&
    sameColumns(a.columns, b.columns)
  );
}

function sameColumns(a: Parent['columns'], b: Parent['columns']): boolean {
  if (a === b || !a || !b) return a === b;
  return (
    a.length === b.length &&
    a.every(({ name, type }, index) => name === b[index]?.name && type === b[index].type)
  );
}

export interface Remembered {
  readonly fresh: Fresh;
  /** Those of its last text that had any. */
  readonly columns: readonly CatalogColumn[] | undefined;
  /** Of the present text only: one for each way in which it is rendered. */
  readonly verdicts: readonly Reasoned[];
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
