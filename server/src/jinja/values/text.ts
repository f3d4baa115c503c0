/** Strings as Python sees them: code points where JavaScript has UTF-16 units, and one view over str's two representations. */

import { CapturedText } from './captured-text.ts';
import type { Value } from './value.ts';

/** The text of a str, undefined for anything else. */
export function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof CapturedText ? value.text : undefined;
}

export function isText(value: Value): value is string | CapturedText {
  return typeof value === 'string' || value instanceof CapturedText;
}

const surrogate = /[\ud800-\udfff]/;

/** Whether UTF-16 offsets and code point offsets are the same in this text. */
export function isBasic(text: string): boolean {
  return !surrogate.test(text);
}

/** Python's `len`. */
export function codePointLength(text: string): number {
  return isBasic(text) ? text.length : Array.from(text).length;
}

export function codePoints(text: string): string[] {
  return isBasic(text) ? text.split('') : Array.from(text);
}

/** The UTF-16 offset of a code point index within the text. */
export function utf16Offset(text: string, index: number): number {
  if (isBasic(text)) return index;
  let offset = 0;
  for (let seen = 0; seen < index && offset < text.length; seen++) {
    offset += (text.codePointAt(offset) as number) > 0xffff ? 2 : 1;
  }
  return offset;
}

const space = /[\s\x1c-\x1f\x85]/;

/** Python's `isspace` for one character. */
export function isSpace(character: string): boolean {
  return space.test(character) && character !== '\ufeff';
}

/** The offsets between which a text remains when characters are stripped from its ends. */
export function strippedRange(
  text: string,
  isStripped: (character: string) => boolean,
  sides: 'both' | 'left' | 'right',
): readonly [number, number] {
  let start = 0;
  let end = text.length;
  if (sides !== 'right') while (start < end && isStripped(text.charAt(start))) start++;
  if (sides !== 'left') while (end > start && isStripped(text.charAt(end - 1))) end--;
  return [start, end];
}

const lineBreak = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

/** Python's `splitlines`. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = [];
  let from = 0;
  for (const match of text.matchAll(lineBreak)) {
    const end = match.index + match[0].length;
    lines.push(text.slice(from, keepEnds ? end : match.index));
    from = end;
  }
  if (from < text.length) lines.push(text.slice(from));
  return lines;
}
