/** A text with passages replaced, and the way back from its offsets to those of the text before. */

import type { Range } from '../base/text.ts';

export interface TextEdit extends Range {
  readonly text: string;
}

export interface EditedText {
  readonly text: string;
  /** The offset before the edits; undefined inside of what an edit wrote. */
  originalOffset(offset: number): number | undefined;
}

/** Edits do not overlap. */
export function editedText(original: string, edits: readonly TextEdit[]): EditedText {
  const inOrder = edits.toSorted((a, b) => a.start - b.start);
  /** What was kept, by where it stands now. */
  const kept: { readonly at: number; readonly from: number; readonly length: number }[] = [];
  let text = '';
  let from = 0;
  for (const edit of [...inOrder, { start: original.length, end: original.length, text: '' }]) {
    kept.push({ at: text.length, from, length: edit.start - from });
    text += original.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return {
    text,
    originalOffset(offset) {
      const part = kept.findLast(({ at }) => at <= offset);
      if (!part) return undefined;
      const within = offset - part.at;
      if (within < part.length) return part.from + within;
      // Only the end of the text belongs to what stands before it.
      return offset === text.length && part === kept.at(-1) ? part.from + part.length : undefined;
    },
  };
}
