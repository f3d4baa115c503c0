/** The functions that Jinja2 itself gives every template. */

import { bindArguments, signature } from './arguments.ts';
import { overflowError, typeError } from './errors.ts';
import { updateDict } from './methods/dict-methods.ts';
import { requireIndex } from './operators/numbers.ts';
import { Dict } from './values/dict.ts';
import type { CallArguments } from './values/host-object.ts';
import { HostObject, hostFunction } from './values/host-object.ts';
import { Namespace } from './values/namespace.ts';
import { PyRange } from './values/range.ts';
import { typeName } from './values/type-name.ts';
import type { Value } from './values/value.ts';

const range = hostFunction('range', ({ positional, keyword }) => {
  if (keyword.size > 0) throw typeError('safe_range() got an unexpected keyword argument');
  const [first, second, step] = positional.map((value) => requireIndex(value, typeName));
  if (first === undefined) throw typeError('range expected at least 1 argument, got 0');
  if (positional.length > 3) throw typeError(`range expected at most 3 arguments, got ${positional.length}`);
  if (positional.some((value) => typeof value === 'bigint')) requireSize(positional);
  return second === undefined ? PyRange.bounded(0, first, 1) : PyRange.bounded(first, second, step ?? 1);
});

/** Python has a length for what has fewer elements than this. */
const MOST_ELEMENTS = 2n ** 63n;

function requireSize(bounds: readonly Value[]): void {
  const [first = 0n, second, step = 1n] = bounds.map((bound) => BigInt(bound as number | bigint));
  const [from, to] = second === undefined ? [0n, first] : [first, second];
  if (step !== 0n && (to - from) / step >= MOST_ELEMENTS) {
    throw overflowError('Python int too large to convert to C ssize_t');
  }
}

const dict = hostFunction('dict', (args) => {
  const made = new Dict();
  updateDict(made, args, 'dict');
  return made;
});

const namespace = hostFunction('namespace', (args) => {
  const attributes = new Dict();
  updateDict(attributes, args, 'dict');
  return new Namespace(attributes);
});

class Cycler extends HostObject {
  readonly typeName = 'Cycler';
  readonly #items: readonly Value[];
  #position = 0;

  constructor(items: readonly Value[]) {
    super();
    this.#items = items;
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'current':
        return this.#items[this.#position];
      case 'next':
        return hostFunction('next', () => {
          const current = this.#items[this.#position] as Value;
          this.#position = (this.#position + 1) % this.#items.length;
          return current;
        });
      case 'reset':
        return hostFunction('reset', () => {
          this.#position = 0;
          return null;
        });
      default:
        return undefined;
    }
  }
}

const cycler = hostFunction('cycler', ({ positional }) => {
  if (positional.length === 0) throw typeError('at least one item has to be provided');
  return new Cycler(positional);
});

class Joiner extends HostObject {
  readonly typeName = 'Joiner';
  readonly #separator: Value;
  #isUsed = false;

  constructor(separator: Value) {
    super();
    this.#separator = separator;
  }

  override call(_args: CallArguments): Value {
    if (this.#isUsed) return this.#separator;
    this.#isUsed = true;
    return '';
  }
}

const joinerSignature = signature('joiner', [], { sep: ', ' });

const joiner = hostFunction('joiner', (args) => {
  const [separator = ', '] = bindArguments(args, joinerSignature);
  return new Joiner(separator);
});

const globals: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['range', range],
  ['dict', dict],
  ['namespace', namespace],
  ['cycler', cycler],
  ['joiner', joiner],
]);

export function globalValue(name: string): Value | undefined {
  return globals.get(name);
}
