/** JSON as Python's `json` module writes and reads it. */

import { TemplateError, limitError, typeError, valueError } from './errors.ts';
import { spend } from './meter.ts';
import { parseFloatText, parseIntText } from './operators/number-text.ts';
import { sorted } from './operators/order.ts';
import { Dict } from './values/dict.ts';
import { PyFloat, floatRepr } from './values/float.ts';
import { MAX_TEXT } from './values/repr.ts';
import { textOf } from './values/text.ts';
import { Tuple } from './values/tuple.ts';
import { typeName } from './values/type-name.ts';
import type { Value } from './values/value.ts';

export interface JsonOptions {
  readonly sortKeys?: boolean;
  /** A number of spaces, or the text of one level. */
  readonly indent?: number | string;
}

/** Raises Python's TypeError for what is not JSON. */
export function toJson(value: Value, options: JsonOptions = {}): string {
  return new JsonWriter(options).write(value);
}

class JsonWriter {
  readonly #sortKeys: boolean;
  readonly #indent: string | undefined;
  readonly #open: Value[] = [];
  #written = 0;

  constructor({ sortKeys = false, indent }: JsonOptions) {
    this.#sortKeys = sortKeys;
    this.#indent = typeof indent === 'number' ? ' '.repeat(Math.max(0, indent)) : indent;
  }

  write(value: Value): string {
    spend(60);
    const text = this.#text(value);
    spend(text.length);
    this.#written += text.length;
    if (this.#written > MAX_TEXT * 4) throw limitError('the JSON text is too long');
    return text;
  }

  #text(value: Value): string {
    if (value === null) return 'null';
    if (typeof value === 'boolean') return value ? 'true' : 'false';
    if (typeof value === 'number' || typeof value === 'bigint') return value.toString();
    if (value instanceof PyFloat) return floatJson(value.value);
    const text = textOf(value);
    if (text !== undefined) return textJson(text);
    if (Array.isArray(value)) return this.#list(value, value);
    if (value instanceof Tuple) return this.#list(value, value.items);
    if (value instanceof Dict) return this.#dict(value);
    throw typeError(`Object of type ${typeName(value)} is not JSON serializable`);
  }

  #list(owner: Value, items: readonly Value[]): string {
    return this.#enclosed(owner, '[', ']', () => items.map((item) => this.write(item)));
  }

  #dict(dict: Dict): string {
    return this.#enclosed(dict, '{', '}', () => {
      const entries = [...dict.entries()];
      const ordered = this.#sortKeys ? sortedByKey(entries) : entries;
      return ordered.map(([key, value]) => `${textJson(keyText(key))}: ${this.write(value)}`);
    });
  }

  #enclosed(owner: Value, open: string, close: string, body: () => string[]): string {
    if (this.#open.includes(owner)) throw valueError('Circular reference detected');
    this.#open.push(owner);
    const parts = body();
    this.#open.pop();
    if (parts.length === 0) return open + close;
    if (this.#indent === undefined) return open + parts.join(', ') + close;
    const outer = `\n${this.#indent.repeat(this.#open.length)}`;
    const inner = outer + this.#indent;
    return open + inner + parts.join(`,${inner}`) + outer + close;
  }
}

function sortedByKey(entries: readonly [Value, Value][]): [Value, Value][] {
  const tuples = entries.map((pair) => new Tuple(pair));
  return sorted(tuples, (pair) => (pair as Tuple).items[0] as Value, false).map(
    (pair) => (pair as Tuple).items as [Value, Value],
  );
}

function keyText(key: Value): string {
  const text = textOf(key);
  if (text !== undefined) return text;
  if (key === null) return 'null';
  if (typeof key === 'boolean') return key ? 'true' : 'false';
  if (typeof key === 'number' || typeof key === 'bigint') return key.toString();
  if (key instanceof PyFloat) return floatJson(key.value);
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function floatJson(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return floatRepr(value);
}

function textJson(text: string): string {
  return JSON.stringify(text).replace(/[\x7f-\uffff]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Reads JSON; `1` is an int, `1.0` a float. Raises a JSONDecodeError in Python's words. */
export function fromJson(text: string): Value {
  return new JsonReader(text).read();
}

const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const string = /"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const blank = /[ \t\n\r]*/y;

class JsonReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Value {
    const value = this.#value();
    this.#skipBlank();
    if (this.#at < this.#text.length) throw this.#fault('Extra data', this.#at);
    return value;
  }

  #fault(message: string, at: number): TemplateError {
    const before = this.#text.slice(0, at);
    const line = before.split('\n').length;
    const column = at - (before.lastIndexOf('\n') + 1) + 1;
    return new TemplateError(
      'value',
      'JSONDecodeError',
      `${message}: line ${line} column ${column} (char ${at})`,
    );
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at += match[0].length;
    return match;
  }

  #skipBlank(): void {
    this.#match(blank);
  }

  #value(): Value {
    this.#skipBlank();
    switch (this.#text.charAt(this.#at)) {
      case '{':
        return this.#nested(() => this.#object());
      case '[':
        return this.#nested(() => this.#array());
      case '"':
        return this.#string();
      default:
        return this.#word();
    }
  }

  #nested<T>(body: () => T): T {
    if (++this.#depth > 900)
      throw new TemplateError('limit', 'RecursionError', 'maximum recursion depth exceeded');
    const value = body();
    this.#depth--;
    return value;
  }

  #string(): string {
    const at = this.#at;
    const match = this.#match(string);
    if (match) return JSON.parse(match[0]) as string;
    throw this.#fault('Unterminated string starting at', at);
  }

  #word(): Value {
    for (const [word, value] of words) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    const match = this.#match(number);
    if (!match) throw this.#fault('Expecting value', this.#at);
    const isReal = match[1] !== undefined || match[2] !== undefined;
    return isReal ? new PyFloat(parseFloatText(match[0]) ?? NaN) : (parseIntText(match[0], 10) ?? 0);
  }

  #array(): Value {
    const items: Value[] = [];
    this.#at++;
    this.#skipBlank();
    if (this.#take(']')) return items;
    for (;;) {
      items.push(this.#value());
      this.#skipBlank();
      if (this.#take(']')) return items;
      if (!this.#take(',')) throw this.#fault("Expecting ',' delimiter", this.#at);
    }
  }

  #object(): Value {
    const dict = new Dict();
    this.#at++;
    this.#skipBlank();
    if (this.#take('}')) return dict;
    for (;;) {
      this.#skipBlank();
      if (this.#text.charAt(this.#at) !== '"') {
        throw this.#fault('Expecting property name enclosed in double quotes', this.#at);
      }
      const key = this.#string();
      this.#skipBlank();
      if (!this.#take(':')) throw this.#fault("Expecting ':' delimiter", this.#at);
      dict.set(key, this.#value());
      this.#skipBlank();
      if (this.#take('}')) return dict;
      if (!this.#take(',')) throw this.#fault("Expecting ',' delimiter", this.#at);
    }
  }

  #take(character: string): boolean {
    if (this.#text.charAt(this.#at) !== character) return false;
    this.#at++;
    return true;
  }
}

const words: readonly (readonly [string, Value])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', new PyFloat(NaN)],
  ['Infinity', new PyFloat(Infinity)],
  ['-Infinity', new PyFloat(-Infinity)],
];
