/** The bounds of one render: steps, depth, size, and the wish to stop. */

import type { MaybePromise } from '../base/maybe-promise.ts';
import { isPromise } from '../base/maybe-promise.ts';
import { TemplateError, cancelledError, limitError } from './errors.ts';

export interface RenderLimits {
  /** Loop turns and calls. */
  readonly steps: number;
  /** Macro calls within each other. */
  readonly depth: number;
  /** UTF-16 units written, captured text included. */
  readonly output: number;
}

export const usualLimits: RenderLimits = { steps: 5_000_000, depth: 200, output: 100_000_000 };

/** Counts what one render (with all the macros it calls) has used; raises when a bound is passed or the signal is aborted. */
export class RenderBudget {
  readonly limits: RenderLimits;
  readonly signal: AbortSignal | undefined;
  #steps = 0;
  #depth = 0;
  #output = 0;
  #seed = 1;

  constructor(limits: Partial<RenderLimits> = {}, signal?: AbortSignal) {
    this.limits = { ...usualLimits, ...limits };
    this.signal = signal;
  }

  /** One turn of a loop or one call. */
  step(): void {
    if (++this.#steps > this.limits.steps) {
      throw limitError(`the template takes more than ${this.limits.steps} steps; an endless loop?`);
    }
    if (this.signal?.aborted) throw cancelledError();
  }

  enter(): void {
    this.step();
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
