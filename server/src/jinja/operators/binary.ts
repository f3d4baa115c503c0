/** Python's `+ - * / // % **` and signs over all values. */

import type { TemplateError } from '../errors.ts';
import { limitError, typeError, zeroDivisionError } from '../errors.ts';
import { formatPercent } from '../format/percent.ts';
import type { BinaryOperator } from '../tree.ts';
import type { CapturedText } from '../values/captured-text.ts';
import { concatTexts } from '../values/captured-text.ts';
import { PyFloat } from '../values/float.ts';
import { escaped } from '../values/escape.ts';
import { HostObject } from '../values/host-object.ts';
import { Markup } from '../values/markup.ts';
import { MAX_TEXT, str } from '../values/repr.ts';
import { PySet } from '../values/set.ts';
import { isText, textOf } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import { typeName } from '../values/type-name.ts';
import { Undefined } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';
import { elementsOfSetLike } from '../values/view.ts';
import type { Int } from './numbers.ts';
import {
  addInts,
  divideInts,
  floatOf,
  floorDivideFloats,
  floorDivideInts,
  indexOf,
  intOf,
  moduloFloats,
  moduloInts,
  multiplyInts,
  powerFloats,
  powerInts,
  requireIndex,
  subtractInts,
} from './numbers.ts';

const MAX_ITEMS = 5_000_000;

type Operation = (left: Value, right: Value) => Value;

export const binaryOperations: Readonly<Record<BinaryOperator, Operation>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '//': floorDivide,
  '%': modulo,
  '**': power,
};

/** Both as ints, or both as floats. */
function arithmetic(
  left: Value,
  right: Value,
  ints: (left: Int, right: Int) => Value,
  floats: (left: number, right: number) => number,
): Value | undefined {
  const a = intOf(left);
  const b = intOf(right);
  if (a !== undefined && b !== undefined) return ints(a, b);
  const x = a === undefined && !(left instanceof PyFloat) ? undefined : floatOf(left);
  if (x === undefined) return undefined;
  const y = floatOf(right);
  return y === undefined ? undefined : new PyFloat(floats(x, y));
}

/** What undefined and host objects say of an operation; undefined when they have no say. */
function hosted(operator: string, left: Value, right: Value): Value | undefined {
  if (left instanceof HostObject) {
    if (left instanceof Undefined) throw left.failure();
    const result = left.operate?.(operator, right, false);
    if (result !== undefined) return result;
  }
  if (right instanceof HostObject) {
    if (right instanceof Undefined) throw right.failure();
    return right.operate?.(operator, left, true);
  }
  return undefined;
}

function unsupported(operator: string, left: Value, right: Value): TemplateError {
  return typeError(
    `unsupported operand type(s) for ${operator}: '${typeName(left)}' and '${typeName(right)}'`,
  );
}

export function add(left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return addInts(left, right);
  if (isText(left) && isText(right)) {
    const isMarkup = left instanceof Markup || right instanceof Markup;
    return isMarkup ? Markup.of(concatTexts([escaped(left), escaped(right)])) : concatTexts([left, right]);
  }
  const result = arithmetic(left, right, addInts, (a, b) => a + b) ?? hosted('+', left, right);
  if (result !== undefined) return result;
  if (Array.isArray(left)) {
    if (Array.isArray(right)) return boundedItems(left.length + right.length, () => [...left, ...right]);
    throw typeError(`can only concatenate list (not "${typeName(right)}") to list`);
  }
  if (left instanceof Tuple) {
    if (right instanceof Tuple) {
      const items = boundedItems(left.items.length + right.items.length, () => [
        ...left.items,
        ...right.items,
      ]);
      return new Tuple(items);
    }
    throw typeError(`can only concatenate tuple (not "${typeName(right)}") to tuple`);
  }
  if (isText(left)) throw typeError(`can only concatenate str (not "${typeName(right)}") to str`);
  throw unsupported('+', left, right);
}

