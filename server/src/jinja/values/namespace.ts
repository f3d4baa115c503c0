/** Jinja's `namespace()`: the one value whose attributes a template may set. */

import type { Dict } from './dict.ts';
import { HostObject } from './host-object.ts';
import { repr } from './repr.ts';
import type { Value } from './value.ts';

export class Namespace extends HostObject {
  readonly typeName = 'Namespace';
  readonly attributes: Dict;

  constructor(attributes: Dict) {
    super();
    this.attributes = attributes;
  }

  override get qualifiedTypeName(): string {
    return 'jinja2.utils.Namespace';
  }

  override getAttribute(name: string): Value | undefined {
    return this.attributes.get(name);
  }

  setAttribute(name: string, value: Value): void {
    this.attributes.set(name, value);
  }

  override toRepr(): string {
    return `<Namespace ${repr(this.attributes)}>`;
  }
}
