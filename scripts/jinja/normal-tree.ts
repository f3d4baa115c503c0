/** Our tree in the words of Jinja2's nodes, so that both can be compared as JSON. */

import type { Expression, ParameterNode, Statement } from '../../server/src/jinja/tree.ts';
import type { ArgumentsNode } from '../../server/src/jinja/tree.ts';
import { PyFloat, repr } from '../../server/src/jinja/index.ts';
import type { Value } from '../../server/src/jinja/index.ts';

export type Json = null | boolean | number | string | Json[] | { readonly [key: string]: Json };

const operators: Readonly<Record<string, string>> = {
  '+': 'Add',
  '-': 'Sub',
  '*': 'Mul',
  '/': 'Div',
  '//': 'FloorDiv',
  '%': 'Mod',
  '**': 'Pow',
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'lteq',
  '>': 'gt',
  '>=': 'gteq',
  in: 'in',
  'not in': 'notin',
};

/** One-based line of an offset, counted from `start` as Jinja2 counts. */
export type LineOf = (offset: number) => number;

export function lineCounter(text: string, start: number, end: number): LineOf {
  const breaks = [...text.slice(start, end).matchAll(/\r\n|\r|\n/g)].map(
    (match) => start + match.index + match[0].length,
  );
  return (offset) => {
    let low = 0;
    let high = breaks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((breaks[middle] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

export class NormalTree {
  readonly #text: string;
  readonly #lineOf: LineOf;

  constructor(text: string, lineOf: LineOf) {
    this.#text = text;
    this.#lineOf = lineOf;
  }

  /** Neighbouring outputs are one: how they are cut is no matter of meaning. */
  statements(body: readonly Statement[]): Json[] {
    const result: Json[][] = [];
    const output = (): Json[] => {
      if (result.at(-1)?.[0] !== 'Output') result.push(['Output']);
      return result.at(-1) as Json[];
    };
    for (const statement of body) {
      if (statement.type === 'text') {
        const parts = output();
        const last = parts.at(-1);
        if (Array.isArray(last) && last[0] === 'TemplateData' && typeof last[1] === 'string')
          last[1] += statement.value;
        else parts.push(['TemplateData', statement.value]);
      } else if (statement.type === 'output') {
        const parts = output();
        for (const expression of statement.expressions) parts.push(this.expression(expression));
      } else result.push(this.#statement(statement));
    }
    return result.filter((node) => node.length > 1 || node[0] !== 'Output');
  }

  /** The line of a tag's name, which is what Jinja2 keeps. */
  #tagLine(start: number): number {
    const opener = /\{%[-+]?\s*/y;
    opener.lastIndex = start;
    return this.#lineOf(start + (opener.exec(this.#text)?.[0].length ?? 0));
  }

  #statement(node: Exclude<Statement, { type: 'text' | 'output' }>): Json[] {
    const line = this.#tagLine(node.start);
    switch (node.type) {
      case 'set':
        return ['Assign', line, this.expression(node.target), this.expression(node.value)];
      case 'set-block':
        return [
          'AssignBlock',
          line,
          this.expression(node.target),
          node.filter ? this.expression(node.filter) : null,
          this.statements(node.body),
        ];
      case 'if':
        return [
          'If',
          line,
          node.branches.map(({ test, body }) => [this.expression(test), this.statements(body)]),
          this.statements(node.otherwise ?? []),
        ];
      case 'for':
        return [
          'For',
          line,
          this.expression(node.target),
          this.expression(node.iterable),
          node.test ? this.expression(node.test) : null,
          node.recursive,
          this.statements(node.body),
          this.statements(node.otherwise ?? []),
        ];
      case 'with':
        return [
          'With',
          line,
          node.bindings.map(({ target }) => this.expression(target)),
          node.bindings.map(({ value }) => this.expression(value)),
          this.statements(node.body),
        ];
      case 'macro':
        return [
          'Macro',
          line,
          node.boundName,
          ...this.#signature(node.parameters),
          this.statements(node.body),
        ];
      case 'call-block': {
        const signature = this.#signature(node.parameters);
        return ['CallBlock', line, ...signature, this.expression(node.call), this.statements(node.body)];
      }
      case 'filter-block':
        return ['FilterBlock', line, this.expression(node.filter), this.statements(node.body)];
      case 'do':
        return ['ExprStmt', line, this.expression(node.expression)];
      case 'break':
        return ['Break', line];
      case 'continue':
        return ['Continue', line];
      case 'block': {
        const { name, scoped, required, body } = node;
        return ['Block', line, name.text, scoped, required, this.statements(body)];
      }
      case 'autoescape':
        return ['Autoescape', this.expression(node.value), this.statements(node.body)];
      case 'scope':
        return ['Scope', this.statements(node.body)];
    }
  }

  #signature(parameters: readonly ParameterNode[]): Json[] {
    const defaults = parameters.flatMap(({ default: value }) => (value ? [this.expression(value)] : []));
    return [
      parameters.map(({ name, annotation }) => [name.text, annotation?.text.replaceAll(/\s/g, '') ?? null]),
      defaults,
    ];
  }

  expression(node: Expression): Json {
    switch (node.type) {
      case 'const':
        return ['Const', constant(node.value)];
      case 'name':
        return ['Name', node.name];
      case 'namespace':
        return ['NSRef', node.name.text, node.attribute.text];
      case 'tuple':
      case 'list':
        return [node.type === 'tuple' ? 'Tuple' : 'List', node.items.map((item) => this.expression(item))];
      case 'dict':
        return [
          'Dict',
          node.pairs.map(({ key, value }) => ['Pair', this.expression(key), this.expression(value)]),
        ];
      case 'conditional':
        return [
          'CondExpr',
          this.expression(node.test),
          this.expression(node.value),
          node.otherwise ? this.expression(node.otherwise) : null,
        ];
      case 'and':
      case 'or':
        return [node.type === 'and' ? 'And' : 'Or', this.expression(node.left), this.expression(node.right)];
      case 'not':
        return ['Not', this.expression(node.operand)];
      case 'compare':
        return [
          'Compare',
          this.expression(node.left),
          node.operands.map(({ operator, right }) => [
            'Operand',
            operators[operator] ?? operator,
            this.expression(right),
          ]),
        ];
      case 'binary':
        return [operators[node.operator] ?? '', this.expression(node.left), this.expression(node.right)];
      case 'concat':
        return ['Concat', node.parts.map((part) => this.expression(part))];
      case 'unary':
        return [node.operator === '-' ? 'Neg' : 'Pos', this.expression(node.operand)];
      case 'call':
        return [
          'Call',
          this.#lineOf(node.args.start),
          this.expression(node.callee),
          ...this.#arguments(node.args),
        ];
      case 'filter':
      case 'test':
        return [
          node.type === 'filter' ? 'Filter' : 'Test',
          node.operand ? this.expression(node.operand) : null,
          node.name.text,
          ...this.#arguments(node.args),
        ];
      case 'attribute':
        return ['Getattr', this.expression(node.object), node.name.text];
      case 'subscript':
        return ['Getitem', this.expression(node.object), this.expression(node.index)];
      case 'slice':
        return [
          'Slice',
          ...[node.lower, node.upper, node.step].map((part) => (part ? this.expression(part) : null)),
        ];
      case 'missing':
        return ['missing'];
    }
  }

  #arguments(args: ArgumentsNode | undefined): Json[] {
    if (!args) return [[], [], null, null];
    return [
      args.positional.map((value) => this.expression(value)),
      args.keyword.map(({ name, value }) => ['Keyword', name.text, this.expression(value)]),
      args.rest ? this.expression(args.rest) : null,
      args.keywordRest ? this.expression(args.keywordRest) : null,
    ];
  }
}

function constant(value: Value): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof PyFloat) return { float: repr(value) };
  return { int: repr(value) };
}
