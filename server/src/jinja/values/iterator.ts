/** Single-use iterators: what `map`, `select`, `reversed` and their like give. */

import { HostObject } from './host-object.ts';
import type { Value } from './value.ts';

/** Always true, consumed by whoever iterates it, `in` included. */
export class PyIterator extends HostObject {
  readonly typeName: string;
  readonly #source: Iterator<Value>;

  constructor(source: Iterator<Value>, typeName = 'generator') {
    super();
    this.#source = source;
    this.typeName = typeName;
  }

  override iterate(): Iterator<Value> {
    return this.#source;
  }

  override isTruthy(): boolean {
    return true;
  }

  override toRepr(): string {
    return `<${this.typeName} object>`;
  }
}
