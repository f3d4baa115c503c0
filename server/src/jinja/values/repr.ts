/** Python's `str` and `repr`. */

import { limitError } from '../errors.ts';
import { CapturedText } from './captured-text.ts';
import { Dict } from './dict.ts';
import { PyFloat, floatRepr } from './float.ts';
import { intText } from './int-text.ts';
import { Markup } from './markup.ts';
import { PySet } from './set.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './value.ts';

/** The longest text that one operation may make, in UTF-16 units. */
export const MAX_TEXT = 20_000_000;

/** The longest text of a value with other values in it, which costs more to make. */
const MAX_REPR = 10_000_000;

export function str(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (value instanceof CapturedText) return value.text;
  if (value !== null && typeof value === 'object' && 'toStr' in value) return value.toStr();
  return repr(value);
}

export function repr(value: Value): string {
  return write(value, { open: [], written: 0 });
}

interface Progress {
  /** The containers being written, to stop at one that holds itself. */
  readonly open: Value[];
  written: number;
}

function write(value: Value, progress: Progress): string {
  switch (typeof value) {
    case 'string':
      return counted(textRepr(value), progress);
    case 'number':
    case 'bigint':
      return counted(intText(value), progress);
    case 'boolean':
      return value ? 'True' : 'False';
    default:
      break;
  }
  if (value === null) return 'None';
  if (value instanceof CapturedText) {
    const text = textRepr(value.text);
    return counted(value instanceof Markup ? `Markup(${text})` : text, progress);
  }
  if (value instanceof PyFloat) return floatRepr(value.value);
  if (Array.isArray(value)) return writeContainer(value, progress, '[...]', writeList);
  if (value instanceof Tuple) return writeContainer(value, progress, '(...)', writeTuple);
  if (value instanceof Dict) return writeContainer(value, progress, '{...}', writeDict);
  if (value instanceof PySet) return writeContainer(value, progress, 'set(...)', writeSet);
  return counted(value.toRepr(), progress);
}

function counted(text: string, progress: Progress): string {
  progress.written += text.length;
  if (progress.written > MAX_REPR)
    throw limitError(`the text of a value is longer than ${MAX_REPR} characters`);
  return text;
}

function writeContainer<T extends Value>(
  value: T,
  progress: Progress,
  recursive: string,
  body: (value: T, progress: Progress) => string,
): string {
  if (progress.open.includes(value)) return recursive;
  progress.open.push(value);
  // Containers count too: nothing but empty ones can also be doubled again and again.
  counted('[]', progress);
  const text = body(value, progress);
  progress.open.pop();
  return text;
}

function writeItems(items: Iterable<Value>, progress: Progress): string {
  const parts: string[] = [];
  for (const item of items) parts.push(write(item, progress));
  return parts.join(', ');
}

function writeList(list: Value[], progress: Progress): string {
  return `[${writeItems(list, progress)}]`;
}

function writeTuple(tuple: Tuple, progress: Progress): string {
  return tuple.items.length === 1
    ? `(${writeItems(tuple.items, progress)},)`
    : `(${writeItems(tuple.items, progress)})`;
}

function writeDict(dict: Dict, progress: Progress): string {
  const parts: string[] = [];
  for (const [key, value] of dict.entries()) parts.push(`${write(key, progress)}: ${write(value, progress)}`);
  return `{${parts.join(', ')}}`;
}

function writeSet(set: PySet, progress: Progress): string {
  return set.size === 0 ? 'set()' : `{${writeItems(set.values(), progress)}}`;
}

const needsEscape = /[\\\p{C}\p{Z}]/u;

/** A str as Python writes it: single quotes unless only they occur inside. */
export function textRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  if (!needsEscape.test(text) && !text.includes(quote)) return quote + text + quote;
  let out = quote;
  for (const character of text) out += escaped(character, quote);
  return out + quote;
}

function escaped(character: string, quote: string): string {
  if (character === quote || character === '\\') return `\\${character}`;
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  if (character === ' ' || !needsEscape.test(character)) return character;
  const code = character.codePointAt(0) as number;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}
