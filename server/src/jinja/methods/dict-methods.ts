/** The methods of dict. */

import { lookupError, typeError, valueError } from '../errors.ts';
import { Dict } from '../values/dict.ts';
import type { CallArguments } from '../values/host-object.ts';
import { entriesOf, iterable, iteratorOf, lengthOf, toList } from '../values/iteration.ts';
import { repr } from '../values/repr.ts';
import { ParseUndefined, Undefined } from '../values/undefined.ts';
import { Tuple } from '../values/tuple.ts';
import type { Value } from '../values/value.ts';
import { DictView } from '../values/view.ts';
import { methodTable, positionalOnly } from './method.ts';

export const dictMethods = methodTable<Dict>({
  clear(self, args) {
    positionalOnly('dict.clear', args, 0, 0);
    self.clear();
    return null;
  },
  copy(self, args) {
    positionalOnly('dict.copy', args, 0, 0);
    return self.copy();
  },
  fromkeys(_self, args) {
    const [keys, value = null] = positionalOnly('fromkeys', args, 1, 2) as [Value, Value?];
    return Dict.of(toList(keys).map((key) => [key, value] as const));
  },
  get(self, args) {
    const [key, fallback = null] = positionalOnly('dict.get', args, 1, 2) as [Value, Value?];
    const value = self.get(key);
    return value === undefined ? fallback : value;
  },
  items(self, args) {
    positionalOnly('dict.items', args, 0, 0);
    return new DictView('items', self);
  },
  keys(self, args) {
    positionalOnly('dict.keys', args, 0, 0);
    return new DictView('keys', self);
  },
  pop(self, args) {
    const [key, fallback] = positionalOnly('dict.pop', args, 1, 2) as [Value, Value?];
    // An empty dict does not even look whether it could be a key.
    const value = self.size === 0 ? undefined : self.get(key);
    if (value === undefined) {
      if (fallback === undefined) throw lookupError('KeyError', repr(key));
      return fallback;
    }
    self.delete(key);
    return value;
  },
  popitem(self, args) {
    positionalOnly('dict.popitem', args, 0, 0);
    const last = [...self.entries()].at(-1);
    if (!last) throw lookupError('KeyError', repr('popitem(): dictionary is empty'));
    self.delete(last[0]);
    return new Tuple(last);
  },
  setdefault(self, args) {
    const [key, fallback = null] = positionalOnly('dict.setdefault', args, 1, 2) as [Value, Value?];
    const value = self.get(key);
    if (value !== undefined) return value;
    self.set(key, fallback);
    return fallback;
  },
  update(self, args) {
    updateDict(self, args, 'update');
    return null;
  },
  values(self, args) {
    positionalOnly('dict.values', args, 0, 0);
    return new DictView('values', self);
  },
});

/** `dict(source, **pairs)` and `d.update(source, **pairs)`. */
export function updateDict(dict: Dict, args: CallArguments, name: string): void {
  if (args.positional.length > 1) {
    throw typeError(`${name} expected at most 1 argument, got ${args.positional.length}`);
  }
  const [source] = args.positional;
  if (source !== undefined) for (const [key, value] of pairsOf(source)) dict.set(key, value);
  for (const [key, value] of args.keyword) dict.set(key, value);
}

function pairsOf(source: Value): readonly (readonly [Value, Value])[] {
  if (source instanceof Undefined && !(source instanceof ParseUndefined)) throw source.failure();
  const entries = entriesOf(source);
  if (entries) return entries;
  const pairs: [Value, Value][] = [];
  let index = 0;
  for (const item of iterable(source)) {
    if (!iteratorOf(item)) {
      throw typeError(`cannot convert dictionary update sequence element #${index} to a sequence`);
    }
    const pair = toList(item);
    if (pair.length !== 2) {
      throw valueError(
        `dictionary update sequence element #${index} has length ${lengthOf(pair)}; 2 is required`,
      );
    }
    pairs.push(pair as [Value, Value]);
    index++;
  }
  return pairs;
}
