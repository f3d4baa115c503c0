/** A dict whose members are made when a template asks for them: `context`, `builtins`. */

import { HostObject, type Value } from '../../jinja/index.ts';

export class NamedMembers extends HostObject {
  readonly typeName = 'dict';
  readonly #names: () => readonly string[];
  readonly #member: (name: string) => Value | undefined;

  constructor(names: () => readonly string[], member: (name: string) => Value | undefined) {
    super();
    this.#names = names;
    this.#member = member;
  }

  override getItem(key: Value): Value | undefined {
    return typeof key === 'string' ? this.#member(key) : undefined;
  }

  override getAttribute(name: string): Value | undefined {
    return this.#member(name);
  }

  override contains(item: Value): boolean {
    return typeof item === 'string' && this.#member(item) !== undefined;
  }

  override entries(): readonly (readonly [Value, Value])[] {
    return [...new Set(this.#names())].flatMap((name) => {
      const value = this.#member(name);
      return value === undefined ? [] : [[name, value] as const];
    });
  }
}
