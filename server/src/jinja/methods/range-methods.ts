/** The methods of range. */

import { valueError } from '../errors.ts';
import { equals } from '../values/equality.ts';
import { iterable } from '../values/iteration.ts';
import type { PyRange } from '../values/range.ts';
import { repr } from '../values/repr.ts';
import type { Value } from '../values/value.ts';
import { methodTable, positionalOnly } from './method.ts';

export const rangeMethods = methodTable<PyRange>({
  count(self, args) {
    return find(self, positionalOnly('range.count', args, 1, 1)[0] as Value) < 0 ? 0 : 1;
  },
  index(self, args) {
    const item = positionalOnly('range.index', args, 1, 1)[0] as Value;
    const index = find(self, item);
    if (index >= 0) return index;
    throw valueError(
      typeof item === 'number' || typeof item === 'boolean'
        ? `${repr(item)} is not in range`
        : 'sequence.index(x): x not in sequence',
    );
  },
});

function find(self: PyRange, item: Value): number {
  return Array.from(iterable(self)).findIndex((each) => equals(each, item));
}
