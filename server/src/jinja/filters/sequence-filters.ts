/** Filters over sequences that look at each element once: lists, joins, batches, sums. */

import { signature } from '../arguments.ts';
import { filterArgumentError, typeError } from '../errors.ts';
import { add, binaryOperations } from '../operators/binary.ts';
import { realOf, requireIndex } from '../operators/numbers.ts';
import { inOrder } from '../operators/order.ts';
import type { CapturedText } from '../values/captured-text.ts';
import { concatTexts } from '../values/captured-text.ts';
import { likewise } from '../values/escape.ts';
import { equals } from '../values/equality.ts';
import { Dict } from '../values/dict.ts';
import { HostObject } from '../values/host-object.ts';
import { entriesOf, iterable, iterate, iteratorOf, lengthOf, sizeOf, toList } from '../values/iteration.ts';
import { Markup } from '../values/markup.ts';
import { PyIterator } from '../values/iterator.ts';
import { PyRange } from '../values/range.ts';
import { str } from '../values/repr.ts';
import { codePoints, isText, textOf } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import { typeName } from '../values/type-name.ts';
import { Undefined, makeUndefined } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';
import { DictView } from '../values/view.ts';
import type { Filter } from './filter.ts';
import { attributeGetter, environmentFilter, filter } from './filter.ts';

const length = filter(signature('len', ['obj']), (_environment, value) => lengthOf(value));

const list = filter(signature('sync_do_list', ['value']), (_environment, value) => toList(value));

const first = environmentFilter(signature('sync_do_first', ['seq']), ({ undefinedKind }, value) => {
  const next = iterate(value).next();
  return next.done
    ? makeUndefined(undefinedKind, { hint: 'No first item, sequence was empty.' })
    : next.value;
});

const last = environmentFilter(signature('do_last', ['seq']), ({ undefinedKind }, value) => {
  const items = reversible(value);
  if (!items) throw typeError(`'${typeName(value)}' object is not reversible`);
  const item = items.at(-1);
  // Reversing takes the last by its index, where the first comes from an iteration.
  if (item !== undefined && value instanceof Markup) return Markup.of(str(item));
  return item === undefined
    ? makeUndefined(undefinedKind, { hint: 'No last item, sequence was empty.' })
    : item;
});

/** The elements of what Python's `reversed` accepts. */
function reversible(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return value.items;
  if (isText(value)) return codePoints(textOf(value) as string);
  const isReversible =
    value instanceof Dict ||
    value instanceof PyRange ||
    value instanceof DictView ||
    value instanceof Undefined;
  if (isReversible) return toList(value);
  return value instanceof HostObject && sizeOf(value) !== undefined && iteratorOf(value)
    ? toList(value)
    : undefined;
}

/** What Python calls the iterators of its own types. */
const reverseNames: Readonly<Record<string, string>> = {
  list: 'list_reverseiterator',
  range: 'range_iterator',
  dict: 'dict_reversekeyiterator',
  dict_keys: 'dict_reversekeyiterator',
  dict_values: 'dict_reversevalueiterator',
  dict_items: 'dict_reverseitemiterator',
};

const reverse = filter(signature('do_reverse', ['value']), (_environment, value) => {
  const text = textOf(value);
  if (text !== undefined) return likewise(value, codePoints(text).reverse().join(''));
  const items = reversible(value);
  if (items)
    return new PyIterator(items.slice().reverse().values(), reverseNames[typeName(value)] ?? 'reversed');
  if (!iteratorOf(value)) throw filterArgumentError('argument must be iterable');
  return toList(value).reverse();
});

const random = environmentFilter(signature('do_random', ['seq']), ({ undefinedKind, budget }, value) => {
  const items = lengthOf(value) === 0 ? [] : toList(value);
  const item = items[Math.floor(budget.random() * items.length)];
  return item === undefined
    ? makeUndefined(undefinedKind, { hint: 'No random item, sequence was empty.' })
    : item;
});

const join = environmentFilter(
  signature('sync_do_join', ['value'], { d: '', attribute: null }),
  (environment, value, separator = '', attribute = null) => {
    const get = attributeGetter(environment, attribute);
    const between = asText(separator);
    const parts: (string | CapturedText)[] = [];
    for (const item of iterable(value)) {
      if (parts.length > 0) parts.push(between);
      const part = asText(attribute === null ? item : get(item));
      environment.budget.write(str(part).length);
      parts.push(part);
    }
    return concatTexts(parts);
  },
);

function asText(value: Value): string | CapturedText {
  return isText(value) ? value : str(value);
}

const sum = environmentFilter(
  signature('sync_do_sum', ['iterable'], { attribute: null, start: 0 }),
  (environment, value, attribute = null, start = 0) => {
    if (isText(start)) throw typeError("sum() can't sum strings [use ''.join(seq) instead]");
    const get = attributeGetter(environment, attribute);
    let total: Value = start;
    for (const item of iterable(value)) total = add(total, attribute === null ? item : get(item));
    return total;
  },
);

const slice = filter(
  signature('sync_do_slice', ['value', 'slices'], { fill_with: null }),
  (_environment, value, slices = 0, fill = null) =>
    new PyIterator(slicesOf(value, slices, fill), 'generator', 'sync_do_slice'),
);

function* slicesOf(value: Value, wanted: Value, fill: Value): Iterator<Value> {
  const items = toList(value);
  const size = realOf(binaryOperations['//'](items.length, wanted)) ?? 0;
  const extra = realOf(binaryOperations['%'](items.length, wanted)) ?? 0;
  const count = requireIndex(wanted, typeName);
  let offset = 0;
  for (let number = 0; number < count; number++) {
    const start = offset + number * size;
    if (number < extra) offset++;
    const part = items.slice(start, offset + (number + 1) * size);
    if (fill !== null && number >= extra) part.push(fill);
    yield part;
  }
}

const batch = filter(
  signature('do_batch', ['value', 'linecount'], { fill_with: null }),
  (_environment, value, count = 0, fill = null) =>
    new PyIterator(batches(value, count, fill), 'generator', 'do_batch'),
);

function* batches(value: Value, count: Value, fill: Value): Iterator<Value> {
  let part: Value[] = [];
  for (const item of iterable(value)) {
    if (equals(part.length, count)) {
      yield part;
      part = [];
    }
    part.push(item);
  }
  if (part.length === 0) return;
  if (fill !== null && inOrder('<', part.length, count)) {
    const missing = binaryOperations['-'](count, part.length);
    part.push(...(binaryOperations['*']([fill], missing) as Value[]));
  }
  yield part;
}

const items = filter(
  signature('do_items', ['value']),
  (_environment, value) => new PyIterator(pairs(value), 'generator', 'do_items'),
);

function* pairs(value: Value): Iterator<Value> {
  if (value instanceof Undefined) return;
  const entries = entriesOf(value);
  if (!entries) throw typeError('Can only get item pairs from a mapping.');
  for (const pair of entries) yield new Tuple(pair);
}

export const sequenceFilters: readonly (readonly [string, Filter])[] = [
  ['batch', batch],
  ['count', length],
  ['first', first],
  ['items', items],
  ['join', join],
  ['last', last],
  ['length', length],
  ['list', list],
  ['random', random],
  ['reverse', reverse],
  ['slice', slice],
  ['sum', sum],
];
