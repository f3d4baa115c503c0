/** Filters over texts. */

import { signature } from '../arguments.ts';
import {
  TemplateError,
  attributeError,
  filterArgumentError,
  limitError,
  typeError,
  valueError,
} from '../errors.ts';
import { stripTags } from '../methods/html-text.ts';
import { capitalize } from '../methods/text-case.ts';
import { methodOf } from '../methods/method-table.ts';
import { replaceText, strip } from '../methods/text-layout.ts';
import { add, binaryOperations } from '../operators/binary.ts';
import { realOf, requireIndex } from '../operators/numbers.ts';
import { inOrder } from '../operators/order.ts';
import { sliceOf } from '../operators/subscript.ts';
import { urlize } from './urlize.ts';
import { wrapText } from './word-wrap.ts';
import { Dict } from '../values/dict.ts';
import { escapeHtml, escaped, likewise } from '../values/escape.ts';
import { Markup } from '../values/markup.ts';
import { iterable, iteratorOf, lengthOf, toList } from '../values/iteration.ts';
import { MAX_TEXT, repr, str } from '../values/repr.ts';
import { isText, splitLines, textOf } from '../values/text.ts';
import { truthy } from '../values/truth.ts';
import { Tuple } from '../values/tuple.ts';
import { typeName } from '../values/type-name.ts';
import { ParseUndefined, Undefined } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';
import type { Filter } from './filter.ts';
import { environmentFilter, filter } from './filter.ts';

function textFilter(name: string, body: (text: string) => Value): Filter {
  return filter(signature(name, ['s']), (_environment, value) => body(str(value)));
}

/** For what Jinja2 leaves to a method of the text, which gives HTML for HTML. */
function methodFilter(name: string, body: (text: string) => string): Filter {
  return filter(signature(name, ['s']), (_environment, value) => likewise(value, body(str(value))));
}

const escape = filter(signature('escape', ['s']), (_environment, value) => escaped(value));

const safe = filter(signature('do_mark_safe', ['value']), (_environment, value) =>
  Markup.of(isText(value) ? value : str(value)),
);

/** A str stays itself (and keeps its places), anything else becomes its text. */
const string = filter(signature('soft_str', ['s']), (_environment, value) =>
  isText(value) ? value : str(value),
);

const center = filter(signature('do_center', ['value'], { width: 80 }), (_environment, value, width = 80) => {
  const method = methodOf('', 'center');
  return method
    ? likewise(value, str(method(str(value), { positional: [width], keyword: new Map() })))
    : value;
});

