/** Several expressions in order, waiting only where one does. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import type { Value } from '../values/value.ts';
import type { Evaluate, Frame } from './frame.ts';

export function evaluateAll(parts: readonly Evaluate[], frame: Frame): MaybePromise<Value[]> {
  const values: Value[] = [];
  for (const part of parts) {
    const value = part(frame);
    if (value instanceof Promise) return evaluateRest(parts, frame, values, value);
    values.push(value);
  }
  return values;
}

async function evaluateRest(
  parts: readonly Evaluate[],
  frame: Frame,
  values: Value[],
  pending: Promise<Value>,
): Promise<Value[]> {
  values.push(await pending);
  for (let index = values.length; index < parts.length; index++) {
    values.push(await (parts[index] as Evaluate)(frame));
  }
  return values;
}

/** Two operands and what is made of them. */
export function withBoth(
  left: MaybePromise<Value>,
  right: () => MaybePromise<Value>,
  combine: (left: Value, right: Value) => MaybePromise<Value>,
): MaybePromise<Value> {
  if (left instanceof Promise) return left.then((value) => withBoth(value, right, combine));
  const second = right();
  return second instanceof Promise ? second.then((value) => combine(left, value)) : combine(left, second);
}
