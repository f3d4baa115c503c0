/** The blocks of a macro file, found and parsed as dbt does: each alone, with the text between them ignored. */

import { literalValue } from './literal-eval.ts';
import { parseTemplate } from './parse-template.ts';
import type { Tag } from './parse/block-tags.ts';
import { findTags } from './parse/block-tags.ts';
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

/** Never throws. A block that lacks its end stops at the next one, so that the others keep their meaning. */
export function parseMacroFile(text: string, path: string): MacroFile {
  const { blocks, faults } = findBlocks(text);
  const definitions = blocks.map((block) => define(text, path, block));
  const diagnostics = [
    ...faults,
    // That a block has no end is said once.
    ...definitions.flatMap(({ template }, index) => {
      const isClosed = blocks[index]?.isClosed === true;
      return template.diagnostics.filter(({ code }) => isClosed || code !== 'jinja-unclosed');
    }),
  ];
  return { path, text, definitions, diagnostics: diagnostics.sort((a, b) => a.start - b.start) };
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
  let open: Tag | undefined;
  for (const tag of tags) {
    if (own(flowEnds, tag.name)) flow.push(tag.name);
    else if (own(flowStarts, tag.name)) checkFlowEnd(text, tag, flow.pop(), found);
    if (own(kinds, tag.name)) {
      if (flow.length > 0) {
        const place = linePosition(text, tag.start);
        const message = `Got a block definition inside control flow at ${place}. All dbt block definitions must be at the top level`;
        found.faults.push(fault(text, message, tag));
      }
      if (open) {
        found.faults.push(fault(text, nestedTags(open, tag), open));
        found.blocks.push({ open, bodyEnd: tag.start, end: tag.start, isClosed: false });
      }
      open = tag;
    } else if (open && tag.name === `end${open.name}`) {
      found.blocks.push({ open, bodyEnd: tag.start, end: tag.end, isClosed: true });
      open = undefined;
    }
  }
  if (unexpectedEnd) {
    const { expected, start } = unexpectedEnd;
    const message = `unexpected EOF, expected ${expected}, got "${text.slice(start)}"`;
    found.faults.push(fault(text, message, { start, end: text.length }));
  } else if (open) {
    const line = text.slice(0, open.end).split('\n').length;
    const message = `Reached EOF without finding a close tag for ${open.name} (searched from line ${line})`;
    found.faults.push(fault(text, message, open));
  }
  if (open) found.blocks.push({ open, bodyEnd: text.length, end: text.length, isClosed: false });
  return found;
}

function own(table: Readonly<Record<string, string>>, name: string): boolean {
  return Object.hasOwn(table, name);
}

function checkFlowEnd(text: string, tag: Tag, opened: string | undefined, found: Found): void {
  const place = linePosition(text, tag.start);
  if (opened === undefined) {
    const expected = flowStarts[tag.name] ?? '';
    const message = `Got an unexpected control flow end tag, got ${tag.name} but never saw a preceeding ${expected} (@ ${place})`;
    found.faults.push(fault(text, message, tag));
  } else if (flowEnds[opened] !== tag.name) {
    const expected = flowEnds[opened] ?? '';
    const message = `Got an unexpected control flow end tag, got ${tag.name} but expected ${expected} next (@ ${place})`;
    found.faults.push(fault(text, message, tag));
  }
}

function nestedTags(outer: Tag, inner: Tag): string {
  return (
    `Got nested tags: ${outer.name} (started at ${outer.start}) did not have a matching {% end${outer.name} %} ` +
    `before a subsequent ${inner.name} was found (started at ${inner.start})`
  );
}

function linePosition(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `${before.split('\n').length}:${offset - (before.lastIndexOf('\n') + 1)}`;
}

function fault(text: string, message: string, { start, end }: Span): TemplateDiagnostic {
  const lineno = text.slice(0, start).split('\n').length;
  return { code: 'jinja-block', message, start, end, lineno, pythonClass: 'CompilationError' };
}

function define(text: string, path: string, block: Block): MacroDefinition {
  const { open, bodyEnd } = block;
  const kind = kinds[open.name] ?? 'macro';
  const body = { start: open.end, end: bodyEnd };
  const isWhole = kind !== 'snapshot' && kind !== 'docs';
  const template = parseTemplate(text, path, {
    range: isWhole ? { start: open.start, end: block.end } : body,
  });
  const node = isWhole ? template.body.find(isMacro) : undefined;
  const name = node?.name ?? tagName(open);
  return {
    kind,
    name,
    fullName: fullName(kind, name.text, node?.adapter),
    parameters: node?.parameters ?? [],
    adapter: node?.adapter,
    supportedLanguages: kind === 'materialization' ? languages(node) : undefined,
    body,
    text: text.slice(open.start, block.end),
    template,
    node,
    start: open.start,
    end: block.end,
  };
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
