/** The `urlize` filter: links around what looks like an address. */

import { signature } from '../arguments.ts';
import { filterArgumentError, typeError } from '../errors.ts';
import { inOrder } from '../operators/order.ts';
import { sliceOf } from '../operators/subscript.ts';
import { iterable } from '../values/iteration.ts';
import { repr, str } from '../values/repr.ts';
import { codePointLength, textOf } from '../values/text.ts';
import { truthy } from '../values/truth.ts';
import { typeName } from '../values/type-name.ts';
import type { Value } from '../values/value.ts';
import { escapeHtml, escaped } from '../values/escape.ts';
import { environmentFilter } from './filter.ts';

const word = String.raw`[\p{L}\p{N}_]`;
const domain = String.raw`[\p{L}\p{N}_%-]`;
const ipv4 = String.raw`\p{Nd}{1,3}(?:\.\p{Nd}{1,3}){3}`;
const ipv6 = String.raw`\[(?:[\p{Nd}a-f]{0,4}:){2}(?:[\p{Nd}a-f]{0,4}:?){1,6}\]`;

const web = new RegExp(
  `^(?:(?:https?://|www\\.)(?:(?:${domain}+\\.)+)?(?:[a-z]{2,63}|xn--[\\p{L}\\p{N}_%]{2,59})` +
    `|(?:${domain}{2,63}\\.)+(?:com|net|int|edu|gov|org|info|mil)|https?://(?:${ipv4}|${ipv6}))` +
    String.raw`(?::\p{Nd}{1,5})?(?:[/?#]\S*)?$`,
  'iu',
);
const email = new RegExp(String.raw`^\S+@${word}[\p{L}\p{N}_.-]*\.${word}+$`, 'u');
const scheme = /^[\p{L}\p{N}_.+-]{2,}:\/{0,2}$/u;

const pairs = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
] as const;

interface LinkStyle {
  readonly attributes: string;
  readonly shortened: (address: string) => string;
  readonly schemes: readonly string[];
}

export const urlize = environmentFilter(
  signature('do_urlize', ['value'], {
    trim_url_limit: null,
    nofollow: false,
    target: null,
    rel: null,
    extra_schemes: null,
  }),
  (_environment, value, limit = null, nofollow = false, target = null, rel = null, extraSchemes = null) => {
    const relations = new Set(truthy(rel) ? words(rel) : []);
    if (truthy(nofollow)) relations.add('nofollow');
    relations.add('noopener');
    const schemes = extraSchemes === null ? [] : Array.from(iterable(extraSchemes), schemeOf);
    const style: LinkStyle = {
      attributes:
        ` rel="${escapeHtml([...relations].sort().join(' '))}"` +
        (truthy(target) ? ` target="${escapeHtml(str(target))}"` : ''),
      shortened: (address) => shortened(address, limit),
      schemes,
    };
    return escaped(value)
      .text.split(/(\s+)/u)
      .map((part) => linked(part, style))
      .join('');
  },
);

function words(rel: Value): string[] {
  const text = textOf(rel);
  if (text === undefined) throw typeError(`'${typeName(rel)}' object has no attribute 'split'`);
  return text.split(/\s+/u).filter((part) => part !== '');
}

function schemeOf(value: Value): string {
  const text = textOf(value);
  if (text === undefined) throw typeError(`expected string or bytes-like object, got '${typeName(value)}'`);
  if (!scheme.test(text)) throw filterArgumentError(`${repr(text)} is not a valid URI scheme prefix.`);
  return text;
}

function shortened(address: string, limit: Value): string {
  if (limit === null || !inOrder('>', codePointLength(address), limit)) return address;
  return `${str(sliceOf(address, { lower: null, upper: limit, step: null }))}...`;
}

function linked(part: string, style: LinkStyle): string {
  const head = /^(?:[(<]|&lt;)+/.exec(part)?.[0] ?? '';
  let middle = part.slice(head.length);
  let tail = /(?:[)>.,\n]|&gt;)+$/.exec(middle)?.[0] ?? '';
  middle = middle.slice(0, middle.length - tail.length);
  for (const [open, close] of pairs) {
    const opened = count(middle, open);
    if (opened <= count(middle, close)) continue;
    for (let moved = Math.min(opened, count(tail, close)); moved > 0; moved--) {
      const end = tail.indexOf(close) + close.length;
      middle += tail.slice(0, end);
      tail = tail.slice(end);
    }
  }
  return head + link(middle, style) + tail;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

function link(middle: string, { attributes, shortened: short, schemes }: LinkStyle): string {
  if (web.test(middle)) {
    const address = /^https?:\/\//.test(middle) ? middle : `https://${middle}`;
    return `<a href="${address}"${attributes}>${short(middle)}</a>`;
  }
  if (middle.startsWith('mailto:') && email.test(middle.slice(7))) {
    return `<a href="${middle}">${middle.slice(7)}</a>`;
  }
  const isEmail =
    middle.includes('@') && !/^(?:www\.|@)/.test(middle) && !middle.includes(':') && email.test(middle);
  if (isEmail) return `<a href="mailto:${middle}">${middle}</a>`;
  return schemes.reduce(
    (text, prefix) =>
      text !== prefix && text.startsWith(prefix) ? `<a href="${text}"${attributes}>${text}</a>` : text,
    middle,
  );
}
