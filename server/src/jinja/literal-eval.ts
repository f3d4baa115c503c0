/** Python's `ast.literal_eval`: the value of a text that is a Python literal. */

import { negate, posit } from './operators/binary.ts';
import { parseFloatText } from './operators/number-text.ts';
import { lex } from './parse/lexer.ts';
import { parseTuple } from './parse/expressions.ts';
import { TokenStream } from './parse/token-stream.ts';
import type { Expression } from './tree.ts';
import { Dict } from './values/dict.ts';
import { PyFloat } from './values/float.ts';
import { PySet } from './values/set.ts';
import { Tuple } from './values/tuple.ts';
import type { Value } from './values/value.ts';

/** Undefined when the text is no literal. */
export function evaluateLiteral(text: string): Value | undefined {
  const source = withoutComment(text.replace(/^[ \t]+/, ''));
  // Jinja's constants differ from Python's in their spelling only.
  if (/\b(?:true|false|none)\b/.test(source.replace(/'[^']*'|"[^"]*"/g, ''))) return undefined;
  // Jinja has no float that begins or ends with its point.
  if (/^[+-]?(?:\d[\d_]*\.|\.\d[\d_]*)(?:e[+-]?\d+)?\s*$/i.test(source)) {
    const real = parseFloatText(source);
    return real === undefined ? undefined : new PyFloat(real);
  }
  const set = /^\{([^:]*)\}\s*$/s.exec(source);
  if (set?.[1] !== undefined && set[1].trim() !== '') {
    const items = evaluateLiteral(`[${set[1]}]`);
    return Array.isArray(items) ? PySet.of(items) : undefined;
  }
  const tag = `{{ ${source} }}`;
  const stream = new TokenStream(tag, 0, lex(tag, 0, tag.length).tokens);
  stream.next();
  const expression = parseTuple(stream);
  if (stream.isBroken() || !stream.is('variable_end') || stream.look().type !== 'eof') return undefined;
  return literalValue(expression);
}

/** Python reads a comment behind the literal; a quoted `#` is none. */
function withoutComment(text: string): string {
  if (!text.includes('#')) return text;
  const [code] = /^(?:[^'"#\n]|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")*(?=#[^\n]*\n?$)/.exec(text) ?? [text];
  return code;
}

/** The value of an expression that is a literal all through; undefined for any other. */
export function literalValue(node: Expression): Value | undefined {
  switch (node.type) {
    case 'const':
      return node.value;
    case 'list':
      return literalValues(node.items);
    case 'tuple': {
      const items = literalValues(node.items);
      return items && new Tuple(items);
    }
    case 'dict':
      return literalDict(node.pairs);
    case 'unary': {
      // One sign, before a number.
      const operand = node.operand.type === 'const' ? node.operand.value : null;
      const isNumber =
        typeof operand === 'number' || typeof operand === 'bigint' || operand instanceof PyFloat;
      return isNumber ? (node.operator === '-' ? negate(operand) : posit(operand)) : undefined;
    }
    default:
      return undefined;
  }
}

function literalValues(nodes: readonly Expression[]): Value[] | undefined {
  const values: Value[] = [];
  for (const node of nodes) {
    const value = literalValue(node);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function literalDict(
  pairs: readonly { readonly key: Expression; readonly value: Expression }[],
): Dict | undefined {
  const dict = new Dict();
  for (const pair of pairs) {
    const key = literalValue(pair.key);
    const value = literalValue(pair.value);
    if (key === undefined || value === undefined) return undefined;
    if (Array.isArray(key) || key instanceof Dict) return undefined;
    dict.set(key, value);
  }
  return dict;
}
