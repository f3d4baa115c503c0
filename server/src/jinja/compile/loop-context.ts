/** The special variable `loop`, and the stepping through what a loop runs over. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import { then } from '../../base/maybe-promise.ts';
import { typeError } from '../errors.ts';
import { equals } from '../values/equality.ts';
import type { CallArguments } from '../values/host-object.ts';
import { HostObject, hostFunction } from '../values/host-object.ts';
import { Tuple } from '../values/tuple.ts';
import type { UndefinedKind } from '../values/undefined.ts';
import { makeUndefined } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';

export const END = Symbol('end');

/** The next element, or the end; may wait where the loop's filter does. */
export type Steps = () => MaybePromise<Value | typeof END>;

type Recurse = (items: Value, depth: number) => MaybePromise<Value>;

export class LoopContext extends HostObject {
  readonly typeName = 'LoopContext';
  #steps: Steps;
  #size: number | undefined;
  readonly #depth0: number;
  readonly #undefinedKind: UndefinedKind;
  readonly #recurse: Recurse | undefined;
  #index0 = -1;
  #after: Value | typeof END | undefined;
  #current: Value | undefined;
  #before: Value | undefined;
  #lastChanged: Value | undefined;

  /** `size` where it is known without running through. */
  constructor(
    steps: Steps,
    size: number | undefined,
    undefinedKind: UndefinedKind,
    recurse?: Recurse,
    depth0 = 0,
  ) {
    super();
    this.#steps = steps;
    this.#size = size;
    this.#undefinedKind = undefinedKind;
    this.#recurse = recurse;
    this.#depth0 = depth0;
  }

  override get qualifiedTypeName(): string {
    return 'jinja2.runtime.LoopContext';
  }

  /** Moves on; gives the element that is now current. */
  advance(): MaybePromise<Value | typeof END> {
    return then(this.#peek(), (next) => {
      if (next === END) return END;
      this.#after = undefined;
      this.#index0++;
      this.#before = this.#current;
      this.#current = next;
      return next;
    });
  }

  #peek(): MaybePromise<Value | typeof END> {
    if (this.#after !== undefined) return this.#after;
    return then(this.#steps(), (next) => {
      this.#after = next;
      return next;
    });
  }

  #length(): MaybePromise<number> {
    if (this.#size !== undefined) return this.#size;
    const rest: Value[] = [];
    const collect = (): MaybePromise<number> => {
      for (;;) {
        const next = this.#steps();
        if (next instanceof Promise) return next.then((value) => take(value) ?? collect());
        const size = take(next);
        if (size !== undefined) return size;
      }
    };
    const take = (next: Value | typeof END): number | undefined => {
      if (next !== END) {
        rest.push(next);
        return undefined;
      }
      const items = rest.values();
      this.#steps = () => {
        const item = items.next();
        return item.done ? END : item.value;
      };
      const peeked = this.#after === undefined || this.#after === END ? 0 : 1;
      this.#size = rest.length + this.#index0 + 1 + peeked;
      return this.#size;
    };
    return this.#after === END ? this.#index0 + 1 : collect();
  }

  override getAttribute(name: string): MaybePromise<Value | undefined> {
    switch (name) {
      case 'index':
        return this.#index0 + 1;
      case 'index0':
        return this.#index0;
      case 'first':
        return this.#index0 === 0;
      case 'last':
        return then(this.#peek(), (next) => next === END);
      case 'length':
        return this.#length();
      case 'revindex':
        return then(this.#length(), (length) => length - this.#index0);
      case 'revindex0':
        return then(this.#length(), (length) => length - this.#index0 - 1);
      case 'depth':
        return this.#depth0 + 1;
      case 'depth0':
        return this.#depth0;
      case 'previtem':
        return this.#index0 === 0
          ? makeUndefined(this.#undefinedKind, { hint: 'there is no previous item' })
          : this.#before;
      case 'nextitem':
        return then(this.#peek(), (next) => {
          return next === END ? makeUndefined(this.#undefinedKind, { hint: 'there is no next item' }) : next;
        });
      case 'cycle':
        return hostFunction('cycle', ({ positional }) => {
          if (positional.length === 0) throw typeError('no items for cycling given');
          return positional[this.#index0 % positional.length] as Value;
        });
      case 'changed':
        return hostFunction('changed', ({ positional }) => this.#changed(new Tuple(positional)));
      default:
        return undefined;
    }
  }

  #changed(values: Tuple): boolean {
    if (this.#lastChanged !== undefined && equals(this.#lastChanged, values)) return false;
    this.#lastChanged = values;
    return true;
  }

  override call({ positional }: CallArguments): MaybePromise<Value> {
    if (!this.#recurse)
      throw typeError("The loop must have the 'recursive' marker to be called recursively.");
    const [items] = positional;
    if (items === undefined) {
      throw typeError("LoopContext.__call__() missing 1 required positional argument: 'iterable'");
    }
    return this.#recurse(items, this.#depth0 + 1);
  }

  /** As Python's: pairs of what is left and the loop itself. */
  override *iterate(): Iterator<Value> {
    for (;;) {
      const item = this.advance();
      if (item === END || item instanceof Promise) return;
      yield new Tuple([item, this]);
    }
  }

  override length(): number {
    const length = this.#length();
    return length instanceof Promise ? 0 : length;
  }

  override isTruthy(): boolean {
    return this.length() > 0;
  }

  override toRepr(): string {
    const length = this.#length();
    return `<LoopContext ${this.#index0 + 1}/${length instanceof Promise ? '?' : length}>`;
  }
}
