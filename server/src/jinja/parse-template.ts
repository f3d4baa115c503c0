/** A text to a template: lexed, parsed, checked. Never throws. */

import { checkTree } from './parse/check-tree.ts';
import type { Lexed, StringReading } from './parse/lexer.ts';
import { lex } from './parse/lexer.ts';
import { parseStatements } from './parse/statements.ts';
import { TokenStream } from './parse/token-stream.ts';
import type { Dialect, Template } from './template.ts';
import type { Span } from './tree.ts';

export interface ParseOptions {
  /** The part of the text that is the template, such as a file without the blanks around it. The whole text by default. */
  readonly range?: Span;
  /** `dbt` by default. */
  readonly dialect?: Dialect;
}

const jinjaDelimiter = /\{[{%#]|[#}%]\}/;

/** Whether dbt would render this text at all; without a delimiter it takes it as it is. */
export function hasJinja(text: string): boolean {
  return jinjaDelimiter.test(text);
}

/** All offsets in the template are those of `text`, whatever part of it is parsed. */
export function parseTemplate(text: string, path: string, options: ParseOptions = {}): Template {
  const { start, end } = options.range ?? { start: 0, end: text.length };
  const dialect = options.dialect ?? 'dbt';
  const part = start === 0 && end === text.length ? text : text.slice(start, end);
  if (dialect === 'dbt' && !hasJinja(part)) {
    const body = part === '' ? [] : [{ type: 'text', value: part, start, end } as const];
    const plain = { hasSlices: false, hasBlocks: false, comments: [], diagnostics: [], made: {} };
    return { path, text, start, end, dialect, body, ...plain };
  }
  const read = (
    strings: StringReading,
  ): Pick<Template, 'body' | 'comments' | 'diagnostics' | 'hasSlices'> & Lexed => {
    const lexed = lex(text, start, end, strings);
    const stream = new TokenStream(text, start, lexed.tokens);
    const body = parseStatements(stream, dialect);
    checkTree(body, stream);
    return { ...lexed, body, hasSlices: stream.hasSlices, diagnostics: stream.diagnostics };
  };
  const { body, hasSlices, comments, diagnostics, hasLongString } = read('exact');
  const hasBlocks = part.includes('block');
  const exact: Template = {
    path,
    text,
    start,
    end,
    dialect,
    body,
    hasSlices,
    hasBlocks,
    comments,
    diagnostics,
    made: {},
  };
  if (diagnostics.length === 0 || !hasLongString) return exact;
  // The faults are those of the exact reading, the tree is the one that more of the text makes sense in.
  const guarded = read('guarded');
  return { ...exact, body: guarded.body, comments: guarded.comments, made: {} };
}
