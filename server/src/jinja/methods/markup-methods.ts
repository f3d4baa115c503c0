/** The methods of Markup: those of str, whose results are Markup and whose arguments are escaped. */

import { typeError } from '../errors.ts';
import { CapturedText } from '../values/captured-text.ts';
import { escaped, likewise } from '../values/escape.ts';
import type { CallArguments } from '../values/host-object.ts';
import { iterable, iteratorOf } from '../values/iteration.ts';
import { Markup } from '../values/markup.ts';
import { str } from '../values/repr.ts';
import { isText } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import type { Value } from '../values/value.ts';
import { stripTags, unescapeHtml } from './html-text.ts';
import type { Method } from './method-table.ts';
import { positionalOnly } from './method.ts';
import { textMethods } from './text-methods.ts';

const kept =
  'split rsplit splitlines capitalize title lower upper lstrip rstrip strip translate expandtabs swapcase zfill casefold ' +
  'removeprefix removesuffix partition rpartition';

/** Methods whose argument at this position is escaped. */
const escapes: Readonly<Record<string, number>> = { replace: 1, ljust: 1, rjust: 1, center: 1 };

export const markupMethods: ReadonlyMap<string, Method> = new Map([
  ...textMethods,
  ...kept.split(' ').map((name) => [name, marked(methodOfText(name))] as const),
  ...Object.entries(escapes).map(
    ([name, position]) => [name, marked(escaping(methodOfText(name), position))] as const,
  ),
  ['join', join] as const,
  [
    'escape',
    (_self: Value, args: CallArguments) => escaped(positionalOnly('escape', args, 1, 1)[0] as Value),
  ],
  ['striptags', (self: Value) => stripTags(str(self))] as const,
  ['unescape', (self: Value) => unescapeHtml(str(self))] as const,
]);

function methodOfText(name: string): Method {
  return textMethods.get(name) as Method;
}

/** The method works on the bare text. */
function marked(method: Method): Method {
  return (self, args) => asMarkup(method(self, args));
}

function asMarkup(value: Value): Value {
  if (isText(value)) return Markup.of(value);
  if (Array.isArray(value)) return value.map(asMarkup);
  return value instanceof Tuple ? new Tuple(value.items.map(asMarkup)) : value;
}

function escaping(method: Method, position: number): Method {
  return (self, { positional, keyword }) => {
    const argument = positional[position];
    if (argument === undefined) return method(self, { positional, keyword });
    return method(self, { positional: positional.with(position, escaped(argument)), keyword });
  };
}

function join(self: Value, args: CallArguments): Value {
  const [items] = positionalOnly('Markup.join', args, 1, 1) as [Value];
  if (!iteratorOf(items)) throw typeError('can only join an iterable');
  const parts = Array.from(iterable(items), escaped);
  const joined = methodOfText('join')(self, { positional: [parts], keyword: new Map() });
  return likewise(self, joined instanceof CapturedText ? joined : str(joined));
}
