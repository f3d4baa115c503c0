/** Tags to statements. Broken tags keep what can be saved, unclosed blocks end where the enclosing one does. */

import type { Dialect } from '../template.ts';
import type { Expression, Statement, TextNode, Word } from '../tree.ts';
import { isConstantName, parseExpression, parseTuple } from './expressions.ts';
import type { TagParser } from './tags.ts';
import { dbtTagParsers, tagParsers } from './tags.ts';
import type { TokenStream } from './token-stream.ts';

/** The statements of a body and how it ended. */
export interface Body {
  readonly statements: Statement[];
  /** The name in the tag that ended it; undefined when nothing did. */
  readonly endName: string | undefined;
  /** The start of that tag, or where the body stops without one. */
  readonly end: number;
}

export function parseStatements(stream: TokenStream, dialect: Dialect): Statement[] {
  return new StatementParser(stream, dialect).parseAll();
}

export class StatementParser {
  readonly stream: TokenStream;
  readonly dialect: Dialect;
  /** The names of the open tags, as Jinja2's messages tell them. */
  readonly #open: Word[] = [];
  /** For each open body the names that end it. */
  readonly #ends: (readonly string[])[] = [];
  /** Set when a tag's opener is consumed but its name belongs to an enclosing body. */
  #pendingTag: number | undefined;
  #endReported = false;

  constructor(stream: TokenStream, dialect: Dialect) {
    this.stream = stream;
    this.dialect = dialect;
  }

  parseAll(): Statement[] {
    return this.#subparse(undefined).statements;
  }

  #subparse(ends: readonly string[] | undefined): Body {
    const { stream } = this;
    const statements: Statement[] = [];
    if (ends) this.#ends.push(ends);
    let end: Body | undefined;
    while (!end && !stream.is('eof')) {
      if (this.#pendingTag !== undefined) {
        const tagStart = this.#pendingTag;
        this.#pendingTag = undefined;
        end = this.#tag(tagStart, ends, statements);
        continue;
      }
      const token = stream.current;
      switch (token.type) {
        case 'data':
          stream.next();
          statements.push(textNode(token.value as string, token.start, token.end));
          break;
        case 'variable_begin':
          this.#beginTag();
          statements.push(this.#output(token.start));
          break;
        case 'block_begin':
          this.#beginTag();
          end = this.#tag(token.start, ends, statements);
          break;
        default:
          // The fault of an unclosed comment or raw block was reported when its token came.
          stream.next();
      }
    }
    if (ends) this.#ends.pop();
    return end ?? { statements, endName: undefined, end: stream.current.start };
  }

