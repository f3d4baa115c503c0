/** A text to a template: lexed, parsed, checked. Never throws. */

import { checkTree } from './parse/check-tree.ts';
import type { LexOptions, Lexed } from './parse/lexer.ts';
import { lex } from './parse/lexer.ts';
import { parseStatements } from './parse/statements.ts';
import { TokenStream } from './parse/token-stream.ts';
import type { Dialect, Template, TemplateDiagnostic } from './template.ts';
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
    const plain = {
      hasSlices: false,
      hasBlocks: false,
      namesSelf: false,
      comments: [],
      diagnostics: [],
      made: {},
    };
    return { path, text, start, end, dialect, body, ...plain };
  }
  let exact = read(text, start, end, dialect);
  // Jinja2 ends no tag early: where that makes sense, a dict's first key was a dict; else its first fault has the words.
  const unmended = exact.isMended ? read(text, start, end, dialect, { tags: 'exact' }) : exact;
  if (unmended.diagnostics.length === 0) exact = unmended;
  const { body, comments } =
    exact.diagnostics.length === 0 ? exact : repaired(exact, text, start, end, dialect);
  // The faults are always those of the first reading: its first is Jinja2's.
  const { hasSlices, hasBlocks, namesSelf } = exact;
  const diagnostics = inJinjasWords(exact.diagnostics, unmended.diagnostics);
  return {
    path,
    text,
    start,
    end,
    dialect,
    body,
    hasSlices,
    hasBlocks,
    namesSelf,
    comments,
    diagnostics,
    made: {},
  };
}

interface Reading
  extends Pick<Template, 'body' | 'hasSlices' | 'hasBlocks' | 'namesSelf' | 'diagnostics'>, Lexed {
  /** Where the parser stood when it complained. */
  readonly stops: readonly number[];
}

function read(text: string, start: number, end: number, dialect: Dialect, options?: LexOptions): Reading {
  const { tokens, comments, longStrings, isMended } = lex(text, start, end, options);
  const stream = new TokenStream(text, start, tokens);
  const body = parseStatements(stream, dialect);
  checkTree(body, stream);
  return {
    tokens,
    comments,
    longStrings,
    isMended,
    body,
    hasSlices: stream.hasSlices,
    hasBlocks: stream.hasBlocks,
    namesSelf: stream.namesSelf,
    diagnostics: stream.diagnostics,
    stops: stream.stops,
  };
}

/** The first fault as Jinja2 words it, which reads a tag that has no end on into the next ones. Its place stays the tag's. */
function inJinjasWords(
  diagnostics: readonly TemplateDiagnostic[],
  unmended: readonly TemplateDiagnostic[],
): readonly TemplateDiagnostic[] {
  const [first, ...others] = diagnostics;
  const [exact] = unmended;
  if (!first || !exact) return diagnostics;
  const { message, lineno, pythonClass, code } = exact;
  return [{ ...first, message, lineno, pythonClass, code }, ...others];
}

/** How often a broken text is read again. */
const MAX_REPAIRS = 4;

/**
 * A quote that lacks its other half makes a string of all that stands before the next quote. Where a fault comes with such a string, the
 * text is read again with that quote standing alone, and the reading that makes most sense is taken.
 */
function repaired(exact: Reading, text: string, start: number, end: number, dialect: Dialect): Reading {
  const loneQuotes = new Set<number>();
  let best = exact;
  let last = exact;
  for (let count = 0; count < MAX_REPAIRS; count++) {
    const suspect = suspectQuote(last, loneQuotes);
    if (suspect === undefined) break;
    loneQuotes.add(suspect);
    last = read(text, start, end, dialect, { loneQuotes });
    if (makesMoreSense(last, best)) best = last;
  }
  return best;
}

/** The start of the first long string that a fault is directly behind, or that stands behind one in its tag. */
function suspectQuote(
  { tokens, longStrings, stops }: Reading,
  loneQuotes: ReadonlySet<number>,
): number | undefined {
  if (longStrings.size === 0) return undefined;
  const faults = new Set(stops);
  let isBroken = false;
  for (const [index, { type, start }] of tokens.entries()) {
    if (type === 'block_begin' || type === 'variable_begin') isBroken = false;
    isBroken ||= faults.has(start);
    if (!longStrings.has(start) || loneQuotes.has(start)) continue;
    const following = tokens[index + 1];
    if (isBroken || (following && faults.has(following.start))) return start;
  }
  return undefined;
}

/** More tags are read, or as many with fewer faults. */
function makesMoreSense(one: Reading, other: Reading): boolean {
  const more = countTags(one) - countTags(other);
  return more > 0 || (more === 0 && one.diagnostics.length < other.diagnostics.length);
}

function countTags({ tokens }: Reading): number {
  return tokens.filter(({ type }) => type === 'block_begin' || type === 'variable_begin').length;
}
