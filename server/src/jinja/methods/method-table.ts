/** Which methods each builtin type has. */

import { CapturedText } from '../values/captured-text.ts';
import { Dict } from '../values/dict.ts';
import { PyFloat } from '../values/float.ts';
import type { CallArguments } from '../values/host-object.ts';
import { HostObject } from '../values/host-object.ts';
import { Markup } from '../values/markup.ts';
import { PyRange } from '../values/range.ts';
import { PySet } from '../values/set.ts';
import { Tuple } from '../values/tuple.ts';
import type { Value } from '../values/value.ts';
import { DictView } from '../values/view.ts';
import { dictMethods } from './dict-methods.ts';
import { listMethods } from './list-methods.ts';
import { mappingMethods } from './mapping-methods.ts';
import { markupMethods } from './markup-methods.ts';
import { rangeMethods } from './range-methods.ts';
import { floatMethods, intMethods } from './number-methods.ts';
import { setMethods } from './set-methods.ts';
import { textMethods } from './text-methods.ts';
import { tupleMethods } from './tuple-methods.ts';

/** `self` is of the table's type. */
export type Method = (self: Value, args: CallArguments) => Value;

export function methodOf(value: Value, name: string): Method | undefined {
  return tableOf(value)?.get(name);
}

function tableOf(value: Value): ReadonlyMap<string, Method> | undefined {
  switch (typeof value) {
    case 'string':
      return textMethods;
    case 'number':
    case 'bigint':
    case 'boolean':
      return intMethods;
    default:
      break;
  }
  if (value === null) return undefined;
  if (Array.isArray(value)) return listMethods;
  if (value instanceof Dict) return dictMethods;
  if (value instanceof CapturedText) return value instanceof Markup ? markupMethods : textMethods;
  if (value instanceof Tuple) return tupleMethods;
  if (value instanceof PySet) return setMethods;
  if (value instanceof PyFloat) return floatMethods;
  if (value instanceof DictView) return undefined;
  if (value instanceof PyRange) return rangeMethods;
  return value instanceof HostObject && value.entries !== undefined ? mappingMethods : undefined;
}
