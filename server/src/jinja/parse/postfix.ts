/** What may follow an operand: attributes, subscripts, calls, filters and tests. */

import type { ArgumentsNode, Expression, FilterNode, KeywordNode, Word } from '../tree.ts';
import { missing, parseExpression, parsePrimary } from './expressions.ts';
import type { TokenStream } from './token-stream.ts';
import type { TokenType } from './token.ts';

/** Attributes, subscripts and calls. */
export function parsePostfix(stream: TokenStream, operand: Expression): Expression {
  let node = operand;
  for (;;) {
    const { type } = stream.current;
    if (type === 'dot' || type === 'lbracket') node = parseSubscript(stream, node);
    else if (type === 'lparen') node = parseCall(stream, node);
    else return node;
    if (!stream.link() || stream.isBroken()) return node;
  }
}

export function parseFilters(stream: TokenStream, operand: Expression): Expression {
  let node = operand;
  while (!stream.isBroken()) {
    if (stream.is('pipe')) node = parseFilter(stream, node);
    else if (stream.isName('is')) node = parseTest(stream, node);
    else if (stream.is('lparen')) node = parseCall(stream, node);
    else return node;
    if (!stream.link()) return node;
  }
  return node;
}

function parseCall(stream: TokenStream, callee: Expression): Expression {
  const args = parseArguments(stream);
  return { type: 'call', callee, args, start: callee.start, end: args.end };
}

function parseSubscript(stream: TokenStream, object: Expression): Expression {
  const opener = stream.next();
  if (opener.type === 'dot') {
    const { type, value, start, end } = stream.current;
    if (type === 'name') {
      stream.next();
      return {
        type: 'attribute',
        object,
        name: { text: value as string, start, end },
        start: object.start,
        end,
      };
    }
    if (type === 'integer') {
      stream.next();
      return {
        type: 'subscript',
        object,
        index: { type: 'const', value, start, end },
        start: object.start,
        end,
      };
    }
    // Jinja2 moves on before it complains, so a lexing fault right here comes first.
    const name: Word = { text: '', start: opener.end, end: opener.end };
    stream.fail({ message: 'expected name or number', start, end });
    return { type: 'attribute', object, name, start: object.start, end: opener.end };
  }
  const items: Expression[] = [];
  while (!stream.is('rbracket') && !stream.isBroken()) {
    if (items.length > 0) stream.expect('comma');
    if (stream.isBroken()) break;
    items.push(parseSubscribed(stream));
  }
  const itemsEnd = stream.lastEnd;
  stream.expect('rbracket');
  const [only] = items;
  const index: Expression =
    items.length === 1 && only ? only : { type: 'tuple', items, start: opener.end, end: itemsEnd };
  return { type: 'subscript', object, index, start: object.start, end: stream.lastEnd };
}

function parseSubscribed(stream: TokenStream): Expression {
  const { start } = stream.current;
  let lower: Expression | undefined;
  if (!stream.is('colon')) {
    lower = parseExpression(stream);
    if (!stream.is('colon')) return lower;
  }
  stream.next();
  const atPartEnd = (): boolean =>
    stream.is('rbracket') || stream.is('comma') || stream.is('colon') || stream.isBroken();
  const upper = atPartEnd() ? undefined : parseExpression(stream);
  const step = stream.skipIf('colon') && !atPartEnd() ? parseExpression(stream) : undefined;
  stream.hasSlices = true;
  return { type: 'slice', lower, upper, step, start, end: stream.lastEnd };
}

