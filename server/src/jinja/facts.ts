/** What a template says before it is rendered: refs, sources, config, variables, macro calls, definitions, comments, all with ranges. */

import { literalValue } from './literal-eval.ts';
import type { Template } from './template.ts';
import type { CallNode, DefinitionKind, Expression, Span, Statement, Word } from './tree.ts';
import { isText } from './values/text.ts';
import type { Value } from './values/value.ts';
import type { Node } from './walk.ts';
import { forEachChild } from './walk.ts';

/** A literal argument with its place. */
export interface Literal<T extends Value = Value> extends Span {
  readonly value: T;
}

/** The literal's text without its quotes; all of it where it is written in another way (escapes, adjacent strings). */
export function unquoted({ value, start, end }: Literal): Span {
  const isPlain = typeof value === 'string' && end - start === value.length + 2;
  return isPlain ? { start: start + 1, end: end - 1 } : { start, end };
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

/** `var(…)` or `env_var(…)`. */
export interface NamedCallFact extends Span {
  /** Null when it is computed. */
  readonly name: Literal<string> | null;
  readonly hasDefault: boolean;
}

/** `doc('name')` or `doc('package', 'name')`. */
export interface DocFact extends NamedCallFact {
  readonly package: Literal<string> | undefined;
}

/** `name(…)` or `package.name(…)`, dbt's own functions included. */
export interface MacroCallFact extends Span {
  readonly package: Word | undefined;
  readonly name: Word;
}

/** `adapter.dispatch('name', 'package')`. */
export interface DispatchFact extends Span {
  readonly name: Literal<string> | null;
  readonly package: Literal<string> | undefined;
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
  readonly docs: readonly DocFact[];
  readonly macroCalls: readonly MacroCallFact[];
  readonly dispatches: readonly DispatchFact[];
  readonly definitions: readonly DefinitionFact[];
  readonly comments: readonly Span[];
  /**
   * True when the template prints nothing but text and `ref`, `source` and `config` calls of literals, at its top level: then these facts
   * are all that a render at parse time could find.
   */
  readonly isStatic: boolean;
}

/** Read from the tree, without rendering; the same template gives the same object. */
export function templateFacts(template: Template): TemplateFacts {
  const { made } = template;
  made.facts ??= new Reader(template).read();
  return made.facts as TemplateFacts;
}

/** The lists under construction. */
type Lists = {
  -readonly [Name in Exclude<keyof TemplateFacts, 'comments' | 'isStatic'>]: TemplateFacts[Name][number][];
};

class Reader {
  readonly #template: Template;
  readonly #lists: Lists = {
    refs: [],
    sources: [],
    configs: [],
    vars: [],
    envVars: [],
    docs: [],
    macroCalls: [],
    dispatches: [],
    definitions: [],
  };

  constructor(template: Template) {
    this.#template = template;
  }

  read(): TemplateFacts {
    const { body, comments } = this.#template;
    for (const statement of body) this.#visit(statement);
    const isStatic = this.#template.diagnostics.length === 0 && body.every(isStaticStatement);
    return { ...this.#lists, comments, isStatic };
  }

  #visit(node: Node): void {
    if (node.type === 'call') this.#call(node);
    if (node.type === 'macro') {
      const { kind, name, start, end } = node;
      this.#lists.definitions.push({ kind, name, start, end });
    }
    forEachChild(node, (child) => {
      this.#visit(child);
    });
  }

  #call(node: CallNode): void {
    const callee = calledName(node);
    if (!callee) return;
    const isBuiltin = callee.package === undefined || callee.package.text === 'builtins';
    if (isBuiltin && this.#ownFunction(node, callee.name.text)) return;
    const { start, end } = node;
    this.#lists.macroCalls.push({ ...callee, start, end });
    if (callee.package?.text === 'adapter' && callee.name.text === 'dispatch') {
      const name = textLiteral(argument(node, 0, 'macro_name'));
      const namespace = textLiteral(argument(node, 1, 'macro_namespace')) ?? undefined;
      this.#lists.dispatches.push({ name, package: namespace, start, end });
    }
  }

  #ownFunction(node: CallNode, name: string): boolean {
    switch (name) {
      case 'ref':
        this.#lists.refs.push(refFact(node));
        return true;
      case 'source':
        this.#lists.sources.push(sourceFact(node));
        return true;
      case 'config':
        this.#lists.configs.push(configFact(node));
        return true;
      case 'var':
        this.#lists.vars.push(namedCall(node, 'var'));
        return true;
      case 'env_var':
        this.#lists.envVars.push(namedCall(node, 'var'));
        return true;
      case 'doc':
        this.#lists.docs.push(docFact(node));
        return true;
      default:
        return false;
    }
  }
}

