/** Attributes and items as Jinja2's sandbox looks them up: methods before keys after a dot, keys before methods in brackets. */

import type { MaybePromise } from '../base/maybe-promise.ts';
import { isPromise, then } from '../base/maybe-promise.ts';
import { isCallable } from './call.ts';
import { isDunderOf } from './hidden-names.ts';
import type { Lookup } from './format/str-format.ts';
import { formatMethodOf } from './methods/format-methods.ts';
import { methodOf } from './methods/method-table.ts';
import { numberField } from './methods/number-methods.ts';
import { elementAt } from './operators/subscript.ts';
import { Dict } from './values/dict.ts';
import { HostFunction, HostObject } from './values/host-object.ts';
import { equals } from './values/equality.ts';
import { textRepr } from './values/repr.ts';
import { textOf } from './values/text.ts';
import { Tuple } from './values/tuple.ts';
import { typeName } from './values/type-name.ts';
import type { UndefinedKind } from './values/undefined.ts';
import { Undefined, makeUndefined } from './values/undefined.ts';
import type { Value } from './values/value.ts';

function isHidden(value: Value, name: string): boolean {
  if (!name.startsWith('__')) return false;
  return isDunderOf(typeName(value), isCallable(value) && !(value instanceof Undefined), name);
}

const securityClass = { kind: 'security', pythonClass: 'SecurityError' } as const;

function unsafe(value: Value, name: string, kind: UndefinedKind): Undefined {
  const hint = `access to attribute ${textRepr(name)} of ${textRepr(typeName(value))} object is unsafe.`;
  return makeUndefined(kind, { hint, name, owner: value, error: securityClass });
}

/** `value.name`. A missing attribute gives undefined, an attribute of an undefined raises. */
export function getAttribute(
  value: Value,
  name: string,
  kind: UndefinedKind = 'default',
): MaybePromise<Value> {
  if (name.startsWith('_')) return hiddenAttribute(value, name, kind);
  if (value instanceof HostObject) {
    const found = value.getAttribute(name);
    if (isPromise(found))
      return found.then((attribute) => orElse(attribute, () => hostItem(value, name, name, kind)));
    return orElse(found, () => hostItem(value, name, name, kind));
  }
  const found = orElse(boundMethod(value, name, kind), () => namedField(value, name));
  return orElse(
    orElse(found, () => keyed(value, name)),
    () => missing(value, name, kind),
  );
}

/** Names with an underscore are never asked of an object; as keys they are as good as any. */
function hiddenAttribute(value: Value, name: string, kind: UndefinedKind): MaybePromise<Value> {
  if (value instanceof Undefined && !isHidden(value, name)) {
    return then(value.getAttribute(name), (attribute) => orElse(attribute, () => missing(value, name, kind)));
  }
  if (isHidden(value, name)) return unsafe(value, name, kind);
  if (value instanceof HostObject) return hostOnlyItem(value, name, kind);
  return orElse(keyed(value, name), () => missing(value, name, kind));
}

/** `value[key]`, for a key that is no slice. */
export function getItem(value: Value, key: Value, kind: UndefinedKind = 'default'): MaybePromise<Value> {
  const name = textOf(key);
  if (value instanceof HostObject) {
    if (name === undefined) return hostOnlyItem(value, key, kind);
    return hostItemThenAttribute(value, name, kind);
  }
  const element = elementAt(value, key);
  if (element !== undefined) return element;
  if (name === undefined) return missing(value, key, kind);
  if (name.startsWith('_'))
    return isHidden(value, name) ? unsafe(value, name, kind) : missing(value, name, kind);
  return orElse(
    orElse(boundMethod(value, name, kind), () => namedField(value, name)),
    () => missing(value, key, kind),
  );
}

/** Like `??`, for values among which None is as good as any. */
function orElse<T>(value: T | undefined, otherwise: () => T): T {
  return value === undefined ? otherwise() : value;
}

function keyed(value: Value, name: string): Value | undefined {
  return value instanceof Dict ? value.get(name) : undefined;
}

function namedField(value: Value, name: string): Value | undefined {
  if (!(value instanceof Tuple)) return numberField(value, name);
  return value.names ? value.items[value.names.indexOf(name)] : undefined;
}

function missing(owner: Value, name: Value, kind: UndefinedKind): Undefined {
  return makeUndefined(kind, { owner, name });
}

/** How `str.format` looks into its arguments: as any template does. */
function lookupOf(kind: UndefinedKind): Lookup {
  return {
    attribute: (value, name) => getAttribute(value, name, kind),
    item: (value, key) => getItem(value, key, kind),
  };
}

const lookups: Readonly<Record<UndefinedKind, Lookup>> = {
  default: lookupOf('default'),
  parse: lookupOf('parse'),
};

function boundMethod(value: Value, name: string, kind: UndefinedKind): Value | undefined {
  const method = methodOf(value, name) ?? formatMethodOf(value, name, lookups[kind]);
  return method && new BoundMethod(value, name, (args) => method(value, args));
}

class BoundMethod extends HostFunction {
  override readonly typeName: string = 'builtin_function_or_method';
  readonly #owner: Value;

  constructor(owner: Value, name: string, body: ConstructorParameters<typeof HostFunction>[1]) {
    super(name, body);
    this.#owner = owner;
  }

  override toRepr(): string {
    return `<built-in method ${this.name} of ${typeName(this.#owner)} object>`;
  }
}

/** After a dot: what the object said no to may still be a mapping's method or a key. */
function hostItem(value: HostObject, name: string, key: Value, kind: UndefinedKind): MaybePromise<Value> {
  return boundMethod(value, name, kind) ?? hostOnlyItem(value, key, kind);
}

function hostOnlyItem(value: HostObject, key: Value, kind: UndefinedKind): MaybePromise<Value> {
  return then(ownItem(value, key), (item) => orElse(item, () => missing(value, key, kind)));
}

function ownItem(value: HostObject, key: Value): MaybePromise<Value | undefined> {
  return then(value.getItem(key), (item) => {
    if (item !== undefined) return item;
    const pair = value.entries?.().find(([name]) => equals(name, key));
    return pair ? pair[1] : elementAt(value, key);
  });
}

function hostItemThenAttribute(value: HostObject, name: string, kind: UndefinedKind): MaybePromise<Value> {
  return then(ownItem(value, name), (item) => {
    if (item !== undefined) return item;
    if (name.startsWith('_'))
      return isHidden(value, name) ? unsafe(value, name, kind) : missing(value, name, kind);
    return then(value.getAttribute(name), (attribute) => {
      return orElse(attribute, () => boundMethod(value, name, kind) ?? missing(value, name, kind));
    });
  });
}
