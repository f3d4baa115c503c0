/** Filters that compare elements: sort, unique, groupby, min and max. */

import { signature } from '../arguments.ts';
import { filterArgumentError } from '../errors.ts';
import { flagOf } from '../operators/numbers.ts';
import { inOrder, sorted } from '../operators/order.ts';
import { hashKey } from '../values/hash.ts';
import type { HashKey } from '../values/hash.ts';
import { equals } from '../values/equality.ts';
import { iterable, toList } from '../values/iteration.ts';
import { PyIterator } from '../values/iterator.ts';
import { textOf } from '../values/text.ts';
import { truthy } from '../values/truth.ts';
import { Tuple } from '../values/tuple.ts';
import { typeName } from '../values/type-name.ts';
import { makeUndefined } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';
import type { Filter, FilterEnvironment } from './filter.ts';
import {
  attributeGetter,
  itemsOf,
  environmentFilter,
  filter,
  ignoreCase,
  multiAttributeGetter,
} from './filter.ts';

function caseRule(caseSensitive: Value): (value: Value) => Value {
  return truthy(caseSensitive) ? (value) => value : ignoreCase;
}

const dictsort = filter(
  signature('do_dictsort', ['value'], { case_sensitive: false, by: 'key', reverse: false }),
  (_environment, value, caseSensitive = false, by = 'key', reverse = false) => {
    const position = textOf(by) === 'key' ? 0 : textOf(by) === 'value' ? 1 : undefined;
    if (position === undefined) throw filterArgumentError('You can only sort by either "key" or "value"');
    const entries = itemsOf(value);
    const rule = caseRule(caseSensitive);
    const descends = flagOf(reverse, typeName);
    const pairs = entries.map((pair) => new Tuple(pair));
    return sorted(pairs, (pair) => rule((pair as Tuple).items[position] as Value), descends);
  },
);

const sort = environmentFilter(
  signature('do_sort', ['value'], { reverse: false, case_sensitive: false, attribute: null }),
  (environment, value, reverse = false, caseSensitive = false, attribute = null) => {
    const key = multiAttributeGetter(environment, attribute, caseRule(caseSensitive));
    const items = toList(value);
    return sorted(items, key, flagOf(reverse, typeName));
  },
);

const unique = environmentFilter(
  signature('sync_do_unique', ['value'], { case_sensitive: false, attribute: null }),
  (environment, value, caseSensitive = false, attribute = null) => {
    const get = attributeGetter(environment, attribute, caseRule(caseSensitive));
    return new PyIterator(distinct(value, get), 'generator', 'sync_do_unique');
  },
);

function* distinct(value: Value, get: (item: Value) => Value): Iterator<Value> {
  const seen = new Set<HashKey>();
  for (const item of iterable(value)) {
    const key = hashKey(get(item));
    if (seen.has(key)) continue;
    seen.add(key);
    yield item;
  }
}

function extreme(name: 'do_min' | 'do_max', operator: '<' | '>'): Filter {
  return environmentFilter(
    signature(name, ['value'], { case_sensitive: false, attribute: null }),
    (environment, value, caseSensitive = false, attribute = null) => {
      const get = attributeGetter(environment, attribute, caseRule(caseSensitive));
      let best: { key: Value; item: Value } | undefined;
      for (const item of iterable(value)) {
        const key = get(item);
        if (!best || inOrder(operator, key, best.key)) best = { key, item };
      }
      if (best) return best.item;
      return makeUndefined(environment.undefinedKind, { hint: 'No aggregated item, sequence was empty.' });
    },
  );
}

const groupby = environmentFilter(
  signature('sync_do_groupby', ['value', 'attribute'], { default: null, case_sensitive: false }),
  (environment, value, attribute = null, fallback = null, caseSensitive = false) => {
    const get = attributeGetter(environment, attribute, caseRule(caseSensitive), fallback);
    const groups = grouped(sorted(toList(value), get, false), get);
    const original = groupName(environment, attribute, fallback, caseSensitive, get);
    return groups.map(
      (items) => new Tuple([original(items[0] as Value), items], ['grouper', 'list'], '_GroupTuple'),
    );
  },
);

/** The name of a group is its first element's own, not the lowered one that it was sorted by. */
function groupName(
  environment: FilterEnvironment,
  attribute: Value,
  fallback: Value,
  caseSensitive: Value,
  get: (item: Value) => Value,
): (item: Value) => Value {
  return truthy(caseSensitive) ? get : attributeGetter(environment, attribute, undefined, fallback);
}

function grouped(items: readonly Value[], get: (item: Value) => Value): Value[][] {
  const groups: Value[][] = [];
  let key: Value | undefined;
  for (const item of items) {
    const next = get(item);
    if (key === undefined || !equals(key, next)) groups.push([]);
    groups.at(-1)?.push(item);
    key = next;
  }
  return groups;
}

export const orderFilters: readonly (readonly [string, Filter])[] = [
  ['dictsort', dictsort],
  ['groupby', groupby],
  ['max', extreme('do_max', '>')],
  ['min', extreme('do_min', '<')],
  ['sort', sort],
  ['unique', unique],
];
