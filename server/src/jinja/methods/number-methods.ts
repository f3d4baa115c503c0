/** The few methods of int and float. */

import { overflowError, valueError } from '../errors.ts';
import { intFromFloat, intOf, normalInt } from '../operators/numbers.ts';
import { PyFloat } from '../values/float.ts';
import { Tuple } from '../values/tuple.ts';
import type { Value } from '../values/value.ts';
import { methodTable, positionalOnly } from './method.ts';

type IntValue = number | bigint | boolean;

export const intMethods = methodTable<IntValue>({
  as_integer_ratio(self, args) {
    positionalOnly('int.as_integer_ratio', args, 0, 0);
    return new Tuple([intOf(self) as Value, 1]);
  },
  bit_count(self, args) {
    positionalOnly('int.bit_count', args, 0, 0);
    return binary(self).replaceAll('0', '').length;
  },
  bit_length(self, args) {
    positionalOnly('int.bit_length', args, 0, 0);
    const digits = binary(self);
    return digits === '0' ? 0 : digits.length;
  },
  conjugate(self, args) {
    positionalOnly('int.conjugate', args, 0, 0);
    return intOf(self) as Value;
  },
});

function binary(value: IntValue): string {
  const int = BigInt(value);
  return (int < 0n ? -int : int).toString(2);
}

/** The attributes that Python's numbers have besides methods. */
export function numberField(value: Value, name: string): Value | undefined {
  if (value instanceof PyFloat) {
    if (name === 'real') return value;
    return name === 'imag' ? new PyFloat(0) : undefined;
  }
  const int = intOf(value);
  if (int === undefined) return undefined;
  switch (name) {
    case 'real':
    case 'numerator':
      return int;
    case 'imag':
      return 0;
    case 'denominator':
      return 1;
    default:
      return undefined;
  }
}

export const floatMethods = methodTable<PyFloat>({
  as_integer_ratio(self, args) {
    positionalOnly('float.as_integer_ratio', args, 0, 0);
    if (Number.isNaN(self.value)) throw valueError('cannot convert NaN to integer ratio');
    if (!Number.isFinite(self.value)) throw overflowError('cannot convert Infinity to integer ratio');
    let power = 0n;
    let scaled = self.value;
    while (!Number.isInteger(scaled)) {
      scaled *= 2;
      power++;
    }
    return new Tuple([intFromFloat(scaled), normalInt(1n << power)]);
  },
  conjugate(self, args) {
    positionalOnly('float.conjugate', args, 0, 0);
    return new PyFloat(self.value);
  },
  is_integer(self, args) {
    positionalOnly('float.is_integer', args, 0, 0);
    return Number.isInteger(self.value);
  },
});
