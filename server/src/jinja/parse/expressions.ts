/** Expressions by recursive descent, in Jinja2's order of binding: `~` binds tighter than `+`, filters tighter than a sign. */

import type {
  BinaryOperator,
  CompareNode,
  CompareOperator,
  ConstNode,
  DictNode,
  Expression,
  MissingNode,
  SequenceNode,
} from '../tree.ts';
import type { Value } from '../values/value.ts';
import { parseFilters, parsePostfix } from './postfix.ts';
import type { TokenStream } from './token-stream.ts';
import type { TokenType } from './token.ts';
import { describeToken } from './token.ts';

export interface TupleOptions {
  /** Only names and literals, as in the targets of assignments. */
  readonly simplified?: boolean;
  readonly withoutConditional?: boolean;
  /** A name that ends the tuple, such as `in`. */
  readonly endName?: string;
  readonly parenthesised?: boolean;
  readonly withNamespace?: boolean;
}

export function missing(at: number): MissingNode {
  return { type: 'missing', start: at, end: at };
}

export function parseExpression(stream: TokenStream): Expression {
  const single = parseSingle(stream);
  if (single) return single;
  if (!stream.enter()) return missing(stream.lastEnd);
  const { links } = stream;
  stream.links = 0;
  const node = parseConditional(stream);
  stream.links = Math.max(links, stream.links);
  stream.leave();
  return node;
}

/** What ends an expression for certain. */
const ends: ReadonlySet<TokenType> = new Set<TokenType>([
  'comma',
  'rparen',
  'rbracket',
  'rbrace',
  'colon',
  'block_end',
  'variable_end',
]);

/** A name or a literal that stands alone, as most arguments do: without the way through all levels of binding. */
function parseSingle(stream: TokenStream): Expression | undefined {
  switch (stream.current.type) {
    case 'name':
      if (stream.current.value === 'not') return undefined;
      break;
    case 'string':
    case 'integer':
    case 'float':
      break;
    default:
      return undefined;
  }
  return ends.has(stream.look().type) ? parsePrimary(stream, false) : undefined;
}

/** An expression, or a tuple where commas follow. */
export function parseTuple(stream: TokenStream, options: TupleOptions = {}): Expression {
  const { start } = stream.current;
  const items: Expression[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0 && !stream.expect('comma')) break;
    if (isTupleEnd(stream, options.endName)) break;
    items.push(parseItem(stream, options));
    if (!stream.is('comma')) break;
    isTuple = true;
  }
  if (!isTuple) {
    const [only] = items;
    if (only) return only;
    if (options.parenthesised !== true) {
      stream.fail({
        message: `Expected an expression, got '${describeToken(stream.current)}'`,
        start: stream.current.start,
        end: stream.current.end,
      });
      return missing(stream.lastEnd);
    }
  }
  // What is missing stands behind the last token, which may be before this one.
  const from = Math.min(start, stream.lastEnd, items[0]?.start ?? start);
  return { type: 'tuple', items, start: from, end: stream.lastEnd };
}

function parseItem(stream: TokenStream, options: TupleOptions): Expression {
  if (options.simplified === true) return parsePrimary(stream, options.withNamespace === true);
  if (options.withoutConditional !== true) return parseExpression(stream);
  return stream.nested(
    () => parseOr(stream),
    () => missing(stream.lastEnd),
  );
}

function isTupleEnd(stream: TokenStream, endName: string | undefined): boolean {
  const { type } = stream.current;
  if (type === 'variable_end' || type === 'block_end' || type === 'rparen') return true;
  return endName !== undefined && stream.isName(endName);
}

function parseConditional(stream: TokenStream): Expression {
  if (stream.isName('not')) return parseConditions(stream, parseOr(stream));
  const operand = parseUnary(stream, true);
  if (ends.has(stream.current.type)) return operand;
  return parseConditions(stream, parseOr(stream, operand));
}

