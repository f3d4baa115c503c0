/** JSON as Python's json module writes and reads it. */

import {
  Dict,
  floatRepr,
  HostObject,
  PyFloat,
  TemplateError,
  textOf,
  Tuple,
  typeError,
  typeName,
  spend,
} from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';
import { compareValues } from './order.ts';

export interface JsonWriteOptions {
  readonly sortKeys?: boolean | undefined;
  /** Whether other characters than ASCII are escaped; true when absent. */
  readonly ensureAscii?: boolean | undefined;
  /** Spaces a level; one line when absent. */
  readonly indent?: number | undefined;
  /** What stands for a value that JSON does not have; a TypeError when absent or undefined. */
  readonly otherwise?: ((value: Value) => Value | undefined) | undefined;
}

/** `json.dumps`. Raises Python's TypeError for a value or key that JSON does not have, a ValueError for a value inside itself. */
export function pythonJson(value: Value, options: JsonWriteOptions = {}): string {
  return write(value, options, []);
}

function write(value: Value, options: JsonWriteOptions, open: Value[]): string {
  // Each place where a value stands is written anew: lists of lists of one list come to an end here.
  spend(100);
  const scalar = scalarText(value, options);
  if (scalar !== undefined) return scalar;
  const items = itemsOf(value);
  const entries = items ? undefined : entriesOf(value);
  if (!items && !entries) {
    const replaced = options.otherwise?.(value);
    if (replaced === undefined)
      throw typeError(`Object of type ${shortTypeName(value)} is not JSON serializable`);
    return write(replaced, options, open);
  }
  if (open.includes(value)) throw new TemplateError('value', 'ValueError', 'Circular reference detected');
  open.push(value);
  const text = items
    ? bracketed(
        '[',
        ']',
        Array.from(items, (item) => write(item, options, open)),
        options,
        open.length,
      )
    : bracketed('{', '}', members(entries ?? [], options, open), options, open.length);
  open.pop();
  return text;
}

function members(
  entries: readonly (readonly [Value, Value])[],
  options: JsonWriteOptions,
  open: Value[],
): string[] {
  const ordered = options.sortKeys
    ? [...entries].sort(([left], [right]) => compareValues(left, right))
    : entries;
  return ordered.map(([key, item]) => `${quote(keyText(key), options)}: ${write(item, options, open)}`);
}

function bracketed(
  start: string,
  end: string,
  parts: readonly string[],
  { indent }: JsonWriteOptions,
  depth: number,
): string {
  if (parts.length === 0) return start + end;
  if (indent === undefined) return start + parts.join(', ') + end;
  const inner = `\n${' '.repeat(indent * depth)}`;
  return start + inner + parts.join(`,${inner}`) + `\n${' '.repeat(indent * (depth - 1))}` + end;
}

function scalarText(value: Value, options: JsonWriteOptions): string | undefined {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number' || typeof value === 'bigint') return value.toString();
  if (value instanceof PyFloat) return floatText(value.value);
  const text = textOf(value);
  return text === undefined ? undefined : quote(text, options);
}

