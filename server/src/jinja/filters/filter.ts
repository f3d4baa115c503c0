/** What a filter is, and what many share: argument binding in Jinja2's words and access by attribute path. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import { isPromise } from '../../base/maybe-promise.ts';
import type { Signature } from '../arguments.ts';
import { bindArguments } from '../arguments.ts';
import type { RenderBudget } from '../budget.ts';
import { attributeError, runtimeError } from '../errors.ts';
import { getItem } from '../lookup.ts';
import type { CallArguments } from '../values/host-object.ts';
import { isText, textOf } from '../values/text.ts';
import type { UndefinedKind } from '../values/undefined.ts';
import { ParseUndefined, Undefined } from '../values/undefined.ts';
import { typeName } from '../values/type-name.ts';
import { entriesOf } from '../values/iteration.ts';
import type { Value } from '../values/value.ts';

/** What filters and tests know of the render they run in. */
export interface FilterEnvironment {
  readonly undefinedKind: UndefinedKind;
  readonly budget: RenderBudget;
  /** Whether a value is rendered (YAML, test arguments) rather than a text. */
  readonly isNative: boolean;
}

export type Filter = (
  environment: FilterEnvironment,
  value: Value,
  args: CallArguments,
) => MaybePromise<Value>;

type Body = (environment: FilterEnvironment, ...values: Value[]) => Value;

/** A filter over bound arguments; the first parameter of the signature is the filtered value. */
export function filter(signature: Signature, body: Body): Filter {
  return (environment, value, args) => {
    return body(environment, ...bindArguments(withValue(value, args), signature));
  };
}

/** The same for a filter whose Python function takes the environment first, which its messages count. */
export function environmentFilter(signature: Signature, body: Body): Filter {
  const counted: Signature = {
    ...signature,
    parameters: ['environment', ...signature.parameters],
    required: signature.required + 1,
  };
  return (environment, value, args) => {
    const [, ...values] = bindArguments(withValue(null, withValue(value, args)), counted);
    return body(environment, ...values);
  };
}

function withValue(value: Value, { positional, keyword }: CallArguments): CallArguments {
  return { positional: [value, ...positional], keyword };
}

/** The pairs of what has `items()`: a mapping, or dbt's undefined while it parses, which has whatever is asked of it. */
export function itemsOf(value: Value): readonly (readonly [Value, Value])[] {
  const entries = value instanceof ParseUndefined ? [] : entriesOf(value);
  if (entries) return entries;
  throw value instanceof Undefined ? value.failure() : attributeError(typeName(value), 'items');
}

/** Filters run to their end at once. */
export function now(value: MaybePromise<Value>): Value {
  if (isPromise(value))
    throw runtimeError('a filter cannot wait for the warehouse; put the value into a variable before');
  return value;
}

type Getter = (item: Value) => Value;

/** Python's `ignore_case`. */
export function ignoreCase(value: Value): Value {
  return isText(value) ? (textOf(value) as string).toLowerCase() : value;
}

/** The parts of `a.b.0`: names, and indexes where they are digits. */
function attributeParts(attribute: Value): Value[] {
  const text = textOf(attribute);
  if (text === undefined) return attribute === null ? [] : [attribute];
  return text.split('.').map((part) => (/^\p{Nd}+$/u.test(part) ? Number(part) : part));
}

/** Follows an attribute path; None is the item itself. */
export function attributeGetter(
  environment: FilterEnvironment,
  attribute: Value,
  postprocess: Getter = (item) => item,
  fallback: Value = null,
): Getter {
  const parts = attributeParts(attribute);
  return (item) => {
    let value = item;
    for (const part of parts) {
      value = now(getItem(value, part, environment.undefinedKind));
      if (fallback !== null && value instanceof Undefined) value = fallback;
    }
    return postprocess(value);
  };
}

/** A sort key over comma-separated attribute paths. */
export function multiAttributeGetter(
  environment: FilterEnvironment,
  attribute: Value,
  postprocess: Getter,
): (item: Value) => Value[] {
  const text = textOf(attribute);
  const paths: readonly Value[] = text === undefined ? [attribute] : text.split(',');
  const getters = paths.map((path) => attributeGetter(environment, path, postprocess));
  return (item) => getters.map((getter) => getter(item));
}
