/** The texts that `sub` puts in: with references to groups. */

import { limitError, MAX_TEXT, spend, TemplateError } from '../../../../jinja/index.ts';
import { patternError } from './parse-pattern.ts';
import type { CompiledPattern, Found } from './pattern.ts';
import { groupText } from './pattern.ts';

/** Literal text, or the number of a group. */
export type Replacement = readonly (string | number)[];

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** Raises re.error for an escape that means nothing and for a group that is not there. */
export function parseReplacement(template: string, pattern: CompiledPattern): Replacement {
  const parts: (string | number)[] = [];
  let text = '';
  const addGroup = (group: number, position: number): void => {
    if (group > pattern.groupCount) throw patternError(`invalid group reference ${group}`, position);
    parts.push(text, group);
    text = '';
  };
  for (let at = 0; at < template.length; at++) {
    if (template.charAt(at) !== '\\') {
      text += template.charAt(at);
      continue;
    }
    const rest = template.slice(at + 1);
    if (rest === '') throw patternError('bad escape (end of pattern)', at);
    const name = /^g<([^>]*)>/u.exec(rest);
    const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{2})/u.exec(rest)?.[0];
    const number = /^[1-9]\d?/u.exec(rest)?.[0];
    const letter = rest.charAt(0);
    if (name) {
      addGroup(groupNamed(name[1] ?? '', pattern, at + 3), at + 3);
      at += name[0].length;
    } else if (letter === 'g') {
      throw rest.startsWith('g<')
        ? patternError('missing >, unterminated name', at + 3)
        : patternError('missing <', at + 2);
    } else if (octal !== undefined) {
      const code = Number.parseInt(octal, 8);
      if (code > 0o377) throw patternError(`octal escape value \\${octal} outside of range 0-0o377`, at);
      text += String.fromCharCode(code);
      at += octal.length;
    } else if (number !== undefined) {
      addGroup(Number(number), at + 1);
      at += number.length;
    } else {
      const simple = SIMPLE[letter];
      if (simple === undefined && /^[a-zA-Z]$/u.test(letter))
        throw patternError(`bad escape \\${letter}`, at);
      text += simple ?? `\\${letter}`;
      at++;
    }
  }
  parts.push(text);
  return parts;
}

function groupNamed(name: string, pattern: CompiledPattern, position: number): number {
  if (name === '') throw patternError('missing group name', position);
  if (/^\d+$/u.test(name)) return Number(name);
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
    throw patternError(`bad character in group name '${name}'`, position);
  const group = pattern.groupNames.get(name);
  if (group === undefined) throw new TemplateError('lookup', 'IndexError', `unknown group name '${name}'`);
  return group;
}

export function replacementText(replacement: Replacement, found: Found): string {
  // Joined, since a text that grows by single characters holds all its steps.
  const texts: string[] = [];
  let length = 0;
  for (const part of replacement) {
    const text = typeof part === 'string' ? part : (groupText(found, part) ?? '');
    texts.push(text);
    length += text.length;
    spend(1);
    if (length > MAX_TEXT) throw limitError(`the text is longer than ${MAX_TEXT} characters`);
  }
  const text = texts.join('');
  // Each match's text is kept until all are there.
  spend(text.length);
  return text;
}