const wordStart = /([-\s({[<]+)/u;

function title(text: string): string {
  return text
    .split(wordStart)
    .map((part) => {
      const [first = ''] = part;
      return first.toUpperCase() + part.slice(first.length).toLowerCase();
    })
    .join('');
}

const trim = filter(
  signature('do_trim', ['value'], { chars: null }),
  (_environment, value, characters = null) => strip(isText(value) ? value : str(value), characters, 'both'),
);

const replace = environmentFilter(
  signature('do_replace', ['s', 'old', 'new'], { count: null }),
  (_environment, value, old = '', by = '', count = null) => {
    const times = count === null ? -1 : requireIndex(count, typeName);
    return replaceText(str(value), str(old), str(by), times);
  },
);

const indent = filter(
  signature('do_indent', ['s'], { width: 4, first: false, blank: false }),
  (_environment, value, width = 4, first = false, blank = false) => {
    const text = textOf(value);
    const indention = textOf(width) ?? str(binaryOperations['*'](' ', width));
    if (text === undefined) throw notIndented(value);
    const lines = splitLines(`${text}\n`);
    const indented = lines.map((line, index) => {
      const wanted = index === 0 ? truthy(first) : truthy(blank) || line !== '';
      return wanted ? indention + line : line;
    });
    if (indented.length * indention.length > MAX_TEXT)
      throw limitError(`the text is longer than ${MAX_TEXT} characters`);
    return likewise(value, indented.join('\n'));
  },
);

function notIndented(value: Value): TemplateError {
  if (value instanceof Undefined) return value.failure();
  // A list takes the line break that is added, and fails one step later.
  if (Array.isArray(value)) {
    value.push('\n');
    return attributeError('list', 'splitlines');
  }
  if (value instanceof Tuple) return typeError('can only concatenate tuple (not "str") to tuple');
  return typeError(`unsupported operand type(s) for +=: '${typeName(value)}' and 'str'`);
}

const truncate = environmentFilter(
  signature('do_truncate', ['s'], { length: 255, killwords: false, end: '...', leeway: null }),
  (_environment, value, length = 255, killwords = false, end = '...', leeway = null) => {
    const slack = leeway ?? 5;
    const endLength = lengthOf(end);
    if (!inOrder('>=', length, endLength))
      throw assertion(`expected length >= ${endLength}, got ${str(length)}`);
    if (!inOrder('>=', slack, 0)) throw assertion(`expected leeway >= 0, got ${str(slack)}`);
    if (inOrder('<=', lengthOf(value), add(length, slack))) return value;
    const kept = sliceOf(value, {
      lower: null,
      upper: binaryOperations['-'](length, endLength),
      step: null,
    });
    if (truthy(killwords)) return add(kept, end);
    if (!isText(kept)) throw attributeError(typeName(kept), 'rsplit');
    const space = str(kept).lastIndexOf(' ');
    return add(space < 0 ? kept : kept.slice(0, space), end);
  },
);

function assertion(message: string): TemplateError {
  return new TemplateError('value', 'AssertionError', message);
}

const wordwrap = environmentFilter(
  signature('do_wordwrap', ['s'], {
    width: 79,
    break_long_words: true,
    wrapstring: null,
    break_on_hyphens: true,
  }),
  (_environment, value, width = 79, breakLong = true, wrapstring = null, breakOnHyphens = true) => {
    const between = wrapstring === null ? '\n' : textOf(wrapstring);
    if (between === undefined) throw withoutAttribute(wrapstring, 'join');
    const text = textOf(value);
    if (value instanceof ParseUndefined) return '';
    if (text === undefined) throw withoutAttribute(value, 'splitlines');
    const lines = splitLines(text);
    if (lines.length === 0) return '';
    // Asked for, as textwrap does, where there is a line to wrap.
    if (inOrder('<=', width, 0)) throw valueError(`invalid width ${repr(width)} (must be > 0)`);
    const options = {
      width: realOf(width) ?? 0,
      breakLongWords: truthy(breakLong),
      breakOnHyphens: truthy(breakOnHyphens),
    };
    return lines.map((line) => wrapText(line, options).join(between)).join(between);
  },
);

function withoutAttribute(value: Value, name: string): TemplateError {
  return value instanceof Undefined ? value.failure() : attributeError(typeName(value), name);
}

const format: Filter = (_environment, value, { positional, keyword }) => {
  if (positional.length > 0 && keyword.size > 0) {
    throw filterArgumentError("can't handle positional and keyword arguments at the same time");
  }
  const values = keyword.size > 0 ? Dict.of(keyword) : new Tuple(positional);
  return binaryOperations['%'](isText(value) ? value : str(value), values);
};

function quoteUrl(value: Value, isQuery: boolean): string {
  const quoted = encodeURIComponent(str(value)).replace(/[!'()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  return isQuery ? quoted.replaceAll('%20', '+') : quoted.replaceAll('%2F', '/');
}

const urlencode = filter(signature('do_urlencode', ['value']), (_environment, value) => {
  if (isText(value) || !iteratorOf(value)) return quoteUrl(value, false);
  const pairs = value instanceof Dict ? [...value.entries()] : Array.from(iterable(value), pairOf);
  return pairs.map(([key, item]) => `${quoteUrl(key, true)}=${quoteUrl(item, true)}`).join('&');
});

function pairOf(value: Value): [Value, Value] {
  if (!iteratorOf(value)) throw typeError(`cannot unpack non-iterable ${typeName(value)} object`);
  const items = toList(value);
  if (items.length < 2) throw valueError(`not enough values to unpack (expected 2, got ${items.length})`);
  if (items.length > 2) throw valueError('too many values to unpack (expected 2)');
  return items as [Value, Value];
}

const wordcount = textFilter('do_wordcount', (text) => text.match(/[\p{L}\p{N}\p{M}_]+/gu)?.length ?? 0);

export const textFilters: readonly (readonly [string, Filter])[] = [
  ['capitalize', methodFilter('do_capitalize', capitalize)],
  ['center', center],
  ['e', escape],
  ['escape', escape],
  ['forceescape', textFilter('do_forceescape', (text) => Markup.of(escapeHtml(text)))],
  ['format', format],
  ['indent', indent],
  ['lower', methodFilter('do_lower', (text) => text.toLowerCase())],
  ['replace', replace],
  ['safe', safe],
  ['string', string],
  ['striptags', textFilter('do_striptags', stripTags)],
  ['title', textFilter('do_title', title)],
  ['trim', trim],
  ['truncate', truncate],
  ['upper', methodFilter('do_upper', (text) => text.toUpperCase())],
  ['urlencode', urlencode],
  ['urlize', urlize],
  ['wordcount', wordcount],
  ['wordwrap', wordwrap],
];
