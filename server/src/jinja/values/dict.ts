/** Python's dict: insertion order, Python's equality of keys. */

import type { HashKey } from './hash.ts';
import { hashKey } from './hash.ts';
import type { Value } from './value.ts';

interface Entry {
  readonly key: Value;
  value: Value;
}

export class Dict {
  readonly typeName = 'dict';
  readonly #entries = new Map<HashKey, Entry>();

  static of(pairs: Iterable<readonly [Value, Value]>): Dict {
    const dict = new Dict();
    for (const [key, value] of pairs) dict.set(key, value);
    return dict;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Undefined when there is no such key; an unhashable key raises. */
  get(key: Value): Value | undefined {
    return this.#entries.get(hashKey(key))?.value;
  }

  has(key: Value): boolean {
    return this.#entries.has(hashKey(key));
  }

  /** A known key keeps its first spelling and its place. */
  set(key: Value, value: Value): this {
    const hashed = hashKey(key);
    const entry = this.#entries.get(hashed);
    if (entry) entry.value = value;
    else this.#entries.set(hashed, { key, value });
    return this;
  }

  delete(key: Value): boolean {
    return this.#entries.delete(hashKey(key));
  }

  clear(): void {
    this.#entries.clear();
  }

  *keys(): IterableIterator<Value> {
    for (const entry of this.#entries.values()) yield entry.key;
  }

  *values(): IterableIterator<Value> {
    for (const entry of this.#entries.values()) yield entry.value;
  }

  *entries(): IterableIterator<[Value, Value]> {
    for (const entry of this.#entries.values()) yield [entry.key, entry.value];
  }

  copy(): Dict {
    return Dict.of(this.entries());
  }
}
