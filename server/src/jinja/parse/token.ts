/** The tokens of a template and the words Jinja2's messages use for them. */

import type { Value } from '../values/value.ts';

export type OperatorType =
  | 'add'
  | 'sub'
  | 'div'
  | 'floordiv'
  | 'mul'
  | 'mod'
  | 'pow'
  | 'tilde'
  | 'lbracket'
  | 'rbracket'
  | 'lparen'
  | 'rparen'
  | 'lbrace'
  | 'rbrace'
  | 'eq'
  | 'ne'
  | 'gt'
  | 'gteq'
  | 'lt'
  | 'lteq'
  | 'assign'
  | 'dot'
  | 'colon'
  | 'pipe'
  | 'comma'
  | 'semicolon';

export type TokenType =
  | OperatorType
  | 'data'
  | 'variable_begin'
  | 'variable_end'
  | 'block_begin'
  | 'block_end'
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'error'
  | 'eof';

export interface Token {
  readonly type: TokenType;
  /** The name, the decoded string, the number, the text; the message of an `error`. */
  readonly value: Value;
  readonly start: number;
  readonly end: number;
}

export const operatorTypes: ReadonlyMap<string, OperatorType> = new Map<string, OperatorType>([
  ['+', 'add'],
  ['-', 'sub'],
  ['/', 'div'],
  ['//', 'floordiv'],
  ['*', 'mul'],
  ['%', 'mod'],
  ['**', 'pow'],
  ['~', 'tilde'],
  ['[', 'lbracket'],
  [']', 'rbracket'],
  ['(', 'lparen'],
  [')', 'rparen'],
  ['{', 'lbrace'],
  ['}', 'rbrace'],
  ['==', 'eq'],
  ['!=', 'ne'],
  ['>', 'gt'],
  ['>=', 'gteq'],
  ['<', 'lt'],
  ['<=', 'lteq'],
  ['=', 'assign'],
  ['.', 'dot'],
  [':', 'colon'],
  ['|', 'pipe'],
  [',', 'comma'],
  [';', 'semicolon'],
]);

const descriptions: ReadonlyMap<string, string> = new Map<string, string>([
  ...[...operatorTypes].map(([text, type]) => [type, text] as const),
  ['block_begin', 'begin of statement block'],
  ['block_end', 'end of statement block'],
  ['variable_begin', 'begin of print statement'],
  ['variable_end', 'end of print statement'],
  ['data', 'template data / text'],
  ['eof', 'end of template'],
]);

export function describeType(type: TokenType): string {
  return descriptions.get(type) ?? type;
}

/** A name is described by itself, anything else by its type. */
export function describeToken(token: Token): string {
  return token.type === 'name' ? (token.value as string) : describeType(token.type);
}
