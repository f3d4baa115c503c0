/** Rendering a template to text with its map. */

import type { MaybePromise } from '../base/maybe-promise.ts';
import { isPromise, then } from '../base/maybe-promise.ts';
import { RenderBudget } from './budget.ts';
import { compileTemplate } from './compile/compile-template.ts';
import type { Runtime } from './compile/frame.ts';
import { Frame, ReturnSignal, withPlace } from './compile/frame.ts';
import type { QuotedLine } from './errors.ts';
import { compilationError, TemplateError } from './errors.ts';
import { str } from './values/repr.ts';
import type { Rendered } from './mapping.ts';
import type { RenderOptions } from './render-options.ts';
import type { Template, TemplateDiagnostic } from './template.ts';

/**
 * Renders; synchronously as long as no host function answers with a promise. Throws (or rejects with) a {@link TemplateError}, also for
 * the template's first diagnostic.
 */
export function renderTemplate(template: Template, options: RenderOptions): MaybePromise<Rendered> {
  return then(runTemplate(template, startRuntime(options, false), false), (frame) => ({
    text: frame.output.text,
    mapping: { segments: frame.output.segments },
  }));
}

export function startRuntime(options: RenderOptions, isNative: boolean): Runtime {
  const { context, undefined: undefinedKind = 'default', limits, signal } = options;
  const budget = options.budget ?? new RenderBudget(limits, signal);
  return { context, undefinedKind, budget, environment: { undefinedKind, budget, isNative } };
}

/** Runs the template's body and gives the frame that it wrote to. */
export function runTemplate(template: Template, runtime: Runtime, isNative: boolean): MaybePromise<Frame> {
  const [fault] = template.diagnostics;
  if (fault) throw syntaxError(fault, template);
  const compiled = compileTemplate(template, isNative);
  const frame = new Frame(runtime, template, compiled.layout.size, template);
  if (isNative) frame.nodes = [];
  return withPlace(frame, () =>
    withoutReturn(() => {
      compiled.enter(frame);
      return then(compiled.body(frame), () => frame);
    }),
  );
}

/** `return` outside a macro has nothing to end: dbt's error shows the value. */
function withoutReturn<T>(body: () => MaybePromise<T>): MaybePromise<T> {
  let result: MaybePromise<T>;
  try {
    result = body();
  } catch (error) {
    throw strayReturn(error);
  }
  if (!isPromise(result)) return result;
  return result.catch((error: unknown) => {
    throw strayReturn(error);
  });
}

function strayReturn(error: unknown): unknown {
  return error instanceof ReturnSignal ? compilationError(str(error.value)) : error;
}

/** A diagnostic as the error that rendering throws. */
export function syntaxError(fault: TemplateDiagnostic, source: Template): TemplateError {
  const { path, text } = source;
  const { start, end, message, pythonClass } = fault;
  return new TemplateError('syntax', pythonClass, message, {
    frames: [{ path, text, start, end }],
    quoted: quotedLine(fault, source),
  });
}

/** Jinja2 quotes the line of its own errors; those of Python's compiler and of dbt have none. */
function quotedLine({ pythonClass, lineno }: TemplateDiagnostic, template: Template): QuotedLine | undefined {
  if (pythonClass !== 'TemplateSyntaxError' && pythonClass !== 'TemplateAssertionError') return undefined;
  const lines = template.text.slice(template.start, template.end).split(/\r\n?|\n/);
  return { line: lineno, text: lines[lineno - 1]?.trim() ?? '' };
}
