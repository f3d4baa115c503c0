/** A value or a promise of it: one evaluator serves the editor (never waits) and a run (waits only where it must). */

export type MaybePromise<T> = T | Promise<T>;

export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return value instanceof Promise;
}

/** Carries on with a value, now where it is here and later where it is not. */
export function then<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Runs the steps in order over one accumulator; synchronous as long as every step is. */
export function foldMaybe<T, A>(
  items: readonly T[],
  start: A,
  step: (accumulator: A, item: T, index: number) => MaybePromise<A>,
): MaybePromise<A> {
  let accumulator = start;
  for (let index = 0; index < items.length; index++) {
    const next = step(accumulator, items[index] as T, index);
    if (next instanceof Promise) return resume(items, index + 1, next, step);
    accumulator = next;
  }
  return accumulator;
}

async function resume<T, A>(
  items: readonly T[],
  from: number,
  pending: Promise<A>,
  step: (accumulator: A, item: T, index: number) => MaybePromise<A>,
): Promise<A> {
  let accumulator = await pending;
  for (let index = from; index < items.length; index++) {
    accumulator = await step(accumulator, items[index] as T, index);
  }
  return accumulator;
}
