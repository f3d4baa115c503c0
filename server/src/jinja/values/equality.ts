/** Python's `==`. */

import { spend } from '../meter.ts';
import { CapturedText } from './captured-text.ts';
import { Dict } from './dict.ts';
import { PyFloat } from './float.ts';
import { HostObject } from './host-object.ts';
import { PySet } from './set.ts';
import { textOf } from './text.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './value.ts';

export function equals(left: Value, right: Value): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left === right;
  if (left === right) return true;
  if (left instanceof HostObject) return left.equals(right);
  if (right instanceof HostObject) return right.equals(left);
  const number = numeric(left);
  if (number !== undefined) {
    const other = numeric(right);
    // Loose equality compares number with bigint by mathematical value.
    // eslint-disable-next-line eqeqeq -- exactly the comparison that is meant
    return other !== undefined && number == other;
  }
  if (typeof left === 'string' || left instanceof CapturedText) return textOf(left) === textOf(right);
  if (Array.isArray(left)) return Array.isArray(right) && equalItems(left, right);
  if (left instanceof Tuple) return right instanceof Tuple && equalItems(left.items, right.items);
  if (left instanceof Dict) return right instanceof Dict && equalDicts(left, right);
  if (left instanceof PySet) return right instanceof PySet && equalSets(left, right);
  return false;
}

function numeric(value: Value): number | bigint | undefined {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    default:
      return value instanceof PyFloat ? value.value : undefined;
  }
}

function equalItems(left: readonly Value[], right: readonly Value[]): boolean {
  if (left.length !== right.length) return false;
  spend(1 + left.length);
  for (let index = 0; index < left.length; index++) {
    if (!equals(left[index] as Value, right[index] as Value)) return false;
  }
  return true;
}

function equalDicts(left: Dict, right: Dict): boolean {
  if (left.size !== right.size) return false;
  spend(1 + left.size);
  for (const [key, value] of left.entries()) {
    const other = right.get(key);
    if (other === undefined || !equals(value, other)) return false;
  }
  return true;
}

function equalSets(left: PySet, right: PySet): boolean {
  if (left.size !== right.size) return false;
  spend(1 + left.size);
  for (const item of left.values()) if (!right.has(item)) return false;
  return true;
}
