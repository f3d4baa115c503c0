/** The keys that stand for values in dicts and sets, so that `1 == True == 1.0` as in Python. */

import { limitError, typeError } from '../errors.ts';
import { spend } from '../meter.ts';
import { CapturedText } from './captured-text.ts';
import { PyFloat } from './float.ts';
import { HostObject } from './host-object.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './value.ts';
import { typeName } from './type-name.ts';

/** Equal values have the same key in a JavaScript Map, unequal ones never. */
export type HashKey = string | number | bigint | null | object;

/** Raises `unhashable type` for lists, dicts, sets and what holds them. */
export function hashKey(value: Value): HashKey {
  if (typeof value === 'string') return textKey(value);
  if (value === null || typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof PyFloat) return floatKey(value.value);
  if (value instanceof CapturedText) return textKey(value.text);
  if (value instanceof Tuple) return tupleKey(value);
  if (value instanceof HostObject) {
    const key = value.hashKey();
    if (typeof key === 'string') return `\0host:${key}`;
    if (key instanceof PyFloat) return floatKey(key.value);
    if (key !== undefined) return key;
  }
  throw typeError(`unhashable type: '${typeName(value)}'`);
}

function tupleKey({ items }: Tuple): string {
  const key = `\0tuple(${items.map((item) => tagged(hashKey(item))).join(',')})`;
  // A tuple of tuples of tuples has a key that no memory holds.
  if (key.length > MAX_KEY) throw limitError(`the key is longer than ${MAX_KEY} characters`);
  spend(key.length);
  return key;
}

const MAX_KEY = 1_000_000;

// Composite keys begin with a NUL; a text that does too is moved out of their way.
function textKey(text: string): string {
  return text.charCodeAt(0) === 0 ? `\0text:${text}` : text;
}

function floatKey(value: number): HashKey {
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  if (Number.isInteger(value)) return BigInt(value);
  return `\0float:${value}`;
}

const objectNumbers = new WeakMap<object, number>();
let lastObjectNumber = 0;

function tagged(key: HashKey): string {
  switch (typeof key) {
    case 'string':
      return `s${key.length}:${key}`;
    case 'number':
    case 'bigint':
      return `i${key}`;
    default:
      break;
  }
  if (key === null) return 'n';
  let number = objectNumbers.get(key);
  if (number === undefined) {
    number = ++lastObjectNumber;
    objectNumbers.set(key, number);
  }
  return `o${number}`;
}
