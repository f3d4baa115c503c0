/** What may be written at the cursor: the first kind of place that it is in says it. */

import type { Completion } from './answers.ts';
import { completeName } from './completion-name.ts';
import type { Cursor, Snapshot } from './snapshot.ts';

/** Undefined where the cursor is in no place of its kind. */
type Complete = (snapshot: Snapshot, cursor: Cursor) => readonly Completion[] | undefined;

const COMPLETIONS: readonly Complete[] = [completeName];

export function complete(snapshot: Snapshot, cursor: Cursor): readonly Completion[] {
  for (const offer of COMPLETIONS) {
    const offered = offer(snapshot, cursor);
    if (offered) return offered;
  }
  return [];
}
