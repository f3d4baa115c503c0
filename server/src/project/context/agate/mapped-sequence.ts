/** agate's MappedSequence: values by index, and by name where they have names. */

import { equals, HostObject, lookupError, repr, Tuple, typeError } from '../../../jinja/index.ts';
import { Dict, truthy } from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';
import { define } from '../host.ts';

const SHOWN = 5;

/** Iterates its values, not its keys; equal to any sequence of equal values. */
export class MappedSequence extends HostObject {
  readonly typeName: string;
  readonly #read: () => readonly Value[];
  readonly #keys: readonly string[] | null;
  #values: Tuple | undefined;
  #dict: Dict | undefined;

  /** `read` is called at most once, when a value is asked for. */
  constructor(typeName: string, read: () => readonly Value[], keys: readonly string[] | null) {
    super();
    this.typeName = typeName;
    this.#read = read;
    this.#keys = keys;
  }

  override get qualifiedTypeName(): string {
    return `agate.${this.typeName}`;
  }

  get values(): Tuple {
    this.#values ??= new Tuple(this.#read());
    return this.#values;
  }

  /** All values in order: what slices are taken of. */
  override sequence(): readonly Value[] {
    return this.values.items;
  }

  /** Undefined without keys. */
  get dict(): Dict | undefined {
    if (this.#keys === null) return undefined;
    this.#dict ??= Dict.of(this.#keys.map((key, index) => [key, this.values.items[index] ?? null] as const));
    return this.#dict;
  }

  override getItem(key: Value): Value | undefined {
    if (typeof key === 'number') return this.values.items.at(key);
    return isHashable(key) ? this.dict?.get(key) : undefined;
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'keys':
        return define(name, '', () => (this.#keys === null ? null : new Tuple(this.#keys)));
      case 'values':
        return define(name, '', () => this.values);
      case 'items':
        return define(name, '', () => {
          if (this.#keys === null) throw typeError("'NoneType' object is not iterable");
          return new Tuple(
            this.#keys.map((key, index) => new Tuple([key, this.values.items[index] ?? null])),
          );
        });
      case 'dict':
        return define(name, '', () => {
          if (!this.dict) throw lookupError('KeyError', '');
          return this.dict.copy();
        });
      case 'get':
        return define(name, 'key,default=', (args) => {
          const key = args.value('key');
          const otherwise = args.value('default');
          const found = isHashable(key) ? this.dict?.get(key) : undefined;
          return found ?? (found === undefined && truthy(otherwise) ? otherwise : null);
        });
      case 'index':
        return define(name, 'value', (args) => {
          const index = this.values.items.findIndex((item) => equals(item, args.value('value')));
          if (index < 0) throw lookupError('IndexError', 'the value is not in the sequence');
          return index;
        });
      case 'count':
        return define(
          name,
          'value',
          (args) => this.values.items.filter((item) => equals(item, args.value('value'))).length,
        );
      default:
        return undefined;
    }
  }

  override iterate(): Iterator<Value> {
    return this.values.items.values();
  }

  override length(): number {
    return this.values.items.length;
  }

  override contains(item: Value): boolean {
    return this.values.items.some((value) => equals(value, item));
  }

  override equals(other: Value): boolean {
    const items = itemsOf(other);
    const own = this.values.items;
    return items?.length === own.length && items.every((item, index) => equals(item, own[index] as Value));
  }

  override hashKey(): undefined {
    return undefined;
  }

  override toRepr(): string {
    const sample = this.values.items.slice(0, SHOWN).map(repr).join(', ');
    return `<agate.${this.typeName}: (${sample}${this.length() > SHOWN ? ', ...' : ''})>`;
  }
}

function itemsOf(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return value.items;
  return value instanceof MappedSequence ? value.values.items : undefined;
}

function isHashable(key: Value): boolean {
  if (key === null || typeof key !== 'object') return true;
  if (key instanceof HostObject) return key.hashKey() !== undefined;
  return 'text' in key;
}
