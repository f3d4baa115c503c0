/** `modules.itertools`: single-use iterators; endless ones make their elements as they are taken. */

import {
  concatTexts,
  Dict,
  HostObject,
  isText,
  iterate,
  PyFloat,
  PyIterator,
  TemplateError,
  truthy,
  Tuple,
  typeError,
  typeName,
  valueError,
} from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';
import { define } from '../host.ts';
import type { Bound } from '../host.ts';
import { bigIntOf, intArgument, intValue } from './integers.ts';
import { numberOf } from './order.ts';

type Make = (args: Bound) => Iterator<Value>;

/** Each function's signature, and the iterator it gives. */
const FUNCTIONS: Readonly<Record<string, readonly [signature: string, make: Make]>> = {
  count: ['start=,step=', (args) => count(args.get('start') ?? 0, args.get('step') ?? 1)],
  cycle: ['iterable', (args) => cycle(iterate(args.value('iterable')))],
  repeat: ['object,times=', (args) => repeat(args.value('object'), args.get('times'))],
  accumulate: ['iterable,func=,initial=', accumulate],
  chain: ['*iterables', (args) => chain(args.rest.values())],
  compress: [
    'data,selectors',
    (args) => compress(iterate(args.value('data')), iterate(args.value('selectors'))),
  ],
  islice: ['iterable,*rest', islice],
  starmap: ['function,iterable', (args) => starmap(args.value('function'), iterate(args.value('iterable')))],
  zip_longest: [
    '*iterables,**options',
    (args) => zipLongest(args.rest.map(iterate), args.keywords.get('fillvalue') ?? null),
  ],
  product: ['*iterables,**options', (args) => product(pools(args))],
  permutations: [
    'iterable,r=',
    (args) => permutations(taken(args), sizeArgument(args.value('r'), taken(args).length)),
  ],
  combinations: ['iterable,r', (args) => combinations(taken(args), sizeArgument(args.value('r'), 0))],
  combinations_with_replacement: [
    'iterable,r',
    (args) => combinationsWithReplacement(taken(args), sizeArgument(args.value('r'), 0)),
  ],
};

export function itertoolsModule(): Dict {
  const functions = Object.entries(FUNCTIONS).map(([name, [signature, make]]) => {
    const function_ =
      name === 'chain'
        ? new ChainFunction()
        : define(name, signature, (args) => new PyIterator(make(args), `itertools.${name}`));
    return [name, function_] as const;
  });
  return Dict.of([...functions, ['tee', define('tee', 'iterable,n=', tee)]]);
}

/** `chain(…)`, and `chain.from_iterable(…)`. */
class ChainFunction extends HostObject {
  readonly typeName = 'type';
  readonly #chain = define(
    'chain',
    '*iterables',
    (args) => new PyIterator(chain(args.rest.values()), 'itertools.chain'),
  );

  override call(
    ...args: Parameters<ReturnType<typeof define>['call']>
  ): ReturnType<ReturnType<typeof define>['call']> {
    return this.#chain.call(...args);
  }

  override getAttribute(name: string): Value | undefined {
    if (name !== 'from_iterable') return undefined;
    return define(
      name,
      'iterable',
      (args) => new PyIterator(chain(iterate(args.value('iterable'))), 'itertools.chain'),
    );
  }
}

/** A combination's elements are held at once: more than this is no template's wish. */
const MAX_POOL = 100_000;

function taken(args: Bound): Value[] {
  return toArray(iterate(args.value('iterable')));
}

function toArray(iterator: Iterator<Value>): Value[] {
  const items: Value[] = [];
  for (let next = iterator.next(); !next.done; next = iterator.next()) {
    if (items.length >= MAX_POOL)
      throw new TemplateError('limit', 'OverflowError', `an iterable has more than ${MAX_POOL} elements`);
    items.push(next.value);
  }
  return items;
}

function sizeArgument(value: Value, otherwise: number): number {
  if (value === null) return otherwise;
  const size = intArgument(value);
  if (size < 0) throw valueError('r must be non-negative');
  return size;
}

