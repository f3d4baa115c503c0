/** What the verbs answer, in offsets; the language server turns them into the protocol's lines and columns. */

import type { Diagnostic, Place } from '../base/diagnostic.ts';
import type { Range } from '../base/text.ts';

export interface Hover {
  /** What is hovered over. */
  readonly range: Range;
  readonly markdown: string;
}

/** Where a name leads. */
export interface Target {
  /** The name under the cursor. */
  readonly origin: Range;
  /** The whole definition. */
  readonly place: Place;
  /** The definition's name within it. */
  readonly name: Range;
}

export type CompletionKind =
  | 'model'
  | 'source'
  | 'seed'
  | 'snapshot'
  | 'macro'
  | 'variable'
  | 'doc'
  | 'column'
  | 'keyword'
  | 'property'
  | 'value'
  | 'function';

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** What `insert` replaces; around the cursor, within its line. */
  readonly replace: Range;
  readonly insert: string;
  /** Whether `insert` has `$1` places to fill. */
  readonly isSnippet?: boolean;
  /** Beside the label, such as a column's type. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** Smaller is earlier; those of equal rank are ordered by label. */
  readonly rank?: number;
}

export type SymbolKind =
  'model' | 'source' | 'seed' | 'snapshot' | 'test' | 'exposure' | 'macro' | 'cte' | 'column' | 'key';

export interface DocumentSymbol {
  readonly name: string;
  readonly detail?: string;
  readonly kind: SymbolKind;
  readonly range: Range;
  readonly nameRange: Range;
  readonly children: readonly DocumentSymbol[];
}

export interface WorkspaceSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** What it stands in, such as a package or a source. */
  readonly container: string;
  readonly place: Place;
}

export interface DocumentLink {
  readonly range: Range;
  /** Below the project's root. */
  readonly path: string;
  readonly tooltip: string;
}

export interface InlayHint {
  readonly offset: number;
  readonly label: string;
  readonly tooltip: string;
}

/** One of the verbs over a model; the client knows what each does. */
export interface CodeLens {
  readonly range: Range;
  readonly title: string;
  readonly verb: 'build' | 'test' | 'preview' | 'lineage' | 'grain';
  readonly uniqueId: string;
}

export interface TextEdit {
  readonly path: string;
  readonly range: Range;
  readonly text: string;
}

export interface CodeAction {
  readonly title: string;
  /** Those of one action are made together or not at all. */
  readonly edits: readonly TextEdit[];
  readonly fixes: Diagnostic;
  /** Whether it is the one fix that is almost certainly meant. */
  readonly isPreferred: boolean;
}
