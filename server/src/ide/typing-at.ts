/** What is being typed at a cursor within a Jinja tag, from the text before it alone: what comes after may be anything, or nothing yet. */

import type { Range } from '../base/text.ts';
import { lex } from '../jinja/parse/lexer.ts';
import type { Token } from '../jinja/parse/token.ts';

export interface Call {
  /** `ref`, `config`, `adapter.dispatch`. */
  readonly callee: string;
  /** The place of the argument that is being typed. */
  readonly index: number;
  /** The name before its `=`. */
  readonly keyword: string | null;
  /** The positional arguments before it; null for those that are no literal texts. */
  readonly before: readonly (string | null)[];
  readonly keywords: readonly string[];
}

export interface StringTyping {
  readonly kind: 'string';
  /** Undefined for a string that is no direct argument of a call. */
  readonly call: Call | undefined;
  /** Of the text between the quotes; empty quotes too. */
  readonly replace: Range;
  readonly quote: string;
  readonly isClosed: boolean;
}

export interface NameTyping {
  readonly kind: 'name';
  readonly call: Call | undefined;
  readonly typed: string;
  readonly replace: Range;
  /** What comes right before: `a.` and so on; `start` is the beginning of the tag. */
  readonly after:
    | { readonly kind: 'start'; readonly tag: 'output' | 'block' }
    | { readonly kind: 'dot'; readonly object: string | null }
    | { readonly kind: 'pipe' }
    /** Where a value must come, such as behind a bracket, a comma or an operator. */
    | { readonly kind: 'operator'; readonly isArgument: boolean }
    /** Behind a value, where an operator may come. */
    | { readonly kind: 'value' };
  /** Whether a bracket follows, so that the call need not be written. */
  readonly isCalled: boolean;
  /** The blocks that are open, inmost last; of the tags before. */
  readonly openBlocks: readonly string[];
  readonly statement: string | null;
}

export type Typing = StringTyping | NameTyping;

/** `start` is where the template begins in the text. */
export function typingAt(text: string, start: number, offset: number): Typing | undefined {
  const tokens = tokensBefore(text, start, offset);
  const begin = lastBegin(tokens);
  const opened = begin < 0 ? undefined : tokens[begin];
  if (!opened) return undefined;
  const inside = tokens.slice(begin + 1, -1);
  const open = inside.findIndex(
    ({ type, start: at, end }) => type === 'error' && end === at + 1 && isQuote(text.charAt(at)),
  );
  if (open >= 0) return stringTyping(text, inside, open, offset);
  const last = inside.at(-1);
  const isPartial = last?.type === 'name' && last.end === offset;
  // A number or a bracket that the cursor touches is finished.
  if (!isPartial && last?.end === offset && ['integer', 'float', 'string', 'error'].includes(last.type))
    return undefined;
  const before = isPartial ? inside.slice(0, -1) : inside;
  const typed = isPartial ? textOf(last) : '';
  const end = wordEnd(text, offset);
  return {
    kind: 'name',
    call: callAround(before),
    typed,
    replace: { start: offset - typed.length, end },
    after: whatComesBefore(before, opened.type === 'block_begin' ? 'block' : 'output'),
    isCalled: text.charAt(end) === '(',
    openBlocks: openBlocks(tokens.slice(0, begin)),
    statement: opened.type === 'block_begin' && before[0]?.type === 'name' ? textOf(before[0]) : null,
  };
}

/** Of a text with more quotes missing than that, nothing sensible is typed. */
const MOST_READINGS = 8;

/** Without strings that reach over a tag's end, so that a missing quote does not swallow the tags behind it. */
function tokensBefore(text: string, start: number, offset: number): readonly Token[] {
  const loneQuotes = new Set<number>();
  for (let readings = 1; ; readings++) {
    const { tokens, longStrings } = lex(text, start, offset, { loneQuotes });
    const [first] = [...longStrings].filter((quote) => !loneQuotes.has(quote));
    if (first === undefined || readings === MOST_READINGS) return tokens;
    loneQuotes.add(first);
  }
}

function textOf({ value }: Token): string {
  return typeof value === 'string' ? value : '';
}

/** The tag that the text ends in; -1 when it ends outside of all. */
function lastBegin(tokens: readonly Token[]): number {
  const begin = tokens.findLastIndex(({ type }) => type === 'variable_begin' || type === 'block_begin');
  const isEnded = tokens
    .slice(begin + 1)
    .some(({ type, value }) => isEnd(type) || type === 'data' || (type === 'error' && isUnclosed(value)));
  return isEnded ? -1 : begin;
}

function isEnd(type: Token['type']): boolean {
  return type === 'variable_end' || type === 'block_end';
}

/** A comment or a raw block that the text ends in. */
function isUnclosed(value: unknown): boolean {
  return value === 'Missing end of comment tag' || value === 'Missing end of raw directive';
}

function isQuote(character: string): boolean {
  return character === "'" || character === '"';
}

