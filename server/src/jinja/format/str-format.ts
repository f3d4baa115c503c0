/** `str.format` as Jinja2's sandbox runs it: attributes and items of the arguments go through the sandbox's own lookups. */

import { isPromise } from '../../base/maybe-promise.ts';
import { lookupError, runtimeError, valueError } from '../errors.ts';
import type { MaybePromise } from '../../base/maybe-promise.ts';
import { escapeHtml } from '../values/escape.ts';
import { Markup } from '../values/markup.ts';
import { repr, str, textRepr } from '../values/repr.ts';
import type { Value } from '../values/value.ts';
import { ascii } from './percent.ts';
import { formatValue } from './specification.ts';

export interface FormatArguments {
  readonly positional: readonly Value[];
  /** Undefined when there is no such name. */
  readonly named: (name: string) => Value | undefined;
}

/** How `{0.name}` and `{0[key]}` look into a value. */
export interface Lookup {
  readonly attribute: (value: Value, name: string) => MaybePromise<Value>;
  readonly item: (value: Value, key: Value) => MaybePromise<Value>;
}

/** In HTML, what the fields give is escaped. */
export type FormatStyle = 'plain' | 'html';

export function formatText(
  format: string,
  args: FormatArguments,
  lookup: Lookup,
  style: FormatStyle = 'plain',
): string {
  return new Formatter(args, lookup, style).run(format, 2);
}

class Formatter {
  readonly #args: FormatArguments;
  readonly #lookup: Lookup;
  readonly #style: FormatStyle;
  /** The next automatic number; null once a field has numbered itself. */
  #automatic: number | null = 0;

  constructor(args: FormatArguments, lookup: Lookup, style: FormatStyle) {
    this.#style = style;
    this.#args = args;
    this.#lookup = lookup;
  }

  run(format: string, depth: number): string {
    if (depth < 0) throw valueError('Max string recursion exceeded');
    let out = '';
    let at = 0;
    while (at < format.length) {
      const character = format.charAt(at);
      if (character !== '{' && character !== '}') {
        out += character;
        at++;
        continue;
      }
      if (format.charAt(at + 1) === character) {
        out += character;
        at += 2;
        continue;
      }
      if (character === '}') throw valueError("Single '}' encountered in format string");
      const end = fieldEnd(format, at + 1);
      out += this.#field(format.slice(at + 1, end), depth);
      at = end + 1;
    }
    return out;
  }

  #field(field: string, depth: number): string {
    const { name, conversion, specification } = splitField(field);
    const value = converted(this.#lookUp(name), conversion);
    const spec = this.run(specification, depth - 1);
    if (this.#style === 'plain') return formatValue(value, spec);
    if (!(value instanceof Markup)) return escapeHtml(formatValue(value, spec));
    if (spec !== '') throw valueError('Unsupported format specification for Markup.');
    return value.text;
  }

  #lookUp(path: string): Value {
    const first = /^[^.[]*/.exec(path)?.[0] ?? '';
    let value = this.#first(first);
    const step = /\.([^.[]*)|\[([^\]]*)\]/gy;
    step.lastIndex = first.length;
    while (step.lastIndex < path.length) {
      const match = step.exec(path);
      if (!match) throw valueError("Missing ']' in format string");
      const [, attribute, item] = match;
      if (attribute === '' || item === '') throw valueError('Empty attribute in format string');
      const next =
        attribute === undefined
          ? this.#lookup.item(value, /^\d+$/.test(item ?? '') ? Number(item) : (item ?? ''))
          : this.#lookup.attribute(value, attribute);
      if (isPromise(next))
        throw runtimeError('a format field cannot wait for the warehouse; read the value before');
      value = next;
    }
    return value;
  }

  #first(name: string): Value {
    if (name !== '' && !/^\d+$/.test(name)) {
      const value = this.#args.named(name);
      if (value === undefined) throw lookupError('KeyError', textRepr(name));
      return value;
    }
    const index = this.#number(name);
    const value = this.#args.positional[index];
    if (value === undefined) {
      throw lookupError('IndexError', 'tuple index out of range');
    }
    return value;
  }

  #number(name: string): number {
    if (name === '') {
      if (this.#automatic === null) {
        throw valueError('cannot switch from manual field specification to automatic field numbering');
      }
      return this.#automatic++;
    }
    if (this.#automatic !== null && this.#automatic > 0) {
      throw valueError('cannot switch from automatic field numbering to manual field specification');
    }
    this.#automatic = null;
    return Number(name);
  }
}

function fieldEnd(format: string, from: number): number {
  let depth = 1;
  for (let at = from; at < format.length; at++) {
    const character = format.charAt(at);
    if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at;
  }
  throw valueError(
    from === format.length ? "Single '{' encountered in format string" : "expected '}' before end of string",
  );
}

function splitField(field: string): { name: string; conversion: string; specification: string } {
  const name = /^(?:[^!:[]|\[[^\]]*\])*/.exec(field)?.[0] ?? '';
  let rest = field.slice(name.length);
  let conversion = '';
  if (rest.startsWith('!')) {
    conversion = rest.charAt(1);
    rest = rest.slice(2);
    if (rest !== '' && !rest.startsWith(':')) throw valueError("expected ':' after conversion specifier");
  }
  return { name, conversion, specification: rest.slice(1) };
}

function converted(value: Value, conversion: string): Value {
  switch (conversion) {
    case '':
      return value;
    case 's':
      return str(value);
    case 'r':
      return repr(value);
    case 'a':
      return ascii(repr(value));
    default:
      throw valueError(`Unknown conversion specifier ${conversion}`);
  }
}
