/** str: padding, stripping, replacing and formatting. */

import { signature } from '../arguments.ts';
import { limitError, overflowError, typeError } from '../errors.ts';
import { indexOf, requireIndex } from '../operators/numbers.ts';
import { PyBytes } from '../values/bytes.ts';
import type { CapturedText } from '../values/captured-text.ts';
import { concatTexts } from '../values/captured-text.ts';
import type { CallArguments } from '../values/host-object.ts';
import { iterable, iteratorOf } from '../values/iteration.ts';
import { spend } from '../meter.ts';
import { MAX_TEXT, str } from '../values/repr.ts';
import { codePointLength, isSpace, isText, strippedRange, textOf } from '../values/text.ts';
import { typeName } from '../values/type-name.ts';
import type { Value } from '../values/value.ts';
import { argumentType, bound, methodTable, notAnInteger, positionalOnly } from './method.ts';

type Text = string | CapturedText;

const encodeSignature = signature('encode', [], { encoding: 'utf-8', errors: 'strict' });
const expandTabsSignature = signature('expandtabs', [], { tabsize: 8 });

export const textLayoutMethods = methodTable<Text>({
  center(self, args) {
    const { text, missing, fill } = padding('center', self, args);
    // CPython gives the odd character to the left only when the width is odd.
    const width = missing + codePointLength(text);
    const left = (missing >> 1) + (missing & width & 1);
    return fill.repeat(left) + text + fill.repeat(missing - left);
  },
  encode(self, args) {
    const [encoding, errors] = bound(args, encodeSignature) as [Value, Value];
    for (const [name, value] of [
      ['encoding', encoding],
      ['errors', errors],
    ] as const) {
      if (!isText(value))
        throw typeError(`encode() argument '${name}' must be str, not ${argumentType(value)}`);
    }
    return PyBytes.encode(str(self), str(encoding), str(errors));
  },
  expandtabs(self, args) {
    const [size] = bound(args, expandTabsSignature) as [Value];
    if (typeof size === 'bigint') throw overflowError('Python int too large to convert to C int');
    return expandTabs(str(self), requireIndex(size, typeName));
  },
  join(self, args) {
    const [items] = positionalOnly('str.join', args, 1, 1) as [Value];
    return joinTexts(self, items);
  },
  ljust(self, args) {
    const { text, missing, fill } = padding('ljust', self, args);
    return text + fill.repeat(missing);
  },
  lstrip(self, args) {
    return strip(self, positionalOnly('str.lstrip', args, 0, 1)[0] ?? null, 'left');
  },
  removeprefix(self, args) {
    const prefix = textArgument(positionalOnly('str.removeprefix', args, 1, 1)[0] as Value, 'removeprefix');
    const text = str(self);
    return prefix !== '' && text.startsWith(prefix) ? self.slice(prefix.length, text.length) : self;
  },
  removesuffix(self, args) {
    const suffix = textArgument(positionalOnly('str.removesuffix', args, 1, 1)[0] as Value, 'removesuffix');
    const text = str(self);
    return suffix !== '' && text.endsWith(suffix) ? self.slice(0, text.length - suffix.length) : self;
  },
  replace(self, args) {
    const [old, by, count = -1] = positionalOnly('str.replace', args, 2, 3) as [Value, Value, Value?];
    for (const [index, part] of [old, by].entries()) {
      if (!isText(part)) {
        throw typeError(`replace() argument ${index + 1} must be str, not ${argumentType(part)}`);
      }
    }
    const times = indexOf(count);
    if (times === undefined) throw notAnInteger(count);
    return replaceText(str(self), str(old), str(by), times);
  },
  rjust(self, args) {
    const { text, missing, fill } = padding('rjust', self, args);
    return fill.repeat(missing) + text;
  },
  rstrip(self, args) {
    return strip(self, positionalOnly('str.rstrip', args, 0, 1)[0] ?? null, 'right');
  },
  strip(self, args) {
    return strip(self, positionalOnly('str.strip', args, 0, 1)[0] ?? null, 'both');
  },
  zfill(self, args) {
    const [wanted] = positionalOnly('str.zfill', args, 1, 1) as [Value];
    const width = indexOf(wanted);
    if (width === undefined) throw notAnInteger(wanted);
    const text = str(self);
    const sign = /^[+-]/.exec(text)?.[0] ?? '';
    return sign + '0'.repeat(bounded(width - codePointLength(text))) + text.slice(sign.length);
  },
});