/** `left + right`. */
function plus(left: Value, right: Value): Value {
  if (left instanceof HostObject) return left.operate?.('+', right, false) ?? unaddable(left, right);
  if (right instanceof HostObject) return right.operate?.('+', left, true) ?? unaddable(left, right);
  if (isText(left) && isText(right)) return concatTexts([left, right]);
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (left instanceof Tuple && right instanceof Tuple) return new Tuple([...left.items, ...right.items]);
  const whole = bigIntOf(left);
  const otherWhole = bigIntOf(right);
  if (whole !== undefined && otherWhole !== undefined) return intValue(whole + otherWhole);
  const number = numberOf(left);
  const other = numberOf(right);
  if (number === undefined || other === undefined) return unaddable(left, right);
  return new PyFloat(Number(number) + Number(other));
}

function unaddable(left: Value, right: Value): never {
  throw typeError(`unsupported operand type(s) for +: '${typeName(left)}' and '${typeName(right)}'`);
}

function* count(start: Value, step: Value): Iterator<Value> {
  for (let value = start; ; value = plus(value, step)) yield value;
}

function* cycle(iterator: Iterator<Value>): Iterator<Value> {
  const seen: Value[] = [];
  for (let next = iterator.next(); !next.done; next = iterator.next()) {
    seen.push(next.value);
    yield next.value;
  }
  while (seen.length > 0) yield* seen;
}

function* repeat(value: Value, times: Value | undefined): Iterator<Value> {
  const limit = times === undefined ? Infinity : intArgument(times);
  for (let turn = 0; turn < limit; turn++) yield value;
}

function accumulate(args: Bound): Iterator<Value> {
  const combine = args.value('func');
  return sums(iterate(args.value('iterable')), args.value('initial'), (left, right) =>
    combine === null ? plus(left, right) : callNow(combine, [left, right]),
  );
}

function* sums(
  iterator: Iterator<Value>,
  initial: Value,
  combine: (left: Value, right: Value) => Value,
): Iterator<Value> {
  let total = initial;
  if (total === null) {
    const first = iterator.next();
    if (first.done) return;
    total = first.value;
  }
  yield total;
  for (let next = iterator.next(); !next.done; next = iterator.next()) {
    total = combine(total, next.value);
    yield total;
  }
}

/** Iterators cannot wait: a function that asks the warehouse cannot be called from one. */
function callNow(callee: Value, positional: readonly Value[]): Value {
  if (!(callee instanceof HostObject) || !callee.call)
    throw typeError('the function argument is not callable');
  const result = callee.call({ positional, keyword: new Map() });
  if (result instanceof Promise) {
    throw typeError(
      'a macro that asks the warehouse cannot be called by itertools: loop over the elements instead',
    );
  }
  return result;
}

function* chain(iterables: Iterator<Value>): Iterator<Value> {
  for (let next = iterables.next(); !next.done; next = iterables.next()) {
    const iterator = iterate(next.value);
    for (let item = iterator.next(); !item.done; item = iterator.next()) yield item.value;
  }
}

function* compress(data: Iterator<Value>, selectors: Iterator<Value>): Iterator<Value> {
  for (let item = data.next(); !item.done; item = data.next()) {
    const selector = selectors.next();
    if (selector.done) return;
    if (truthy(selector.value)) yield item.value;
  }
}

function islice(args: Bound): Iterator<Value> {
  const bounds = args.rest.map((value) => (value === null ? undefined : intArgument(value)));
  if (bounds.some((bound) => bound !== undefined && bound < 0)) {
    const subject = bounds.length > 1 ? 'Indices' : 'Stop argument';
    throw valueError(`${subject} for islice() must be None or an integer: 0 <= x <= sys.maxsize.`);
  }
  const [start, stop, step] = bounds.length > 1 ? bounds : [undefined, bounds[0]];
  if (step === 0) throw valueError('Step for islice() must be a positive integer or None.');
  return sliced(iterate(args.value('iterable')), start ?? 0, stop ?? Infinity, step ?? 1);
}

