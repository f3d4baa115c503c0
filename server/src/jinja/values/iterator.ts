/** Single-use iterators: what `map`, `select`, `reversed` and their like give. */

import { spend } from '../meter.ts';
import { HostObject } from './host-object.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './value.ts';

/** Always true, consumed by whoever iterates it, `in` included. */
export class PyIterator extends HostObject {
  readonly typeName: string;
  readonly #name: string | undefined;
  readonly #source: Iterator<Value>;

  /** `name` is the function whose generator it is. */
  constructor(source: Iterator<Value>, typeName = 'generator', name?: string) {
    super();
    this.#name = name;
    this.#source = metered(source);
    this.typeName = typeName;
  }

  override iterate(): Iterator<Value> {
    return this.#source;
  }

  override isTruthy(): boolean {
    return true;
  }

  override toRepr(): string {
    return `<${this.typeName} object${this.#name === undefined ? '' : ` ${this.#name}`}>`;
  }
}

/** What taking an element costs, and keeping it: iterators may be endless. */
const ELEMENT = 40;

/** A tuple that is made for it is longer than it looks: its list grew. */
const TUPLE_ITEM = 16;

function metered(source: Iterator<Value>): Iterator<Value> {
  return {
    next: () => {
      const next = source.next();
      spend(ELEMENT + (next.value instanceof Tuple ? TUPLE_ITEM * next.value.items.length : 0));
      return next;
    },
  };
}
