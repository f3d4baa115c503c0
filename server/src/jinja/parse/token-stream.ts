/** The parser's place in the tokens, and its one way to complain: the first fault of a tag is kept, and parsing goes on. */

import type { TemplateDiagnostic, TemplateDiagnosticCode } from '../template.ts';
import type { Word } from '../tree.ts';
import { LineCount } from './line-count.ts';
import type { Token, TokenType } from './token.ts';
import { describeToken, describeType } from './token.ts';

/** About what Python's own stack bears. */
const maxNesting = 100;

/** How many operators, attributes, calls and filters may stand on top of one operand; Jinja2 gives up there too. */
const maxLinks = 490;

export interface Fault {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** The place whose line Jinja2 reports, where it is not `start`. */
  readonly lineAt?: number;
  readonly code?: TemplateDiagnosticCode;
  readonly pythonClass?: string;
}

export class TokenStream {
  readonly text: string;
  readonly start: number;
  readonly diagnostics: TemplateDiagnostic[] = [];
  /** Where the parser stood when it complained. */
  readonly stops: number[] = [];
  readonly #lines: LineCount;
  readonly #tokens: readonly Token[];
  /** The end of the text. */
  readonly #limit: number;
  #index = 0;
  #nesting = 0;
  /** The end of the token that was consumed last. */
  lastEnd: number;
  current: Token;
  /** The links of the chain that is being read; whoever reads an expression within another starts anew. */
  links = 0;
  /** Set when a slice is met. */
  hasSlices = false;
  /** Set when a block is met. */
  hasBlocks = false;
  /** Set when the name `self` is read. */
  namesSelf = false;
  #broken = false;
  #muted = false;

  constructor(text: string, start: number, tokens: readonly Token[]) {
    this.text = text;
    this.start = start;
    this.#lines = new LineCount(text, start, 'any');
    this.#tokens = tokens;
    this.#limit = tokens.at(-1)?.end ?? start;
    this.lastEnd = start;
    this.current = tokens[0] as Token;
    this.#noticeError(this.current);
  }

  /** Consumes and returns the current token; the end is never passed. */
  next(): Token {
    const token = this.current;
    if (token.type !== 'eof') {
      this.lastEnd = token.end;
      this.current = this.#tokens[++this.#index] as Token;
      if (this.current.type === 'error') this.#noticeError(this.current);
    }
    return token;
  }

  look(): Token {
    const ahead = this.#tokens[this.#index + 1] ?? this.current;
    if (ahead.type === 'error') this.#noticeError(ahead);
    return ahead;
  }

  // Jinja2 lexes one token ahead, so a lexing fault is met as soon as its token becomes the current one.
  #noticeError({ type, value, start, end }: Token): void {
    if (type === 'error') this.fail({ message: value as string, start, end });
  }

  is(type: TokenType): boolean {
    return this.current.type === type;
  }

  isName(name: string): boolean {
    return this.current.type === 'name' && this.current.value === name;
  }

  skipIf(type: TokenType): boolean {
    if (this.current.type !== type) return false;
    this.next();
    return true;
  }

  skipName(name: string): boolean {
    if (!this.isName(name)) return false;
    this.next();
    return true;
  }

  /** Consumes a token of this type, or complains and consumes nothing. */
  expect(type: TokenType): boolean {
    if (this.current.type === type) {
      this.next();
      return true;
    }
    this.#failExpected(describeType(type));
    return false;
  }

  expectName(name: string): boolean {
    if (this.skipName(name)) return true;
    this.#failExpected(name);
    return false;
  }

  /** Any name; an empty word stands for a missing one. */
  expectWord(): Word {
    const { type, value, start, end } = this.current;
    if (type === 'name') {
      this.next();
      return { text: value as string, start, end };
    }
    this.#failExpected('name');
    return { text: '', start: this.lastEnd, end: this.lastEnd };
  }

  #failExpected(expected: string): void {
    const { start, end } = this.current;
    const message = this.is('eof')
      ? `unexpected end of template, expected '${expected}'.`
      : `expected token '${expected}', got ${quoted(describeToken(this.current))}`;
    this.fail({ message, start, end });
  }

  /** Whether this tag has a fault already: then loops end, and nothing more is reported until the next tag. */
  isBroken(): boolean {
    return this.#broken;
  }

  /** A new tag, or a body behind a broken one: faults count again. */
  mend(): void {
    this.#broken = false;
  }

  fail(fault: Fault): void {
    if (this.#broken) return;
    this.#broken = true;
    if (!this.#muted) this.report(fault);
  }

  /** Parses behind a fault, to save what makes sense there; faults are not reported again. */
  salvage<T>(parse: () => T): T {
    this.#muted = true;
    this.#broken = false;
    const result = parse();
    this.#muted = false;
    this.#broken = true;
    return result;
  }

  /** Adds a diagnostic without marking the tag. */
  report(fault: Fault): void {
    const {
      message,
      start,
      end,
      lineAt = start,
      code = 'jinja-syntax',
      pythonClass = 'TemplateSyntaxError',
    } = fault;
    this.stops.push(this.current.start);
    // What has no length is shown by the character behind it.
    const shownEnd = end > start ? end : Math.min(start + 1, this.#limit);
    this.diagnostics.push({
      code,
      message,
      start,
      end: shownEnd,
      lineno: this.#lines.lineAt(this.#counted(lineAt)),
      pythonClass,
    });
  }

  /** The end of the text has the line of the last token's start in Jinja2, which takes text between tags as one. */
  #counted(offset: number): number {
    if (!this.is('eof') || offset !== this.current.start) return offset;
    let index = this.#tokens.length - 2;
    while (index > 0 && this.#tokens[index]?.type === 'data' && this.#tokens[index - 1]?.type === 'data')
      index--;
    return this.#tokens[index]?.start ?? this.start;
  }

  /** One level of nesting deeper, until `leave`; false beyond what Python's stack bears, where the rest of the tag is a fault. */
  enter(): boolean {
    if (this.#nesting >= maxNesting) {
      this.#tooDeep();
      return false;
    }
    this.#nesting++;
    return true;
  }

  /** One link more: the tree becomes as high as its longest chain. False, like `enter`, where that is too high. */
  link(): boolean {
    if (++this.links <= maxLinks) return true;
    this.#tooDeep();
    return false;
  }

  #tooDeep(): void {
    const { start, end } = this.current;
    this.fail({ message: 'maximum recursion depth exceeded', start, end, pythonClass: 'RecursionError' });
  }

  leave(): void {
    this.#nesting--;
  }

  /** Runs one level of nesting deeper; beyond what Python's stack bears the rest of the tag is a fault. */
  nested<T>(body: () => T, otherwise: () => T): T {
    if (!this.enter()) return otherwise();
    const result = body();
    this.leave();
    return result;
  }
}

function quoted(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}
