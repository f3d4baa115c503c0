/** str: upper and lower case, and the questions about a text's characters. */

import type { CallArguments } from '../values/host-object.ts';
import { str } from '../values/repr.ts';
import { isSpace } from '../values/text.ts';
import type { Value } from '../values/value.ts';
import { methodTable, positionalOnly } from './method.ts';

type TextMethod = (self: Value, args: CallArguments) => Value;

function plain(name: string, body: (text: string) => Value): TextMethod {
  return (self, args) => {
    positionalOnly(`str.${name}`, args, 0, 0);
    return body(str(self));
  };
}

function every(name: string, pattern: RegExp): TextMethod {
  return plain(name, (text) => pattern.test(text));
}

/** Digraphs and Greek letters with a iota below have a form of their own at the start of a word. */
const titleForms: ReadonlyMap<string, string> = new Map([
  ...['\u01c5', '\u01c8', '\u01cb', '\u01f2'].flatMap((title) => {
    const code = title.codePointAt(0) as number;
    return [code - 1, code, code + 1].map((each) => [String.fromCodePoint(each), title] as const);
  }),
  ...[0x1f80, 0x1f90, 0x1fa0].flatMap((from) =>
    Array.from({ length: 16 }, (_, index) => {
      return [String.fromCodePoint(from + index), String.fromCodePoint((from + index) | 8)] as const;
    }),
  ),
  ...[0x1fb3, 0x1fc3, 0x1ff3].map(
    (code) => [String.fromCodePoint(code), String.fromCodePoint(code + 9)] as const,
  ),
]);

/** One character as it begins a word: `ß` is `Ss`. */
function titled(character: string): string {
  const form = titleForms.get(character);
  if (form !== undefined) return form;
  const [first = '', ...rest] = character.toUpperCase();
  return first + rest.join('').toLowerCase();
}

export function capitalize(text: string): string {
  const [first = ''] = text;
  return titled(first) + text.slice(first.length).toLowerCase();
}

const word = /\p{Cased}+/gu;
const upper = /\p{Uppercase}/u;
const lower = /\p{Lowercase}/u;
const titleLetter = /\p{Lt}/u;

function title(text: string): string {
  return text.replace(word, capitalize);
}

function isTitle(text: string): boolean {
  let isWithin = false;
  let hasCase = false;
  for (const character of text) {
    const isStart = upper.test(character) || titleLetter.test(character);
    if (isStart === isWithin && (isStart || lower.test(character))) return false;
    isWithin = isStart || lower.test(character);
    hasCase ||= isWithin;
  }
  return hasCase;
}

export function isLower(text: string): boolean {
  return lower.test(text) && !upper.test(text) && !titleLetter.test(text);
}

export function isUpper(text: string): boolean {
  return upper.test(text) && !lower.test(text) && !titleLetter.test(text);
}

function swapCase(text: string): string {
  return Array.from(text, (character) => {
    if (upper.test(character)) return character.toLowerCase();
    return lower.test(character) ? character.toUpperCase() : character;
  }).join('');
}

/** Characters whose folding is not the lower case of their upper case. */
const foldings: Readonly<Record<string, string>> = {
  '\u0131': '\u0131',
  '\u1e9e': 'ss',
  '\u0130': 'i\u0307',
};

function caseFold(text: string): string {
  return Array.from(
    text,
    (character) =>
      foldings[character] ?? Array.from(character.toUpperCase(), (each) => each.toLowerCase()).join(''),
  ).join('');
}

export const textCaseMethods = methodTable<Value>({
  capitalize: plain('capitalize', capitalize),
  casefold: plain('casefold', caseFold),
  isalnum: every('isalnum', /^[\p{L}\p{N}]+$/u),
  isalpha: every('isalpha', /^\p{L}+$/u),
  isascii: plain('isascii', (text) => !/[^\0-\x7f]/.test(text)),
  isdecimal: every('isdecimal', /^\p{Nd}+$/u),
  isdigit: every('isdigit', /^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]+$/u),
  isidentifier: every('isidentifier', /^[\p{XID_Start}_]\p{XID_Continue}*$/u),
  islower: plain('islower', isLower),
  isnumeric: every('isnumeric', /^\p{N}+$/u),
  isprintable: plain('isprintable', (text) => !/[\p{C}\p{Z}]/u.test(text.replaceAll(' ', ''))),
  isspace: plain('isspace', (text) => text !== '' && Array.from(text).every(isSpace)),
  istitle: plain('istitle', isTitle),
  isupper: plain('isupper', isUpper),
  lower: plain('lower', (text) => text.toLowerCase()),
  swapcase: plain('swapcase', swapCase),
  title: plain('title', title),
  upper: plain('upper', (text) => text.toUpperCase()),
});
