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
