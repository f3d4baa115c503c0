/** Python's subscripts: indexes, keys and slices. */

import { lookupError, typeError, valueError } from '../errors.ts';
import type { CapturedText } from '../values/captured-text.ts';
import { Dict } from '../values/dict.ts';
import { HostObject } from '../values/host-object.ts';
import { lengthOf } from '../values/iteration.ts';
import { likewise } from '../values/escape.ts';
import { PyRange } from '../values/range.ts';
import { repr, str } from '../values/repr.ts';
import { codePoints, isBasic, isText, textOf } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import { typeName } from '../values/type-name.ts';
import { ParseUndefined, Undefined } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';
import { indexOf } from './numbers.ts';

/** The element of plain data at an index or key; undefined when there is none. Host objects are asked elsewhere. */
export function elementAt(container: Value, key: Value): Value | undefined {
  if (container instanceof Dict) return isHashable(key) ? container.get(key) : undefined;
  const index = indexOf(key);
  if (index === undefined) return undefined;
  if (Array.isArray(container)) return container[index < 0 ? index + container.length : index];
  if (container instanceof Tuple) return container.items[index < 0 ? index + container.items.length : index];
  if (container instanceof PyRange) {
    const at = index < 0 ? index + container.size : index;
    return at >= 0 && at < container.size ? container.at(at) : undefined;
  }
  const character = characterAt(container, index);
  return character === undefined ? undefined : likewise(container, character);
}

function characterAt(container: Value, index: number): string | undefined {
  const text = textOf(container);
  if (text === undefined) return undefined;
  if (!isBasic(text)) {
    const characters = codePoints(text);
    return characters[index < 0 ? index + characters.length : index];
  }
  const at = index < 0 ? index + text.length : index;
  return at >= 0 && at < text.length ? text.charAt(at) : undefined;
}

/** Python's `value[key]`, which raises where a template's own finds nothing. */
export function subscriptOf(value: Value, key: Value): Value {
  if (value instanceof Undefined) {
    if (value instanceof ParseUndefined) return value;
    throw value.failure();
  }
  const entries = value instanceof HostObject ? value.entries?.() : undefined;
  if (value instanceof Dict || entries) {
    const found = (value instanceof Dict ? value : Dict.of(entries ?? [])).get(key);
    if (found === undefined) throw lookupError('KeyError', repr(key));
    return found;
  }
  const kind = indexedKind(value);
  if (kind === undefined) throw typeError(`'${typeName(value)}' object is not subscriptable`);
  if (indexOf(key) === undefined) {
    throw typeError(
      kind === 'string'
        ? `string indices must be integers, not '${typeName(key)}'`
        : `${kind} indices must be integers or slices, not ${typeName(key)}`,
    );
  }
  const element = elementAt(value, key);
  if (element === undefined) {
    throw lookupError('IndexError', `${kind === 'range' ? 'range object' : kind} index out of range`);
  }
  return element;
}

function indexedKind(value: Value): 'list' | 'tuple' | 'string' | 'range' | undefined {
  if (Array.isArray(value)) return 'list';
  if (value instanceof Tuple) return 'tuple';
  if (value instanceof PyRange) return 'range';
  return isText(value) ? 'string' : undefined;
}

/** Whether the value may be a key; only containers that can change may not. */
function isHashable(value: Value): boolean {
  if (Array.isArray(value) || value instanceof Dict) return false;
  if (value instanceof Tuple) return value.items.every(isHashable);
  return !(value instanceof HostObject) || value.hashKey() !== undefined;
}

export interface SliceBounds {
  readonly lower: Value;
  readonly upper: Value;
  readonly step: Value;
}

/** Python's `value[lower:upper:step]`. Raises for what cannot be sliced. */
export function sliceOf(value: Value, bounds: SliceBounds): Value {
  if (value instanceof Undefined) throw value.failure();
  if (Array.isArray(value)) return slicedItems(value, bounds);
  if (value instanceof Tuple) return new Tuple(slicedItems(value.items, bounds));
  if (isText(value)) return likewise(value, slicedText(value, str(value), bounds));
  if (value instanceof PyRange) return slicedRange(value, bounds);
  if (value instanceof HostObject && value.sequence) return new Tuple(slicedItems(value.sequence(), bounds));
  if (value instanceof Dict) throw typeError("unhashable type: 'slice'");
  throw typeError(`'${typeName(value)}' object is not subscriptable`);
}

interface Indices {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
}

function resolveBounds(length: number, { lower, upper, step }: SliceBounds): Indices {
  const stride = step === null ? 1 : boundOf(step);
  if (stride === 0) throw valueError('slice step cannot be zero');
  const low = stride < 0 ? -1 : 0;
  const high = stride < 0 ? length - 1 : length;
  const clamp = (bound: Value, fallback: number): number => {
    if (bound === null) return fallback;
    const index = boundOf(bound);
    const absolute = index < 0 ? index + length : index;
    return Math.min(Math.max(absolute, low), high);
  };
  return {
    start: clamp(lower, stride < 0 ? high : low),
    stop: clamp(upper, stride < 0 ? low : high),
    step: stride,
  };
}

function boundOf(bound: Value): number {
  const index = indexOf(bound);
  if (index === undefined) {
    throw typeError('slice indices must be integers or None or have an __index__ method');
  }
  return index;
}

function slicedItems(items: readonly Value[], bounds: SliceBounds): Value[] {
  const { start, stop, step } = resolveBounds(items.length, bounds);
  if (step === 1) return items.slice(start, Math.max(start, stop));
  const taken: Value[] = [];
  for (let index = start; step > 0 ? index < stop : index > stop; index += step)
    taken.push(items[index] as Value);
  return taken;
}

function slicedText(value: string | CapturedText, text: string, bounds: SliceBounds): string | CapturedText {
  if (!isBasic(text)) return (slicedItems(codePoints(text), bounds) as string[]).join('');
  const { start, stop, step } = resolveBounds(text.length, bounds);
  if (step === 1) return value.slice(start, Math.max(start, stop));
  let taken = '';
  for (let index = start; step > 0 ? index < stop : index > stop; index += step) taken += text.charAt(index);
  return taken;
}

function slicedRange(range: PyRange, bounds: SliceBounds): PyRange {
  const { start, stop, step } = resolveBounds(lengthOf(range), bounds);
  return new PyRange(range.at(start), range.at(stop), range.step * step);
}
