/** The methods of set. */

import { lookupError } from '../errors.ts';
import type { CallArguments } from '../values/host-object.ts';
import { iterable, toList } from '../values/iteration.ts';
import { repr } from '../values/repr.ts';
import { PySet } from '../values/set.ts';
import type { Value } from '../values/value.ts';
import { methodTable, positionalOnly } from './method.ts';

export const setMethods = methodTable<PySet>({
  add(self, args) {
    self.add(positionalOnly('set.add', args, 1, 1)[0] as Value);
    return null;
  },
  clear(self, args) {
    positionalOnly('set.clear', args, 0, 0);
    self.clear();
    return null;
  },
  copy(self, args) {
    positionalOnly('set.copy', args, 0, 0);
    return PySet.of(self.values());
  },
  difference(self, args) {
    const rest = PySet.of(self.values());
    for (const other of others('difference', args)) for (const item of other.values()) rest.delete(item);
    return rest;
  },
  difference_update(self, args) {
    for (const other of others('difference_update', args))
      for (const item of other.values()) self.delete(item);
    return null;
  },
  discard(self, args) {
    self.delete(positionalOnly('set.discard', args, 1, 1)[0] as Value);
    return null;
  },
  intersection(self, args) {
    return intersection(self, others('intersection', args));
  },
  intersection_update(self, args) {
    replace(self, intersection(self, others('intersection_update', args)));
    return null;
  },
  isdisjoint(self, args) {
    return !Array.from(iterable(argument('isdisjoint', args))).some((item) => self.has(item));
  },
  issubset(self, args) {
    const other = single('issubset', args);
    return [...self.values()].every((item) => other.has(item));
  },
  issuperset(self, args) {
    for (const item of iterable(argument('issuperset', args))) if (!self.has(item)) return false;
    return true;
  },
  pop(self, args) {
    positionalOnly('set.pop', args, 0, 0);
    const first = self.values().next();
    if (first.done) throw lookupError('KeyError', repr('pop from an empty set'));
    self.delete(first.value);
    return first.value;
  },
  remove(self, args) {
    const [item] = positionalOnly('set.remove', args, 1, 1) as [Value];
    if (!self.delete(item)) throw lookupError('KeyError', repr(item));
    return null;
  },
  symmetric_difference(self, args) {
    return symmetricDifference(self, single('symmetric_difference', args));
  },
  symmetric_difference_update(self, args) {
    replace(self, symmetricDifference(self, single('symmetric_difference_update', args)));
    return null;
  },
  union(self, args) {
    const all = PySet.of(self.values());
    for (const other of others('union', args)) for (const item of other.values()) all.add(item);
    return all;
  },
  update(self, args) {
    for (const other of others('update', args)) for (const item of other.values()) self.add(item);
    return null;
  },
});

function others(name: string, args: CallArguments): PySet[] {
  return positionalOnly(`set.${name}`, args, 0, 255).map((value) => PySet.of(toList(value)));
}

function single(name: string, args: CallArguments): PySet {
  return PySet.of(toList(argument(name, args)));
}

function argument(name: string, args: CallArguments): Value {
  return positionalOnly(`set.${name}`, args, 1, 1)[0] as Value;
}

function intersection(self: PySet, sets: readonly PySet[]): PySet {
  return PySet.of([...self.values()].filter((item) => sets.every((set) => set.has(item))));
}

function symmetricDifference(self: PySet, other: PySet): PySet {
  const own = [...self.values()].filter((item) => !other.has(item));
  return PySet.of([...own, ...[...other.values()].filter((item) => !self.has(item))]);
}

function replace(self: PySet, by: PySet): void {
  self.clear();
  for (const item of by.values()) self.add(item);
}