function* sliced(iterator: Iterator<Value>, start: number, stop: number, step: number): Iterator<Value> {
  let wanted = start;
  for (let index = 0; index < stop; index++) {
    const next = iterator.next();
    if (next.done) return;
    if (index !== wanted) continue;
    wanted += step;
    yield next.value;
  }
}

function* starmap(callee: Value, iterator: Iterator<Value>): Iterator<Value> {
  for (let next = iterator.next(); !next.done; next = iterator.next()) {
    yield callNow(callee, toArray(iterate(next.value)));
  }
}

function* zipLongest(iterators: readonly Iterator<Value>[], fill: Value): Iterator<Value> {
  const isDone = iterators.map(() => false);
  for (;;) {
    const row = iterators.map((iterator, index) => {
      if (isDone[index]) return fill;
      const next = iterator.next();
      if (!next.done) return next.value;
      isDone[index] = true;
      return fill;
    });
    if (isDone.every(Boolean)) return;
    yield new Tuple(row);
  }
}

function pools(args: Bound): Value[][] {
  const once = args.rest.map((value) => toArray(iterate(value)));
  const times = args.keywords.get('repeat');
  const repeated = times === undefined ? 1 : intArgument(times);
  if (repeated < 0) throw valueError('repeat argument cannot be negative');
  if (repeated * once.length > 1000) throw valueError('product() takes at most 1000 iterables');
  return Array.from({ length: repeated }, () => once).flat();
}

function* product(pools: readonly (readonly Value[])[]): Iterator<Value> {
  if (pools.some((pool) => pool.length === 0)) return;
  const indexes = pools.map(() => 0);
  for (;;) {
    yield new Tuple(indexes.map((index, pool) => pools[pool]?.[index] as Value));
    let pool = pools.length - 1;
    while (pool >= 0 && indexes[pool] === (pools[pool] as readonly Value[]).length - 1) indexes[pool--] = 0;
    if (pool < 0) return;
    indexes[pool] = (indexes[pool] as number) + 1;
  }
}

function* permutations(items: readonly Value[], size: number): Iterator<Value> {
  if (size > items.length) return;
  yield* arrangements(items, size, [], new Set());
}

function* arrangements(
  items: readonly Value[],
  size: number,
  chosen: readonly Value[],
  used: Set<number>,
): IterableIterator<Value> {
  if (chosen.length === size) {
    yield new Tuple(chosen);
    return;
  }
  for (let index = 0; index < items.length; index++) {
    if (used.has(index)) continue;
    used.add(index);
    yield* arrangements(items, size, [...chosen, items[index] as Value], used);
    used.delete(index);
  }
}

function* combinations(items: readonly Value[], size: number): Iterator<Value> {
  yield* selections(items, size, [], 0, 1);
}

function* combinationsWithReplacement(items: readonly Value[], size: number): Iterator<Value> {
  yield* selections(items, size, [], 0, 0);
}

/** `advance` is 1 where an element is taken once, 0 where it may come again. */
function* selections(
  items: readonly Value[],
  size: number,
  chosen: readonly Value[],
  from: number,
  advance: 0 | 1,
): IterableIterator<Value> {
  if (chosen.length === size) {
    yield new Tuple(chosen);
    return;
  }
  for (let index = from; index < items.length; index++) {
    yield* selections(items, size, [...chosen, items[index] as Value], index + advance, advance);
  }
}

function tee(args: Bound): Tuple {
  const source = iterate(args.value('iterable'));
  const copies = intArgument(args.get('n') ?? 2);
  if (copies < 0) throw valueError('n must be >= 0');
  if (copies > MAX_POOL) throw new TemplateError('limit', 'OverflowError', `more than ${MAX_POOL} copies`);
  const seen: Value[] = [];
  return new Tuple(
    Array.from({ length: copies }, () => new PyIterator(shared(source, seen), 'itertools._tee')),
  );
}

function* shared(source: Iterator<Value>, seen: Value[]): Iterator<Value> {
  for (let index = 0; ; index++) {
    if (index === seen.length) {
      const next = source.next();
      if (next.done) return;
      seen.push(next.value);
    }
    yield seen[index] as Value;
  }
}
