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

export function capitalize(text: string): string {
  const [first = ''] = text;
  return first.toUpperCase() + text.slice(first.length).toLowerCase();
}

const cased = /[\p{Lu}\p{Ll}\p{Lt}]/u;
const word = /[\p{Lu}\p{Ll}\p{Lt}]+/gu;

function title(text: string): string {
  return text.replace(word, capitalize);
}

function isTitle(text: string): boolean {
  return cased.test(text) && title(text) === text;
}

export function isLower(text: string): boolean {
  return cased.test(text) && !/[\p{Lu}\p{Lt}]/u.test(text);
}

export function isUpper(text: string): boolean {
  return cased.test(text) && !/[\p{Ll}\p{Lt}]/u.test(text);
}

function swapCase(text: string): string {
  return Array.from(text, (character) =>
    /\p{Lu}/u.test(character) ? character.toLowerCase() : character.toUpperCase(),
  ).join('');
}

export const textCaseMethods = methodTable<Value>({
  capitalize: plain('capitalize', capitalize),
  casefold: plain('casefold', (text) => text.replaceAll('ß', 'ss').toLowerCase()),
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
