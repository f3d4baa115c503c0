/** How the native renderer prints what Jinja2 computes when it compiles: as text, where it can write the value into its code. */

import { then } from '../../base/maybe-promise.ts';
import { canBeWritten } from '../constant.ts';
import { str } from '../values/repr.ts';
import type { Evaluate } from './frame.ts';

export function nativeConstant(evaluate: Evaluate): Evaluate {
  return (frame) => then(evaluate(frame), (value) => (canBeWritten(value) ? str(value) : value));
}