export function parseArguments(stream: TokenStream): ArgumentsNode {
  const opener = stream.next();
  const positional: Expression[] = [];
  const keyword: KeywordNode[] = [];
  let rest: Expression | undefined;
  let keywordRest: Expression | undefined;
  let requireComma = false;
  const ensure = (isValid: boolean): void => {
    if (!isValid) {
      const message = 'invalid syntax for function call expression';
      stream.fail({ message, start: opener.start, end: stream.current.end });
    }
  };
  while (!stream.is('rparen') && !stream.isBroken()) {
    if (requireComma) {
      stream.expect('comma');
      if (stream.is('rparen') || stream.isBroken()) break;
    }
    requireComma = true;
    if (stream.is('mul')) {
      ensure(rest === undefined && keywordRest === undefined);
      stream.next();
      rest = parseExpression(stream);
    } else if (stream.is('pow')) {
      ensure(keywordRest === undefined);
      stream.next();
      keywordRest = parseExpression(stream);
    } else if (stream.is('name') && stream.look().type === 'assign') {
      ensure(keywordRest === undefined);
      keyword.push(parseKeyword(stream));
    } else {
      ensure(rest === undefined && keywordRest === undefined && keyword.length === 0);
      positional.push(parseExpression(stream));
    }
  }
  stream.expect('rparen');
  return { positional, keyword, rest, keywordRest, start: opener.start, end: stream.lastEnd };
}

function parseKeyword(stream: TokenStream): KeywordNode {
  const name = stream.expectWord();
  stream.next();
  const value = stream.isBroken() ? missing(stream.lastEnd) : parseExpression(stream);
  return { name, value, start: name.start, end: stream.lastEnd };
}

/** `|name(args)`, once or more. */
export function parseFilter(stream: TokenStream, operand: Expression): Expression {
  let node = operand;
  while (stream.skipIf('pipe') && stream.link() && !stream.isBroken()) node = parseFilterName(stream, node);
  return node;
}

/** The filters of a filter block (`startInline`: no bar before the first) or of a set block; undefined when there are none. */
export function parseFilterChain(stream: TokenStream, startInline: boolean): FilterNode | undefined {
  let node: FilterNode | undefined;
  if (startInline) node = parseFilterName(stream, undefined);
  while (stream.skipIf('pipe') && stream.link() && !stream.isBroken()) node = parseFilterName(stream, node);
  return node;
}

function parseFilterName(stream: TokenStream, operand: Expression | undefined): FilterNode {
  const name = parseDottedWord(stream);
  const args = stream.is('lparen') && !stream.isBroken() ? parseArguments(stream) : undefined;
  return { type: 'filter', operand, name, args, start: operand?.start ?? name.start, end: stream.lastEnd };
}

function parseDottedWord(stream: TokenStream): Word {
  let word = stream.expectWord();
  while (stream.skipIf('dot') && !stream.isBroken()) {
    const part = stream.expectWord();
    word = { text: `${word.text}.${part.text}`, start: word.start, end: part.end };
  }
  return word;
}

const testArgumentTypes: ReadonlySet<TokenType> = new Set<TokenType>([
  'name',
  'string',
  'integer',
  'float',
  'lbracket',
  'lbrace',
]);

function parseTest(stream: TokenStream, operand: Expression): Expression {
  stream.next();
  const isNegated = stream.skipName('not');
  const name = parseDottedWord(stream);
  const args = stream.isBroken() ? undefined : parseTestArguments(stream);
  const test: Expression = { type: 'test', operand, name, args, start: operand.start, end: stream.lastEnd };
  return isNegated ? { type: 'not', operand: test, start: test.start, end: test.end } : test;
}

function parseTestArguments(stream: TokenStream): ArgumentsNode | undefined {
  if (stream.is('lparen')) return parseArguments(stream);
  const { type, value, start, end } = stream.current;
  if (!testArgumentTypes.has(type)) return undefined;
  if (type === 'name') {
    if (value === 'else' || value === 'or' || value === 'and') return undefined;
    if (value === 'is') {
      stream.fail({ message: 'You cannot chain multiple tests with is', start, end });
      return undefined;
    }
  }
  const argument = parsePostfix(stream, parsePrimary(stream, false));
  return {
    positional: [argument],
    keyword: [],
    rest: undefined,
    keywordRest: undefined,
    start: argument.start,
    end: argument.end,
  };
}
