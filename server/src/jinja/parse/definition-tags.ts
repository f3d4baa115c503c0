/** The blocks that define something: macros, and dbt's tests, materializations and docs, which are macros in disguise. */

import type { DefinitionKind, Expression, MacroNode, ParameterNode, Statement, Word } from '../tree.ts';
import { parseExpression } from './expressions.ts';
import type { StatementParser } from './statements.ts';
import type { TokenStream } from './token-stream.ts';

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

export function parseMacro(parser: StatementParser, start: number): Statement {
  parser.stream.next();
  const name = parser.nameTarget();
  const parameters = parser.stream.isBroken() ? [] : parseParameters(parser);
  const boundName = parser.dialect === 'dbt' ? `dbt_macro__${name.text}` : name.text;
  return finishMacro(parser, start, 'endmacro', { kind: 'macro', name, boundName, parameters });
}

export function parseTest(parser: StatementParser, start: number): Statement {
  const tag = parser.stream.next().value as string;
  const name = parser.nameTarget();
  const parameters = parser.stream.isBroken() ? [] : parseParameters(parser);
  const boundName = `dbt_macro__test_${name.text}`;
  return finishMacro(parser, start, `end${tag}`, { kind: 'test', name, boundName, parameters });
}

export function parseDocs(parser: StatementParser, start: number): Statement {
  parser.stream.next();
  const name = parser.nameTarget();
  const boundName = `dbt_docs__${name.text}`;
  return finishMacro(parser, start, 'enddocs', { kind: 'docs', name, boundName, parameters: [] });
}

export function parseMaterialization(parser: StatementParser, start: number): Statement {
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

/** `(name: type = default, …)` of a macro, a test or a call block. */
export function parseParameters(parser: StatementParser): ParameterNode[] {
  const { stream } = parser;
  const parameters: ParameterNode[] = [];
  stream.expect('lparen');
  let hasDefault = false;
  while (!stream.is('rparen') && !stream.isBroken()) {
    if (parameters.length > 0 && !stream.expect('comma')) break;
    const name = parser.nameTarget();
    const annotation =
      parser.dialect === 'dbt' && !stream.isBroken() && stream.skipIf('colon')
        ? parseAnnotation(stream)
        : undefined;
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

function parseAnnotation(stream: TokenStream): Word {
  const name = stream.expectWord();
  if (stream.skipIf('lbracket')) {
    let count = 0;
    while (!stream.is('rbracket') && !stream.isBroken()) {
      if (count++ > 0) stream.expect('comma');
      if (!stream.isBroken()) parseAnnotation(stream);
    }
    stream.expect('rbracket');
  }
  return { text: stream.text.slice(name.start, stream.lastEnd), start: name.start, end: stream.lastEnd };
}
