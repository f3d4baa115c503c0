/** The bounds of one render: steps, depth, size, work, time, and the wish to stop. */

import type { MaybePromise } from '../base/maybe-promise.ts';
import { isPromise } from '../base/maybe-promise.ts';
import { TemplateError, cancelledError, limitError } from './errors.ts';
import type { Meter } from './meter.ts';
import { countOn } from './meter.ts';

export interface RenderLimits {
  /** Loop turns and calls. */
  readonly steps: number;
  /** Macro calls within each other. */
  readonly depth: number;
  /** UTF-16 units written, captured text included. */
  readonly output: number;
  /** Units of work: elements and characters looked at, and what is made of them. Bounds memory too, since nothing is made for nothing. */
  readonly work: number;
}

export const usualLimits: RenderLimits = {
  steps: 5_000_000,
  depth: 200,
  output: 100_000_000,
  work: 200_000_000,
};

/** What a render asks from time to time, so that it can be stopped in the middle: an AbortSignal, or anything that says so. */
export interface StopSignal {
  readonly aborted: boolean;
}

/** A shell's clock, and how long one render may compute before it is given up. */
export interface RenderDeadline {
  readonly milliseconds: number;
  readonly now: () => number;
}

let deadline: RenderDeadline | undefined;

/**
 * For the shells: from now on every render has this deadline, whoever asks for it. A render that computes without end has its thread for
 * itself, so no message and no signal of that thread reaches it; its steps ask the clock themselves.
 */
export function setRenderDeadline(next: RenderDeadline | undefined): void {
  deadline = next;
}

/** What a loop's turn or a call costs besides what it does. */
const STEP = 40;

/** What a macro's call costs beside that: its frame. */
const CALL = 160;

/** Units of work between two looks at the clock and the signal. */
const PAUSE = 200_000;

/** The milliseconds that computing takes from one look to the next at most. */
const LONGEST_PAUSE = 1000;

/** Counts what one render (with all the macros it calls) has used; raises when a bound is passed or the signal is aborted. */
export class RenderBudget implements Meter {
  readonly limits: RenderLimits;
  readonly signal: StopSignal | undefined;
  readonly #deadline = deadline;
  #lookedAt = deadline?.now() ?? 0;
  #computed = 0;
  #steps = 0;
  #depth = 0;
  #output = 0;
  #work = 0;
  #nextPause = 0;
  #seed = 1;

  constructor(limits?: Partial<RenderLimits>, signal?: StopSignal) {
    this.limits = limits ? { ...usualLimits, ...limits } : usualLimits;
    this.signal = signal;
  }

  /** One turn of a loop or one call. */
  step(): void {
    if (++this.#steps > this.limits.steps) {
      throw limitError(`the template takes more than ${this.limits.steps} steps; an endless loop?`);
    }
    countOn(this);
    if ((this.#work += STEP) >= this.#nextPause) this.#pause();
  }

  work(units: number): void {
    if ((this.#work += units) >= this.#nextPause) this.#pause();
  }

  #pause(): void {
    if (this.#work > this.limits.work) {
      throw limitError('the template makes or looks through more values than a render may');
    }
    if (this.signal?.aborted) throw cancelledError();
    if (this.#deadline) this.#lookAtClock(this.#deadline);
    this.#nextPause = Math.min(this.#work + PAUSE, this.limits.work);
  }

  /** What lies between two looks is short where a render computes; where it waits for the warehouse, the wait does not count. */
  #lookAtClock({ now, milliseconds }: RenderDeadline): void {
    const time = now();
    this.#computed += Math.min(time - this.#lookedAt, LONGEST_PAUSE);
    this.#lookedAt = time;
    if (this.#computed > milliseconds) {
      throw limitError(`the template takes longer than ${milliseconds / 1000} seconds; an endless loop?`);
    }
  }

  enter(): void {
    this.step();
    this.work(CALL);
    if (++this.#depth > this.limits.depth) {
      this.#depth--;
      throw new TemplateError('limit', 'RecursionError', 'maximum recursion depth exceeded');
    }
  }

  leave(): void {
    this.#depth--;
  }

  /** Runs one call deeper. */
  nested<T>(body: () => MaybePromise<T>): MaybePromise<T> {
    this.enter();
    let result: MaybePromise<T>;
    try {
      result = body();
    } catch (error) {
      this.leave();
      throw error;
    }
    if (!isPromise(result)) {
      this.leave();
      return result;
    }
    return result.finally(() => {
      this.leave();
    });
  }

  /** From 0 up to 1; the same sequence in each render, since a render depends on its inputs alone. */
  random(): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#seed / 2 ** 32;
  }

  write(length: number): void {
    this.#output += length;
    if (this.#output > this.limits.output) {
      throw limitError(`the template writes more than ${this.limits.output} characters`);
    }
  }
}

/** The budget of the template that is calling a function right now; a macro that the function calls in turn counts on it. */
let calling: RenderBudget | undefined;

export function callingBudget(): RenderBudget | undefined {
  return calling;
}

/** Runs a call that a template makes, up to where it waits. */
export function callOn<T>(budget: RenderBudget, call: () => T): T {
  const before = calling;
  calling = budget;
  try {
    return call();
  } finally {
    calling = before;
  }
}