function parseConditions(stream: TokenStream, first: Expression): Expression {
  let value = first;
  while (stream.skipName('if') && stream.link()) {
    const test = parseOr(stream);
    const otherwise = stream.skipName('else') ? parseExpression(stream) : undefined;
    value = { type: 'conditional', test, value, otherwise, start: value.start, end: stream.lastEnd };
  }
  return value;
}

// From here down `operand`, where it is given, is the first operand, read already.

function parseOr(stream: TokenStream, operand?: Expression): Expression {
  let left = parseAnd(stream, operand);
  while (stream.skipName('or') && stream.link()) {
    const right = parseAnd(stream);
    left = { type: 'or', left, right, start: left.start, end: right.end };
  }
  return left;
}

function parseAnd(stream: TokenStream, operand?: Expression): Expression {
  let left = operand ? parseCompare(stream, operand) : parseNot(stream);
  while (stream.skipName('and') && stream.link()) {
    const right = parseNot(stream);
    left = { type: 'and', left, right, start: left.start, end: right.end };
  }
  return left;
}

function parseNot(stream: TokenStream): Expression {
  if (!stream.isName('not')) return parseCompare(stream);
  const { start } = stream.next();
  const operand = stream.nested(
    () => parseNot(stream),
    () => missing(stream.lastEnd),
  );
  return { type: 'not', operand, start, end: operand.end };
}

const compareOperators: ReadonlyMap<TokenType, CompareOperator> = new Map<TokenType, CompareOperator>([
  ['eq', '=='],
  ['ne', '!='],
  ['lt', '<'],
  ['lteq', '<='],
  ['gt', '>'],
  ['gteq', '>='],
]);

function parseCompare(stream: TokenStream, operand?: Expression): Expression {
  const left = parseSum(stream, operand);
  let operator = compareOperator(stream);
  if (!operator) return left;
  const operands: CompareNode['operands'][number][] = [];
  while (operator) {
    operands.push({ operator, right: parseSum(stream) });
    operator = compareOperator(stream);
  }
  return { type: 'compare', left, operands, start: left.start, end: stream.lastEnd };
}

function compareOperator(stream: TokenStream): CompareOperator | undefined {
  const { current } = stream;
  if (current.type !== 'name') {
    const operator = compareOperators.get(current.type);
    if (operator) stream.next();
    return operator;
  }
  if (current.value === 'in') {
    stream.next();
    return 'in';
  }
  if (current.value !== 'not') return undefined;
  const following = stream.look();
  if (following.type !== 'name' || following.value !== 'in') return undefined;
  stream.next();
  stream.next();
  return 'not in';
}

function parseSum(stream: TokenStream, operand?: Expression): Expression {
  let left = parseConcat(stream, operand);
  while ((stream.is('add') || stream.is('sub')) && stream.link()) {
    const operator: BinaryOperator = stream.next().type === 'add' ? '+' : '-';
    const right = parseConcat(stream);
    left = { type: 'binary', operator, left, right, start: left.start, end: right.end };
  }
  return left;
}

function parseConcat(stream: TokenStream, operand?: Expression): Expression {
  const first = parseProduct(stream, operand);
  if (!stream.is('tilde')) return first;
  const parts = [first];
  while (stream.skipIf('tilde')) parts.push(parseProduct(stream));
  return { type: 'concat', parts, start: first.start, end: stream.lastEnd };
}

const productOperators: ReadonlyMap<TokenType, BinaryOperator> = new Map<TokenType, BinaryOperator>([
  ['mul', '*'],
  ['div', '/'],
  ['floordiv', '//'],
  ['mod', '%'],
]);

function parseProduct(stream: TokenStream, operand?: Expression): Expression {
  let left = parsePower(stream, operand);
  for (;;) {
    const operator = productOperators.get(stream.current.type);
    if (!operator || !stream.link()) return left;
    stream.next();
    const right = parsePower(stream);
    left = { type: 'binary', operator, left, right, start: left.start, end: right.end };
  }
}

