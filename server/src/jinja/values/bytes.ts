/** Python's bytes, as far as `encode`, `decode` and `hex` go. */

import { TemplateError, typeError } from '../errors.ts';
import type { CallArguments } from './host-object.ts';
import { HostObject, hostFunction } from './host-object.ts';
import { isMapping } from './iteration.ts';
import { str } from './repr.ts';
import { Tuple } from './tuple.ts';
import { typeName } from './type-name.ts';
import type { Value } from './value.ts';

const PERCENT = 0x25;

export class PyBytes extends HostObject {
  readonly typeName = 'bytes';
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super();
    this.bytes = bytes;
  }

  /** `errors` is Python's: what cannot be encoded raises, or is left out or replaced. */
  static encode(text: string, encoding: string, errors = 'strict'): PyBytes {
    const limit = limitOf(encoding);
    if (limit === undefined) return new PyBytes(new TextEncoder().encode(text));
    const bytes: number[] = [];
    for (const [index, character] of Array.from(text).entries()) {
      const code = character.codePointAt(0) as number;
      if (code < limit) bytes.push(code);
      else if (errors === 'replace') bytes.push(0x3f);
      else if (errors !== 'ignore') throw unencodable(character, index, limit);
    }
    return new PyBytes(Uint8Array.from(bytes));
  }

  override contains(item: Value): boolean {
    if (typeof item === 'number' || typeof item === 'boolean') return this.bytes.includes(Number(item));
    if (item instanceof PyBytes) return this.toRepr().slice(2, -1).includes(item.toRepr().slice(2, -1));
    throw typeError(`a bytes-like object is required, not '${typeName(item)}'`);
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'decode':
        return hostFunction('decode', ({ positional: [encoding = 'utf-8'] }: CallArguments) => {
          limitOf(str(encoding));
          return new TextDecoder().decode(this.bytes);
        });
      case 'hex':
        return hostFunction('hex', () => {
          return Array.from(this.bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
        });
      default:
        return undefined;
    }
  }

  override operate(operator: string, other: Value, isReflected: boolean): Value | undefined {
    if (isReflected) return undefined;
    if (operator === '+') {
      if (!(other instanceof PyBytes)) throw typeError(`can't concat ${typeName(other)} to bytes`);
      return new PyBytes(Uint8Array.from([...this.bytes, ...other.bytes]));
    }
    // Directives in bytes are beyond what templates need.
    if (operator !== '%' || this.bytes.includes(PERCENT)) return undefined;
    if ((other instanceof Tuple && other.items.length === 0) || isMapping(other)) return this;
    throw typeError('not all arguments converted during bytes formatting');
  }

  override getItem(key: Value): Value | undefined {
    return typeof key === 'number' ? this.bytes.at(key) : undefined;
  }

  override length(): number {
    return this.bytes.length;
  }

  override iterate(): Iterator<Value> {
    return this.bytes.values();
  }

  override equals(other: Value): boolean {
    return other instanceof PyBytes && this.hashKey() === other.hashKey();
  }

  override hashKey(): string {
    return `bytes:${this.bytes.join(',')}`;
  }

  override toRepr(): string {
    const text = Array.from(this.bytes, (byte) => {
      const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x5c;
      return isPlain ? String.fromCharCode(byte) : escaped(byte);
    }).join('');
    return text.includes("'") && !text.includes('"') ? `b"${text}"` : `b'${text.replaceAll("'", "\\'")}'`;
  }
}

function escaped(byte: number): string {
  if (byte === 0x5c) return '\\\\';
  if (byte === 0x0a) return '\\n';
  if (byte === 0x0d) return '\\r';
  if (byte === 0x09) return '\\t';
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** The first code point beyond the encoding; undefined for UTF-8. */
function limitOf(encoding: string): number | undefined {
  switch (encoding.toLowerCase().replaceAll('_', '-')) {
    case 'utf-8':
    case 'utf8':
      return undefined;
    case 'ascii':
    case 'us-ascii':
      return 0x80;
    case 'latin-1':
    case 'latin1':
    case 'iso-8859-1':
      return 0x100;
    default:
      throw new TemplateError('lookup', 'LookupError', `unknown encoding: ${encoding}`);
  }
}

function unencodable(character: string, index: number, limit: number): TemplateError {
  const codec = limit === 0x80 ? 'ascii' : 'latin-1';
  return new TemplateError(
    'value',
    'UnicodeEncodeError',
    `'${codec}' codec can't encode character '${ascii(character)}' in position ${index}: ordinal not in range(${limit})`,
  );
}

/** As Python's messages name a character: by its number. */
function ascii(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code <= 0xff) return `\\x${code.toString(16)}`;
  return code <= 0xffff
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}
