/** Python's `< <= > >=`, and sorting by them. */

import { typeError } from '../errors.ts';
import { spend } from '../meter.ts';
import { PyFloat } from '../values/float.ts';
import { equals } from '../values/equality.ts';
import { HostObject } from '../values/host-object.ts';
import { isBasic, textOf } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import { typeName } from '../values/type-name.ts';
import { Undefined } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';
import { elementsOfSetLike } from '../values/view.ts';
import { PySet } from '../values/set.ts';
import { intOf } from './numbers.ts';

export type OrderOperator = '<' | '<=' | '>' | '>=';

const reflected = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** Raises `'<' not supported between instances of 'str' and 'int'` for values without an order. */
export function inOrder(operator: OrderOperator, left: Value, right: Value): boolean {
  const a = numberOf(left);
  if (a !== undefined) {
    const b = numberOf(right);
    if (b !== undefined) return holds(operator, a, b);
  }
  const text = textOf(left);
  if (text !== undefined) {
    const other = textOf(right);
    if (other !== undefined) return holds(operator, compareTexts(text, other), 0);
  }
  if (Array.isArray(left) && Array.isArray(right)) return itemsInOrder(operator, left, right);
  if (left instanceof Tuple && right instanceof Tuple) {
    // Where the right one is of a class derived from the left one's, Python asks it.
    const isDerived = left.typeName === 'tuple' && right.typeName !== 'tuple';
    return isDerived
      ? itemsInOrder(reflected[operator], right.items, left.items)
      : itemsInOrder(operator, left.items, right.items);
  }
  const hosted = hostedOrder(left, right);
  if (hosted !== undefined) return holds(operator, hosted, 0);
  const items = elementsOfSetLike(left);
  const others = items && elementsOfSetLike(right);
  if (items && others) return setsInOrder(operator, items, others);
  throw typeError(
    `'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function numberOf(value: Value): number | bigint | undefined {
  return value instanceof PyFloat ? value.value : intOf(value);
}

function holds(operator: OrderOperator, left: number | bigint, right: number | bigint): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

/** By code points, as Python does. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  if (isBasic(left) && isBasic(right)) return left < right ? -1 : 1;
  const a = Array.from(left, (character) => character.codePointAt(0) as number);
  const b = Array.from(right, (character) => character.codePointAt(0) as number);
  for (let index = 0; index < a.length && index < b.length; index++) {
    const difference = (a[index] as number) - (b[index] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function itemsInOrder(operator: OrderOperator, left: readonly Value[], right: readonly Value[]): boolean {
  const shared = Math.min(left.length, right.length);
  spend(1 + shared);
  for (let index = 0; index < shared; index++) {
    const a = left[index] as Value;
    const b = right[index] as Value;
    if (!equals(a, b)) return inOrder(operator, a, b);
  }
  return holds(operator, left.length, right.length);
}

function hostedOrder(left: Value, right: Value): number | undefined {
  if (left instanceof HostObject) {
    if (left instanceof Undefined) throw left.failure();
    const order = left.compare?.(right);
    if (order !== undefined) return order;
  }
  if (right instanceof HostObject) {
    if (right instanceof Undefined) throw right.failure();
    const order = right.compare?.(left);
    if (order !== undefined) return -order;
  }
  return undefined;
}

function setsInOrder(operator: OrderOperator, left: readonly Value[], right: readonly Value[]): boolean {
  if (operator === '>' || operator === '>=') return setsInOrder(operator === '>' ? '<' : '<=', right, left);
  const whole = PySet.of(right);
  if (!left.every((item) => whole.has(item))) return false;
  return operator === '<=' || left.length < right.length;
}

/** A new list, sorted as Python sorts: stable, by `<` alone. Keys are computed once. */
export function sorted(items: readonly Value[], key: (item: Value) => Value, reverse: boolean): Value[] {
  spend(SORTING * items.length);
  let entries: Keyed[] = items.map((item) => ({ key: key(item), item }));
  // Reversing before and after keeps equal elements in their order.
  if (reverse) entries.reverse();
  entries = listSort(entries);
  if (reverse) entries.reverse();
  return entries.map((entry) => entry.item);
}

/** What an element's way to its place costs, in the units of a render's budget. */
const SORTING = 40;

interface Keyed {
  readonly key: Value;
  readonly item: Value;
}

/** Up to so many, Python puts each element into its place by halves. */
const SHORT = 64;

/** Compares the pairs that Python compares, since the first pair without an order is the one that its error names. */
function listSort(entries: Keyed[]): Keyed[] {
  return entries.length < SHORT ? insertionSort(entries) : mergeSort(entries);
}

function isLess(left: Keyed, right: Keyed): boolean {
  return inOrder('<', left.key, right.key);
}

function insertionSort(entries: Keyed[]): Keyed[] {
  const sortedEntries = entries.slice();
  for (let next = orderedStart(sortedEntries); next < sortedEntries.length; next++) {
    const pivot = sortedEntries[next] as Keyed;
    let low = 0;
    let high = next;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isLess(pivot, sortedEntries[middle] as Keyed)) high = middle;
      else low = middle + 1;
    }
    sortedEntries.copyWithin(low + 1, low, next);
    sortedEntries[low] = pivot;
  }
  return sortedEntries;
}

/** How many elements are in order from the start; a start that strictly descends is turned round. */
function orderedStart(entries: Keyed[]): number {
  if (entries.length < 2) return entries.length;
  const descends = isLess(entries[1] as Keyed, entries[0] as Keyed);
  let count = 2;
  while (
    count < entries.length &&
    isLess(entries[count] as Keyed, entries[count - 1] as Keyed) === descends
  ) {
    count++;
  }
  if (descends) entries.splice(0, count, ...entries.slice(0, count).reverse());
  return count;
}

function mergeSort(entries: Keyed[]): Keyed[] {
  if (entries.length < SHORT) return insertionSort(entries);
  const middle = entries.length >> 1;
  const left = mergeSort(entries.slice(0, middle));
  const right = mergeSort(entries.slice(middle));
  const merged: Keyed[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const a = left[i] as Keyed;
    const b = right[j] as Keyed;
    if (inOrder('<', b.key, a.key)) {
      merged.push(b);
      j++;
    } else {
      merged.push(a);
      i++;
    }
  }
  return [...merged, ...left.slice(i), ...right.slice(j)];
}
