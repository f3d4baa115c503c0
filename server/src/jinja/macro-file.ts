/** The blocks of a macro file, found and parsed as dbt does: each alone, with the text between them ignored. */

import { literalValue } from './literal-eval.ts';
import { parseTemplate } from './parse-template.ts';
import type { Tag } from './parse/block-tags.ts';
import { findTags } from './parse/block-tags.ts';
import { LineCount } from './parse/line-count.ts';
import type { Template, TemplateDiagnostic } from './template.ts';
import type { DefinitionKind, MacroNode, ParameterNode, Span, Statement, Word } from './tree.ts';

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
  readonly text: string;
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

const kinds: Readonly<Record<string, DefinitionKind>> = {
  macro: 'macro',
  test: 'test',
  data_test: 'test',
  materialization: 'materialization',
  snapshot: 'snapshot',
  docs: 'docs',
};

/**
 * Never throws. A block that lacks its end stops at the next one, so that the others keep their meaning. Only the blocks' tags are read
 * here; a block is parsed when something of its inside is asked for, and every block for `diagnostics`.
 */
export function parseMacroFile(text: string, path: string): MacroFile {
  return new BlockFile(text, path);
}

class BlockFile implements MacroFile {
  readonly path: string;
  readonly text: string;
  readonly definitions: readonly BlockDefinition[];
  readonly #faults: readonly TemplateDiagnostic[];
  #diagnostics: readonly TemplateDiagnostic[] | undefined;

  constructor(text: string, path: string) {
    const { blocks, faults } = findBlocks(text);
    this.path = path;
    this.text = text;
    this.definitions = blocks.map((block) => new BlockDefinition(text, path, block));
    this.#faults = faults;
  }

  get diagnostics(): readonly TemplateDiagnostic[] {
    this.#diagnostics ??= [
      ...this.#faults,
      // That a block has no end is said once.
      ...this.definitions.flatMap(({ template, isClosed }) =>
        template.diagnostics.filter(({ code }) => isClosed || code !== 'jinja-unclosed'),
      ),
    ].sort((a, b) => a.start - b.start);
    return this.#diagnostics;
  }
}

/** A block between its opening tag and its closing one. */
interface Block {
  readonly open: Tag;
  readonly bodyEnd: number;
  readonly end: number;
  readonly isClosed: boolean;
}

interface Found {
  readonly blocks: Block[];
  readonly faults: TemplateDiagnostic[];
}

const flowEnds: Readonly<Record<string, string>> = { if: 'endif', for: 'endfor' };
const flowStarts: Readonly<Record<string, string>> = { endif: 'if', endfor: 'for' };

function findBlocks(text: string): Found {
  const { tags, unexpectedEnd } = findTags(text);
  const found: Found = { blocks: [], faults: [] };
  const flow: string[] = [];
  const lines = new LineCount(text, 0, 'newlines');
  let open: Tag | undefined;
  for (const tag of tags) {
    if (own(flowEnds, tag.name)) flow.push(tag.name);
    else if (own(flowStarts, tag.name)) checkFlowEnd(lines, tag, flow.pop(), found);
    if (own(kinds, tag.name)) {
      if (flow.length > 0) {
        const place = linePosition(lines, tag.start);
        const message = `Got a block definition inside control flow at ${place}. All dbt block definitions must be at the top level`;
        found.faults.push(fault(lines, message, tag));
      }
      if (open) {
        found.faults.push(fault(lines, nestedTags(open, tag), open));
        found.blocks.push({ open, bodyEnd: tag.start, end: tag.start, isClosed: false });
      }
      open = tag;
    } else if (open && tag.name === `end${open.name}`) {
      found.blocks.push({ open, bodyEnd: tag.start, end: tag.end, isClosed: true });
      open = undefined;
    }
  }
  if (unexpectedEnd) {
    const { expected, start, searchedFrom } = unexpectedEnd;
    const message = `unexpected EOF, expected ${expected}, got "${text.slice(searchedFrom)}"`;
    found.faults.push(fault(lines, message, { start, end: text.length }));
  } else if (open) {
    const line = lines.lineAt(open.end);
    const message = `Reached EOF without finding a close tag for ${open.name} (searched from line ${line})`;
    found.faults.push(fault(lines, message, open));
  }
  if (open) found.blocks.push({ open, bodyEnd: text.length, end: text.length, isClosed: false });
  return found;
}

function own(table: Readonly<Record<string, string>>, name: string): boolean {
  return Object.hasOwn(table, name);
}

