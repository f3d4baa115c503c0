/** Tags to statements. Broken tags keep what can be saved, unclosed blocks end where the enclosing one does. */

import type { Dialect } from '../template.ts';
import type {
  DefinitionKind,
  Expression,
  IfBranch,
  MacroNode,
  ParameterNode,
  Statement,
  TextNode,
  Word,
} from '../tree.ts';
import { isConstantName, missing, parseExpression, parseFilterChain, parseTuple } from './expressions.ts';
import type { TokenStream } from './token-stream.ts';

/** The statements of a body and how it ended. */
interface Body {
  readonly statements: Statement[];
  /** The name in the tag that ended it; undefined when nothing did. */
  readonly endName: string | undefined;
  /** The start of that tag, or where the body stops without one. */
  readonly end: number;
}

type TagParser = (parser: StatementParser, start: number) => Statement;

export function parseStatements(stream: TokenStream, dialect: Dialect): Statement[] {
  return new StatementParser(stream, dialect).parseAll();
}

class StatementParser {
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

  parameters(): ParameterNode[] {
    const { stream } = this;
    const parameters: ParameterNode[] = [];
    stream.expect('lparen');
    let hasDefault = false;
    while (!stream.is('rparen') && !stream.isBroken()) {
      if (parameters.length > 0 && !stream.expect('comma')) break;
      const name = this.nameTarget();
      const annotation =
        this.dialect === 'dbt' && !stream.isBroken() && stream.skipIf('colon') ? this.#annotation() : undefined;
      let value: Expression | undefined;
      if (!stream.isBroken() && stream.skipIf('assign')) {
        value = parseExpression(stream);
        hasDefault = true;
      } else if (hasDefault) {
        const { start, end } = stream.current;
        stream.fail({ message: 'non-default argument follows default argument', start, end });
      }
      if (name.text)
        parameters.push({ name, annotation, default: value, start: name.start, end: stream.lastEnd });
    }
    if (!stream.isBroken()) stream.expect('rparen');
    return parameters;
  }