export function textArgument(value: Value, name: string): string {
  const text = textOf(value);
  if (text === undefined) throw typeError(`${name}() argument must be str, not ${argumentType(value)}`);
  return text;
}

function bounded(count: number): number {
  if (count > MAX_TEXT) throw limitError(`the text is longer than ${MAX_TEXT} characters`);
  return Math.max(0, count);
}

function padding(
  name: string,
  self: Text,
  args: CallArguments,
): { text: string; missing: number; fill: string } {
  const [wanted, filler = ' '] = positionalOnly(`str.${name}`, args, 1, 2) as [Value, Value?];
  const width = indexOf(wanted);
  if (width === undefined) throw notAnInteger(wanted);
  if (typeof wanted === 'bigint') throw overflowError('Python int too large to convert to C ssize_t');
  const fill = textOf(filler);
  if (fill === undefined || codePointLength(fill) !== 1) {
    throw typeError(
      fill === undefined
        ? `The fill character must be a unicode character, not ${typeName(filler)}`
        : 'The fill character must be exactly one character long',
    );
  }
  const text = str(self);
  return { text, missing: bounded(width - codePointLength(text)), fill };
}

const stripName = { both: 'strip', left: 'lstrip', right: 'rstrip' } as const;

export function strip(self: Text, characters: Value, sides: 'both' | 'left' | 'right'): Text {
  let isStripped = isSpace;
  if (characters !== null) {
    const set = textOf(characters);
    if (set === undefined) throw typeError(`${stripName[sides]} arg must be None or str`);
    isStripped = (character) => set.includes(character);
  }
  const [start, end] = strippedRange(str(self), isStripped, sides);
  return self.slice(start, end);
}

export function replaceText(text: string, old: string, by: string, count: number): string {
  if (count === 0) return text;
  if (old === '') return replaceEmpty(text, by, count);
  let most = 0;
  let end = 0;
  for (let at = text.indexOf(old); at >= 0 && most !== count; at = text.indexOf(old, end)) {
    most++;
    end = at + old.length;
  }
  spend(8 * most);
  bounded(text.length + most * (by.length - old.length));
  // The parts are not gathered: of a long text they would be a list that is far longer than the text.
  return text.slice(0, end).replaceAll(old, by.replaceAll('$', '$$$$')) + text.slice(end);
}

/** Python puts the replacement before each character and at the end. */
function replaceEmpty(text: string, by: string, count: number): string {
  const characters = Array.from(text);
  const most = count < 0 ? characters.length + 1 : Math.min(count, characters.length + 1);
  bounded(text.length + most * by.length);
  let out = '';
  for (const [index, character] of characters.entries()) out += (index < most ? by : '') + character;
  return most > characters.length ? out + by : out;
}

export function joinTexts(separator: Text, items: Value): Value {
  if (!iteratorOf(items)) throw typeError('can only join an iterable');
  const parts: Text[] = [];
  let index = 0;
  let length = 0;
  for (const item of iterable(items)) {
    if (!isText(item))
      throw typeError(`sequence item ${index}: expected str instance, ${typeName(item)} found`);
    if (index++ > 0) parts.push(separator);
    parts.push(item);
    length += str(item).length + str(separator).length;
    bounded(length);
  }
  return concatTexts(parts);
}

function expandTabs(text: string, size: number): string {
  let out = '';
  let column = 0;
  for (const character of text) {
    if (character === '\t') {
      const spaces = size > 0 ? bounded(size - (column % size)) : 0;
      out += ' '.repeat(spaces);
      column += spaces;
    } else {
      out += character;
      column = character === '\n' || character === '\r' ? 0 : column + 1;
    }
    bounded(out.length);
  }
  return out;
}
