/** Where the name under the cursor is defined. */

import type { Target } from './answers.ts';
import { declarationsOf } from './declarations.ts';
import type { Cursor, Snapshot } from './snapshot.ts';
import { symbolAt } from './symbol-at.ts';

/** A built-in macro's place has a path that begins with `library:`: its text is `ownedFile(project, path)`'s, and only to be read. */
export function definition({ project }: Snapshot, cursor: Cursor): readonly Target[] {
  const at = symbolAt(project, cursor);
  if (!at) return [];
  return at.symbols.flatMap((symbol) =>
    declarationsOf(project, symbol).map((declared) => ({ origin: at.range, ...declared })),
  );
}
