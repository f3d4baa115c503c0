/** The nodes of a template's tree. Every node has its range in the text; broken text gives `missing` nodes, never none. */

import type { Value } from './values/value.ts';

/** UTF-16 offsets into the template's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A word with its place: a name, an attribute, a keyword argument's name. */
export interface Word extends Span {
  readonly text: string;
}

export type Expression =
  | ConstNode
  | NameNode
  | NamespaceNode
  | SequenceNode
  | DictNode
  | ConditionalNode
  | LogicalNode
  | NotNode
  | CompareNode
  | BinaryNode
  | ConcatNode
  | UnaryNode
  | CallNode
  | FilterNode
  | TestNode
  | AttributeNode
  | SubscriptNode
  | SliceNode
  | MissingNode;

/** A literal: none, a boolean, a number, or (adjacent) strings. */
export interface ConstNode extends Span {
  readonly type: 'const';
  readonly value: Value;
}

export interface NameNode extends Span {
  readonly type: 'name';
  readonly name: string;
}

/** `ns.attribute` as the target of a set. */
export interface NamespaceNode extends Span {
  readonly type: 'namespace';
  readonly name: Word;
  readonly attribute: Word;
}

export interface SequenceNode extends Span {
  readonly type: 'tuple' | 'list';
  readonly items: readonly Expression[];
}

export interface DictNode extends Span {
  readonly type: 'dict';
  readonly pairs: readonly { readonly key: Expression; readonly value: Expression }[];
}

/** `value if test else otherwise`. */
export interface ConditionalNode extends Span {
  readonly type: 'conditional';
  readonly test: Expression;
  readonly value: Expression;
  readonly otherwise: Expression | undefined;
}

export interface LogicalNode extends Span {
  readonly type: 'and' | 'or';
  readonly left: Expression;
  readonly right: Expression;
}

export interface NotNode extends Span {
  readonly type: 'not';
  readonly operand: Expression;
}