function subtract(left: Value, right: Value): Value {
  const result = arithmetic(left, right, subtractInts, (a, b) => a - b) ?? hosted('-', left, right);
  if (result !== undefined) return result;
  const items = elementsOfSetLike(left);
  const others = items && elementsOfSetLike(right);
  if (items && others) {
    const without = PySet.of(others);
    return PySet.of(items.filter((item) => !without.has(item)));
  }
  throw unsupported('-', left, right);
}

function multiply(left: Value, right: Value): Value {
  const result = arithmetic(left, right, multiplyInts, (a, b) => a * b) ?? hosted('*', left, right);
  if (result !== undefined) return result;
  for (const [self, times] of [
    [left, right],
    [right, left],
  ] as const) {
    if (self instanceof Markup) return Markup.of(str(repeat(self, requireIndex(times, typeName))));
  }
  if (isSequence(left)) return repeat(left, right);
  if (isSequence(right)) return repeat(right, left);
  throw unsupported('*', left, right);
}

type Sequence = string | CapturedText | Value[] | Tuple;

function isSequence(value: Value): value is Sequence {
  return isText(value) || Array.isArray(value) || value instanceof Tuple;
}

function repeat(sequence: Sequence, times: Value): Value {
  const wanted = indexOf(times);
  if (wanted === undefined)
    throw typeError(`can't multiply sequence by non-int of type '${typeName(times)}'`);
  const count = Math.max(0, wanted);
  if (isText(sequence)) {
    const text = textOf(sequence) as string;
    if (text.length * count > MAX_TEXT) throw limitError(`the text is longer than ${MAX_TEXT} characters`);
    return text.repeat(text === '' ? 0 : count);
  }
  const items = Array.isArray(sequence) ? sequence : sequence.items;
  const repeated = boundedItems(items.length * count, () => {
    const all: Value[] = [];
    if (items.length > 0) for (let turn = 0; turn < count; turn++) all.push(...items);
    return all;
  });
  return Array.isArray(sequence) ? repeated : new Tuple(repeated);
}

function boundedItems(size: number, make: () => Value[]): Value[] {
  if (size > MAX_ITEMS) throw limitError(`the list has more than ${MAX_ITEMS} elements`);
  return make();
}

function divide(left: Value, right: Value): Value {
  const result =
    arithmetic(left, right, (a, b) => new PyFloat(divideInts(a, b)), divideFloats) ??
    hosted('/', left, right);
  if (result === undefined) throw unsupported('/', left, right);
  return result;
}

function divideFloats(left: number, right: number): number {
  if (right === 0) throw zeroDivisionError('float division by zero');
  return left / right;
}

function floorDivide(left: Value, right: Value): Value {
  const result = arithmetic(left, right, floorDivideInts, floorDivideFloats) ?? hosted('//', left, right);
  if (result === undefined) throw unsupported('//', left, right);
  return result;
}

function modulo(left: Value, right: Value): Value {
  if (left instanceof Markup) return Markup.of(formatPercent(left.text, right, 'html'));
  if (isText(left)) return formatPercent(textOf(left) as string, right, 'plain');
  const result = arithmetic(left, right, moduloInts, moduloFloats) ?? hosted('%', left, right);
  if (result === undefined) throw unsupported('%', left, right);
  return result;
}

function power(left: Value, right: Value): Value {
  const result = arithmetic(left, right, powerInts, powerFloats) ?? hosted('**', left, right);
  if (result === undefined) throw unsupported('** or pow()', left, right);
  return result;
}

export function negate(operand: Value): Value {
  if (operand instanceof PyFloat) return new PyFloat(-operand.value);
  const int = intOf(operand);
  if (int !== undefined) return subtractInts(0, int);
  return signed('-', operand);
}

export function posit(operand: Value): Value {
  if (operand instanceof PyFloat) return operand;
  const int = intOf(operand);
  if (int !== undefined) return int;
  return signed('+', operand);
}

function signed(sign: '-' | '+', operand: Value): Value {
  if (operand instanceof Undefined) throw operand.failure();
  const result = operand instanceof HostObject ? operand.unary?.(sign) : undefined;
  if (result !== undefined) return result;
  throw typeError(`bad operand type for unary ${sign}: '${typeName(operand)}'`);
}
