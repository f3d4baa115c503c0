/** Binding of call arguments to a signature, with the words Python uses when they do not fit. */

import type { TemplateError } from './errors.ts';
import { typeError } from './errors.ts';
import type { CallArguments } from './values/host-object.ts';
import { textRepr } from './values/repr.ts';
import type { Value } from './values/value.ts';

/** The parameters of a host function, in order. */
export interface Signature {
  /** As Python's messages name the function. */
  readonly name: string;
  readonly parameters: readonly string[];
  /** The first so many parameters have no default. */
  readonly required: number;
  readonly defaults: readonly Value[];
}

/** `signature('replace', ['old', 'new'], { count: -1 })`: required names, then optional ones with their defaults. */
export function signature(
  name: string,
  required: readonly string[],
  optional: Readonly<Record<string, Value>> = {},
): Signature {
  return {
    name,
    parameters: [...required, ...Object.keys(optional)],
    required: required.length,
    defaults: Object.values(optional),
  };
}

/** The value of each parameter, in the signature's order. Raises Python's TypeError when the arguments do not fit. */
export function bindArguments(args: CallArguments, signature: Signature): Value[] {
  const { parameters, required, defaults } = signature;
  const { positional, keyword } = args;
  if (positional.length > parameters.length) throw tooMany(signature, positional.length);
  const bound: (Value | undefined)[] = positional.slice();
  for (const [name, value] of keyword) {
    const index = parameters.indexOf(name);
    if (index < 0)
      throw typeError(`${signature.name}() got an unexpected keyword argument ${textRepr(name)}`);
    if (bound[index] !== undefined) {
      throw typeError(`${signature.name}() got multiple values for argument ${textRepr(name)}`);
    }
    bound[index] = value;
  }
  const missing: string[] = [];
  const values: Value[] = [];
  for (let index = 0; index < parameters.length; index++) {
    const value = bound[index];
    if (value !== undefined) values.push(value);
    else if (index < required) missing.push(parameters[index] as string);
    else values.push(defaults[index - required] as Value);
  }
  if (missing.length > 0) throw missingArguments(signature.name, missing);
  return values;
}

/** Python's complaint about absent arguments. */
export function missingArguments(name: string, missing: readonly string[]): TemplateError {
  const plural = missing.length === 1 ? '' : 's';
  return typeError(
    `${name}() missing ${missing.length} required positional argument${plural}: ${listed(missing)}`,
  );
}

function tooMany(signature: Signature, given: number): TemplateError {
  const { name, parameters, required } = signature;
  const most = parameters.length;
  const plural = most === 1 ? '' : 's';
  const takes =
    required === most
      ? `${most} positional argument${plural}`
      : `from ${required} to ${most} positional arguments`;
  return typeError(`${name}() takes ${takes} but ${given} ${given === 1 ? 'was' : 'were'} given`);
}

function listed(names: readonly string[]): string {
  const quoted = names.map(textRepr);
  if (quoted.length <= 2) return quoted.join(' and ');
  return `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1) as string}`;
}
