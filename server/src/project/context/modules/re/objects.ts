/** The Pattern and Match objects of templates. */

import {
  Dict,
  HostObject,
  lookupError,
  PyIterator,
  repr,
  spend,
  str,
  textOf,
  Tuple,
  typeError,
  typeName,
} from '../../../../jinja/index.ts';
import type { Value } from '../../../../jinja/index.ts';
import { foldMaybe, then } from '../../../../base/maybe-promise.ts';
import type { MaybePromise } from '../../../../base/maybe-promise.ts';
import { define } from '../../host.ts';
import type { Bound } from '../../host.ts';
import { intArgument } from '../integers.ts';
import type { CompiledPattern, Found } from './pattern.ts';
import { groupNumber, groupText } from './pattern.ts';
import { parseReplacement, replacementText } from './replacement.ts';

export class PatternValue extends HostObject {
  readonly typeName = 're.Pattern';
  readonly pattern: CompiledPattern;

  constructor(pattern: CompiledPattern) {
    super();
    this.pattern = pattern;
  }

  override getAttribute(name: string): Value | undefined {
    const { pattern } = this;
    switch (name) {
      case 'pattern':
        return pattern.source;
      case 'flags':
        return pattern.flags;
      case 'groups':
        return pattern.groupCount;
      case 'groupindex':
        return Dict.of(pattern.groupNames);
      case 'search':
      case 'match':
      case 'fullmatch':
        return define(name, 'string,pos=,endpos=', (args) => {
          const how = name === 'fullmatch' ? 'fullMatch' : name;
          return matchValue(pattern, pattern[how](subjectArgument(args), ...bounds(args)));
        });
      case 'findall':
        return define(name, 'string,pos=,endpos=', (args) =>
          findAll(pattern, pattern.matches(subjectArgument(args), ...bounds(args))),
        );
      case 'finditer':
        return define(name, 'string,pos=,endpos=', (args) =>
          matchIterator(pattern, pattern.matches(subjectArgument(args), ...bounds(args))),
        );
      case 'split':
        return define(name, 'string,maxsplit=', (args) =>
          split(pattern, subjectArgument(args), countArgument(args.get('maxsplit'))),
        );
      case 'sub':
      case 'subn':
        return define(name, 'repl,string,count=', (args) => {
          const count = countArgument(args.get('count'));
          return then(
            substitute(pattern, args.value('repl'), subjectArgument(args), count),
            ({ text, made }) => (name === 'sub' ? text : new Tuple([text, made])),
          );
        });
      default:
        return undefined;
    }
  }

  override equals(other: Value): boolean {
    return other instanceof PatternValue && other.pattern === this.pattern;
  }

  override hashKey(): string {
    return `pattern:${this.pattern.flags} ${this.pattern.source}`;
  }

  override toRepr(): string {
    return this.pattern.toRepr();
  }
}

function bounds(args: Bound): readonly [number, number] {
  const from = args.get('pos');
  const to = args.get('endpos');
  return [from === undefined ? 0 : intArgument(from), to === undefined ? Infinity : intArgument(to)];
}

export function subjectArgument(args: Bound): string {
  const value = args.value('string');
  const text = textOf(value);
  if (text === undefined) throw typeError(`expected string or bytes-like object, got '${typeName(value)}'`);
  return text;
}

/** `count` and `maxsplit`: zero is no bound. */
export function countArgument(value: Value | undefined): number {
  const count = value === undefined ? 0 : intArgument(value);
  return count === 0 ? Infinity : count;
}

export function matchValue(pattern: CompiledPattern, found: Found | undefined): Value {
  return found ? new MatchValue(pattern, found) : null;
}

/** The whole match, the only group, or a tuple of the groups; what took no part is empty. */
export function findAll(pattern: CompiledPattern, matches: Iterable<Found>): Value[] {
  const all: Value[] = [];
  for (const found of matches) {
    if (pattern.groupCount <= 1) all.push(groupText(found, pattern.groupCount) ?? '');
    else all.push(new Tuple(groupNumbers(pattern).map((group) => groupText(found, group) ?? '')));
  }
  return all;
}

export function matchIterator(pattern: CompiledPattern, matches: Iterable<Found>): PyIterator {
  return new PyIterator(matchValues(pattern, matches), 'callable_iterator');
}

function* matchValues(pattern: CompiledPattern, matches: Iterable<Found>): Iterator<Value> {
  for (const found of matches) yield new MatchValue(pattern, found);
}

export function split(pattern: CompiledPattern, text: string, limit: number): Value[] {
  const parts: Value[] = [];
  let last: { readonly found: Found; readonly end: number } | undefined;
  let made = 0;
  for (const found of pattern.matches(text)) {
    if (made++ >= limit) break;
    parts.push(found.subject.slice(last?.end ?? 0, found.spans[0] as number));
    parts.push(...groupNumbers(pattern).map((group) => groupText(found, group)));
    last = { found, end: found.spans[1] as number };
  }
  parts.push(last ? last.found.subject.slice(last.end, last.found.subject.codes.length) : text);
  return parts;
}

