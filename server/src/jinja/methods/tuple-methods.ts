/** The methods of tuple. */

import { equals } from '../values/equality.ts';
import type { Tuple } from '../values/tuple.ts';
import type { Value } from '../values/value.ts';
import { findIndex } from './list-methods.ts';
import { methodTable, positionalOnly } from './method.ts';

export const tupleMethods = methodTable<Tuple>({
  count(self, args) {
    const [item] = positionalOnly('tuple.count', args, 1, 1) as [Value];
    return self.items.filter((each) => equals(each, item)).length;
  },
  index(self, args) {
    const [item, start, stop] = positionalOnly('tuple.index', args, 1, 3) as [Value, Value?, Value?];
    return findIndex(self.items, item, start, stop, () => 'tuple.index(x): x not in tuple');
  },
});
