/** The program that a pattern becomes: instructions for a matcher that remembers where it had a choice. */

import type { CharacterTest } from './characters.ts';
import type { Assertion, PatternNode, RepeatMode } from './pattern-tree.ts';
import { widthOf } from './pattern-tree.ts';

/** Addresses are indexes of instructions; registers are numbers that backtracking restores. */
export type Instruction =
  | { readonly op: 'character'; readonly test: CharacterTest; readonly literal: number | undefined }
  /** A repeated single character, without a turn of the machine for each. */
  | {
      readonly op: 'run';
      readonly test: CharacterTest;
      readonly min: number;
      readonly max: number;
      readonly isGreedy: boolean;
    }
  /** Goes on at `first`; at `second` when that fails. */
  | { readonly op: 'split'; readonly first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'open'; readonly register: number }
  | { readonly op: 'close'; readonly register: number; readonly group: number; readonly lastGroup: number }
  | { readonly op: 'assert'; readonly kind: Assertion; readonly isAscii: boolean }
  | {
      readonly op: 'reference';
      readonly group: number;
      readonly isCaseless: boolean;
      readonly isAscii: boolean;
    }
  | { readonly op: 'enter-loop'; readonly counter: number; readonly place: number }
  | {
      /** Goes through the body again, or out; a lazy one out first, and to the turn behind it when that fails. */
      readonly op: 'loop';
      readonly counter: number;
      readonly place: number;
      readonly min: number;
      readonly max: number;
      readonly isGreedy: boolean;
      readonly body: number;
      exit: number;
    }
  /** One more turn of a lazy loop, if it may. */
  | { readonly op: 'turn'; readonly counter: number; readonly place: number; readonly max: number }
  /** Remembers how many choices there are, and the position. */
  | { readonly op: 'mark'; readonly height: number; readonly place: number }
  /** Forgets the choices made since the mark. */
  | { readonly op: 'cut'; readonly height: number }
  /** Goes back to the mark's position. */
  | { readonly op: 'return'; readonly place: number }
  | { readonly op: 'back'; readonly width: number }
  | { readonly op: 'fail' }
  | { readonly op: 'if-group'; readonly group: number; no: number }
  | { readonly op: 'match' };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly registerCount: number;
  /** Holds the number of the group that closed last. */
  readonly lastGroup: number;
  /** What every match starts with, where that is one character of a kind. */
  readonly first: Extract<PatternNode, { type: 'character' }> | undefined;
}

/** Registers 0 … 2n+1 are the starts and ends of the groups. */
export function compileProgram(root: PatternNode, groupCount: number): Program {
  const lastGroup = 2 * groupCount + 2;
  const compiler = new Compiler(lastGroup);
  compiler.emit(root);
  compiler.instructions.push({ op: 'match' });
  return {
    instructions: compiler.instructions,
    registerCount: compiler.registerCount,
    lastGroup,
    first: firstOf(root),
  };
}

function firstOf(node: PatternNode): Program['first'] {
  switch (node.type) {
    case 'character':
      return node;
    case 'sequence':
      return node.items[0] && firstOf(node.items[0]);
    case 'group':
    case 'atomic':
      return firstOf(node.body);
    case 'repeat':
      return node.min > 0 ? firstOf(node.body) : undefined;
    default:
      return undefined;
  }
}

class Compiler {
  readonly instructions: Instruction[] = [];
  readonly #lastGroup: number;
  registerCount: number;

  constructor(lastGroup: number) {
    this.#lastGroup = lastGroup;
    this.registerCount = lastGroup + 1;
  }

  get #next(): number {
    return this.instructions.length;
  }

  #register(): number {
    return this.registerCount++;
  }

  emit(node: PatternNode): void {
    switch (node.type) {
      case 'character':
        this.instructions.push({ op: 'character', test: node.test, literal: node.literal });
        return;
      case 'sequence':
        for (const item of node.items) this.emit(item);
        return;
      case 'alternation':
        this.#alternation(node.options);
        return;
      case 'group':
        this.instructions.push({ op: 'open', register: 2 * node.index });
        this.emit(node.body);
        this.instructions.push({
          op: 'close',
          register: 2 * node.index + 1,
          group: node.index,
          lastGroup: this.#lastGroup,
        });
        return;
      case 'repeat':
        this.#repeat(node.body, node.min, node.max, node.mode);
        return;
      case 'assertion':
        this.instructions.push({ op: 'assert', kind: node.kind, isAscii: node.isAscii });
        return;
      case 'look':
        this.#look(node);
        return;
      case 'atomic':
        this.#atomic(() => {
          this.emit(node.body);
        });
        return;
      case 'reference':
        this.instructions.push({
          op: 'reference',
          group: node.index,
          isCaseless: node.isCaseless,
          isAscii: node.isAscii,
        });
        return;
      case 'conditional': {
        const choice: Instruction = { op: 'if-group', group: node.index, no: 0 };
        this.instructions.push(choice);
        this.emit(node.yes);
        const done: Instruction = { op: 'jump', to: 0 };
        this.instructions.push(done);
        choice.no = this.#next;
        this.emit(node.no);
        done.to = this.#next;
      }
    }
  }

  #alternation(options: readonly PatternNode[]): void {
    const exits: { to: number }[] = [];
    options.forEach((option, index) => {
      const isLast = index === options.length - 1;
      const split: Instruction = { op: 'split', first: this.#next + 1, second: 0 };
      if (!isLast) this.instructions.push(split);
      this.emit(option);
      if (isLast) return;
      const exit: Instruction = { op: 'jump', to: 0 };
      this.instructions.push(exit);
      exits.push(exit);
      split.second = this.#next;
    });
    for (const exit of exits) exit.to = this.#next;
  }

  #repeat(body: PatternNode, min: number, max: number, mode: RepeatMode): void {
    if (mode === 'possessive') {
      this.#atomic(() => {
        this.#repeat(body, min, max, 'greedy');
      });
      return;
    }
    const isGreedy = mode === 'greedy';
    if (body.type === 'character') {
      this.instructions.push({ op: 'run', test: body.test, min, max, isGreedy });
      return;
    }
    const counter = this.#register();
    const place = this.#register();
    this.instructions.push({ op: 'enter-loop', counter, place });
    const start = this.#next;
    const loop: Instruction = {
      op: 'loop',
      counter,
      place,
      min,
      max,
      isGreedy,
      body: start + (isGreedy ? 1 : 2),
      exit: 0,
    };
    this.instructions.push(loop);
    if (!isGreedy) this.instructions.push({ op: 'turn', counter, place, max });
    this.emit(body);
    this.instructions.push({ op: 'jump', to: start });
    loop.exit = this.#next;
  }

  #atomic(emitBody: () => void): void {
    const height = this.#register();
    const place = this.#register();
    this.instructions.push({ op: 'mark', height, place });
    emitBody();
    this.instructions.push({ op: 'cut', height });
  }

  #look(node: Extract<PatternNode, { type: 'look' }>): void {
    const height = this.#register();
    const place = this.#register();
    this.instructions.push({ op: 'mark', height, place });
    const split: Instruction = { op: 'split', first: this.#next + 1, second: 0 };
    if (node.isNegative) this.instructions.push(split);
    if (node.direction === 'behind') this.instructions.push({ op: 'back', width: widthOf(node.body)[0] });
    this.emit(node.body);
    this.instructions.push({ op: 'cut', height });
    if (node.isNegative) {
      this.instructions.push({ op: 'fail' });
      split.second = this.#next;
    } else this.instructions.push({ op: 'return', place });
  }
}