  #beginTag(): void {
    this.stream.mend();
    this.stream.next();
  }

  #output(start: number): Statement {
    const expressions = [parseTuple(this.stream)];
    const end = this.#closeTag('variable_end', expressions);
    return { type: 'output', expressions, start, end };
  }

  /** A tag behind its opener: the end of this body, the end of an enclosing one, or a statement. */
  #tag(start: number, ends: readonly string[] | undefined, statements: Statement[]): Body | undefined {
    const { stream } = this;
    const token = stream.current;
    if (token.type !== 'name') {
      stream.fail({ message: 'tag name expected', start: token.start, end: token.end });
      this.#salvageInto(start, statements);
      return undefined;
    }
    const name = token.value as string;
    if (ends?.includes(name)) return { statements, endName: name, end: start };
    const parse = this.#tagParser(name);
    if (parse) {
      this.#open.push({ text: name, start, end: token.end });
      statements.push(
        stream.nested(
          () => parse(this, start),
          () => this.#skipTag(start),
        ),
      );
      this.#open.pop();
      return undefined;
    }
    this.#failUnknownTag(name, start);
    if (this.#ends.some((outer) => outer.includes(name))) {
      this.#pendingTag = start;
      return { statements, endName: undefined, end: start };
    }
    this.#salvageInto(start, statements);
    return undefined;
  }

  #tagParser(name: string): TagParser | undefined {
    const parse = Object.hasOwn(tagParsers, name) ? tagParsers[name] : undefined;
    if (parse || this.dialect === 'jinja') return parse;
    return Object.hasOwn(dbtTagParsers, name) ? dbtTagParsers[name] : undefined;
  }

  #skipTag(start: number): Statement {
    const expressions: Expression[] = [];
    const end = this.#closeTag('block_end', expressions);
    return { type: 'output', expressions, start, end };
  }

  #salvageInto(start: number, statements: Statement[]): void {
    const expressions: Expression[] = [];
    const end = this.#closeTag('block_end', expressions);
    if (expressions.length > 0) statements.push({ type: 'output', expressions, start, end });
  }

  /** Consumes the end of a tag and gives its offset; behind a fault everything up to it, saving the calls on the way. */
  #closeTag(type: 'block_end' | 'variable_end', saved: Expression[] = []): number {
    const { stream } = this;
    if (!stream.isBroken() && stream.expect(type)) return stream.lastEnd;
    for (;;) {
      const { current } = stream;
      if (current.type === type) {
        stream.next();
        return stream.lastEnd;
      }
      if (current.type === 'eof' || current.type === 'data' || current.type === 'block_begin')
        return stream.lastEnd;
      if (current.type === 'variable_begin' || current.type === 'block_end') return stream.lastEnd;
      const before = current.start;
      if (current.type === 'name' && stream.look().type === 'lparen') {
        saved.push(stream.salvage(() => parseExpression(stream)));
      }
      if (stream.current.start === before) stream.next();
    }
  }

  closeTag(saved?: Expression[]): number {
    return this.#closeTag('block_end', saved);
  }

  /** The rest of an opening tag and the body behind it, up to a tag with one of these names, whose name is consumed. */
  body(...ends: readonly string[]): Body & { readonly start: number } {
    const { stream } = this;
    if (!stream.isBroken()) stream.skipIf('colon');
    const saved: Expression[] = [];
    const tagStart = this.#open.at(-1)?.start ?? stream.lastEnd;
    const start = this.#closeTag('block_end', saved);
    stream.mend();
    const body = this.#subparse(ends);
    if (saved.length > 0)
      body.statements.unshift({ type: 'output', expressions: saved, start: tagStart, end: start });
    if (body.endName !== undefined) stream.next();
    else if (this.#pendingTag === undefined) this.#failEnd(ends);
    return { ...body, start };
  }

  /** The end of the closing tag; of an unclosed block, the end of its body. */
  closeBlock(body: Body): number {
    return body.endName === undefined ? body.end : this.#closeTag('block_end');
  }

  #failUnknownTag(name: string, start: number): void {
    const { stream } = this;
    const innermost = this.#ends.at(-1);
    const message = [`Encountered unknown tag '${name}'.`];
    if (innermost) {
      const looking = innermost.map((end) => `'${end}'`).join(' or ');
      message.push(
        this.#ends.some((ends) => ends.includes(name))
          ? `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${looking}.`
          : `Jinja was looking for the following tags: ${looking}.`,
      );
    }
    message.push(...this.#innermostBlock());
    stream.fail({ message: message.join(' '), start, end: stream.current.end, lineAt: stream.current.start });
  }

  #failEnd(ends: readonly string[]): void {
    if (this.#endReported) return;
    this.#endReported = true;
    const { stream } = this;
    const looking = ends.map((end) => `'${end}'`).join(' or ');
    const message = [
      'Unexpected end of template.',
      `Jinja was looking for the following tags: ${looking}.`,
      ...this.#innermostBlock(),
    ].join(' ');
    const opener = this.#open.at(-1);
    const { start, end } = opener ?? stream.current;
    stream.report({ code: 'jinja-unclosed', message, start, end, lineAt: stream.current.start });
  }

  #innermostBlock(): string[] {
    const opener = this.#open.at(-1);
    return opener ? [`The innermost block that needs to be closed is '${opener.text}'.`] : [];
  }

  /** A single name to assign to. */
  nameTarget(): Word {
    const word = this.stream.expectWord();
    if (isConstantName(word.text)) {
      this.stream.fail({ message: "can't assign to 'name'", start: word.start, end: word.end });
    }
    return word;
  }

  target(options: { readonly endName?: string; readonly withNamespace?: boolean } = {}): Expression {
    const { stream } = this;
    const target = parseTuple(stream, { simplified: true, ...options });
    if (!stream.isBroken() && !isAssignable(target)) {
      stream.fail({ message: `can't assign to '${target.type}'`, start: target.start, end: target.end });
    }
    return target;
  }
}

function textNode(value: string, start: number, end: number): TextNode {
  return { type: 'text', value, start, end };
}

function isAssignable(target: Expression): boolean {
  switch (target.type) {
    case 'name':
    case 'namespace':
      return true;
    case 'tuple':
      return target.items.every(isAssignable);
    default:
      return false;
  }
}
