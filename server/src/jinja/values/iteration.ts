/** Iteration, length and membership as Python does them. */

import { typeError } from '../errors.ts';
import { Dict } from './dict.ts';
import { equals } from './equality.ts';
import { HostObject } from './host-object.ts';
import { PySet } from './set.ts';
import { codePointLength, codePoints, textOf } from './text.ts';
import { Tuple } from './tuple.ts';
import { typeName } from './type-name.ts';
import { Undefined } from './undefined.ts';
import type { Value } from './value.ts';

/** A new iterator (an iterator itself gives itself); undefined for what cannot be iterated. */
export function iteratorOf(value: Value): Iterator<Value> | undefined {
  if (Array.isArray(value)) return value.values();
  if (value instanceof Tuple) return value.items.values();
  if (value instanceof Dict) return value.keys();
  if (value instanceof PySet) return value.values();
  const text = textOf(value);
  if (text !== undefined) return codePoints(text).values();
  if (!(value instanceof HostObject)) return undefined;
  if (value.iterate) return value.iterate();
  if (value.entries) return keysOf(value.entries());
  return undefined;
}

function* keysOf(entries: readonly (readonly [Value, Value])[]): Iterator<Value> {
  for (const [key] of entries) yield key;
}

/** Raises `'int' object is not iterable`. */
export function iterate(value: Value): Iterator<Value> {
  const iterator = iteratorOf(value);
  if (!iterator) throw typeError(`'${typeName(value)}' object is not iterable`);
  return iterator;
}

export function iterable(value: Value): Iterable<Value> {
  const iterator = iterate(value);
  return { [Symbol.iterator]: () => iterator };
}

/** A new list of all elements. */
export function toList(value: Value): Value[] {
  return Array.isArray(value) ? value.slice() : Array.from(iterable(value));
}

/** Undefined for what has no length. */
export function sizeOf(value: Value): number | undefined {
  if (Array.isArray(value)) return value.length;
  if (value instanceof Tuple) return value.items.length;
  if (value instanceof Dict || value instanceof PySet) return value.size;
  const text = textOf(value);
  if (text !== undefined) return codePointLength(text);
  if (!(value instanceof HostObject)) return undefined;
  if (value.length) return value.length();
  return value.entries?.().length;
}

/** Python's `len`. */
export function lengthOf(value: Value): number {
  const size = sizeOf(value);
  if (size === undefined) throw typeError(`object of type '${typeName(value)}' has no len()`);
  return size;
}

/** Python's `item in container`. */
export function contains(container: Value, item: Value): boolean {
  const text = textOf(container);
  if (text !== undefined) {
    const part = textOf(item);
    if (part === undefined) {
      throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
    }
    return text.includes(part);
  }
  // A set is looked for as the frozen set that could be an element, and none is.
  if (container instanceof PySet && item instanceof PySet) return false;
  if (container instanceof Dict || container instanceof PySet) return container.has(item);
  if (container instanceof HostObject) {
    if (container instanceof Undefined) return false;
    if (container.contains) return container.contains(item);
  }
  const iterator = iteratorOf(container);
  if (!iterator) throw typeError(`argument of type '${typeName(container)}' is not iterable`);
  for (let next = iterator.next(); !next.done; next = iterator.next())
    if (equals(next.value, item)) return true;
  return false;
}

/** All pairs of a dict or of a mapping host object; undefined for anything else. */
export function entriesOf(value: Value): readonly (readonly [Value, Value])[] | undefined {
  if (value instanceof Dict) return [...value.entries()];
  return value instanceof HostObject ? value.entries?.() : undefined;
}

export function isMapping(value: Value): boolean {
  return value instanceof Dict || (value instanceof HostObject && value.entries !== undefined);
}
