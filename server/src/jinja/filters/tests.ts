/** The tests of `is`. */

import type { Signature } from '../arguments.ts';
import { bindArguments, signature } from '../arguments.ts';
import { typeError } from '../errors.ts';
import { isCallable } from '../call.ts';
import { isLower, isUpper } from '../methods/text-case.ts';
import { binaryOperations } from '../operators/binary.ts';
import type { OrderOperator } from '../operators/order.ts';
import { inOrder } from '../operators/order.ts';
import { intOf } from '../operators/numbers.ts';
import { Dict } from '../values/dict.ts';
import { equals } from '../values/equality.ts';
import { PyFloat } from '../values/float.ts';
import type { CallArguments } from '../values/host-object.ts';
import { HostObject } from '../values/host-object.ts';
import { contains, isMapping, iteratorOf, sizeOf } from '../values/iteration.ts';
import { hashKey } from '../values/hash.ts';
import { Markup } from '../values/markup.ts';
import { str } from '../values/repr.ts';
import { isText, textOf } from '../values/text.ts';
import { PySet } from '../values/set.ts';
import { Undefined } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';
import type { FilterEnvironment } from './filter.ts';
import { findFilter, findTest } from './registry.ts';

export type Test = (environment: FilterEnvironment, value: Value, args: CallArguments) => boolean;

function test(signature: Signature, body: (value: Value, other: Value) => boolean): Test {
  return (_environment, value, { positional, keyword }) => {
    const [subject, other = null] = bindArguments({ positional: [value, ...positional], keyword }, signature);
    return body(subject as Value, other);
  };
}

function simple(name: string, body: (value: Value) => boolean): Test {
  return test(signature(`test_${name}`, ['value']), body);
}

const callable: Test = (_environment, value, { positional }) => {
  if (positional.length > 0)
    throw typeError(`callable() takes exactly one argument (${positional.length + 1} given)`);
  return isCallable(value);
};

function comparison(name: string, body: (value: Value, other: Value) => boolean): Test {
  return (_environment, value, { positional, keyword }) => {
    if (keyword.size > 0) throw typeError(`_operator.${name}() takes no keyword arguments`);
    const [other] = positional;
    if (other === undefined || positional.length > 1)
      throw typeError(`${name} expected 2 arguments, got ${positional.length + 1}`);
    return body(value, other);
  };
}

function remainder(value: Value, by: Value): Value {
  return binaryOperations['%'](value, by);
}

function order(operator: OrderOperator, name: string): Test {
  return comparison(name, (value, other) => inOrder(operator, value, other));
}

const equal = comparison('eq', equals);
const unequal = comparison('ne', (value, other) => !equals(value, other));
const lessThan = order('<', 'lt');
const lessOrEqual = order('<=', 'le');
const greaterThan = order('>', 'gt');
const greaterOrEqual = order('>=', 'ge');

/** Length and subscripts; mappings have both. */
function isSequence(value: Value): boolean {
  if (value instanceof PySet) return false;
  if (!(value instanceof HostObject)) return sizeOf(value) !== undefined;
  if (value instanceof Undefined) return true;
  return (sizeOf(value) !== undefined && !value.typeName.startsWith('dict_')) || isMapping(value);
}

/** Host objects that a float can be made of are numbers, though neither ints nor floats. */
function isNumber(value: Value): boolean {
  if (value instanceof HostObject) return value.toFloat !== undefined;
  return intOf(value) !== undefined || value instanceof PyFloat;
}

function isSame(value: Value, other: Value): boolean {
  if (value instanceof Undefined || other instanceof Undefined) return value === other;
  return value === other || (isText(value) && isText(other) && value === other);
}

/** What could be a key but is no text names nothing. */
function nameOf(value: Value): string | undefined {
  hashKey(value);
  return textOf(value);
}

export const tests: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['!=', unequal],
  ['<', lessThan],
  ['<=', lessOrEqual],
  ['==', equal],
  ['>', greaterThan],
  ['>=', greaterOrEqual],
  ['boolean', simple('boolean', (value) => typeof value === 'boolean')],
  ['callable', callable],
  ['defined', simple('defined', (value) => !(value instanceof Undefined))],
  [
    'divisibleby',
    test(signature('test_divisibleby', ['value', 'num']), (value, by) => equals(remainder(value, by), 0)),
  ],
  ['eq', equal],
  ['equalto', equal],
  ['escaped', simple('escaped', (value) => value instanceof Markup)],
  ['even', simple('even', (value) => equals(remainder(value, 2), 0))],
  ['false', simple('false', (value) => value === false)],
  ['filter', simple('filter', (value) => findFilter(nameOf(value)) !== undefined)],
  ['float', simple('float', (value) => value instanceof PyFloat)],
  ['ge', greaterOrEqual],
  ['greaterthan', greaterThan],
  ['gt', greaterThan],
  ['in', test(signature('test_in', ['value', 'seq']), (value, sequence) => contains(sequence, value))],
  ['integer', simple('integer', (value) => typeof value === 'number' || typeof value === 'bigint')],
  ['iterable', simple('iterable', (value) => iteratorOf(value) !== undefined)],
  ['le', lessOrEqual],
  ['lessthan', lessThan],
  ['lower', simple('lower', (value) => isLower(str(value)))],
  ['lt', lessThan],
  ['mapping', simple('mapping', (value) => value instanceof Dict || isMapping(value))],
  ['ne', unequal],
  ['none', simple('none', (value) => value === null)],
  ['number', simple('number', isNumber)],
  ['odd', simple('odd', (value) => equals(remainder(value, 2), 1))],
  ['sameas', test(signature('test_sameas', ['value', 'other']), isSame)],
  ['sequence', simple('sequence', isSequence)],
  ['string', simple('string', isText)],
  ['test', simple('test', (value) => findTest(nameOf(value)) !== undefined)],
  ['true', simple('true', (value) => value === true)],
  ['undefined', simple('undefined', (value) => value instanceof Undefined)],
  ['upper', simple('upper', (value) => isUpper(str(value)))],
]);
