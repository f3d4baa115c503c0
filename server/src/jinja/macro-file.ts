/** The blocks of a macro file, found and parsed as dbt does: each alone, with the text between them ignored. */

import type { Template, TemplateDiagnostic } from './template.ts';
import type { DefinitionKind, MacroNode, ParameterNode, Span, Word } from './tree.ts';

export interface MacroDefinition extends Span {
  readonly kind: DefinitionKind;
  /** As written in the opening tag. */
  readonly name: Word;
  /** dbt's name in the manifest: `x`, `test_x`, `materialization_x_default`; for docs and snapshots the written name. */
  readonly fullName: string;
  readonly parameters: readonly ParameterNode[];
  /** The adapter of a materialization. */
  readonly adapter: string | undefined;
  /** Of a materialization: `['sql']` unless it says otherwise. */
  readonly supportedLanguages: readonly string[] | undefined;
  /** The opening tag's end to the closing tag's start: a snapshot's query, a doc's text. */
  readonly body: Span;
  /** The whole block, tags included: dbt's `macro_sql`. */
  readonly blockText: string;
  /** The block parsed alone; its offsets are those of the file. For a snapshot or docs block, the parsed body. */
  readonly template: Template;
  /** The definition in that template; absent for snapshots and docs and where the block is too broken. */
  readonly node: MacroNode | undefined;
}

export interface MacroFile {
  readonly path: string;
  readonly text: string;
  readonly definitions: readonly MacroDefinition[];
  /** The faults of finding the blocks and of each block. */
  readonly diagnostics: readonly TemplateDiagnostic[];
}
