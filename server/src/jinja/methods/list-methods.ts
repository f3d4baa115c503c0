/** The methods of list. */

import { signature } from '../arguments.ts';
import { lookupError, typeError, valueError } from '../errors.ts';
import { flagOf, indexOf } from '../operators/numbers.ts';
import { sorted } from '../operators/order.ts';
import { equals } from '../values/equality.ts';
import { toList } from '../values/iteration.ts';
import { repr } from '../values/repr.ts';
import { typeName } from '../values/type-name.ts';
import type { Value } from '../values/value.ts';
import { callValue } from '../call.ts';
import { isPromise } from '../../base/maybe-promise.ts';
import { runtimeError } from '../errors.ts';
import { bound, methodTable, notAnInteger, positionalOnly } from './method.ts';

const sortSignature = signature('sort', [], { key: null, reverse: false });

export const listMethods = methodTable<Value[]>({
  append(self, args) {
    self.push(positionalOnly('list.append', args, 1, 1)[0] as Value);
    return null;
  },
  clear(self, args) {
    positionalOnly('list.clear', args, 0, 0);
    self.length = 0;
    return null;
  },
  copy(self, args) {
    positionalOnly('list.copy', args, 0, 0);
    return self.slice();
  },
  count(self, args) {
    const [item] = positionalOnly('list.count', args, 1, 1) as [Value];
    return self.filter((each) => equals(each, item)).length;
  },
  extend(self, args) {
    const [items] = positionalOnly('list.extend', args, 1, 1) as [Value];
    for (const item of toList(items)) self.push(item);
    return null;
  },
  index(self, args) {
    const [item, start, stop] = positionalOnly('list.index', args, 1, 3) as [Value, Value?, Value?];
    return findIndex(self, item, start, stop, (value) => `${repr(value)} is not in list`);
  },
  insert(self, args) {
    const [at, item] = positionalOnly('list.insert', args, 2, 2) as [Value, Value];
    const index = indexOf(at);
    if (index === undefined) throw notAnInteger(at);
    self.splice(index < 0 ? Math.max(0, index + self.length) : index, 0, item);
    return null;
  },
  pop(self, args) {
    const [at = -1] = positionalOnly('list.pop', args, 0, 1);
    const index = indexOf(at);
    if (index === undefined) throw notAnInteger(at);
    if (self.length === 0) throw lookupError('IndexError', 'pop from empty list');
    const absolute = index < 0 ? index + self.length : index;
    if (absolute < 0 || absolute >= self.length) throw lookupError('IndexError', 'pop index out of range');
    return self.splice(absolute, 1)[0] as Value;
  },
  remove(self, args) {
    const [item] = positionalOnly('list.remove', args, 1, 1) as [Value];
    const index = self.findIndex((each) => equals(each, item));
    if (index < 0) throw valueError('list.remove(x): x not in list');
    self.splice(index, 1);
    return null;
  },
  reverse(self, args) {
    positionalOnly('list.reverse', args, 0, 0);
    self.reverse();
    return null;
  },
  sort(self, args) {
    if (args.positional.length > 0) throw typeError('sort() takes no positional arguments');
    const [key, reverse] = bound(args, sortSignature) as [Value, Value];
    const descends = flagOf(reverse, typeName);
    const items = sorted(self, key === null ? (item) => item : (item) => callNow(key, item), descends);
    self.splice(0, self.length, ...items);
    return null;
  },
});

function callNow(key: Value, item: Value): Value {
  const result = callValue(key, { positional: [item], keyword: new Map() });
  if (isPromise(result)) throw runtimeError('a sort key cannot wait for the warehouse');
  return result;
}

/** Python's `index(item, start, stop)` over a sequence. */
export function findIndex(
  items: readonly Value[],
  item: Value,
  start: Value | undefined,
  stop: Value | undefined,
  message: (item: Value) => string,
): number {
  const from = absolute(start, 0, items.length);
  const to = absolute(stop, items.length, items.length);
  for (let index = from; index < to && index < items.length; index++) {
    if (equals(items[index] as Value, item)) return index;
  }
  throw valueError(message(item));
}

function absolute(bound: Value | undefined, fallback: number, length: number): number {
  if (bound === undefined) return fallback;
  const index = indexOf(bound);
  if (index === undefined) throw typeError('slice indices must be integers or have an __index__ method');
  return index < 0 ? Math.max(0, index + length) : index;
}