function parsePower(stream: TokenStream, operand?: Expression): Expression {
  let left = operand ?? parseUnary(stream, true);
  while (stream.skipIf('pow') && stream.link()) {
    const right = parseUnary(stream, true);
    left = { type: 'binary', operator: '**', left, right, start: left.start, end: right.end };
  }
  return left;
}

function parseUnary(stream: TokenStream, withFilter: boolean): Expression {
  let node: Expression;
  if (stream.is('sub') || stream.is('add')) {
    const token = stream.next();
    const operand = stream.nested(
      () => parseUnary(stream, false),
      () => missing(stream.lastEnd),
    );
    node = {
      type: 'unary',
      operator: token.type === 'sub' ? '-' : '+',
      operand,
      start: token.start,
      end: operand.end,
    };
  } else {
    node = parsePrimary(stream, false);
  }
  node = parsePostfix(stream, node);
  return withFilter ? parseFilters(stream, node) : node;
}

const constants: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

export function isConstantName(name: string): boolean {
  return constants.has(name);
}

/** A name or a literal; with `withNamespace` also `name.attribute`, as the target of a set. */
export function parsePrimary(stream: TokenStream, withNamespace: boolean): Expression {
  const token = stream.current;
  const { start, end } = token;
  switch (token.type) {
    case 'name': {
      stream.next();
      const name = token.value as string;
      const constant = constants.get(name);
      if (constant !== undefined) return { type: 'const', value: constant, start, end };
      if (withNamespace && stream.skipIf('dot')) {
        const attribute = stream.expectWord();
        return { type: 'namespace', name: { text: name, start, end }, attribute, start, end: stream.lastEnd };
      }
      if (name === 'self') stream.namesSelf = true;
      return { type: 'name', name, start, end };
    }
    case 'string':
      return parseStrings(stream);
    case 'integer':
    case 'float':
      stream.next();
      return { type: 'const', value: token.value, start, end };
    case 'lparen': {
      stream.next();
      const inner = parseTuple(stream, { parenthesised: true });
      stream.expect('rparen');
      // The parentheses belong to a tuple; a parenthesised expression keeps its own range.
      return inner.type === 'tuple' ? { ...inner, start, end: stream.lastEnd } : inner;
    }
    case 'lbracket':
      return parseList(stream);
    case 'lbrace':
      return parseDict(stream);
    default:
      stream.fail({ message: unexpected(describeToken(token)), start, end });
      return missing(stream.lastEnd);
  }
}

function unexpected(description: string): string {
  return `unexpected '${description}'`;
}

function parseStrings(stream: TokenStream): ConstNode {
  const { start } = stream.current;
  let text = '';
  while (stream.is('string')) text += stream.next().value as string;
  return { type: 'const', value: text, start, end: stream.lastEnd };
}

function parseList(stream: TokenStream): SequenceNode {
  const { start } = stream.next();
  const items: Expression[] = [];
  while (!stream.is('rbracket') && !stream.isBroken()) {
    if (items.length > 0) stream.expect('comma');
    if (stream.is('rbracket') || stream.isBroken()) break;
    items.push(parseExpression(stream));
  }
  stream.expect('rbracket');
  return { type: 'list', items, start, end: stream.lastEnd };
}

function parseDict(stream: TokenStream): DictNode {
  const { start } = stream.next();
  const pairs: { key: Expression; value: Expression }[] = [];
  while (!stream.is('rbrace') && !stream.isBroken()) {
    if (pairs.length > 0) stream.expect('comma');
    if (stream.is('rbrace') || stream.isBroken()) break;
    const key = parseExpression(stream);
    stream.expect('colon');
    pairs.push({ key, value: stream.isBroken() ? missing(stream.lastEnd) : parseExpression(stream) });
  }
  stream.expect('rbrace');
  return { type: 'dict', pairs, start, end: stream.lastEnd };
}
