/** The word that was meant, at the place of the one that is written. */

import type { Suggestion } from '../base/diagnostic.ts';
import type { Range } from '../base/text.ts';

/** Quotes around the word and a `+` before it stay; undefined for a word that is written in another way, or when none was meant. */
export function wordSuggestion(
  { start, end }: Range,
  written: string,
  meant: string | undefined,
): Suggestion | undefined {
  const more = end - start - written.length;
  if (meant === undefined || more < 0 || more > 2) return undefined;
  const from = start + (more === 0 ? 0 : 1);
  return { range: { start: from, end: from + written.length }, text: meant };
}
