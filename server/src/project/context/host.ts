/** Host functions with Python signatures: names and defaults in, arguments bound or a TypeError out. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import {
  CapturedText,
  Dict,
  hostFunction,
  str,
  TemplateError,
  type CallArguments,
  type HostFunction,
  type Value,
} from '../../jinja/index.ts';

/** The bound arguments of one call, by parameter name. */
export interface Bound {
  /** The argument, or the default; undefined only for a parameter without default that is marked optional. */
  get(name: string): Value | undefined;
  /** A required argument. */
  value(name: string): Value;
  /** A text argument; str() is applied to what is not a text. null stays null. */
  text(name: string): string | null;
  readonly rest: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
}

/**
 * Defines a function. A signature is written as in Python: `name`, `name=` (optional, absent gives undefined), `*rest`, `**keywords`;
 * what comes after `*rest` is given by keyword only.
 */
export function define(
  name: string,
  signature: string,
  body: (args: Bound) => MaybePromise<Value>,
): HostFunction {
  const parameters = parseSignature(signature);
  return hostFunction(name, (args) => body(bind(name, parameters, args)));
}

interface Parameters {
  readonly names: readonly string[];
  readonly optional: ReadonlySet<string>;
  /** How many of the names positions can give. */
  readonly positional: number;
  readonly takesRest: boolean;
  readonly takesKeywords: boolean;
}

const signatures = new Map<string, Parameters>();

function parseSignature(signature: string): Parameters {
  const known = signatures.get(signature);
  if (known) return known;
  const parsed = readSignature(signature);
  signatures.set(signature, parsed);
  return parsed;
}

function readSignature(signature: string): Parameters {
  const names: string[] = [];
  const optional = new Set<string>();
  let positional: number | undefined;
  let takesRest = false;
  let takesKeywords = false;
  for (const part of signature
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)) {
    if (part.startsWith('**')) takesKeywords = true;
    else if (part.startsWith('*')) {
      takesRest = true;
      positional = names.length;
    } else if (part.endsWith('=')) {
      names.push(part.slice(0, -1));
      optional.add(part.slice(0, -1));
    } else names.push(part);
  }
  return { names, optional, positional: positional ?? names.length, takesRest, takesKeywords };
}

function bind(name: string, parameters: Parameters, args: CallArguments): Bound {
  const { names, optional, positional } = parameters;
  const values = new Map<string, Value>();
  args.positional.slice(0, positional).forEach((value, index) => values.set(names[index] ?? '', value));
  const rest = args.positional.slice(positional);
  if (rest.length > 0 && !parameters.takesRest) {
    const least = names.length - optional.size;
    const takes =
      optional.size > 0 ? `from ${String(least)} to ${String(names.length)}` : String(names.length);
    throw typeError(
      `${name}() takes ${takes} positional argument${names.length === 1 ? '' : 's'} but ${String(args.positional.length)} were given`,
    );
  }
  const keywords = new Map<string, Value>();
  for (const [key, value] of args.keyword) {
    if (names.includes(key)) {
      if (values.has(key)) throw typeError(`${name}() got multiple values for argument '${key}'`);
      values.set(key, value);
    } else if (parameters.takesKeywords) keywords.set(key, value);
    else throw typeError(`${name}() got an unexpected keyword argument '${key}'`);
  }
  const missing = names.filter((key) => !optional.has(key) && !values.has(key));
  if (missing.length > 0) {
    throw typeError(
      `${name}() missing ${String(missing.length)} required positional argument${missing.length === 1 ? '' : 's'}: ${missing.map((key) => `'${key}'`).join(' and ')}`,
    );
  }
  return {
    get: (key) => values.get(key),
    value: (key) => values.get(key) ?? null,
    text(key) {
      const value = values.get(key);
      if (value === undefined || value === null) return null;
      return str(value);
    },
    rest,
    keywords,
  };
}

function typeError(message: string): TemplateError {
  return new TemplateError('type', 'TypeError', message);
}

export function isText(value: Value | undefined): value is string | CapturedText {
  return typeof value === 'string' || value instanceof CapturedText;
}

/** The plain text of a str value. */
export function plain(value: string | CapturedText): string {
  return typeof value === 'string' ? value : value.text;
}

/** A dict with text keys. */
export function dictOf(entries: Readonly<Record<string, Value>>): Dict {
  return Dict.of(Object.entries(entries));
}
