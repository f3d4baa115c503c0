/** `map`, `select`, `reject` and their attribute twins: lazy, single-use. */

import { filterArgumentError, runtimeError } from '../errors.ts';
import { textRepr, repr } from '../values/repr.ts';
import type { CallArguments } from '../values/host-object.ts';
import { hashKey } from '../values/hash.ts';
import { iterable } from '../values/iteration.ts';
import { PyIterator } from '../values/iterator.ts';
import { textOf } from '../values/text.ts';
import { truthy } from '../values/truth.ts';
import { Undefined } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';
import { attributeGetter, now } from './filter.ts';
import type { Filter, FilterEnvironment } from './filter.ts';
import { findFilter, findTest } from './registry.ts';

const map: Filter = (environment, value, args) =>
  new PyIterator(mapped(environment, value, args), 'generator', 'sync_do_map');

function* mapped(environment: FilterEnvironment, value: Value, args: CallArguments): Iterator<Value> {
  if (!truthy(value)) return;
  const transform = mapFunction(environment, args);
  for (const item of iterable(value)) {
    environment.budget.step();
    yield transform(item);
  }
}

function mapFunction(
  environment: FilterEnvironment,
  { positional, keyword }: CallArguments,
): (item: Value) => Value {
  const attribute = keyword.get('attribute');
  if (positional.length === 0 && attribute !== undefined) {
    for (const name of keyword.keys()) {
      if (name !== 'attribute' && name !== 'default') {
        throw filterArgumentError(`Unexpected keyword argument ${textRepr(name)}`);
      }
    }
    return attributeGetter(environment, attribute, undefined, keyword.get('default') ?? null);
  }
  const [name, ...rest] = positional;
  if (name === undefined) throw filterArgumentError('map requires a filter argument');
  const args: CallArguments = { positional: rest, keyword };
  return (item) => {
    hashKey(name);
    const filter = findFilter(textOf(name));
    if (!filter) throw unknownName('filter', name);
    return now(filter(environment, item, args));
  };
}

function unknownName(kind: 'filter' | 'test', name: Value): Error {
  const message = `No ${kind} named ${repr(name)}.`;
  if (!(name instanceof Undefined)) return runtimeError(message);
  return runtimeError(`${message} (${name.message()}; did you forget to quote the callable name?)`);
}

function selection(wanted: boolean, byAttribute: boolean): Filter {
  return (environment, value, args) =>
    new PyIterator(selected(environment, value, args, wanted, byAttribute), 'generator', 'select_or_reject');
}

function* selected(
  environment: FilterEnvironment,
  value: Value,
  args: CallArguments,
  wanted: boolean,
  byAttribute: boolean,
): Iterator<Value> {
  if (!truthy(value)) return;
  const holds = selectFunction(environment, args, byAttribute);
  for (const item of iterable(value)) {
    environment.budget.step();
    if (holds(item) === wanted) yield item;
  }
}

function selectFunction(
  environment: FilterEnvironment,
  { positional, keyword }: CallArguments,
  byAttribute: boolean,
): (item: Value) => boolean {
  let get = (item: Value): Value => item;
  let rest = positional;
  if (byAttribute) {
    const [attribute] = positional;
    if (attribute === undefined) throw filterArgumentError('Missing parameter for attribute name');
    get = attributeGetter(environment, attribute);
    rest = positional.slice(1);
  }
  const [name, ...testArguments] = rest;
  if (name === undefined) return (item) => truthy(get(item));
  const args: CallArguments = { positional: testArguments, keyword };
  return (item) => {
    const subject = get(item);
    hashKey(name);
    const test = findTest(textOf(name));
    if (!test) throw unknownName('test', name);
    return test(environment, subject, args);
  };
}

export const selectionFilters: readonly (readonly [string, Filter])[] = [
  ['map', map],
  ['reject', selection(false, false)],
  ['rejectattr', selection(false, true)],
  ['select', selection(true, false)],
  ['selectattr', selection(true, true)],
];
