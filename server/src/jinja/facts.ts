/** What a template says before it is rendered: refs, sources, config, variables, macro calls, definitions, comments, all with ranges. */

import type { Template } from './template.ts';
import type { DefinitionKind, Span, Word } from './tree.ts';
import type { Value } from './values/value.ts';

/** A literal argument with its place. */
export interface Literal<T extends Value = Value> extends Span {
  readonly value: T;
}

/** `ref('model')`, `ref('package', 'model', version=2)`; the range is the call's. */
export interface RefFact extends Span {
  readonly package: Literal<string> | undefined;
  /** Null when it is computed. */
  readonly name: Literal<string> | null;
  /** Undefined when none is given, null when it is computed. */
  readonly version: Literal<string | number> | null | undefined;
}

export interface SourceFact extends Span {
  readonly source: Literal<string> | null;
  readonly table: Literal<string> | null;
}

export interface ConfigEntry extends Span {
  readonly name: Word;
  /** Undefined when it is computed. */
  readonly value: Value | undefined;
  /** The value's place. */
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** One `config(…)` call; `config.get(…)` and its like are macro calls. */
export interface ConfigFact extends Span {
  readonly entries: readonly ConfigEntry[];
  /** Whether every argument is a literal keyword, or a dict of literals. */
  readonly isLiteral: boolean;
}

/** `var(…)`, `env_var(…)` or `doc(…)`. */
export interface NamedCallFact extends Span {
  /** Null when it is computed. */
  readonly name: Literal<string> | null;
  readonly hasDefault: boolean;
}

/** `name(…)` or `package.name(…)`, dbt's own functions included. */
export interface MacroCallFact extends Span {
  readonly package: Word | undefined;
  readonly name: Word;
}

export interface DefinitionFact extends Span {
  readonly kind: DefinitionKind;
  readonly name: Word;
}

export interface TemplateFacts {
  readonly refs: readonly RefFact[];
  readonly sources: readonly SourceFact[];
  readonly configs: readonly ConfigFact[];
  readonly vars: readonly NamedCallFact[];
  readonly envVars: readonly NamedCallFact[];
  readonly docs: readonly NamedCallFact[];
  readonly macroCalls: readonly MacroCallFact[];
  readonly definitions: readonly DefinitionFact[];
  readonly comments: readonly Span[];
  /**
   * True when the template prints nothing but text and `ref`, `source` and `config` calls of literals, at its top level: then these facts
   * are all that a render at parse time could find.
   */
  readonly isStatic: boolean;
}
void (0 as unknown as Template);
