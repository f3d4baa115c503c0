/** Postgres counts in UTF-8 bytes and in code points, strings in UTF-16 units: one table per text turns either into the latter. */

/** Conversions of one text. Numbers beyond its ends are clamped; one inside a character gives the character's start. */
export interface Positions {
  /** From a UTF-8 byte offset, as trees and tokens have them. */
  fromByte(byte: number): number;
  /** From a count of code points, as error positions have them. */
  fromCodePoint(count: number): number;
}

const ASCII_ONLY = /^[\0-\x7f]*$/;

export function positionsIn(text: string): Positions {
  if (ASCII_ONLY.test(text)) {
    const clamp = (offset: number): number => Math.max(0, Math.min(offset, text.length));
    return { fromByte: clamp, fromCodePoint: clamp };
  }
  const offsets: number[] = [];
  const bytes: number[] = [];
  let byte = 0;
  let offset = 0;
  for (const character of text) {
    offsets.push(offset);
    bytes.push(byte);
    offset += character.length;
    byte += utf8Width(character.codePointAt(0) ?? 0);
  }
  offsets.push(offset);
  bytes.push(byte);
  const last = offsets.length - 1;
  return {
    fromByte: (at) => offsets[lastAtMost(bytes, at)] ?? 0,
    fromCodePoint: (count) => offsets[Math.max(0, Math.min(count, last))] ?? 0,
  };
}

/** Bytes of a code point in UTF-8. A lone surrogate becomes U+FFFD, three bytes, as the encoder writes it. */
function utf8Width(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += utf8Width(character.codePointAt(0) ?? 0);
  return bytes;
}

/** Index of the last entry that is not above `wanted`; entries ascend. */
function lastAtMost(entries: readonly number[], wanted: number): number {
  let low = 0;
  let high = entries.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((entries[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
