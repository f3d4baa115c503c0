/** The protocol of every value that is not plain data: dbt's objects, functions, iterators, macros. Its defaults are Python's `object`. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import type { Value } from './value.ts';

/** The arguments of one call, already evaluated and unpacked. */
export interface CallArguments {
  readonly positional: readonly Value[];
  readonly keyword: ReadonlyMap<string, Value>;
}

export const noArguments: CallArguments = { positional: [], keyword: new Map() };

/**
 * A value with behaviour. Templates reach nothing of an instance but what these methods answer.
 *
 * `undefined` from `getAttribute` or `getItem` means "there is none": the template gets Jinja's undefined.
 */
export abstract class HostObject {
  /** The Python type's name in messages, such as `PostgresRelation`. */
  abstract readonly typeName: string;
  /** The type's name with its module where Python's messages show it; the plain name stands for a builtin type. */
  get qualifiedTypeName(): string {
    return this.typeName;
  }

  getAttribute(_name: string): MaybePromise<Value | undefined> {
    return undefined;
  }

  getItem(_key: Value): MaybePromise<Value | undefined> {
    return undefined;
  }

  /** Present on callables only. */
  call?(args: CallArguments): MaybePromise<Value>;

  toStr(): string {
    return this.toRepr();
  }

  toRepr(): string {
    return `<${this.qualifiedTypeName} object>`;
  }

  isTruthy(): boolean {
    return this.length === undefined ? true : this.length() > 0;
  }

  equals(other: Value): boolean {
    return this === other;
  }

  /**
   * Equal objects give equal keys; undefined makes the object unhashable. A number, bigint or float is the key of that number itself.
   * The default is identity.
   */
  hashKey(): string | number | bigint | object | undefined {
    return this;
  }

  /** Present on iterables: a new iterator over the elements (a mapping's keys). */
  iterate?(): Iterator<Value>;

  length?(): number;

  contains?(item: Value): boolean;

  /** `this operator other`, or `other operator this` when reflected; undefined where Python would refuse. */
  operate?(operator: string, other: Value, reflected: boolean): Value | undefined;

  /** Below, at or above zero as this stands before, at or behind the other; undefined where they have no order. */
  compare?(other: Value): number | undefined;

  /** `-object`, `+object`, `abs(object)`; undefined where Python would refuse. */
  unary?(operator: '-' | '+' | 'abs'): Value | undefined;

  /** `float(object)`; present on numbers only. */
  toFloat?(): number;

  /** `int(object)`, rounded towards zero; present on numbers only. */
  toInt?(): number | bigint;

  /** `round(object, digits)`; digits undefined for `round(object)`. */
  round?(digits: number | undefined): Value;

  /** `format(object, spec)`, for a spec that is not empty. */
  format?(spec: string): string;

  /** Present on sequences: all elements in order, for slices. */
  sequence?(): readonly Value[];

  /**
   * Present on mappings: all pairs in order. It gives the object `items`, `keys`, `values`, `get`, iteration over its keys, `in`,
   * length, subscripts, `is mapping` and use after `**`, unless the object answers these itself.
   */
  entries?(): readonly (readonly [Value, Value])[];
}

/** A function that templates may call. */
export class HostFunction extends HostObject {
  readonly typeName: string = 'function';
  readonly name: string;
  readonly #body: (args: CallArguments) => MaybePromise<Value>;

  constructor(name: string, body: (args: CallArguments) => MaybePromise<Value>) {
    super();
    this.name = name;
    this.#body = body;
  }

  override call(args: CallArguments): MaybePromise<Value> {
    return this.#body(args);
  }

  override toRepr(): string {
    return `<function ${this.name}>`;
  }
}

export function hostFunction(name: string, body: (args: CallArguments) => MaybePromise<Value>): HostFunction {
  return new HostFunction(name, body);
}
