/** Texts that Python's `int()` and `float()` accept. */

import type { Int } from './numbers.ts';
import { normalInt } from './numbers.ts';

const prefixes: Readonly<Record<number, string>> = { 2: '0b', 8: '0o', 16: '0x' };

/** Undefined where Python raises ValueError. Base 0 reads the prefix. */
export function parseIntText(text: string, base: number): Int | undefined {
  if (base !== 0 && (base < 2 || base > 36)) return undefined;
  const match = /^([+-]?)([0-9a-z_]+)$/i.exec(text.trim());
  if (!match) return undefined;
  const [, sign, body] = match as unknown as [string, string, string];
  let digits = body.toLowerCase();
  let radix = base;
  for (const [value, prefix] of Object.entries(prefixes)) {
    if ((radix === 0 || radix === Number(value)) && digits.startsWith(prefix)) {
      radix = Number(value);
      digits = digits.slice(2).replace(/^_/, '');
      break;
    }
  }
  if (radix === 0) {
    if (/^0[0_]*[1-9]/.test(digits)) return undefined;
    radix = 10;
  }
  if (!/^[0-9a-z]+(?:_[0-9a-z]+)*$/.test(digits)) return undefined;
  const plain = digits.replaceAll('_', '');
  let value = 0n;
  if (radix === 10) {
    if (!/^\d+$/.test(plain) || plain.length > 4300) return undefined;
    value = BigInt(plain);
  } else {
    for (const character of plain) {
      const digit = Number.parseInt(character, 36);
      if (digit >= radix) return undefined;
      value = value * BigInt(radix) + BigInt(digit);
    }
  }
  return normalInt(sign === '-' ? -value : value);
}

const real = /^[+-]?(?:\d+(?:_\d+)*)?(?:\.(?:\d+(?:_\d+)*)?)?(?:e[+-]?\d+(?:_\d+)*)?$/i;

/** Undefined where Python raises ValueError. */
export function parseFloatText(text: string): number | undefined {
  const trimmed = text.trim();
  const special = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(trimmed);
  if (special) {
    if (special[2]?.toLowerCase() === 'nan') return NaN;
    return special[1] === '-' ? -Infinity : Infinity;
  }
  if (!real.test(trimmed) || !/^[+-]?\.?\d/.test(trimmed)) return undefined;
  return Number(trimmed.replaceAll('_', ''));
}
