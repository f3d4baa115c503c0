/** A Python class as templates meet it: callable, with class attributes. */

import { HostObject } from '../../../jinja/index.ts';
import type { CallArguments, Value } from '../../../jinja/index.ts';

export interface PythonClassParts {
  /** With its module: `datetime.datetime`. */
  readonly name: string;
  readonly construct: (args: CallArguments) => Value;
  readonly member: (name: string) => Value | undefined;
}

export class PythonClass extends HostObject {
  readonly typeName = 'type';
  readonly #parts: PythonClassParts;

  constructor(parts: PythonClassParts) {
    super();
    this.#parts = parts;
  }

  override call(args: CallArguments): Value {
    return this.#parts.construct(args);
  }

  override getAttribute(name: string): Value | undefined {
    return this.#parts.member(name);
  }

  override toRepr(): string {
    return `<class '${this.#parts.name}'>`;
  }
}
