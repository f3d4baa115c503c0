/** The few methods of int and float. */

import { valueError } from '../errors.ts';
import { intFromFloat, intOf } from '../operators/numbers.ts';
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

export const floatMethods = methodTable<PyFloat>({
  as_integer_ratio(self, args) {
    positionalOnly('float.as_integer_ratio', args, 0, 0);
    if (!Number.isFinite(self.value)) throw valueError('cannot convert Infinity or NaN to integer ratio');
    let denominator = 1n;
    let scaled = self.value;
    while (!Number.isInteger(scaled)) {
      scaled *= 2;
      denominator *= 2n;
    }
    return new Tuple([intFromFloat(scaled), intFromFloat(Number(denominator))]);
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
