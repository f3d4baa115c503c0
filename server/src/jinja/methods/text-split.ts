/** str: taking a text apart. */

import { signature } from '../arguments.ts';
import { typeError, valueError } from '../errors.ts';
import { flagOf, indexOf } from '../operators/numbers.ts';
import type { CallArguments } from '../values/host-object.ts';
import { str } from '../values/repr.ts';
import { isSpace, splitLines, textOf } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import { typeName } from '../values/type-name.ts';
import type { Value } from '../values/value.ts';
import { bound, methodTable, notAnInteger, positionalOnly } from './method.ts';

const splitSignature = signature('split', [], { sep: null, maxsplit: -1 });
const rsplitSignature = signature('rsplit', [], { sep: null, maxsplit: -1 });
const splitLinesSignature = signature('splitlines', [], { keepends: false });

export const textSplitMethods = methodTable<Value>({
  partition(self, args) {
    const { text, separator, wanted } = parted('partition', self, args);
    const at = text.indexOf(separator);
    if (at < 0) return new Tuple([text, '', '']);
    return new Tuple([text.slice(0, at), wanted, text.slice(at + separator.length)]);
  },
  rpartition(self, args) {
    const { text, separator, wanted } = parted('rpartition', self, args);
    const at = text.lastIndexOf(separator);
    if (at < 0) return new Tuple(['', '', text]);
    return new Tuple([text.slice(0, at), wanted, text.slice(at + separator.length)]);
  },
  rsplit(self, args) {
    const [separator, most] = bound(args, rsplitSignature) as [Value, Value];
    return splitText(str(self), separator, most, 'right');
  },
  split(self, args) {
    const [separator, most] = bound(args, splitSignature) as [Value, Value];
    return splitText(str(self), separator, most, 'left');
  },
  splitlines(self, args) {
    const [keepEnds] = bound(args, splitLinesSignature) as [Value];
    return splitLines(str(self), flagOf(keepEnds, typeName));
  },
});

function parted(
  name: string,
  self: Value,
  args: CallArguments,
): { text: string; separator: string; wanted: Value } {
  const [wanted] = positionalOnly(`str.${name}`, args, 1, 1) as [Value];
  const separator = textOf(wanted);
  if (separator === undefined) throw typeError(`must be str, not ${typeName(wanted)}`);
  if (separator === '') throw valueError('empty separator');
  return { text: str(self), separator, wanted };
}

function splitText(text: string, separator: Value, maxsplit: Value, from: 'left' | 'right'): Value[] {
  const wanted = indexOf(maxsplit);
  if (wanted === undefined) throw notAnInteger(maxsplit);
  const most = wanted < 0 ? Number.MAX_SAFE_INTEGER : wanted;
  if (separator === null) return from === 'left' ? splitWords(text, most) : splitWordsFromRight(text, most);
  const by = textOf(separator);
  if (by === undefined) throw typeError(`must be str or None, not ${typeName(separator)}`);
  if (by === '') throw valueError('empty separator');
  const parts = text.split(by);
  if (parts.length - 1 <= most) return parts;
  if (from === 'left') return [...parts.slice(0, most), parts.slice(most).join(by)];
  const rest = parts.length - most;
  return [parts.slice(0, rest).join(by), ...parts.slice(rest)];
}

function splitWords(text: string, most: number): Value[] {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isSpace(text.charAt(at))) at++;
    if (at >= text.length) return words;
    const start = at;
    if (words.length === most) {
      // What is left keeps the blanks at its far end.
      words.push(text.slice(start));
      return words;
    }
    while (at < text.length && !isSpace(text.charAt(at))) at++;
    words.push(text.slice(start, at));
  }
}

function splitWordsFromRight(text: string, most: number): Value[] {
  const words: string[] = [];
  let at = text.length;
  for (;;) {
    while (at > 0 && isSpace(text.charAt(at - 1))) at--;
    if (at === 0) return words.reverse();
    const end = at;
    if (words.length === most) {
      words.push(text.slice(0, end));
      return words.reverse();
    }
    while (at > 0 && !isSpace(text.charAt(at - 1))) at--;
    words.push(text.slice(at, end));
  }
}
