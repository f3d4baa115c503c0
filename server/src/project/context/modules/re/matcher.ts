/** Runs a program over a text, backtracking within a budget: a template cannot hang on a pattern. */

import { spend, TemplateError } from '../../../../jinja/index.ts';
import { foldCase, isWord } from './characters.ts';
import type { Instruction, Program } from './program.ts';

/** Turns of the machine that one call may take: about half a second. */
const MAX_STEPS = 10_000_000;
const MAX_CHOICES = 2_000_000;

/** A text as code points. */
export interface Subject {
  readonly text: string;
  readonly codes: Uint32Array;
  /** The text between two code point indexes. */
  slice(start: number, end: number): string;
}

export function subjectOf(text: string): Subject {
  const isBasic = !/[\ud800-\udfff]/u.test(text) && !/[\u{10000}-\u{10ffff}]/u.test(text);
  if (isBasic) {
    const codes = new Uint32Array(text.length);
    for (let index = 0; index < text.length; index++) codes[index] = text.charCodeAt(index);
    return { text, codes, slice: (start, end) => text.slice(start, end) };
  }
  const characters = Array.from(text);
  return {
    text,
    codes: Uint32Array.from(characters, (character) => character.codePointAt(0) as number),
    slice: (start, end) => characters.slice(start, end).join(''),
  };
}

export interface Attempt {
  readonly start: number;
  /** The text ends here. */
  readonly end: number;
  /** Whether the match must reach the end. */
  readonly isFull: boolean;
  /** Whether an empty match at the start does not count. */
  readonly mustAdvance: boolean;
}

/** Counts the steps of one call, however many matches it looks for. */
export class StepBudget {
  #left = MAX_STEPS;

  take(steps: number): void {
    this.#left -= steps;
    spend(steps);
    if (this.#left < 0) {
      throw new TemplateError(
        'limit',
        'RenderLimitError',
        `the regular expression takes more than ${MAX_STEPS} steps: simplify it (nested repeats such as "(a+)+" are the usual cause)`,
      );
    }
  }
}

/** The registers of the first match from `start` on, in groups' order; undefined when there is none. */
export function search(
  program: Program,
  subject: Subject,
  attempt: Attempt,
  budget: StepBudget,
): Int32Array | undefined {
  const { first } = program;
  for (let start = attempt.start; start <= attempt.end; start++) {
    budget.take(1);
    if (first) {
      const next = nextStart(first, subject.codes, start, attempt.end);
      budget.take((next - start) >> 2);
      if (next === attempt.end) return undefined;
      start = next;
    }
    const isHere = start === attempt.start;
    const found = matchAt(
      program,
      subject,
      { ...attempt, start, mustAdvance: attempt.mustAdvance && isHere },
      budget,
    );
    if (found) return found;
  }
  return undefined;
}

/** The first index from `start` on where the character can stand; `end` when there is none. */
function nextStart(
  { literal, test }: NonNullable<Program['first']>,
  codes: Uint32Array,
  start: number,
  end: number,
): number {
  if (literal !== undefined) {
    const index = codes.indexOf(literal, start);
    return index < 0 ? end : Math.min(index, end);
  }
  let at = start;
  while (at < end && !test(codes[at] as number)) at++;
  return at;
}

/** The registers of the match at `start`. */
export function matchAt(
  program: Program,
  subject: Subject,
  attempt: Attempt,
  budget: StepBudget,
): Int32Array | undefined {
  return new Machine(program, subject, attempt, budget).run();
}

/** What a choice does when its turn comes again: go on elsewhere, or give one character back, or take one more. */
const ELSEWHERE = 0;
const SHORTER = 1;
const LONGER = 2;

class Machine {
  readonly #instructions: readonly Instruction[];
  readonly #codes: Uint32Array;
  readonly #attempt: Attempt;
  readonly #budget: StepBudget;
  readonly #registers: Int32Array;
  /** Pairs of a register and the value it had. */
  readonly #trail: number[] = [];
  /** Five numbers a choice: what it does, the instruction, the position, the trail's length, the last position. */
  readonly #choices: number[] = [];

