/** The text of a Postgres array as a list. */

import { valueError } from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';

/** `{1,2,NULL}` and nested ones; bounds in front are dropped. */
export function parseArray(text: string, element: (text: string) => Value): Value[] {
  const start = text.indexOf('{');
  const stack: Value[][] = [];
  let at = start;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '{') {
      const list: Value[] = [];
      stack.at(-1)?.push(list);
      stack.push(list);
      at++;
    } else if (character === '}') {
      const done = stack.pop();
      if (stack.length === 0 && done) return done;
      at++;
    } else if (character === ',') {
      at++;
    } else {
      const [value, end] = readElement(text, at, element);
      stack.at(-1)?.push(value);
      at = end;
    }
  }
  throw valueError(`malformed array literal: "${text}"`);
}

function readElement(text: string, at: number, element: (text: string) => Value): readonly [Value, number] {
  if (text.charAt(at) !== '"') {
    const rest = /^(?:[^,{}\\]|\\.)*/su.exec(text.slice(at))?.[0] ?? '';
    const value = rest === 'NULL' ? null : element(rest.replace(/\\(.)/gsu, '$1'));
    return [value, at + Math.max(1, rest.length)];
  }
  let out = '';
  for (let index = at + 1; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '"') return [element(out), index + 1];
    out += character === '\\' ? text.charAt(++index) : character;
  }
  throw valueError(`malformed array literal: "${text}"`);
}
