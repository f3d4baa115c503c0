/** Python's order of values, as its `sorted` and `<` have it, and the numbers among them. */

import { HostObject, PyFloat, TemplateError, typeName } from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';

/** Python's order of two values, as `sorted` uses it; raises its TypeError where there is none. */
export function compareValues(left: Value, right: Value): number {
  const order = orderOf(left, right);
  if (order === undefined) {
    throw new TemplateError(
      'type',
      'TypeError',
      `'<' not supported between instances of '${pythonTypeName(left)}' and '${pythonTypeName(right)}'`,
    );
  }
  return order;
}

function orderOf(left: Value, right: Value): number | undefined {
  if (left instanceof HostObject || right instanceof HostObject) return hostedOrder(left, right);
  const leftNumber = numberOf(left);
  const rightNumber = numberOf(right);
  if (leftNumber !== undefined && rightNumber !== undefined) {
    return leftNumber < rightNumber ? -1 : leftNumber > rightNumber ? 1 : 0;
  }
  const leftText = textOf(left);
  const rightText = textOf(right);
  if (leftText !== undefined && rightText !== undefined) return compareTexts(leftText, rightText);
  const leftItems = itemsOf(left);
  const rightItems = itemsOf(right);
  if (leftItems && rightItems && Array.isArray(left) === Array.isArray(right)) {
    return compareItems(leftItems, rightItems);
  }
  return undefined;
}

function hostedOrder(left: Value, right: Value): number | undefined {
  const order = left instanceof HostObject ? left.compare?.(right) : undefined;
  if (order !== undefined || !(right instanceof HostObject)) return order;
  const reverse = right.compare?.(left);
  return reverse === undefined ? undefined : -reverse;
}

function compareItems(left: readonly Value[], right: readonly Value[]): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const order = compareValues(left[index] as Value, right[index] as Value);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function itemsOf(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value;
  return value !== null && typeof value === 'object' && 'items' in value ? value.items : undefined;
}

/** Python orders by code point, JavaScript by UTF-16 unit. */
export function compareTexts(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a === b) continue;
    return (left.codePointAt(index) as number) - (right.codePointAt(index) as number) || a - b;
  }
  return left.length - right.length;
}

function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  return value !== null && typeof value === 'object' && 'segments' in value ? value.text : undefined;
}

/** An int, bool or float as a JavaScript number or bigint. */
export function numberOf(value: Value): number | bigint | undefined {
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

function pythonTypeName(value: Value): string {
  return value instanceof HostObject ? value.qualifiedTypeName : typeName(value);
}