/** Puts in a text with references, or what a function says to each match. */
export function substitute(
  pattern: CompiledPattern,
  replacement: Value,
  text: string,
  limit: number,
): MaybePromise<{ readonly text: string; readonly made: number }> {
  const found: Found[] = [];
  if (limit > 0) {
    for (const one of pattern.matches(text)) {
      found.push(one);
      if (found.length >= limit) break;
    }
  }
  return then(replacementTexts(pattern, replacement, found), (texts) => {
    const { subject } = found[0] ?? {};
    if (!subject) return { text, made: 0 };
    let out = '';
    let end = 0;
    found.forEach(({ spans }, index) => {
      const by = texts[index] ?? '';
      spend(by.length);
      out += subject.slice(end, spans[0] as number) + by;
      end = spans[1] as number;
    });
    return { text: out + subject.slice(end, subject.codes.length), made: found.length };
  });
}

function replacementTexts(
  pattern: CompiledPattern,
  replacement: Value,
  found: readonly Found[],
): MaybePromise<string[]> {
  const template = textOf(replacement);
  if (template !== undefined) {
    const parsed = parseReplacement(template, pattern);
    return found.map((one) => replacementText(parsed, one));
  }
  if (!(replacement instanceof HostObject) || !replacement.call) {
    throw typeError(`decoding to str: need a bytes-like object, ${typeName(replacement)} found`);
  }
  const { call } = { call: replacement.call.bind(replacement) };
  return foldMaybe(found, [] as string[], (texts, one) =>
    then(call({ positional: [new MatchValue(pattern, one)], keyword: new Map() }), (value) => {
      const text = textOf(value);
      if (text === undefined) throw typeError(`expected str instance, ${typeName(value)} found`);
      texts.push(text);
      return texts;
    }),
  );
}

function groupNumbers(pattern: CompiledPattern): number[] {
  return Array.from({ length: pattern.groupCount }, (_, index) => index + 1);
}

export class MatchValue extends HostObject {
  readonly typeName = 're.Match';
  readonly #pattern: CompiledPattern;
  readonly #found: Found;

  constructor(pattern: CompiledPattern, found: Found) {
    super();
    this.#pattern = pattern;
    this.#found = found;
  }

  #group(group: Value): number {
    const number = groupNumber(this.#pattern, group);
    if (number === undefined) throw lookupError('IndexError', 'no such group');
    return number;
  }

  #span(group: Value): readonly [number, number] {
    const number = this.#group(group);
    return [this.#found.spans[2 * number] as number, this.#found.spans[2 * number + 1] as number];
  }

  override getItem(key: Value): Value {
    return groupText(this.#found, this.#group(key));
  }

  override getAttribute(name: string): Value | undefined {
    const { lastGroup, from, to, subject } = this.#found;
    switch (name) {
      case 'group':
        return define(name, '*groups', (args) => {
          const [first = 0, ...more] = args.rest;
          if (more.length === 0) return this.getItem(first);
          return new Tuple([first, ...more].map((group) => this.getItem(group)));
        });
      case 'groups':
        return define(name, 'default=', (args) => {
          const otherwise = args.value('default');
          return new Tuple(
            groupNumbers(this.#pattern).map((group) => groupText(this.#found, group) ?? otherwise),
          );
        });
      case 'groupdict':
        return define(name, 'default=', (args) => {
          const names = [...this.#pattern.groupNames];
          return Dict.of(
            names.map(
              ([key, group]) => [key, groupText(this.#found, group) ?? args.value('default')] as const,
            ),
          );
        });
      case 'start':
        return define(name, 'group=', (args) => this.#span(args.get('group') ?? 0)[0]);
      case 'end':
        return define(name, 'group=', (args) => this.#span(args.get('group') ?? 0)[1]);
      case 'span':
        return define(name, 'group=', (args) => new Tuple(this.#span(args.get('group') ?? 0)));
      case 'expand':
        return define(name, 'template', (args) =>
          replacementText(parseReplacement(str(args.value('template')), this.#pattern), this.#found),
        );
      case 'string':
        return subject.text;
      case 're':
        return new PatternValue(this.#pattern);
      case 'pos':
        return from;
      case 'endpos':
        return to;
      case 'lastindex':
        return lastGroup ?? null;
      case 'lastgroup':
        return [...this.#pattern.groupNames].find(([, group]) => group === lastGroup)?.[0] ?? null;
      default:
        return undefined;
    }
  }

  override toRepr(): string {
    const [start, end] = this.#span(0);
    return `<re.Match object; span=(${start}, ${end}), match=${repr(groupText(this.#found, 0))}>`;
  }
}
