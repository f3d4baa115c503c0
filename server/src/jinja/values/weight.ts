/** What values cost to look through and to keep, in the units of the budget. */

import { CapturedText } from './captured-text.ts';
import { Dict } from './dict.ts';
import { PySet } from './set.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './value.ts';

/** What an operation that runs through the value once costs. */
export function weightOf(value: Value): number {
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return 0;
    case 'string':
      return value.length >> 3;
    case 'bigint':
      return LARGE_INT;
    default:
      break;
  }
  if (value === null) return 0;
  if (value instanceof CapturedText) return value.text.length >> 3;
  if (Array.isArray(value)) return value.length;
  if (value instanceof Tuple) return value.items.length;
  return value instanceof Dict || value instanceof PySet ? value.size : 0;
}

/** What a value that was just made takes up, the values in it left aside. */
export function sizeInMemory(value: Value): number {
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return 0;
    case 'string':
      return value.length;
    case 'bigint':
      return LARGE_INT;
    default:
      break;
  }
  if (value === null) return 0;
  if (value instanceof CapturedText) return value.text.length;
  if (Array.isArray(value)) return LIST + ITEM * value.length;
  if (value instanceof Tuple) return LIST + ITEM * value.items.length;
  return value instanceof Dict || value instanceof PySet ? DICT + ENTRY * value.size : 0;
}

/** An int beyond 2**53 has at most a million bits. */
const LARGE_INT = 20_000;
export const LIST = 20;
export const ITEM = 6;
export const DICT = 60;
export const ENTRY = 40;
