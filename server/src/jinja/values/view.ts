/** The live views of a dict: `keys()`, `values()`, `items()`. */

import type { Dict } from './dict.ts';
import { equals } from './equality.ts';
import { HostObject } from './host-object.ts';
import { repr } from './repr.ts';
import { PySet } from './set.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './value.ts';

type ViewOf = 'keys' | 'values' | 'items';

export class DictView extends HostObject {
  readonly typeName: string;
  readonly of: ViewOf;
  readonly dict: Dict;

  constructor(of: ViewOf, dict: Dict) {
    super();
    this.typeName = `dict_${of}`;
    this.of = of;
    this.dict = dict;
  }

  override *iterate(): Iterator<Value> {
    switch (this.of) {
      case 'keys':
        yield* this.dict.keys();
        return;
      case 'values':
        yield* this.dict.values();
        return;
      case 'items':
        for (const pair of this.dict.entries()) yield new Tuple(pair);
        return;
    }
  }

  override length(): number {
    return this.dict.size;
  }

  override contains(item: Value): boolean {
    switch (this.of) {
      case 'keys':
        return this.dict.has(item);
      case 'values':
        for (const value of this.dict.values()) if (equals(value, item)) return true;
        return false;
      case 'items': {
        if (!(item instanceof Tuple) || item.items.length !== 2) return false;
        const value = this.dict.get(item.items[0] as Value);
        return value !== undefined && equals(value, item.items[1] as Value);
      }
    }
  }

  /** Key and item views are equal to sets and views with equal elements; value views only to themselves. */
  override equals(other: Value): boolean {
    if (this === other) return true;
    if (this.of === 'values') return false;
    const items = elementsOfSetLike(other);
    return items?.length === this.dict.size && items.every((item) => this.contains(item));
  }

  override hashKey(): string | object | undefined {
    return this.of === 'values' ? this : undefined;
  }

  override toRepr(): string {
    const items: Value[] = [];
    for (let iterator = this.iterate(), next = iterator.next(); !next.done; next = iterator.next()) {
      items.push(next.value);
    }
    return `${this.typeName}(${repr(items)})`;
  }
}

/** The elements of a set or of a view that behaves as one. */
export function elementsOfSetLike(value: Value): Value[] | undefined {
  if (value instanceof PySet) return [...value.values()];
  if (!(value instanceof DictView) || value.of === 'values') return undefined;
  const items: Value[] = [];
  for (let iterator = value.iterate(), next = iterator.next(); !next.done; next = iterator.next()) {
    items.push(next.value);
  }
  return items;
}
