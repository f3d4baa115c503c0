/** Python's `pprint.pformat`: sorted dicts, one element a line where a value is wider than 80 columns. */

import { sorted } from '../operators/order.ts';
import { TemplateError } from '../errors.ts';
import { spend } from '../meter.ts';
import { Dict } from '../values/dict.ts';
import { PySet } from '../values/set.ts';
import { Markup } from '../values/markup.ts';
import { repr, str } from '../values/repr.ts';
import { isText, splitLines } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import type { Value } from '../values/value.ts';

const WIDTH = 80;

export function prettyPrint(value: Value): string {
  // Refuses what has no text, before it is copied.
  repr(value);
  const isWide = isText(value) && repr(value).length > WIDTH;
  const parts = isWide ? textParts(value, 1, 1) : undefined;
  if (parts && parts.length > 1) return `(${parts.join('\n ')})`;
  if (isText(value)) return repr(value);
  return layOut(ordered(value), 0, 0);
}

/** The same value with its dicts in the order of their keys. */
function ordered(value: Value): Value {
  spend(20);
  if (Array.isArray(value)) return value.map(ordered);
  if (value instanceof Tuple) return new Tuple(value.items.map(ordered), value.names);
  if (!(value instanceof Dict)) return value;
  const keys = sortedOrAsIs([...value.keys()]);
  return Dict.of(keys.map((key) => [key, ordered(value.get(key) ?? null)] as const));
}

function sortedOrAsIs(items: Value[]): Value[] {
  try {
    return sorted(items, (item) => item, false);
  } catch (error) {
    // Keys without an order stay as they are.
    if (error instanceof TemplateError && error.kind === 'type') return items;
    throw error;
  }
}

function layOut(value: Value, indent: number, after: number): string {
  const flat = repr(value);
  spend(flat.length);
  if (flat.length <= WIDTH - indent - after) return flat;
  if (Array.isArray(value)) return enclosed('[', ']', value, indent, after);
  if (value instanceof Tuple)
    return enclosed('(', value.items.length === 1 ? ',)' : ')', value.items, indent, after);
  if (value instanceof PySet) return enclosed('{', '}', sortedOrAsIs([...value.values()]), indent, after);
  if (value instanceof Dict) return dictLines(value, indent, after);
  return textParts(value, indent, after)?.join(`\n${' '.repeat(indent)}`) ?? flat;
}

/** A text that is too wide, in literals one below the other: a line each, and where that is too wide, so many words. */
function textParts(value: Value, indent: number, after: number): string[] | undefined {
  if (!isText(value) || value instanceof Markup || str(value) === '') return undefined;
  const lines = splitLines(str(value), true);
  const width = WIDTH - indent;
  const parts: string[] = [];
  for (const [index, line] of lines.entries()) {
    const last = index === lines.length - 1 ? after : 0;
    spend(line.length);
    if (repr(line).length <= width - last) {
      parts.push(repr(line));
      continue;
    }
    const words = line.match(/\S+\s*|\s+/g) ?? [];
    let current = '';
    for (const [place, word] of words.entries()) {
      const room = place === words.length - 1 ? width - last : width;
      spend(current.length);
      if (current !== '' && repr(current + word).length > room) {
        parts.push(repr(current));
        current = word;
      } else current += word;
    }
    parts.push(repr(current));
  }
  return parts;
}

function enclosed(
  open: string,
  close: string,
  items: readonly Value[],
  indent: number,
  after: number,
): string {
  const lines = items.map((item, index) => {
    return layOut(item, indent + 1, index === items.length - 1 ? after + close.length : 1);
  });
  return open + lines.join(`,\n${' '.repeat(indent + 1)}`) + close;
}

function dictLines(dict: Dict, indent: number, after: number): string {
  const lines: string[] = [];
  for (const [key, value] of dict.entries()) {
    const label = repr(key);
    const isLast = lines.length === dict.size - 1;
    lines.push(`${label}: ${layOut(value, indent + label.length + 3, isLast ? after + 1 : 1)}`);
  }
  return `{${lines.join(`,\n${' '.repeat(indent + 1)}`)}}`;
}
