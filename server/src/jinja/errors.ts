/** What a template can throw: one error class that names Python's exception, carries its words, and gathers the places it passed. */

export type TemplateErrorKind =
  | 'syntax'
  | 'undefined'
  | 'type'
  | 'value'
  | 'lookup'
  | 'arithmetic'
  | 'runtime'
  | 'security'
  | 'compilation'
  | 'database'
  | 'limit'
  | 'cancelled';

/** One place on the way from the failing expression out to the outermost template; a place one can open. */
export interface ErrorFrame {
  readonly path: string;
  /** The whole text that the offsets point into. */
  readonly text: string;
  /** The macro (or `caller`) whose body this is; absent in the template's own body. */
  readonly macro?: string;
  readonly start: number;
  readonly end: number;
}

export interface TemplateErrorOptions {
  readonly cause?: unknown;
  readonly frames?: readonly ErrorFrame[];
  readonly quoted?: QuotedLine | undefined;
}

/** The line at which Jinja2 refused a text, as it counts and quotes it. */
export interface QuotedLine {
  readonly line: number;
  readonly text: string;
}

/**
 * Raised by the evaluator and by host functions.
 *
 * `message` is worded as Python, Jinja2 or dbt word it, without class name and place; `frames` lists the places, innermost first.
 */
export class TemplateError extends Error {
  readonly kind: TemplateErrorKind;
  /** Such as `UndefinedError`, `TypeError`, `TemplateSyntaxError`, `ZeroDivisionError`, `CompilationError`. */
  readonly pythonClass: string;
  readonly frames: ErrorFrame[];
  /** Present when the text could not be parsed. */
  readonly quoted: QuotedLine | undefined;

  constructor(
    kind: TemplateErrorKind,
    pythonClass: string,
    message: string,
    options: TemplateErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TemplateError';
    this.kind = kind;
    this.pythonClass = pythonClass;
    this.frames = [...(options.frames ?? [])];
    this.quoted = options.quoted;
  }
}

export function typeError(message: string): TemplateError {
  return new TemplateError('type', 'TypeError', message);
}

export function valueError(message: string): TemplateError {
  return new TemplateError('value', 'ValueError', message);
}

/** For what a filter of Jinja2 expects of its value: a mapping's `items`, a text's `splitlines`. */
export function attributeError(owner: string, name: string): TemplateError {
  return new TemplateError('type', 'AttributeError', `'${owner}' object has no attribute '${name}'`);
}

/** `message` is the repr of the key for a KeyError, Python's sentence for an IndexError. */
export function lookupError(pythonClass: 'KeyError' | 'IndexError', message: string): TemplateError {
  return new TemplateError('lookup', pythonClass, message);
}

export function zeroDivisionError(message: string): TemplateError {
  return new TemplateError('arithmetic', 'ZeroDivisionError', message);
}

export function overflowError(message: string): TemplateError {
  return new TemplateError('limit', 'OverflowError', message);
}

export function undefinedError(message: string): TemplateError {
  return new TemplateError('undefined', 'UndefinedError', message);
}

export function runtimeError(message: string): TemplateError {
  return new TemplateError('runtime', 'TemplateRuntimeError', message);
}

/** Wrong arguments to a filter or test, in Jinja2's class for it. */
export function filterArgumentError(message: string): TemplateError {
  return new TemplateError('runtime', 'FilterArgumentError', message);
}

export function securityError(message: string): TemplateError {
  return new TemplateError('security', 'SecurityError', message);
}

/** dbt's own complaint, such as those of `exceptions.raise_compiler_error`, `ref` and `source`. */
export function compilationError(message: string): TemplateError {
  return new TemplateError('compilation', 'CompilationError', message);
}

export function limitError(message: string): TemplateError {
  return new TemplateError('limit', 'RenderLimitError', message);
}

export function cancelledError(): TemplateError {
  return new TemplateError('cancelled', 'RenderCancelled', 'the render was cancelled');
}