  constructor(program: Program, subject: Subject, attempt: Attempt, budget: StepBudget) {
    this.#instructions = program.instructions;
    this.#codes = subject.codes;
    this.#attempt = attempt;
    this.#budget = budget;
    this.#registers = new Int32Array(program.registerCount).fill(-1);
  }

  run(): Int32Array | undefined {
    const { start, end, isFull, mustAdvance } = this.#attempt;
    let address = 0;
    let at = start;
    let steps = 0;
    for (;;) {
      if (++steps === 1000) {
        this.#budget.take(steps);
        steps = 0;
      }
      if (at < 0) {
        const choice = this.#backtrack();
        if (!choice) {
          this.#budget.take(steps);
          return undefined;
        }
        [address, at] = choice;
        continue;
      }
      const instruction = this.#instructions[address] as Instruction;
      if (instruction.op === 'match') {
        if ((isFull && at !== end) || (mustAdvance && at === start)) {
          at = -1;
          continue;
        }
        this.#registers[0] = start;
        this.#registers[1] = at;
        this.#budget.take(steps);
        return this.#registers;
      }
      address++;
      switch (instruction.op) {
        case 'character':
          at = at < end && instruction.test(this.#codes[at] as number) ? at + 1 : -1;
          break;
        case 'run':
          at = this.#run(instruction, address, at);
          break;
        case 'split':
          this.#choose(ELSEWHERE, instruction.second, at, 0);
          address = instruction.first;
          break;
        case 'jump':
          address = instruction.to;
          break;
        case 'open':
          this.#set(instruction.register, at);
          break;
        case 'close':
          this.#set(instruction.register, at);
          this.#set(instruction.lastGroup, instruction.group);
          break;
        case 'assert':
          if (!this.#holds(instruction, at)) at = -1;
          break;
        case 'reference':
          at = this.#reference(instruction, at);
          break;
        case 'enter-loop':
          this.#set(instruction.counter, 0);
          this.#set(instruction.place, -1);
          break;
        case 'loop':
          address = this.#loop(instruction, at, address);
          break;
        case 'turn': {
          const count = this.#registers[instruction.counter] as number;
          if (count >= instruction.max || at === this.#registers[instruction.place]) at = -1;
          else this.#turn(instruction, count, at);
          break;
        }
        case 'mark':
          this.#set(instruction.height, this.#choices.length);
          this.#set(instruction.place, at);
          break;
        case 'cut':
          this.#choices.length = this.#registers[instruction.height] as number;
          break;
        case 'return':
          at = this.#registers[instruction.place] as number;
          break;
        case 'back':
          at = at >= instruction.width ? at - instruction.width : -1;
          break;
        case 'fail':
          at = -1;
          break;
        case 'if-group':
          if (this.#registers[2 * instruction.group + 1] === -1) address = instruction.no;
          break;
      }
    }
  }

  #set(register: number, value: number): void {
    this.#trail.push(register, this.#registers[register] as number);
    this.#registers[register] = value;
  }

  #choose(kind: number, address: number, at: number, last: number): void {
    if (this.#choices.length > 5 * MAX_CHOICES) {
      throw new TemplateError(
        'limit',
        'RenderLimitError',
        'the regular expression has too many choices open: simplify it',
      );
    }
    this.#choices.push(kind, address, at, this.#trail.length, last);
  }

  #backtrack(): readonly [address: number, at: number] | undefined {
    const choices = this.#choices;
    if (choices.length === 0) return undefined;
    const last = choices.pop() as number;
    const trailLength = choices.pop() as number;
    const at = choices.pop() as number;
    const address = choices.pop() as number;
    const kind = choices.pop() as number;
    while (this.#trail.length > trailLength) {
      const value = this.#trail.pop() as number;
      this.#registers[this.#trail.pop() as number] = value;
    }
    if (kind === SHORTER && at > last) this.#choose(SHORTER, address, at - 1, last);
    if (kind !== LONGER) return [address, at];
    const run = this.#instructions[address - 1] as Extract<Instruction, { op: 'run' }>;
    if (at >= last || !run.test(this.#codes[at] as number)) return [address, -1];
    this.#choose(LONGER, address, at + 1, last);
    return [address, at + 1];
  }

  #run(
    { test, min, max, isGreedy }: Extract<Instruction, { op: 'run' }>,
    next: number,
    from: number,
  ): number {
    const limit = Math.min(this.#attempt.end, from + max);
    const least = from + min;
    if (least > this.#attempt.end) return -1;
    const stop = isGreedy ? limit : least;
    let at = from;
    while (at < stop && test(this.#codes[at] as number)) at++;
    this.#budget.take((at - from) >> 2);
    if (at < least) return -1;
    if (isGreedy) {
      if (at > least) this.#choose(SHORTER, next, at - 1, least);
    } else if (at < limit) this.#choose(LONGER, next, at, limit);
    return at;
  }

  /** Gives the address to go on at. */
  #loop(loop: Extract<Instruction, { op: 'loop' }>, at: number, next: number): number {
    const count = this.#registers[loop.counter] as number;
    if (count < loop.min) {
      this.#set(loop.counter, count + 1);
      return loop.body;
    }
    if (!loop.isGreedy) {
      this.#choose(ELSEWHERE, next, at, 0);
      return loop.exit;
    }
    // A turn that took nothing is the last.
    if (count >= loop.max || at === this.#registers[loop.place]) return loop.exit;
    this.#choose(ELSEWHERE, loop.exit, at, 0);
    this.#turn(loop, count, at);
    return loop.body;
  }

  #turn(
    { counter, place }: { readonly counter: number; readonly place: number },
    count: number,
    at: number,
  ): void {
    this.#set(counter, count + 1);
    this.#set(place, at);
  }

  #reference(
    { group, isCaseless, isAscii }: Extract<Instruction, { op: 'reference' }>,
    from: number,
  ): number {
    const start = this.#registers[2 * group] as number;
    const end = this.#registers[2 * group + 1] as number;
    if (start < 0 || end < start) return -1;
    let at = from;
    for (let index = start; index < end; index++, at++) {
      if (at >= this.#attempt.end) return -1;
      const expected = this.#codes[index] as number;
      const actual = this.#codes[at] as number;
      const isSame = isCaseless
        ? foldCase(expected, isAscii) === foldCase(actual, isAscii)
        : expected === actual;
      if (!isSame) return -1;
    }
    this.#budget.take(at - from);
    return at;
  }

  #holds({ kind, isAscii }: Extract<Instruction, { op: 'assert' }>, at: number): boolean {
    const { end } = this.#attempt;
    switch (kind) {
      case 'text-start':
        return at === 0;
      case 'text-end':
        return at === end;
      case 'line-start':
        return at === 0 || this.#codes[at - 1] === 10;
      case 'line-end':
        return at === end || this.#codes[at] === 10;
      case 'last-line-end':
        return at === end || (at === end - 1 && this.#codes[at] === 10);
      case 'word-edge':
        return this.#isEdge(at, isAscii);
      case 'no-word-edge':
        // Python finds neither an edge nor its absence in an empty text.
        return end > 0 && !this.#isEdge(at, isAscii);
    }
  }

  #isEdge(at: number, isAscii: boolean): boolean {
    const isWordAt = (index: number): boolean => {
      if (index < 0 || index >= this.#attempt.end) return false;
      const code = this.#codes[index] as number;
      return isWord(code) && (!isAscii || code < 0x80);
    };
    return isWordAt(at - 1) !== isWordAt(at);
  }
}
