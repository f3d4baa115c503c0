/** The tags, each from its name to its end. */

import type { Expression, IfBranch, Statement } from '../tree.ts';
import {
  parseDocs,
  parseMacro,
  parseMaterialization,
  parseParameters,
  parseTest,
} from './definition-tags.ts';
import { missing, parseExpression, parseTuple } from './expressions.ts';
import { parseFilterChain } from './postfix.ts';
import type { StatementParser } from './statements.ts';
import { parseAutoescape, parseBlock, parseTemplateRequest } from './template-tags.ts';

/** Parses a tag whose name is the current token; `start` is its opener's. */
export type TagParser = (parser: StatementParser, start: number) => Statement;

export const tagParsers: Readonly<Record<string, TagParser>> = {
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
  include: parseTemplateRequest,
  import: parseTemplateRequest,
  from: parseTemplateRequest,
  extends: parseTemplateRequest,
  block: parseBlock,
};

export const dbtTagParsers: Readonly<Record<string, TagParser>> = {
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

function parseCallBlock(parser: StatementParser, start: number): Statement {
  const { stream } = parser;
  stream.next();
  const parameters = stream.is('lparen') ? parseParameters(parser) : [];
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
