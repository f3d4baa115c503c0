/** Which expressions Jinja2 computes when it compiles: those that name nothing and call nothing. */

import { findFilter } from '../filters/registry.ts';
import type { Expression } from '../tree.ts';
import { forEachChild } from '../walk.ts';

const contextFilters: ReadonlySet<string> = new Set([
  'map',
  'random',
  'reject',
  'rejectattr',
  'select',
  'selectattr',
]);

export function isConstant(node: Expression): boolean {
  switch (node.type) {
    case 'name':
    case 'namespace':
    case 'call':
    case 'missing':
      return false;
    case 'filter':
      if (!node.operand || contextFilters.has(node.name.text) || !findFilter(node.name.text)) return false;
      break;
    default:
      break;
  }
  let result = true;
  forEachChild(node, (child) => {
    result &&= isConstant(child as Expression);
  });
  return result;
}

export function containsSlice(node: Expression): boolean {
  if (node.type === 'slice') return true;
  let result = false;
  forEachChild(node, (child) => {
    result ||= containsSlice(child as Expression);
  });
  return result;
}
