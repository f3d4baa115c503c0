/** Python's set, in insertion order. */

import type { HashKey } from './hash.ts';
import { hashKey } from './hash.ts';
import type { Value } from './value.ts';

export class PySet {
  readonly typeName = 'set';
  readonly #items = new Map<HashKey, Value>();

  static of(items: Iterable<Value>): PySet {
    const set = new PySet();
    for (const item of items) set.add(item);
    return set;
  }

  get size(): number {
    return this.#items.size;
  }

  has(item: Value): boolean {
    return this.#items.has(hashKey(item));
  }

  add(item: Value): void {
    const key = hashKey(item);
    if (!this.#items.has(key)) this.#items.set(key, item);
  }

  delete(item: Value): boolean {
    return this.#items.delete(hashKey(item));
  }

  clear(): void {
    this.#items.clear();
  }

  values(): IterableIterator<Value> {
    return this.#items.values();
  }
}
