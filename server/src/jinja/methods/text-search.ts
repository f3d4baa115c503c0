/** str: searching and counting. */

import { typeError, valueError } from '../errors.ts';
import { indexOf } from '../operators/numbers.ts';
import type { CallArguments } from '../values/host-object.ts';
import { str } from '../values/repr.ts';
import { codePointLength, textOf, utf16Offset } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import { typeName } from '../values/type-name.ts';
import type { Value } from '../values/value.ts';
import { methodTable, positionalOnly } from './method.ts';

export const textSearchMethods = methodTable<Value>({
  count(self, args) {
    const { text, part, start, end } = searched('count', self, args);
    const within = text.slice(start, end);
    if (part === '') return start > text.length ? 0 : codePointLength(within) + 1;
    return within.split(part).length - 1;
  },
  endswith(self, args) {
    return affix('endswith', self, args, (within, part) => within.endsWith(part));
  },
  find(self, args) {
    return find(searched('find', self, args));
  },
  index(self, args) {
    return orRaise(find(searched('index', self, args)));
  },
  rfind(self, args) {
    return findLast(searched('rfind', self, args));
  },
  rindex(self, args) {
    return orRaise(findLast(searched('rindex', self, args)));
  },
  startswith(self, args) {
    return affix('startswith', self, args, (within, part) => within.startsWith(part));
  },
});

interface Search {
  readonly text: string;
  readonly part: string;
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
}

function searched(name: string, self: Value, args: CallArguments): Search {
  const [wanted, start, end] = searchArguments(name, args);
  const within = range(str(self), start, end);
  const part = textOf(wanted);
  if (part === undefined) throw typeError(`must be str, not ${typeName(wanted)}`);
  return { part, ...within };
}

function searchArguments(name: string, args: CallArguments): [Value, Value?, Value?] {
  const given = args.positional.length;
  if (args.keyword.size === 0 && (given < 1 || given > 3)) {
    const bound = given < 1 ? 'at least 1 argument' : 'at most 3 arguments';
    throw typeError(`${name}() takes ${bound} (${given} given)`);
  }
  return positionalOnly(name, args, 1, 3) as [Value, Value?, Value?];
}

function range(text: string, start: Value | undefined, end: Value | undefined): Omit<Search, 'part'> {
  const length = codePointLength(text);
  const from = absolute(start, 0, length);
  return {
    text,
    start: from > length ? text.length + 1 : utf16Offset(text, from),
    end: utf16Offset(text, Math.min(absolute(end, length, length), length)),
  };
}

function absolute(bound: Value | undefined, fallback: number, length: number): number {
  if (bound === undefined || bound === null) return fallback;
  const index = indexOf(bound);
  if (index === undefined) {
    throw typeError('slice indices must be integers or None or have an __index__ method');
  }
  return index < 0 ? Math.max(0, index + length) : index;
}

function find({ text, part, start, end }: Search): number {
  if (start > text.length) return -1;
  const at = text.indexOf(part, start);
  return at < 0 || at + part.length > end ? -1 : codePointLength(text.slice(0, at));
}

function findLast({ text, part, start, end }: Search): number {
  if (end < start) return -1;
  const at = text.lastIndexOf(part, end - part.length);
  return at < start || end - part.length < start ? -1 : codePointLength(text.slice(0, at));
}

function orRaise(index: number): number {
  if (index < 0) throw valueError('substring not found');
  return index;
}

function affix(
  name: string,
  self: Value,
  args: CallArguments,
  holds: (within: string, part: string) => boolean,
): boolean {
  const [wanted, from, to] = searchArguments(name, args);
  const { text, start, end } = range(str(self), from, to);
  const parts = wanted instanceof Tuple ? wanted.items : [wanted];
  const isOutside = start > text.length || end < start;
  const within = text.slice(start, end);
  return parts.some((each) => {
    const part = textOf(each);
    if (part === undefined) {
      throw typeError(
        wanted instanceof Tuple
          ? `tuple for ${name} must only contain str, not ${typeName(each)}`
          : `${name} first arg must be str or a tuple of str, not ${typeName(each)}`,
      );
    }
    return !isOutside && holds(within, part);
  });
}
