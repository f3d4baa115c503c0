/** Contexts put together from layers of lazily made members. */

import type { Context, Value } from '../../jinja/index.ts';

/** Members by name; each is made when a template first asks for it, once. */
export type Members = Readonly<Record<string, () => Value>>;

export function memberLayer(members: Members): Context {
  return lazyLayer((name) => (Object.hasOwn(members, name) ? members[name]?.() : undefined));
}

/** Thousands of contexts are made while parsing, and each is asked for a few names: nothing is made before it is asked for. */
export function lazyLayer(make: (name: string) => Value | undefined): Context {
  let made: Map<string, Value> | undefined;
  return {
    get(name) {
      const known = made?.get(name);
      if (known !== undefined) return known;
      const value = make(name);
      if (value !== undefined) (made ??= new Map()).set(name, value);
      return value;
    },
  };
}