  #annotation(): Word {
    const { stream } = this;
    const name = stream.expectWord();
    if (stream.skipIf('lbracket')) {
      let count = 0;
      while (!stream.is('rbracket') && !stream.isBroken()) {
        if (count++ > 0) stream.expect('comma');
        if (!stream.isBroken()) this.#annotation();
      }
      stream.expect('rbracket');
    }
    return { text: stream.text.slice(name.start, stream.lastEnd), start: name.start, end: stream.lastEnd };
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

const tagParsers: Readonly<Record<string, TagParser>> = {
  set: parseSet,
  if: parseIf,
  for: parseFor,
  macro: parseMacro,
  call: parseCallBlock,
  filter: parseFilterBlock,
  with: parseWith,
  do: parseDo,
  print: parsePrint,
  break: parseLoopControl,
  continue: parseLoopControl,
  autoescape: parseAutoescape,
  include: parseUnsupported,
  import: parseUnsupported,
  from: parseUnsupported,
  extends: parseUnsupported,
  block: parseBlock,
};

const dbtTagParsers: Readonly<Record<string, TagParser>> = {
  test: parseTest,
  data_test: parseTest,
  materialization: parseMaterialization,
  docs: parseDocs,
};

function parseSet(parser: StatementParser, start: number): Statement {
  const { stream } = parser;
  stream.next();
  const target = parser.target({ withNamespace: true });
  if (stream.isBroken() || stream.skipIf('assign')) {
    const value = stream.isBroken() ? missing(stream.lastEnd) : parseTuple(stream);
    const saved: Expression[] = [];
    const end = parser.closeTag(saved);
    const salvaged: Expression | undefined =
      saved.length > 0 ? { type: 'tuple', items: [value, ...saved], start, end } : undefined;
    return { type: 'set', target, value: salvaged ?? value, start, end };
  }
  const filter = parseFilterChain(stream, false);
  const body = parser.body('endset');
  return { type: 'set-block', target, filter, body: body.statements, start, end: parser.closeBlock(body) };
}

function parseIf(parser: StatementParser, start: number): Statement {
  const { stream } = parser;
  const branches: IfBranch[] = [];
  let branchStart = start;
  stream.next();
  for (;;) {
    const test = parseTuple(stream, { withoutConditional: true });
    const body = parser.body('elif', 'else', 'endif');
    branches.push({ test, body: body.statements, start: branchStart, end: body.end });
    if (body.endName === 'elif') {
      branchStart = body.end;
      continue;
    }
    if (body.endName !== 'else') {
      return { type: 'if', branches, otherwise: undefined, start, end: parser.closeBlock(body) };
    }
    const otherwise = parser.body('endif');
    return {
      type: 'if',
      branches,
      otherwise: otherwise.statements,
      start,
      end: parser.closeBlock(otherwise),
    };
  }
}

function parseFor(parser: StatementParser, start: number): Statement {
  const { stream } = parser;
  stream.next();
  const target = parser.target({ endName: 'in' });
  if (!stream.isBroken()) stream.expectName('in');
  const iterable = stream.isBroken()
    ? missing(stream.lastEnd)
    : parseTuple(stream, { withoutConditional: true, endName: 'recursive' });
  const test = !stream.isBroken() && stream.skipName('if') ? parseExpression(stream) : undefined;
  const recursive = !stream.isBroken() && stream.skipName('recursive');
  const body = parser.body('endfor', 'else');
  const otherwise = body.endName === 'else' ? parser.body('endfor') : undefined;
  const end = parser.closeBlock(otherwise ?? body);
  return {
    type: 'for',
    target,
    iterable,
    test,
    recursive,
    body: body.statements,
    otherwise: otherwise?.statements,
    start,
    end,
  };
}

function parseWith(parser: StatementParser, start: number): Statement {
  const { stream } = parser;
  stream.next();
  const bindings: { target: Expression; value: Expression }[] = [];
  while (!stream.is('block_end') && !stream.isBroken()) {
    if (bindings.length > 0 && !stream.expect('comma')) break;
    const target = parser.target();
    if (!stream.isBroken()) stream.expect('assign');
    bindings.push({ target, value: stream.isBroken() ? missing(stream.lastEnd) : parseExpression(stream) });
  }
  const body = parser.body('endwith');
  return { type: 'with', bindings, body: body.statements, start, end: parser.closeBlock(body) };
}

interface Head {
  readonly kind: DefinitionKind;
  readonly name: Word;
  readonly boundName: string;
  readonly adapter?: string | undefined;
  readonly parameters: readonly ParameterNode[];
}

function finishMacro(parser: StatementParser, start: number, endName: string, head: Head): MacroNode {
  const body = parser.body(endName);
  return {
    type: 'macro',
    adapter: undefined,
    ...head,
    bodyStart: body.start,
    bodyEnd: body.end,
    body: body.statements,
    start,
    end: parser.closeBlock(body),
  };
}

function parseMacro(parser: StatementParser, start: number): Statement {
  parser.stream.next();
  const name = parser.nameTarget();
  const parameters = parser.stream.isBroken() ? [] : parser.parameters();
  const boundName = parser.dialect === 'dbt' ? `dbt_macro__${name.text}` : name.text;
  return finishMacro(parser, start, 'endmacro', { kind: 'macro', name, boundName, parameters });
}

function parseTest(parser: StatementParser, start: number): Statement {
  const tag = parser.stream.next().value as string;
  const name = parser.nameTarget();
  const parameters = parser.stream.isBroken() ? [] : parser.parameters();
  const boundName = `dbt_macro__test_${name.text}`;
  return finishMacro(parser, start, `end${tag}`, { kind: 'test', name, boundName, parameters });
}

function parseDocs(parser: StatementParser, start: number): Statement {
  parser.stream.next();
  const name = parser.nameTarget();
  const boundName = `dbt_docs__${name.text}`;
  return finishMacro(parser, start, 'enddocs', { kind: 'docs', name, boundName, parameters: [] });
}

function parseMaterialization(parser: StatementParser, start: number): Statement {
  const { stream } = parser;
  stream.next();
  const name = parser.nameTarget();
  const parameters: ParameterNode[] = [];
  let adapter = 'default';
  while (!stream.isBroken() && stream.skipIf('comma')) {
    const option = parser.nameTarget();
    if (stream.isBroken() || option.text === 'default') continue;
    if (option.text !== 'adapter' && option.text !== 'supported_languages') {
      const message = `materialization '${name.text}' received unknown argument '${option.text}'.`;
      stream.fail({ message, start: option.start, end: option.end, pythonClass: 'MaterializationArgError' });
      continue;
    }
    stream.expect('assign');
    if (stream.isBroken()) break;
    const value = parseExpression(stream);
    if (option.text === 'adapter') {
      if (value.type === 'const' && typeof value.value === 'string') adapter = value.value;
    } else {
      parameters.push({
        name: option,
        annotation: undefined,
        default: value,
        start: option.start,
        end: value.end,
      });
    }
  }
  if (parameters.length === 0) parameters.push(usualLanguages(stream.lastEnd));
  const boundName = `dbt_macro__materialization_${name.text}_${adapter}`;
  return finishMacro(parser, start, 'endmaterialization', {
    kind: 'materialization',
    name,
    boundName,
    adapter,
    parameters,
  });
}

function usualLanguages(at: number): ParameterNode {
  const place = { start: at, end: at };
  const sql: Expression = { type: 'const', value: 'sql', ...place };
  return {
    name: { text: 'supported_languages', ...place },
    annotation: undefined,
    default: { type: 'list', items: [sql], ...place },
    ...place,
  };
}

function parseCallBlock(parser: StatementParser, start: number): Statement {
  const { stream } = parser;
  stream.next();
  const parameters = stream.is('lparen') ? parser.parameters() : [];
  const call = stream.isBroken() ? missing(stream.lastEnd) : parseExpression(stream);
  if (!stream.isBroken() && call.type !== 'call') {
    stream.fail({ message: 'expected call', start: call.start, end: call.end, lineAt: start });
  }
  const body = parser.body('endcall');
  return { type: 'call-block', parameters, call, body: body.statements, start, end: parser.closeBlock(body) };
}

function parseFilterBlock(parser: StatementParser, start: number): Statement {
  const { stream } = parser;
  stream.next();
  const filter = parseFilterChain(stream, true);
  const body = parser.body('endfilter');
  const end = parser.closeBlock(body);
  if (!filter) return { type: 'scope', body: body.statements, start, end };
  return { type: 'filter-block', filter, body: body.statements, start, end };
}

function parseDo(parser: StatementParser, start: number): Statement {
  parser.stream.next();
  const expression = parseTuple(parser.stream);
  const saved: Expression[] = [];
  const end = parser.closeTag(saved);
  if (saved.length > 0) return { type: 'output', expressions: [expression, ...saved], start, end };
  return { type: 'do', expression, start, end };
}

function parsePrint(parser: StatementParser, start: number): Statement {
  const { stream } = parser;
  stream.next();
  const expressions: Expression[] = [];
  while (!stream.is('block_end') && !stream.isBroken()) {
    if (expressions.length > 0 && !stream.expect('comma')) break;
    expressions.push(parseExpression(stream));
  }
  return { type: 'output', expressions, start, end: parser.closeTag(expressions) };
}

function parseLoopControl(parser: StatementParser, start: number): Statement {
  const type = parser.stream.next().value === 'break' ? 'break' : 'continue';
  return { type, start, end: parser.closeTag() };
}

function parseAutoescape(parser: StatementParser, start: number): Statement {
  const { stream } = parser;
  const { end } = stream.next();
  const message =
    "the tag 'autoescape' is not supported, since templates here write no HTML; use the filter 'e' instead";
  stream.report({ message, start, end });
  parseExpression(stream);
  const body = parser.body('endautoescape');
  return { type: 'scope', body: body.statements, start, end: parser.closeBlock(body) };
}

/** Tags that fetch other templates: there are none to fetch. */
function parseUnsupported(parser: StatementParser, start: number): Statement {
  const { stream } = parser;
  const { value, end } = stream.next();
  const message = `the tag '${value as string}' is not supported, since a template here has no other templates to load; use a macro instead`;
  stream.fail({ message, start, end });
  return { type: 'output', expressions: [], start, end: parser.closeTag() };
}

function parseBlock(parser: StatementParser, start: number): Statement {
  const { stream } = parser;
  const { end } = stream.next();
  const message =
    "the tag 'block' is not supported, since templates here do not extend each other; use a macro instead";
  stream.report({ message, start, end });
  stream.expectWord();
  stream.skipName('scoped');
  stream.skipName('required');
  const body = parser.body('endblock');
  if (stream.is('name')) stream.next();
  return { type: 'scope', body: body.statements, start, end: parser.closeBlock(body) };
}