function checkFlowEnd(lines: LineCount, tag: Tag, opened: string | undefined, found: Found): void {
  if (opened !== undefined && flowEnds[opened] === tag.name) return;
  const wanted =
    opened === undefined
      ? `never saw a preceeding ${flowStarts[tag.name] ?? ''}`
      : `expected ${flowEnds[opened] ?? ''} next`;
  const place = linePosition(lines, tag.start);
  const message = `Got an unexpected control flow end tag, got ${tag.name} but ${wanted} (@ ${place})`;
  found.faults.push(fault(lines, message, tag));
}

function nestedTags(outer: Tag, inner: Tag): string {
  return (
    `Got nested tags: ${outer.name} (started at ${outer.start}) did not have a matching {{% end${outer.name} %}} ` +
    `before a subsequent ${inner.name} was found (started at ${inner.start})`
  );
}

function linePosition(lines: LineCount, offset: number): string {
  return `${lines.lineAt(offset)}:${lines.columnAt(offset)}`;
}

function fault(lines: LineCount, message: string, { start, end }: Span): TemplateDiagnostic {
  const pythonClass = 'CompilationError';
  return { code: 'jinja-block', message, start, end, lineno: lines.lineAt(start), pythonClass };
}

class BlockDefinition implements MacroDefinition {
  readonly kind: DefinitionKind;
  readonly body: Span;
  readonly start: number;
  readonly end: number;
  readonly isClosed: boolean;
  readonly name: Word;
  readonly fullName: string;
  readonly adapter: string | undefined;
  readonly supportedLanguages: readonly string[] | undefined;
  readonly #file: string;
  readonly #path: string;
  readonly #open: Tag;
  #template: Template | undefined;

  constructor(text: string, path: string, { open, bodyEnd, end, isClosed }: Block) {
    this.#file = text;
    this.#path = path;
    this.#open = open;
    this.kind = kinds[open.name] ?? 'macro';
    this.body = { start: open.end, end: bodyEnd };
    this.start = open.start;
    this.end = end;
    this.isClosed = isClosed;
    const head = this.#head();
    this.name = head?.name ?? tagName(open);
    this.adapter = head?.adapter;
    this.fullName = fullName(this.kind, this.name.text, this.adapter);
    this.supportedLanguages = this.kind === 'materialization' ? languages(head) : undefined;
  }

  /** The block as far as its opening tag says it; undefined where the tag's words say it all, or nothing can. */
  #head(): MacroNode | undefined {
    if (!this.#isWhole() || (this.kind !== 'materialization' && isPlainName(this.#open, this.#file))) {
      return undefined;
    }
    const tag = { start: this.#open.start, end: this.#open.end };
    const { body, diagnostics } = parseTemplate(this.#file, this.#path, { range: tag });
    const isClear = diagnostics.every(({ code }) => code === 'jinja-unclosed');
    return isClear ? body.find(isMacro) : this.node;
  }

  #isWhole(): boolean {
    return this.kind !== 'snapshot' && this.kind !== 'docs';
  }

  get parameters(): readonly ParameterNode[] {
    return this.node?.parameters ?? [];
  }

  get text(): string {
    return this.#file.slice(this.start, this.end);
  }

  get template(): Template {
    const range = this.#isWhole() ? { start: this.start, end: this.end } : this.body;
    this.#template ??= parseTemplate(this.#file, this.#path, { range });
    return this.#template;
  }

  get node(): MacroNode | undefined {
    return this.#isWhole() ? this.template.body.find(isMacro) : undefined;
  }
}

/** Words that are no names to Jinja's parser. */
const reservedWords: ReadonlySet<string> = new Set(
  'and else false False if in is none None not or true True'.split(' '),
);

/** Whether the word that dbt's pattern finds in the tag is the name that the parser finds. */
function isPlainName({ blockName, blockNameStart }: Tag, text: string): boolean {
  if (blockName === undefined || reservedWords.has(blockName)) return false;
  // dbt's pattern stops at letters beyond ASCII, which are part of a name.
  return !(text.charCodeAt(blockNameStart + blockName.length) >= 0x80);
}

function isMacro(statement: Statement): statement is MacroNode {
  return statement.type === 'macro';
}

function tagName({ blockName = '', blockNameStart }: Tag): Word {
  return { text: blockName, start: blockNameStart, end: blockNameStart + blockName.length };
}

function fullName(kind: DefinitionKind, name: string, adapter = 'default'): string {
  if (kind === 'test') return `test_${name}`;
  return kind === 'materialization' ? `materialization_${name}_${adapter}` : name;
}

function languages(node: MacroNode | undefined): string[] {
  const parameter = node?.parameters.find(({ name }) => name.text === 'supported_languages');
  const value = parameter?.default && literalValue(parameter.default);
  return Array.isArray(value) ? value.filter((language) => typeof language === 'string') : ['sql'];
}