function calledName({ callee }: CallNode): Pick<MacroCallFact, 'package' | 'name'> | undefined {
  if (callee.type === 'name') {
    const { name, start, end } = callee;
    return { package: undefined, name: { text: name, start, end } };
  }
  if (callee.type !== 'attribute' || callee.object.type !== 'name') return undefined;
  const { name, start, end } = callee.object;
  return { package: { text: name, start, end }, name: callee.name };
}

function argument({ args }: CallNode, index: number, name: string): Expression | undefined {
  return args.positional[index] ?? args.keyword.find((keyword) => keyword.name.text === name)?.value;
}

function textLiteral(node: Expression | undefined): Literal<string> | null {
  if (node?.type !== 'const' || typeof node.value !== 'string') return null;
  return { value: node.value, start: node.start, end: node.end };
}

function refFact(node: CallNode): RefFact {
  const { positional, rest, keyword } = node.args;
  const { start, end } = node;
  const version = keyword.find(({ name }) => name.text === 'version' || name.text === 'v')?.value;
  const [first, second] = positional;
  const hasPackage = second !== undefined;
  const name = rest ? null : textLiteral(hasPackage ? second : first);
  return {
    package: hasPackage ? (textLiteral(first) ?? undefined) : undefined,
    // A computed package makes the whole target unknown.
    name: hasPackage && !textLiteral(first) ? null : name,
    version: version && versionLiteral(version),
    start,
    end,
  };
}

function versionLiteral(node: Expression): Literal<string | number> | null {
  const value = literalValue(node);
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  return { value, start: node.start, end: node.end };
}

function sourceFact(node: CallNode): SourceFact {
  const { positional, rest } = node.args;
  const { start, end } = node;
  if (rest) return { source: null, table: null, start, end };
  return { source: textLiteral(positional[0]), table: textLiteral(positional[1]), start, end };
}

function configFact(node: CallNode): ConfigFact {
  const { positional, keyword, rest, keywordRest } = node.args;
  const entries: ConfigEntry[] = keyword.map(({ name, value }) => configEntry(name, value));
  const [first] = positional;
  let isLiteral = !rest && !keywordRest && positional.length <= 1 && (!first || first.type === 'dict');
  if (first?.type === 'dict') {
    for (const { key, value } of first.pairs) {
      const name = textLiteral(key);
      if (!name) isLiteral = false;
      else entries.push(configEntry({ text: name.value, start: name.start, end: name.end }, value));
    }
  }
  isLiteral &&= entries.every((entry) => entry.value !== undefined);
  return { entries, isLiteral, start: node.start, end: node.end };
}

function configEntry(name: Word, value: Expression): ConfigEntry {
  return {
    name,
    value: literalValue(value),
    valueStart: value.start,
    valueEnd: value.end,
    start: name.start,
    end: value.end,
  };
}

function namedCall(node: CallNode, parameter: string): NamedCallFact {
  const { positional, keyword } = node.args;
  const hasDefault = positional.length > 1 || keyword.some(({ name }) => name.text === 'default');
  return { name: textLiteral(argument(node, 0, parameter)), hasDefault, start: node.start, end: node.end };
}

function docFact(node: CallNode): DocFact {
  const { positional } = node.args;
  const fact = namedCall(node, 'name');
  if (positional.length < 2) return { ...fact, package: undefined };
  const owner = textLiteral(positional[0]);
  // A computed package makes the whole target unknown.
  const name = owner && textLiteral(positional[1]);
  return { ...fact, name, hasDefault: false, package: owner ?? undefined };
}

function isStaticStatement(statement: Statement): boolean {
  if (statement.type === 'text') return true;
  if (statement.type !== 'output') return false;
  return statement.expressions.every(isStaticCall);
}

function isStaticCall(node: Expression): boolean {
  if (node.type !== 'call' || node.callee.type !== 'name') return false;
  switch (node.callee.name) {
    case 'config':
      return configFact(node).isLiteral;
    case 'ref':
    case 'source': {
      const { positional, keyword, rest, keywordRest } = node.args;
      if (rest ?? keywordRest) return false;
      return [...positional, ...keyword.map(({ value }) => value)].every((value) => {
        const literal = literalValue(value);
        return literal !== undefined && (isText(literal) || typeof literal === 'number');
      });
    }
    default:
      return false;
  }
}