function floatText(value: number): string {
  if (Number.isFinite(value)) return floatRepr(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

function keyText(key: Value): string {
  const text = textOf(key);
  if (text !== undefined) return text;
  const scalar = scalarText(key, {});
  if (scalar === undefined) {
    throw typeError(`keys must be str, int, float, bool or None, not ${shortTypeName(key)}`);
  }
  return scalar;
}

function quote(text: string, { ensureAscii = true }: JsonWriteOptions): string {
  // JSON.stringify escapes lone surrogates, which Python leaves unless it escapes everything anyway.
  const quoted = JSON.stringify(text);
  if (!ensureAscii) return quoted;
  return quoted.replace(/[\u007f-\uffff]/gu, escapeUnits).replace(/[\u{10000}-\u{10ffff}]/gu, escapeUnits);
}

function escapeUnits(character: string): string {
  let escaped = '';
  for (let index = 0; index < character.length; index++) {
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

function itemsOf(value: Value): Iterable<Value> | undefined {
  if (Array.isArray(value)) return value;
  return value instanceof Tuple ? value.items : undefined;
}

/** Dicts, and host objects that stand for one. */
function entriesOf(value: Value): readonly (readonly [Value, Value])[] | undefined {
  if (value instanceof Dict) return [...value.entries()];
  return value instanceof HostObject && value.typeName === 'dict' ? value.entries?.() : undefined;
}

function shortTypeName(value: Value): string {
  return typeName(value).split('.').at(-1) ?? '';
}

/** `json.loads`. Raises Python's JSONDecodeError, worded as Python words it. */
export function parsePythonJson(text: string): Value {
  if (text.startsWith('\ufeff')) throw decodeError('Unexpected UTF-8 BOM (decode using utf-8-sig)', text, 0);
  const reader = new Reader(text);
  const value = reader.value(reader.space(0));
  const end = reader.space(reader.end);
  if (end < text.length) throw decodeError('Extra data', text, end);
  return value;
}

const MAX_DEPTH = 1000;

class Reader {
  readonly #text: string;
  #depth = 0;
  /** Where the last value ended. */
  end = 0;

  constructor(text: string) {
    this.#text = text;
  }

  space(from: number): number {
    let at = from;
    while (at < this.#text.length && ' \t\n\r'.includes(this.#text.charAt(at))) at++;
    return at;
  }

  value(at: number): Value {
    const character = this.#text.charAt(at);
    if (character === '"') return this.#string(at);
    if (character === '{' || character === '[') {
      if (++this.#depth > MAX_DEPTH) {
        throw new TemplateError(
          'limit',
          'RecursionError',
          'maximum recursion depth exceeded while decoding a JSON array',
        );
      }
      const value = character === '{' ? this.#object(at) : this.#array(at);
      this.#depth--;
      return value;
    }
    return this.#literal(at);
  }

  #literal(at: number): Value {
    LITERAL.lastIndex = at;
    const match = LITERAL.exec(this.#text);
    if (!match) throw decodeError('Expecting value', this.#text, at);
    this.end = at + match[0].length;
    const [text, fraction, exponent] = match;
    switch (text) {
      case 'null':
        return null;
      case 'true':
        return true;
      case 'false':
        return false;
      case 'NaN':
        return new PyFloat(NaN);
      case 'Infinity':
        return new PyFloat(Infinity);
      case '-Infinity':
        return new PyFloat(-Infinity);
      default:
        break;
    }
    if (fraction !== undefined || exponent !== undefined) return new PyFloat(Number(text));
    const number = Number(text);
    return Number.isSafeInteger(number) ? number || 0 : BigInt(text);
  }

  #array(at: number): Value {
    const items: Value[] = [];
    let next = this.space(at + 1);
    if (this.#text.charAt(next) === ']') {
      this.end = next + 1;
      return items;
    }
    for (;;) {
      items.push(this.value(next));
      next = this.space(this.end);
      const character = this.#text.charAt(next);
      if (character === ']') break;
      if (character !== ',') throw decodeError("Expecting ',' delimiter", this.#text, next);
      next = this.space(next + 1);
    }
    this.end = next + 1;
    return items;
  }

  #object(at: number): Value {
    const dict = new Dict();
    let next = this.space(at + 1);
    if (this.#text.charAt(next) === '}') {
      this.end = next + 1;
      return dict;
    }
    for (;;) {
      if (this.#text.charAt(next) !== '"') {
        throw decodeError('Expecting property name enclosed in double quotes', this.#text, next);
      }
      const key = this.#string(next);
      next = this.space(this.end);
      if (this.#text.charAt(next) !== ':') throw decodeError("Expecting ':' delimiter", this.#text, next);
      dict.set(key, this.value(this.space(next + 1)));
      next = this.space(this.end);
      const character = this.#text.charAt(next);
      if (character === '}') break;
      if (character !== ',') throw decodeError("Expecting ',' delimiter", this.#text, next);
      next = this.space(next + 1);
    }
    this.end = next + 1;
    return dict;
  }

  #string(at: number): string {
    let out = '';
    let from = at + 1;
    for (let index = from; index < this.#text.length; index++) {
      const code = this.#text.charCodeAt(index);
      if (code === 0x22) {
        this.end = index + 1;
        return out + this.#text.slice(from, index);
      }
      if (code < 0x20) throw decodeError('Invalid control character at', this.#text, index);
      if (code !== 0x5c) continue;
      out += this.#text.slice(from, index);
      const [escaped, length] = this.#escape(index, at);
      out += escaped;
      index += length - 1;
      from = index + 1;
    }
    throw decodeError('Unterminated string starting at', this.#text, at);
  }

  #escape(at: number, start: number): readonly [text: string, length: number] {
    const letter = this.#text.charAt(at + 1);
    if (letter === '') throw decodeError('Unterminated string starting at', this.#text, start);
    const simple = ESCAPES[letter];
    if (simple !== undefined) return [simple, 2];
    if (letter !== 'u') throw decodeError('Invalid \\escape', this.#text, at);
    const digits = this.#text.slice(at + 2, at + 6);
    if (!/^[0-9a-fA-F]{4}$/u.test(digits)) throw decodeError('Invalid \\uXXXX escape', this.#text, at + 1);
    return [String.fromCharCode(Number.parseInt(digits, 16)), 6];
  }
}

const LITERAL = /null|true|false|NaN|-?Infinity|-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/uy;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

function decodeError(message: string, text: string, at: number): TemplateError {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  return new TemplateError(
    'value',
    'JSONDecodeError',
    `${message}: line ${line} column ${column} (char ${at})`,
  );
}
