/** Which expressions Jinja2 computes when it compiles: those that name nothing and call nothing. */

import { findFilter } from './filters/registry.ts';
import type { Expression } from './tree.ts';
import { CapturedText } from './values/captured-text.ts';
import { Dict } from './values/dict.ts';
import { PyFloat } from './values/float.ts';
import { MarkedText } from './values/marked-text.ts';
import { PyRange } from './values/range.ts';
import { PySet } from './values/set.ts';
import { truthy } from './values/truth.ts';
import { Tuple } from './values/tuple.ts';
import type { Value } from './values/value.ts';
import { forEachChild } from './walk.ts';

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
    case 'and':
    case 'or':
      if (decides(node.left, node.type)) return true;
      break;
    case 'conditional': {
      const truth = constantTruth(node.test);
      if (truth === undefined) break;
      const branch = truth ? node.value : node.otherwise;
      return branch !== undefined && isConstant(branch);
    }
    default:
      break;
  }
  let result = true;
  forEachChild(node, (child) => {
    result &&= isConstant(child as Expression);
  });
  return result;
}

/** Whether nothing looks at what stands behind `left and` or `left or`. */
export function decides(left: Expression, operator: 'and' | 'or'): boolean {
  return constantTruth(left) === (operator === 'or');
}

/** The truth of a constant, as far as it can be told without filters, tests and arithmetic. */
function constantTruth(node: Expression): boolean | undefined {
  switch (node.type) {
    case 'const':
      return truthy(node.value);
    case 'list':
    case 'tuple':
      return node.items.every(isConstant) ? node.items.length > 0 : undefined;
    case 'not': {
      const truth = constantTruth(node.operand);
      return truth === undefined ? undefined : !truth;
    }
    case 'and':
    case 'or': {
      const left = constantTruth(node.left);
      if (left === undefined) return undefined;
      return left === (node.type === 'or') ? left : constantTruth(node.right);
    }
    case 'conditional': {
      const truth = constantTruth(node.test);
      const branch = truth === true ? node.value : node.otherwise;
      return truth === undefined || !branch ? undefined : constantTruth(branch);
    }
    case 'test':
      if (node.args || constantTruth(node.operand) === undefined) return undefined;
      return node.name.text === 'defined' ? true : node.name.text === 'undefined' ? false : undefined;
    default:
      return undefined;
  }
}

export function containsSlice(node: Expression): boolean {
  if (node.type === 'slice') return true;
  let result = false;
  forEachChild(node, (child) => {
    result ||= containsSlice(child as Expression);
  });
  return result;
}

/** Whether Jinja2 can write the value into its code; what it cannot, it computes when the template runs. */
export function canBeWritten(value: Value): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (value instanceof MarkedText) return false;
  if (value instanceof CapturedText || value instanceof PyFloat || value instanceof PyRange) return true;
  if (Array.isArray(value)) return value.every(canBeWritten);
  if (value instanceof Tuple) return value.items.every(canBeWritten);
  if (value instanceof PySet) return [...value.values()].every(canBeWritten);
  if (value instanceof Dict) {
    return [...value.entries()].every(([key, item]) => canBeWritten(key) && canBeWritten(item));
  }
  return false;
}
