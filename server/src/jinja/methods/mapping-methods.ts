/** The methods that a host object gains by being a mapping. */

import { Dict } from '../values/dict.ts';
import type { HostObject } from '../values/host-object.ts';
import type { Value } from '../values/value.ts';
import { DictView } from '../values/view.ts';
import { methodTable, positionalOnly } from './method.ts';

export const mappingMethods = methodTable<HostObject>({
  get(self, args) {
    const [key, fallback = null] = positionalOnly('get', args, 1, 2) as [Value, Value?];
    const value = snapshot(self).get(key);
    return value === undefined ? fallback : value;
  },
  items(self, args) {
    positionalOnly('items', args, 0, 0);
    return new DictView('items', snapshot(self));
  },
  keys(self, args) {
    positionalOnly('keys', args, 0, 0);
    return new DictView('keys', snapshot(self));
  },
  values(self, args) {
    positionalOnly('values', args, 0, 0);
    return new DictView('values', snapshot(self));
  },
});

function snapshot(self: HostObject): Dict {
  return Dict.of(self.entries?.() ?? []);
}
