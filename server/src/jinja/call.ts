/** Calls of values. */

import type { MaybePromise } from '../base/maybe-promise.ts';
import { typeError } from './errors.ts';
import type { CallArguments } from './values/host-object.ts';
import { HostObject, noArguments } from './values/host-object.ts';
import { typeName } from './values/type-name.ts';
import type { Value } from './values/value.ts';

export function isCallable(value: Value): boolean {
  return value instanceof HostObject && value.call !== undefined;
}

/** Raises `'int' object is not callable`, and for an undefined that it is undefined. */
export function callValue(value: Value, args: CallArguments = noArguments): MaybePromise<Value> {
  if (value instanceof HostObject && value.call) return value.call(args);
  throw typeError(`'${typeName(value)}' object is not callable`);
}
