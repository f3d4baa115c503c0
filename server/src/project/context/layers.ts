/** Contexts put together from layers of lazily made members. */

import type { Context, Value } from '../../jinja/index.ts';

/** Members by name; each is made when a template first asks for it, once. */
export type Members = Readonly<Record<string, () => Value>>;

/** The first layer that has a name answers for it. */
export function contextOf(...layers: readonly Context[]): Context {
  return {
    get(name) {
      for (const layer of layers) {
        const value = layer.get(name);
        if (value !== undefined) return value;
      }
      return undefined;
    },
  };
}

export function memberLayer(members: Members): Context {
  const made = new Map<string, Value>();
  return {
    get(name) {
      const known = made.get(name);
      if (known !== undefined) return known;
      if (!Object.hasOwn(members, name)) return undefined;
      const value = members[name]?.();
      if (value !== undefined) made.set(name, value);
      return value;
    },
  };
}
