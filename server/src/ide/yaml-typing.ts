/** What is being typed at a cursor in YAML that may not be readable yet: in a template's tag, or in a call that stands without braces. */

import { typingAt, type Typing } from './typing-at.ts';

/** A tag may begin some lines above, in a block of text, but not far. */
const FARTHEST = 4000;

export function yamlTypingAt(text: string, offset: number): Typing | undefined {
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  if (isComment(text, line, offset)) return undefined;
  const tag = tagStart(text, offset);
  if (tag !== undefined) return typingAt(text, tag, offset);
  return callWithoutBraces(text, line, offset);
}

function isComment(text: string, line: number, offset: number): boolean {
  let quote = '';
  for (let at = line; at < offset; at++) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '#' && (at === line || isBlank(text.charAt(at - 1)))) return true;
    else if ((character === '"' || character === "'") && isStart(text, line, at)) quote = character;
  }
  return false;
}

/** A quote begins a text only where a value begins. */
function isStart(text: string, line: number, at: number): boolean {
  return /(?:^|[:\-,[{?])\s*$/u.test(text.slice(line, at));
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t';
}

function tagStart(text: string, offset: number): number | undefined {
  const from = Math.max(0, offset - FARTHEST);
  const part = text.slice(from, offset);
  const begin = Math.max(part.lastIndexOf('{{'), part.lastIndexOf('{%'), part.lastIndexOf('{#'));
  const end = Math.max(part.lastIndexOf('}}'), part.lastIndexOf('%}'), part.lastIndexOf('#}'));
  return begin > end ? from + begin : undefined;
}

const OPENING = '{{ ';

/** `to: ref('ord`: read as if braces stood around it; only what is in the call is completed. */
function callWithoutBraces(text: string, line: number, offset: number): Typing | undefined {
  const written = text.slice(line, offset);
  const start = /(?:^|[:\-,[]\s|["'[\s])\s*((?:ref|source|var|env_var|doc)\s*\([^{}]*)$/u.exec(written);
  const call = start?.[1];
  if (call === undefined) return undefined;
  const at = offset - call.length;
  const lineEnd = text.indexOf('\n', offset);
  const rest = text.slice(offset, lineEnd < 0 ? text.length : lineEnd);
  const shift = at - OPENING.length;
  const typing = typingAt(OPENING + call + rest, 0, OPENING.length + call.length);
  if (!typing?.call) return undefined;
  const replace = { start: typing.replace.start + shift, end: typing.replace.end + shift };
  return { ...typing, replace };
}
