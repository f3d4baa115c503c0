/** The closed union of what a template can hold. */

import type { CapturedText } from './captured-text.ts';
import type { Dict } from './dict.ts';
import type { PyFloat } from './float.ts';
import type { HostObject } from './host-object.ts';
import type { PySet } from './set.ts';
import type { Tuple } from './tuple.ts';

/**
 * None is null; an int is a JavaScript number (always a safe integer) or, beyond 2**53, a bigint; a float is {@link PyFloat}; a str is a
 * string or a {@link CapturedText}; a list is an array. All the rest (undefined, ranges, iterators, views, functions, macros, dbt's
 * objects) are {@link HostObject}s.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | PyFloat
  | CapturedText
  | Value[]
  | Tuple
  | Dict
  | PySet
  | HostObject;
