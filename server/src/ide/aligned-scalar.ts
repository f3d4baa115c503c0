/** From a YAML scalar's value back to how it is written: quotes, escapes, folds and indentation stand between the two. */

import type { Range } from '../base/text.ts';

/** Undefined where the writing is not understood: then there is no place to show, and nothing to change. */
export type Locate = (span: Range) => Range | undefined;

/** `written` is the part of the text that the scalar fills. */
export function alignScalar(text: string, written: Range, value: string): Locate {
  const starts = align(text, written, value);
  if (!starts) return () => undefined;
  return ({ start, end }) => {
    const from = starts[start];
    const last = starts[end - 1];
    if (from === undefined) return undefined;
    if (end <= start) return { start: from, end: from };
    // The place behind the last character, not that of the next: white space between the two may be longer than it seems.
    return last === undefined ? undefined : { start: from, end: Math.min(last + 1, starts[end] ?? last + 1) };
  };
}

/** Where each character of the value begins, and where the value ends. */
function align(text: string, { start, end }: Range, value: string): number[] | undefined {
  const first = text.charAt(start);
  const quote = first === "'" || first === '"' ? first : undefined;
  let at = first === '|' || first === '>' ? afterLine(text, start) : start + (quote === undefined ? 0 : 1);
  const starts: number[] = [];
  for (let index = 0; index < value.length;) {
    if (isSpace(value.charCodeAt(index))) {
      const valueEnd = spaceEnd(value, index, value.length);
      const writtenEnd = spaceEnd(text, at, end);
      // Equal runs go character by character; folds and indentation make them unequal, and are one place.
      const isEqual = value.slice(index, valueEnd) === text.slice(at, writtenEnd);
      if (writtenEnd === at && valueEnd < value.length) return undefined;
      for (let offset = index; offset < valueEnd; offset++) starts.push(isEqual ? at + offset - index : at);
      index = valueEnd;
      at = writtenEnd;
      continue;
    }
    const size = writtenSize(text, at, value.charAt(index), quote);
    // In a folded or quoted text, lines break where the value has a space; elsewhere nothing may come between.
    if (size === 0 || at + size > end) return undefined;
    starts.push(at);
    index++;
    at += size;
  }
  starts.push(Math.min(at, end));
  return starts;
}

/** How many characters a value's character is written with; 0 when this is not it. */
function writtenSize(text: string, at: number, character: string, quote: string | undefined): number {
  const written = text.charAt(at);
  if (quote === "'" && written === "'") return character === "'" && text.charAt(at + 1) === "'" ? 2 : 0;
  if (quote === '"' && written === '\\')
    return text.charAt(at + 1) === character && !/[0-9a-zA-Z]/.test(character) ? 2 : 0;
  return written === character ? 1 : 0;
}

function afterLine(text: string, at: number): number {
  const lineEnd = text.indexOf('\n', at);
  if (lineEnd < 0) return text.length;
  // The first line's indentation is not the value's, unless it is deeper than the block's: then it does not align, and is not shown.
  return spaceEnd(text, lineEnd + 1, text.length);
}

function spaceEnd(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
