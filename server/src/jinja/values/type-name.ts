/** The names of Python's types, as its messages say them. */

import { CapturedText } from './captured-text.ts';
import { Dict } from './dict.ts';
import { PyFloat } from './float.ts';
import { PySet } from './set.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './value.ts';

export function typeName(value: Value): string {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
    case 'bigint':
      return 'int';
    case 'string':
      return 'str';
    default:
      break;
  }
  if (value === null) return 'NoneType';
  if (value instanceof CapturedText) return 'str';
  if (value instanceof PyFloat) return 'float';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Tuple) return 'tuple';
  if (value instanceof Dict) return 'dict';
  if (value instanceof PySet) return 'set';
  return value.typeName;
}

/** As Jinja2 names the owner of a missing attribute: `dict object`, `None`, `module.Type object`. */
export function objectTypeName(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'object' && 'qualifiedTypeName' in value) return `${value.qualifiedTypeName} object`;
  return `${typeName(value)} object`;
}
