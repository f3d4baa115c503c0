/** The tags about templates: blocks, automatic escaping, and those that ask for another template, which a dbt project has none of. */

import type { Expression, Statement } from '../tree.ts';
import { parseExpression } from './expressions.ts';
import type { StatementParser } from './statements.ts';
import type { TokenStream } from './token-stream.ts';

export function parseBlock(parser: StatementParser, start: number): Statement {
  const { stream } = parser;
  stream.hasBlocks = true;
  stream.next();
  const name = stream.expectWord();
  const scoped = !stream.isBroken() && stream.skipName('scoped');
  const required = !stream.isBroken() && stream.skipName('required');
  if (!stream.isBroken() && stream.is('sub')) {
    const message =
      'Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.';
    stream.fail({ message, start: stream.current.start, end: stream.current.end });
  }
  const body = parser.body('endblock');
  if (required && !body.statements.every(isBlank)) {
    const message = 'Required blocks can only contain comments or whitespace';
    stream.fail({ message, start: name.start, end: name.end, lineAt: stream.current.start });
  }
  if (name.text !== '') stream.skipName(name.text);
  const end = parser.closeBlock(body);
  return { type: 'block', name, scoped, required, body: body.statements, start, end };
}

function isBlank(statement: Statement): boolean {
  return statement.type === 'text' && statement.value.trim() === '';
}

export function parseAutoescape(parser: StatementParser, start: number): Statement {
  const { stream } = parser;
  stream.next();
  const value = parseExpression(stream);
  const body = parser.body('endautoescape');
  return { type: 'autoescape', value, body: body.statements, start, end: parser.closeBlock(body) };
}

/** `include`, `import`, `from` and `extends`. Jinja2 reads them, and fails with the first words of this message when it gets there. */
export function parseTemplateRequest(parser: StatementParser, start: number): Statement {
  const { stream } = parser;
  const tag = stream.next();
  const name = tag.value as string;
  const asked = parseExpression(stream);
  parseRest[name]?.(parser, stream);
  const saved: Expression[] = [];
  const end = parser.closeTag(saved);
  const message = `no loader for this environment specified: '${name}' asks for another template, and dbt knows only this one; write a macro and call it instead`;
  stream.report({ message, start, end, pythonClass: 'TypeError' });
  return { type: 'output', expressions: [asked, ...saved], start, end };
}

const parseRest: Readonly<Record<string, (parser: StatementParser, stream: TokenStream) => void>> = {
  include: (_parser, stream) => {
    if (!stream.isBroken() && stream.isName('ignore') && isNameAhead(stream, 'missing')) {
      stream.next();
      stream.next();
    }
    skipContext(stream);
  },
  import: (parser, stream) => {
    if (!stream.isBroken() && stream.expectName('as')) parser.nameTarget();
    skipContext(stream);
  },
  from: (parser, stream) => {
    if (stream.isBroken() || !stream.expectName('import')) return;
    for (let count = 0; !stream.isBroken(); count++) {
      if (count > 0 && !stream.expect('comma')) return;
      if (!stream.is('name')) {
        stream.expect('name');
        return;
      }
      if (skipContext(stream)) return;
      const { text, start, end } = parser.nameTarget();
      if (text.startsWith('_')) {
        const message = 'names starting with an underline can not be imported';
        stream.fail({ message, start, end, pythonClass: 'TemplateAssertionError' });
      }
      if (!stream.isBroken() && stream.skipName('as')) parser.nameTarget();
      if (stream.isBroken() || skipContext(stream) || !stream.is('comma')) return;
    }
  },
};

/** `with context` or `without context`. */
function skipContext(stream: TokenStream): boolean {
  if (stream.isBroken() || !(stream.isName('with') || stream.isName('without'))) return false;
  if (!isNameAhead(stream, 'context')) return false;
  stream.next();
  stream.next();
  return true;
}

function isNameAhead(stream: TokenStream, name: string): boolean {
  const { type, value } = stream.look();
  return type === 'name' && value === name;
}
