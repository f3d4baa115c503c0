/** A parsed template: its text, its tree, its comments, and what is wrong with it. */

import type { Span, Statement } from './tree.ts';
import type { TemplateSource } from './values/captured-text.ts';

/** `jinja-unclosed`: a block without an end; `jinja-block`: what dbt says of a macro file's blocks before it parses them. */
export type TemplateDiagnosticCode =
  'jinja-syntax' | 'jinja-unclosed' | 'jinja-unknown-filter' | 'jinja-unknown-test' | 'jinja-block';

/** One fault, worded as Jinja2 or dbt word it. Rendering a template with one throws it. */
export interface TemplateDiagnostic extends Span {
  readonly code: TemplateDiagnosticCode;
  readonly message: string;
  /** One-based, counted as Jinja2 counts: from the start of the parsed part. */
  readonly lineno: number;
  /** `TemplateSyntaxError`, `TemplateAssertionError`, `SyntaxError`, `CompilationError`, … */
  readonly pythonClass: string;
}

/**
 * `dbt`: as dbt-core parses, with its blocks, typed parameters and renamed macros; a text without Jinja delimiters is not touched at all.
 * `jinja`: plain Jinja2 with `do` and loop controls.
 */
export type Dialect = 'dbt' | 'jinja';

export interface Template extends TemplateSource {
  readonly path: string;
  /** The whole text; all offsets point into it. */
  readonly text: string;
  /** The part that is the template: the whole text unless the parse was given a range. */
  readonly start: number;
  readonly end: number;
  readonly dialect: Dialect;
  readonly body: readonly Statement[];
  /** Whether there is a slice anywhere, which Jinja2 treats in its own way where all of it is constant. */
  readonly hasSlices: boolean;
  /** Whether there are blocks: functions of the template that see the names around them. */
  readonly hasBlocks: boolean;
  /** Whether the name `self` is read anywhere, which holds the blocks. */
  readonly namesSelf: boolean;
  /** `{# … #}`, delimiters included. */
  readonly comments: readonly Span[];
  /** In the order of the text; the first is the one that Jinja2 stops at. */
  readonly diagnostics: readonly TemplateDiagnostic[];
  readonly made: Made;
}

/**
 * What was made of a template, once: it depends on the template alone, so nobody can tell. It lies in the template because a map beside it
 * is what the collector would spend a third of a large project's time on.
 */
export interface Made {
  /** Compiled for text. */
  text?: object;
  /** Compiled for values. */
  native?: object;
  /** What its tree says. */
  facts?: object;
}
