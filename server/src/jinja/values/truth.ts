/** Python's truth of a value. */

import { CapturedText } from './captured-text.ts';
import { Dict } from './dict.ts';
import { PyFloat } from './float.ts';
import { PySet } from './set.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './value.ts';

export function truthy(value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value.length > 0;
    case 'number':
      return value !== 0;
    case 'bigint':
      return value !== 0n;
    default:
      break;
  }
  if (value === null) return false;
  if (value instanceof CapturedText) return value.text.length > 0;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof PyFloat) return value.value !== 0;
  if (value instanceof Tuple) return value.items.length > 0;
  if (value instanceof Dict || value instanceof PySet) return value.size > 0;
  return value.isTruthy();
}