function stringTyping(
  text: string,
  inside: readonly Token[],
  open: number,
  offset: number,
): StringTyping | undefined {
  const start = (inside[open]?.start ?? 0) + 1;
  if (text.slice(start, offset).includes('\n')) return undefined;
  const quote = text.charAt(start - 1);
  let end = offset;
  while (end < text.length && isNameCharacter(text.charAt(end))) end++;
  const isClosed = text.charAt(end) === quote;
  return {
    kind: 'string',
    call: callAround(inside.slice(0, open)),
    // A string that nobody closed has no end but that of the word.
    replace: { start, end: isClosed ? end : wordEnd(text, offset) },
    quote,
    isClosed,
  };
}

function isNameCharacter(character: string): boolean {
  return /[\w.\-+:/]/u.test(character);
}

function wordEnd(text: string, offset: number): number {
  let end = offset;
  while (/\w/u.test(text.charAt(end))) end++;
  return end;
}

/** One bracket that is open: what is in it so far. */
interface Bracket {
  readonly callee: string | null;
  index: number;
  keyword: string | null;
  readonly before: (string | null)[];
  readonly keywords: string[];
  /** The tokens of the argument that is being written. */
  argument: Token[];
}

function callAround(tokens: readonly Token[]): Call | undefined {
  const open: Bracket[] = [];
  tokens.forEach((token, at) => {
    const top = open.at(-1);
    switch (token.type) {
      case 'lparen':
      case 'lbracket':
      case 'lbrace': {
        const callee = token.type === 'lparen' ? calleeBefore(tokens, at) : null;
        top?.argument.push(token);
        open.push({ callee, index: 0, keyword: null, before: [], keywords: [], argument: [] });
        return;
      }
      case 'rparen':
      case 'rbracket':
      case 'rbrace':
        open.pop();
        open.at(-1)?.argument.push(token);
        return;
      case 'comma':
        if (!top) return;
        if (top.keyword === null) top.before.push(literalOf(top.argument));
        top.index++;
        top.keyword = null;
        top.argument = [];
        return;
      case 'assign':
        if (top?.argument.length === 1 && top.argument[0]?.type === 'name') {
          top.keyword = textOf(top.argument[0]);
          top.keywords.push(top.keyword);
          top.argument = [];
        }
        return;
      default:
        top?.argument.push(token);
    }
  });
  const top = open.at(-1);
  // Of an expression such as `'a' ~ 'b` only the whole is an argument.
  if (!top || top.argument.length > 0) return undefined;
  const { callee, index, keyword, before, keywords } = top;
  if (callee === null) return undefined;
  return { callee, index, keyword, before, keywords };
}

function calleeBefore(tokens: readonly Token[], at: number): string | null {
  const name = tokens[at - 1];
  if (name?.type !== 'name') return null;
  if (tokens[at - 2]?.type !== 'dot') return textOf(name);
  const object = tokens[at - 3];
  return object?.type === 'name' ? `${textOf(object)}.${textOf(name)}` : null;
}

function literalOf(argument: readonly Token[]): string | null {
  const [only, ...others] = argument;
  return only?.type === 'string' && others.length === 0 ? textOf(only) : null;
}

/** Names that are operators, or stand before a value. */
const OPERATORS: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'in',
  'is',
  'if',
  'elif',
  'else',
  'do',
  'call',
]);

function whatComesBefore(before: readonly Token[], tag: 'output' | 'block'): NameTyping['after'] {
  const last = before.at(-1);
  if (!last) return { kind: 'start', tag };
  switch (last.type) {
    case 'dot': {
      const object = before.at(-2);
      const isPlain = object?.type === 'name' && before.at(-3)?.type !== 'dot';
      return { kind: 'dot', object: isPlain ? textOf(object) : null };
    }
    case 'pipe':
      return { kind: 'pipe' };
    case 'name':
      return OPERATORS.has(textOf(last)) ? { kind: 'operator', isArgument: false } : { kind: 'value' };
    case 'string':
    case 'integer':
    case 'float':
    case 'rparen':
    case 'rbracket':
    case 'rbrace':
    case 'error':
      return { kind: 'value' };
    default:
      return { kind: 'operator', isArgument: last.type === 'lparen' || last.type === 'comma' };
  }
}

const BLOCKS: ReadonlySet<string> = new Set([
  ...['if', 'for', 'macro', 'test', 'data_test', 'snapshot', 'docs', 'materialization'],
  ...['call', 'filter', 'with'],
]);

function openBlocks(tokens: readonly Token[]): readonly string[] {
  const open: string[] = [];
  tokens.forEach(({ type }, at) => {
    const name = tokens[at + 1];
    if (type !== 'block_begin' || name?.type !== 'name') return;
    const word = textOf(name);
    if (BLOCKS.has(word) || (word === 'set' && isSetBlock(tokens, at))) open.push(word);
    else if (word.startsWith('end') && open.at(-1) === word.slice('end'.length)) open.pop();
  });
  return open;
}

/** `{% set x %}` has an end, `{% set x = 1 %}` has none. */
function isSetBlock(tokens: readonly Token[], begin: number): boolean {
  for (const { type } of tokens.slice(begin)) {
    if (type === 'assign') return false;
    if (type === 'block_end') return true;
  }
  return false;
}