export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export interface CompareNode extends Span {
  readonly type: 'compare';
  readonly left: Expression;
  readonly operands: readonly { readonly operator: CompareOperator; readonly right: Expression }[];
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';

export interface BinaryNode extends Span {
  readonly type: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `a ~ b ~ c`. */
export interface ConcatNode extends Span {
  readonly type: 'concat';
  readonly parts: readonly Expression[];
}

export interface UnaryNode extends Span {
  readonly type: 'unary';
  readonly operator: '-' | '+';
  readonly operand: Expression;
}

/** What stands between a call's parentheses, the parentheses included in its range. */
export interface ArgumentsNode extends Span {
  readonly positional: readonly Expression[];
  readonly keyword: readonly KeywordNode[];
  /** `*expression`. */
  readonly rest: Expression | undefined;
  /** `**expression`. */
  readonly keywordRest: Expression | undefined;
}

export interface KeywordNode extends Span {
  readonly name: Word;
  readonly value: Expression;
}

export interface CallNode extends Span {
  readonly type: 'call';
  readonly callee: Expression;
  readonly args: ArgumentsNode;
}

export interface FilterNode extends Span {
  readonly type: 'filter';
  /** Absent at the head of a filter block or a set block's filter: there it is the block's text. */
  readonly operand: Expression | undefined;
  readonly name: Word;
  readonly args: ArgumentsNode | undefined;
}

export interface TestNode extends Span {
  readonly type: 'test';
  readonly operand: Expression;
  readonly name: Word;
  readonly args: ArgumentsNode | undefined;
}

export interface AttributeNode extends Span {
  readonly type: 'attribute';
  readonly object: Expression;
  readonly name: Word;
}

export interface SubscriptNode extends Span {
  readonly type: 'subscript';
  readonly object: Expression;
  readonly index: Expression;
}

export interface SliceNode extends Span {
  readonly type: 'slice';
  readonly lower: Expression | undefined;
  readonly upper: Expression | undefined;
  readonly step: Expression | undefined;
}

/** Stands where an expression should: the text is broken there. */
export interface MissingNode extends Span {
  readonly type: 'missing';
}

export type Statement =
  | TextNode
  | OutputNode
  | SetNode
  | SetBlockNode
  | IfNode
  | ForNode
  | WithNode
  | MacroNode
  | CallBlockNode
  | FilterBlockNode
  | DoNode
  | LoopControlNode
  | BlockNode
  | AutoescapeNode
  | ScopeNode;

/** The template's own text. `value` equals the source between start and end, except that a line break is always `\n`. */
export interface TextNode extends Span {
  readonly type: 'text';
  readonly value: string;
}

/** `{{ … }}` or `{% print … %}`; the range includes the delimiters. */
export interface OutputNode extends Span {
  readonly type: 'output';
  readonly expressions: readonly Expression[];
}

export interface SetNode extends Span {
  readonly type: 'set';
  readonly target: Expression;
  readonly value: Expression;
}

export interface SetBlockNode extends Span {
  readonly type: 'set-block';
  readonly target: Expression;
  readonly filter: FilterNode | undefined;
  readonly body: readonly Statement[];
}

export interface IfBranch extends Span {
  readonly test: Expression;
  readonly body: readonly Statement[];
}

export interface IfNode extends Span {
  readonly type: 'if';
  /** The `if` and each `elif`. */
  readonly branches: readonly IfBranch[];
  readonly otherwise: readonly Statement[] | undefined;
}

export interface ForNode extends Span {
  readonly type: 'for';
  readonly target: Expression;
  readonly iterable: Expression;
  readonly test: Expression | undefined;
  readonly recursive: boolean;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[] | undefined;
}

export interface WithNode extends Span {
  readonly type: 'with';
  readonly bindings: readonly { readonly target: Expression; readonly value: Expression }[];
  readonly body: readonly Statement[];
}

/** One parameter of a macro or call block. */
export interface ParameterNode extends Span {
  readonly name: Word;
  /** dbt's type annotation, such as `relation` or `list[string]`. */
  readonly annotation: Word | undefined;
  readonly default: Expression | undefined;
}

export type DefinitionKind = 'macro' | 'test' | 'materialization' | 'snapshot' | 'docs';

/** A macro and dbt's blocks that are macros in disguise. */
export interface MacroNode extends Span {
  readonly type: 'macro';
  readonly kind: DefinitionKind;
  /** As written. */
  readonly name: Word;
  /** What the block binds: the written name, or dbt's spelling of it (`dbt_macro__x`, `dbt_macro__test_x`, `dbt_docs__x`). */
  readonly boundName: string;
  /** The adapter of a materialization, `default` where none is given. */
  readonly adapter: string | undefined;
  readonly parameters: readonly ParameterNode[];
  /** The end of the opening tag to the start of the closing one. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly body: readonly Statement[];
}

export interface CallBlockNode extends Span {
  readonly type: 'call-block';
  readonly parameters: readonly ParameterNode[];
  readonly call: Expression;
  readonly body: readonly Statement[];
}

export interface FilterBlockNode extends Span {
  readonly type: 'filter-block';
  readonly filter: FilterNode;
  readonly body: readonly Statement[];
}

export interface DoNode extends Span {
  readonly type: 'do';
  readonly expression: Expression;
}

export interface LoopControlNode extends Span {
  readonly type: 'break' | 'continue';
}

/** `{% block name %}`: a function of the template that is called where it stands, and by `self.name()`. */
export interface BlockNode extends Span {
  readonly type: 'block';
  readonly name: Word;
  /** Whether the names around it are seen in it. */
  readonly scoped: boolean;
  /** Whether another template has to fill it; rendered alone it is an error. */
  readonly required: boolean;
  readonly body: readonly Statement[];
}

/** `{% autoescape value %}`: whether what the body prints is escaped as HTML; the value is computed where it is no constant. */
export interface AutoescapeNode extends Span {
  readonly type: 'autoescape';
  readonly value: Expression;
  readonly body: readonly Statement[];
}

/** The body of a filter block without a filter, kept for what is in it. */
export interface ScopeNode extends Span {
  readonly type: 'scope';
  readonly body: readonly Statement[];
}
