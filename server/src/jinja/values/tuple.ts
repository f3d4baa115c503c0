/** Python's tuple. */

import type { Value } from './value.ts';

/** Immutable; with `names` it is a named tuple, whose fields are attributes too. */
export class Tuple {
  readonly typeName: string;
  readonly items: readonly Value[];
  readonly names: readonly string[] | undefined;

  constructor(items: readonly Value[], names?: readonly string[], typeName = 'tuple') {
    this.typeName = typeName;
    this.items = items;
    this.names = names;
  }
}
