/** What is known of the name under the cursor. */

import type { Hover } from './answers.ts';
import type { Cursor, Snapshot } from './snapshot.ts';
import { symbolAt } from './symbol-at.ts';
import { symbolMarkdown } from './symbol-markdown.ts';

/** Of several meanings, such as the versions of a model, each has its part. */
export function hoverName(snapshot: Snapshot, cursor: Cursor): Hover | undefined {
  const at = symbolAt(snapshot.project, cursor);
  if (!at) return undefined;
  const { owned, named, range } = at;
  // Of what dispatch may choose, the first is what it does choose.
  const symbols = named.kind === 'dispatch' ? at.symbols.slice(0, 1) : at.symbols;
  const parts = symbols.flatMap((symbol) => symbolMarkdown(snapshot, symbol, named, owned.owner) ?? []);
  return parts.length === 0 ? undefined : { range, markdown: parts.join('\n\n---\n\n') };
}
