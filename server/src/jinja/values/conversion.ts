/** Between the template's values and plain JSON-like JavaScript data. */

import { CapturedText } from './captured-text.ts';
import { Dict } from './dict.ts';
import { PyFloat } from './float.ts';
import { HostObject } from './host-object.ts';
import { PySet } from './set.ts';
import { Tuple } from './tuple.ts';
import { Undefined } from './undefined.ts';
import type { Value } from './value.ts';

/**
 * Integers become ints, other numbers floats, arrays lists, plain objects and Maps dicts, undefined None; values pass through.
 * Throws a TypeError for a function or a symbol, which no template value can hold.
 */
export function fromJs(data: unknown): Value {
  switch (typeof data) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return data;
    case 'number':
      return Number.isSafeInteger(data) ? (Object.is(data, -0) ? new PyFloat(-0) : data) : new PyFloat(data);
    case 'undefined':
      return null;
    case 'object':
      return data === null ? null : fromObject(data);
    default:
      throw new TypeError(`a ${typeof data} is no template value`);
  }
}

function fromObject(data: object): Value {
  if (Array.isArray(data)) return data.map(fromJs);
  if (isValueObject(data)) return data;
  if (data instanceof Map)
    return Dict.of([...data].map(([key, value]) => [fromJs(key), fromJs(value)] as const));
  if (data instanceof Set) return PySet.of([...data].map(fromJs));
  return Dict.of(Object.entries(data).map(([key, value]) => [key, fromJs(value)] as const));
}

function isValueObject(data: object): data is PyFloat | CapturedText | Tuple | Dict | PySet | HostObject {
  return (
    data instanceof PyFloat ||
    data instanceof CapturedText ||
    data instanceof Tuple ||
    data instanceof Dict ||
    data instanceof PySet ||
    data instanceof HostObject
  );
}

/**
 * Lists, tuples, sets and iterables become arrays, dicts and mappings objects (keys as text), floats numbers, undefined null; a host
 * object that is neither becomes its text. A bigint stays one.
 */
export function toJs(value: Value): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof PyFloat) return value.value;
  if (value instanceof CapturedText) return value.text;
  if (Array.isArray(value)) return value.map(toJs);
  if (value instanceof Tuple) return value.items.map(toJs);
  if (value instanceof PySet) return [...value.values()].map(toJs);
  if (value instanceof Dict) return toRecord(value.entries());
  if (value instanceof Undefined) return null;
  if (value.entries) return toRecord(value.entries());
  if (value.iterate) return Array.from({ [Symbol.iterator]: () => iteratorOf(value) }, toJs);
  return value.toStr();
}

function iteratorOf(value: HostObject): Iterator<Value> {
  return value.iterate ? value.iterate() : ([] as Value[]).values();
}

function toRecord(entries: Iterable<readonly [Value, Value]>): Record<string, unknown> {
  const pairs: [string, unknown][] = [];
  for (const [key, value] of entries) pairs.push([keyText(key), toJs(value)]);
  return Object.fromEntries(pairs);
}

function keyText(key: Value): string {
  const data = toJs(key);
  return typeof data === 'string' ? data : String(data);
}
