/** str: translation tables. */

import { isPromise } from '../../base/maybe-promise.ts';
import { TemplateError, typeError, valueError } from '../errors.ts';
import { intOf } from '../operators/numbers.ts';
import { elementAt, subscriptOf } from '../operators/subscript.ts';
import { Dict } from '../values/dict.ts';
import { HostObject } from '../values/host-object.ts';
import { str } from '../values/repr.ts';
import { codePointLength, isText, textOf } from '../values/text.ts';
import type { Value } from '../values/value.ts';
import { argumentType, methodTable, positionalOnly } from './method.ts';

export const textTranslateMethods = methodTable<Value>({
  maketrans(_self, args) {
    const [x, y, z] = positionalOnly('str.maketrans', args, 1, 3) as [Value, Value?, Value?];
    for (const [index, part] of [y, z].entries()) {
      if (part === undefined || isText(part)) continue;
      throw typeError(`maketrans() argument ${index + 2} must be str, not ${argumentType(part)}`);
    }
    return y === undefined ? tableOfDict(x) : tableOfTexts(x, str(y), z === undefined ? '' : str(z));
  },
  translate(self, args) {
    const [table] = positionalOnly('str.translate', args, 1, 1) as [Value];
    return translate(str(self), table);
  },
});

function tableOfTexts(from: Value, to: string, removed: string): Dict {
  const text = textOf(from);
  if (text === undefined)
    throw typeError('first maketrans argument must be a string if there is a second argument');
  const targets = Array.from(to, codeOf);
  const sources = Array.from(text, codeOf);
  if (sources.length !== targets.length)
    throw valueError('the first two maketrans arguments must have equal length');
  const table = new Dict();
  for (const [index, code] of sources.entries()) table.set(code, targets[index] as number);
  for (const character of removed) table.set(codeOf(character), null);
  return table;
}

function tableOfDict(source: Value): Dict {
  if (!(source instanceof Dict))
    throw typeError('if you give only one argument to maketrans it must be a dict');
  const table = new Dict();
  for (const [key, value] of source.entries()) {
    const text = textOf(key);
    if (text === undefined) {
      if (intOf(key) === undefined) throw typeError('keys in translation table must be strings or integers');
      table.set(key, value);
    } else {
      if (codePointLength(text) !== 1) throw valueError('string keys in translate table must be of length 1');
      table.set(codeOf(text), value);
    }
  }
  return table;
}

function codeOf(character: string): number {
  return character.codePointAt(0) as number;
}

function translate(text: string, table: Value): string {
  let out = '';
  for (const character of text) {
    const by = replacement(table, codeOf(character));
    const code = by === undefined || by === null ? undefined : intOf(by);
    if (by === undefined) out += character;
    else if (code !== undefined) {
      if (code < 0 || code > 0x10ffff) throw valueError('character mapping must be in range(0x110000)');
      out += String.fromCodePoint(Number(code));
    } else if (by !== null) {
      if (!isText(by)) throw typeError('character mapping must return integer, None or str');
      out += str(by);
    }
  }
  return out;
}

/** Undefined where the table has nothing to say of the character. */
function replacement(table: Value, code: number): Value | undefined {
  if (table instanceof HostObject) {
    const item = table.getItem(code);
    if (!isPromise(item)) return item ?? elementAt(table, code);
  }
  try {
    return subscriptOf(table, code);
  } catch (error) {
    if (error instanceof TemplateError && error.kind === 'lookup') return undefined;
    throw error;
  }
}
