/** The names of Python's types, as its messages say them. */

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
  return Array.isArray(value) ? 'list' : value.typeName;
}

/** As Jinja2 names the owner of a missing attribute: `dict object`, `None`, `module.Type object`. */
export function objectTypeName(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'object' && 'qualifiedTypeName' in value) return `${value.qualifiedTypeName} object`;
  return `${typeName(value)} object`;
}
