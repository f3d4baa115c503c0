/** How the native renderer prints what Jinja2 computes when it compiles: as text, where the value has a faithful one. */

import { then } from '../../base/maybe-promise.ts';
import { PyFloat } from '../values/float.ts';
import { MarkedText } from '../values/marked-text.ts';
import { PyRange } from '../values/range.ts';
import { str } from '../values/repr.ts';
import { PySet } from '../values/set.ts';
import { isText } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import { Dict } from '../values/dict.ts';
import type { Value } from '../values/value.ts';
import type { Evaluate } from './frame.ts';

export function nativeConstant(evaluate: Evaluate): Evaluate {
  return (frame) => then(evaluate(frame), (value) => (hasFaithfulText(value) ? str(value) : value));
}

function hasFaithfulText(value: Value): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (value instanceof MarkedText) return false;
  if (value instanceof PyFloat || isText(value) || value instanceof PyRange) return true;
  if (Array.isArray(value)) return value.every(hasFaithfulText);
  if (value instanceof Tuple) return value.items.every(hasFaithfulText);
  if (value instanceof PySet) return [...value.values()].every(hasFaithfulText);
  if (value instanceof Dict) {
    return [...value.entries()].every(([key, item]) => hasFaithfulText(key) && hasFaithfulText(item));
  }
  return false;
}
