/** Jinja's undefined, in its two kinds: the one that refuses most operations, and dbt's parse-time one that swallows access and calls. */

import type { TemplateErrorKind } from '../errors.ts';
import { TemplateError } from '../errors.ts';
import type { CallArguments } from './host-object.ts';
import { HostObject } from './host-object.ts';
import { repr } from './repr.ts';
import { objectTypeName } from './type-name.ts';
import type { Value } from './value.ts';

export type UndefinedKind = 'default' | 'parse';

export interface UndefinedOrigin {
  /** The whole message, where the message is not made of name and owner. */
  readonly hint?: string | undefined;
  /** The missing name, or the missing element's key. */
  readonly name?: Value;
  /** The value that lacks it; absent when a variable is missing. */
  readonly owner?: Value;
  readonly error?: { readonly kind: TemplateErrorKind; readonly pythonClass: string };
}

const undefinedClass = { kind: 'undefined', pythonClass: 'UndefinedError' } as const;

/** Prints as nothing, iterates empty, is false; every other operation raises {@link Undefined.failure}. */
export class Undefined extends HostObject {
  readonly typeName: string = 'Undefined';
  readonly origin: UndefinedOrigin;

  constructor(origin: UndefinedOrigin) {
    super();
    this.origin = origin;
  }

  override get qualifiedTypeName(): string {
    return 'jinja2.runtime.Undefined';
  }

  /** The error that an operation on this value raises. */
  failure(): TemplateError {
    const { kind, pythonClass } = this.origin.error ?? undefinedClass;
    return new TemplateError(kind, pythonClass, this.message());
  }

  message(): string {
    const { hint, name = null, owner } = this.origin;
    if (hint !== undefined && hint !== '') return hint;
    if (owner === undefined) return `${repr(name)} is undefined`;
    if (typeof name !== 'string') return `${objectTypeName(owner)} has no element ${repr(name)}`;
    return `${repr(objectTypeName(owner))} has no attribute ${repr(name)}`;
  }

  override getAttribute(_name: string): Value | undefined {
    throw this.failure();
  }

  override getItem(_key: Value): Value | undefined {
    throw this.failure();
  }

  override call(_args: CallArguments): Value {
    throw this.failure();
  }

  override toStr(): string {
    return '';
  }

  override toRepr(): string {
    return 'Undefined';
  }

  override isTruthy(): boolean {
    return false;
  }

  override equals(other: Value): boolean {
    return other instanceof Undefined;
  }

  override hashKey(): string {
    return 'undefined';
  }

  override iterate(): Iterator<Value> {
    return ([] as Value[]).values();
  }

  override length(): number {
    return 0;
  }
}

/** dbt's undefined while it parses: an attribute, an item or a call of it is undefined again. */
export class ParseUndefined extends Undefined {
  override getAttribute(name: string): Value | undefined {
    if (name === 'name') return this.origin.name ?? null;
    if (name === 'hint') return this.origin.hint ?? null;
    return new ParseUndefined({ hint: this.origin.hint, name });
  }

  override getItem(_key: Value): Value {
    return this;
  }

  override call(_args: CallArguments): Value {
    return this;
  }
}

export function makeUndefined(kind: UndefinedKind, origin: UndefinedOrigin): Undefined {
  if (kind === 'default') return new Undefined(origin);
  // dbt's class keeps hint and name only.
  return new ParseUndefined({ hint: origin.hint, name: origin.name ?? null });
}
