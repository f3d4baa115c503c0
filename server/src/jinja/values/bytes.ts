/** Python's bytes, as far as `encode`, `decode` and `hex` go. */

import { TemplateError } from '../errors.ts';
import type { CallArguments } from './host-object.ts';
import { HostObject, hostFunction } from './host-object.ts';
import { repr, str } from './repr.ts';
import type { Value } from './value.ts';

export class PyBytes extends HostObject {
  readonly typeName = 'bytes';
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super();
    this.bytes = bytes;
  }

  /** In UTF-8, the only encoding there is here. */
  static encode(text: string, encoding: Value = 'utf-8'): PyBytes {
    requireUtf8(str(encoding));
    return new PyBytes(new TextEncoder().encode(text));
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'decode':
        return hostFunction('decode', ({ positional: [encoding = 'utf-8'] }: CallArguments) => {
          requireUtf8(str(encoding));
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

function requireUtf8(encoding: string): void {
  if (/^(?:utf[-_]?8|ascii)$/i.test(encoding)) return;
  throw new TemplateError('lookup', 'LookupError', `unknown encoding: ${repr(encoding).slice(1, -1)}`);
}
