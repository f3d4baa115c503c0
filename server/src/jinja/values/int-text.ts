/** Ints as texts, which Python refuses where they are very long. */

import { valueError } from '../errors.ts';

const MOST_DIGITS = 4300;

/** Bases that are powers of two have no bound. */
export function intText(value: number | bigint, base = 10): string {
  const text = value.toString(base);
  if (text.length > MOST_DIGITS && base === 10 && text.replace('-', '').length > MOST_DIGITS) {
    throw valueError(
      `Exceeds the limit (${MOST_DIGITS} digits) for integer string conversion; ` +
        'use sys.set_int_max_str_digits() to increase the limit',
    );
  }
  return text;
}
