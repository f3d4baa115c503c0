/** A compiled pattern and the ways to use it. */

import { HostObject, spend } from '../../../../jinja/index.ts';
import { repr } from '../../../../jinja/index.ts';
import type { Value } from '../../../../jinja/index.ts';
import { FLAGS, has } from './flags.ts';
import type { Subject } from './matcher.ts';
import { matchAt, search, StepBudget, subjectOf } from './matcher.ts';
import { parsePattern } from './parse-pattern.ts';
import type { Program } from './program.ts';
import { compileProgram } from './program.ts';

/** Where one match lies; positions are code point indexes. */
export interface Found {
  readonly subject: Subject;
  /** Where the search began and had to end. */
  readonly from: number;
  readonly to: number;
  /** Start and end of each group, the whole match first; -1 for a group that took no part. */
  readonly spans: Int32Array;
  /** The group that closed last; undefined when none did. */
  readonly lastGroup: number | undefined;
}

export class CompiledPattern {
  readonly source: string;
  readonly flags: number;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
  readonly #program: Program;

  /** Raises re.error. */
  constructor(source: string, flags: number) {
    const parsed = parsePattern(source, flags);
    this.source = source;
    this.flags = parsed.flags;
    this.groupCount = parsed.groupCount;
    this.groupNames = parsed.groupNames;
    this.#program = compileProgram(parsed.root, parsed.groupCount);
  }

  search(text: string, from = 0, to = Infinity): Found | undefined {
    return this.#find(subjectOf(text), from, to, 'search');
  }

  match(text: string, from = 0, to = Infinity): Found | undefined {
    return this.#find(subjectOf(text), from, to, 'match');
  }

  fullMatch(text: string, from = 0, to = Infinity): Found | undefined {
    return this.#find(subjectOf(text), from, to, 'full');
  }

  #find(subject: Subject, from: number, to: number, how: 'search' | 'match' | 'full'): Found | undefined {
    const end = Math.max(0, Math.min(to, subject.codes.length));
    const start = Math.max(0, Math.min(from, subject.codes.length));
    if (start > end) return undefined;
    const attempt = { start, end, isFull: how === 'full', mustAdvance: false };
    const look = how === 'search' ? search : matchAt;
    const registers = look(this.#program, subject, attempt, new StepBudget());
    return registers && this.#found(subject, registers, start, end);
  }

  /** All matches from left to right; an empty one may touch the one before, but not stand where an empty one was. */
  *matches(text: string, from = 0, to = Infinity): Generator<Found, undefined> {
    const subject = subjectOf(text);
    const budget = new StepBudget();
    const end = Math.max(0, Math.min(to, subject.codes.length));
    let start = Math.max(0, Math.min(from, subject.codes.length));
    const begin = start;
    let mustAdvance = false;
    while (start <= end) {
      const registers = search(this.#program, subject, { start, end, isFull: false, mustAdvance }, budget);
      if (!registers) return;
      yield this.#found(subject, registers, begin, end);
      const stop = registers[1] as number;
      mustAdvance = stop === registers[0];
      start = stop;
    }
  }

  #found(subject: Subject, registers: Int32Array, from: number, to: number): Found {
    spend(MATCH);
    const lastGroup = registers[this.#program.lastGroup] as number;
    return {
      subject,
      from,
      to,
      spans: registers.slice(0, 2 * this.groupCount + 2),
      lastGroup: lastGroup < 0 ? undefined : lastGroup,
    };
  }

  toRepr(): string {
    const names = FLAG_NAMES.filter(([, flag]) => has(this.flags, flag)).map(([name]) => `re.${name}`);
    const shown = repr(this.source).slice(0, 200);
    return names.length === 0 ? `re.compile(${shown})` : `re.compile(${shown}, ${names.join('|')})`;
  }
}

const FLAG_NAMES: readonly (readonly [name: string, flag: number])[] = [
  ['IGNORECASE', FLAGS.IGNORECASE],
  ['LOCALE', FLAGS.LOCALE],
  ['MULTILINE', FLAGS.MULTILINE],
  ['DOTALL', FLAGS.DOTALL],
  ['VERBOSE', FLAGS.VERBOSE],
  ['DEBUG', FLAGS.DEBUG],
  ['ASCII', FLAGS.ASCII],
];

/** What is kept of a match, in the units of a render's budget. */
const MATCH = 400;

/** The text of a group; null when it took no part. */
export function groupText({ subject, spans }: Found, group: number): string | null {
  const start = spans[2 * group] as number;
  const end = spans[2 * group + 1] as number;
  return start < 0 || end < 0 ? null : subject.slice(start, end);
}

const compiled = new Map<string, CompiledPattern>();
const MAX_COMPILED = 512;

/** Patterns are kept: the same text and flags give the same pattern. */
export function compilePattern(source: string, flags: number): CompiledPattern {
  const key = `${flags} ${source}`;
  let pattern = compiled.get(key);
  if (!pattern) {
    pattern = new CompiledPattern(source, flags);
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(key, pattern);
  }
  return pattern;
}

/** What a group argument names: its number, or undefined. */
export function groupNumber(pattern: CompiledPattern, group: Value): number | undefined {
  if (typeof group === 'number') return group >= 0 && group <= pattern.groupCount ? group : undefined;
  if (typeof group === 'string') return pattern.groupNames.get(group);
  if (group instanceof HostObject || group === null || typeof group !== 'object') return undefined;
  return 'text' in group ? pattern.groupNames.get(group.text) : undefined;
}
