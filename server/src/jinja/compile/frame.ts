/** The state of a running function: its variables, its output, and how far it has come. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import { FailureError } from '../../base/failure.ts';
import type { RenderBudget } from '../budget.ts';
import { TemplateError, limitError } from '../errors.ts';
import type { FilterEnvironment } from '../filters/filter.ts';
import { globalValue } from '../globals.ts';
import type { Context } from '../render-options.ts';
import type { Span } from '../tree.ts';
import type { TemplateSource } from '../values/captured-text.ts';
import type { CallArguments } from '../values/host-object.ts';
import { HostObject } from '../values/host-object.ts';
import type { UndefinedKind } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';
import { Output } from './output.ts';

/** What one render, or one bound macro, has in common. */
export interface Runtime {
  readonly context: Context;
  readonly undefinedKind: UndefinedKind;
  readonly budget: RenderBudget;
  readonly environment: FilterEnvironment;
}

/** A name's value outside the template: the context's, or one of Jinja's own functions. */
export function resolveName(runtime: Runtime, name: string): Value | undefined {
  const value = runtime.context.get(name);
  return value === undefined ? globalValue(name) : value;
}

export class Frame {
  readonly runtime: Runtime;
  readonly source: TemplateSource;
  /** The macro whose body runs; absent for a template's body. */
  readonly macro: string | undefined;
  readonly parent: Frame | undefined;
  readonly slots: (Value | undefined)[];
  output: Output;
  /** In a native render, the values that were printed. */
  nodes: Value[] | undefined;
  /** What is being evaluated, for the place of an error. */
  at: Span;

  constructor(
    runtime: Runtime,
    source: TemplateSource,
    size: number,
    at: Span,
    parent?: Frame,
    macro?: string,
  ) {
    this.runtime = runtime;
    this.source = source;
    this.macro = macro;
    this.parent = parent;
    const slots: (Value | undefined)[] = [];
    for (let index = 0; index < size; index++) slots.push(undefined);
    this.slots = slots;
    this.output = new Output(runtime.budget);
    this.at = at;
  }

  /** The frame so many functions out. */
  outer(distance: number): Frame {
    return distance === 0 ? this : (this.parent as Frame).outer(distance - 1);
  }
}

/** A callable that counts on the budget of whoever calls it from a template, where it has none of its own. */
export abstract class BudgetedCallable extends HostObject {
  abstract callWithin(args: CallArguments, budget: RenderBudget): MaybePromise<Value>;
}

/** Thrown by `return(value)`; the macro that the context called ends with this value. */
export class ReturnSignal {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}

/** Evaluates an expression. */
export type Evaluate = (frame: Frame) => MaybePromise<Value>;

/** How a statement ended. */
export type Flow = 'next' | 'break' | 'continue';

export type Execute = (frame: Frame) => MaybePromise<Flow>;

/** Runs a function's body; an error gets the place where this frame was. */
export function withPlace<T>(frame: Frame, body: () => MaybePromise<T>): MaybePromise<T> {
  let result: MaybePromise<T>;
  try {
    result = body();
  } catch (error) {
    throw placed(error, frame);
  }
  if (!(result instanceof Promise)) return result;
  return result.catch((error: unknown) => {
    throw placed(error, frame);
  });
}

/** The most places that an error keeps. */
const MAX_FRAMES = 40;

/** Signals and faults of ours pass as they are; what the warehouse refused becomes an error with places, which keeps it as its cause. */
export function placed(error: unknown, frame: Frame): unknown {
  const known = asTemplateError(error);
  if (!known) return error;
  const { path, text } = frame.source;
  const { start, end } = frame.at;
  // Deep recursion is told by its two ends.
  if (known.frames.length >= MAX_FRAMES) known.frames.splice(MAX_FRAMES >> 1, 1);
  known.frames.push({ path, text, start, end, ...(frame.macro === undefined ? {} : { macro: frame.macro }) });
  return known;
}

function asTemplateError(error: unknown): TemplateError | undefined {
  if (error instanceof TemplateError) return error;
  if (error instanceof FailureError) {
    return error.failure.kind === 'cancelled'
      ? new TemplateError('cancelled', 'RenderCancelled', error.message, { cause: error })
      : new TemplateError('database', 'DbtDatabaseError', error.message, { cause: error });
  }
  // The engine's own stack is the last bound on recursion.
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    return new TemplateError('limit', 'RecursionError', 'maximum recursion depth exceeded');
  }
  // What no bound of ours foresaw, the engine's own refuses: a text, a list or an int that is too large for it.
  if (error instanceof RangeError && /invalid .*length|maximum size/i.test(error.message)) {
    return limitError('the template makes a value that is too large');
  }
  return undefined;
}
