/** Findings about an earlier text of a file, where they stand in its present text. */

import type { Diagnostic } from '../base/diagnostic.ts';
import type { Range } from '../base/text.ts';

/**
 * What stands before or after the stretch that was edited moves with it; what stood inside is no longer known to be true and is left out.
 * Postgres answers a moment after a keystroke: without this its underlines would blink.
 */
export function movedDiagnostics(
  found: readonly Diagnostic[],
  before: string,
  after: string,
): readonly Diagnostic[] {
  if (before === after) return found;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    tail += 1;
  const end = before.length - tail;
  const shift = after.length - before.length;
  return found.flatMap((diagnostic) => {
    const { place } = diagnostic;
    if (!place) return [diagnostic];
    if (place.range.end < start) return [diagnostic];
    if (place.range.start <= end) return [];
    return [shifted(diagnostic, place.path, shift)];
  });
}

/** With all that it says of the same file. */
function shifted(diagnostic: Diagnostic, path: string, shift: number): Diagnostic {
  const moved = ({ start, end }: Range): Range => ({ start: start + shift, end: end + shift });
  const { place, suggestion, related } = diagnostic;
  return {
    ...diagnostic,
    ...(place ? { place: { path, range: moved(place.range) } } : {}),
    ...(suggestion ? { suggestion: { ...suggestion, range: moved(suggestion.range) } } : {}),
    ...(related
      ? {
          related: related.map((each) =>
            each.place.path === path ? { ...each, place: { path, range: moved(each.place.range) } } : each,
          ),
        }
      : {}),
  };
}
