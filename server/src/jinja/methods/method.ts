/** Building blocks of method tables: typed selves and Python's words for wrong arguments. */

import type { Signature } from '../arguments.ts';
import { bindArguments } from '../arguments.ts';
import { typeError } from '../errors.ts';
import type { CallArguments } from '../values/host-object.ts';
import { typeName } from '../values/type-name.ts';
import type { Value } from '../values/value.ts';
import type { Method } from './method-table.ts';

/** A table from an object of methods over one type; the caller sees to it that `self` is of that type. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- each table names the type of its selves
export function methodTable<S extends Value>(
  methods: Readonly<Record<string, (self: S, args: CallArguments) => Value>>,
): ReadonlyMap<string, Method> {
  return new Map(Object.entries(methods) as [string, Method][]);
}

/** The positional arguments of a method that takes no keywords, between `least` and `most` of them. */
export function positionalOnly(
  name: string,
  args: CallArguments,
  least: number,
  most: number,
): readonly Value[] {
  const { positional, keyword } = args;
  if (keyword.size > 0) throw typeError(`${name}() takes no keyword arguments`);
  const given = positional.length;
  if (given < least || given > most) throw wrongCount(name, given, least, most);
  return positional;
}

function wrongCount(name: string, given: number, least: number, most: number): Error {
  const bare = name.slice(name.indexOf('.') + 1);
  if (least === most) {
    if (most > 1) return typeError(`${bare} expected ${most} arguments, got ${given}`);
    return typeError(
      `${name}() takes ${most === 0 ? 'no arguments' : 'exactly one argument'} (${given} given)`,
    );
  }
  if (given < least) {
    return typeError(`${bare} expected at least ${least} argument${least === 1 ? '' : 's'}, got ${given}`);
  }
  return typeError(`${bare} expected at most ${most} argument${most === 1 ? '' : 's'}, got ${given}`);
}

/** The arguments of a method of Python's own that takes keywords, all optional, with the words it has for wrong ones. */
export function bound(args: CallArguments, signature: Signature): Value[] {
  const { name, parameters } = signature;
  const most = parameters.length;
  const given = args.positional.length + args.keyword.size;
  if (given > most) {
    const kind = args.positional.length === 0 ? 'keyword ' : '';
    throw typeError(
      `${name}() takes at most ${most} ${kind}argument${most === 1 ? '' : 's'} (${given} given)`,
    );
  }
  for (const keyword of args.keyword.keys()) {
    const index = parameters.indexOf(keyword);
    if (index < 0) throw typeError(`'${keyword}' is an invalid keyword argument for ${name}()`);
    if (index < args.positional.length) {
      throw typeError(`argument for ${name}() given by name ('${keyword}') and position (${index + 1})`);
    }
  }
  return bindArguments(args, signature);
}

/** As Python names the type of a wrong argument: None by its value. */
export function argumentType(value: Value): string {
  return value === null ? 'None' : typeName(value);
}

export function notAnInteger(value: Value): Error {
  return typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
}
