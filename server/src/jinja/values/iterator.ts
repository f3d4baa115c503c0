/** Single-use iterators: what `map`, `select`, `reversed` and their like give. */

import { HostObject } from './host-object.ts';
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
    return `<${this.typeName} object${this.#name === undefined ? '' : ` ${this.#name}`}>`;
  }
}
