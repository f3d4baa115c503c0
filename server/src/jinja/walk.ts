/** The children of a node, in the order in which Jinja2 visits them. */

import type { ArgumentsNode, Expression, ParameterNode, Statement } from './tree.ts';

export type Node = Expression | Statement;

/** Calls `visit` for each direct child. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  const all = (nodes: readonly Node[]): void => {
    for (const child of nodes) visit(child);
  };
  const optional = (child: Node | undefined): void => {
    if (child) visit(child);
  };
  switch (node.type) {
    case 'const':
    case 'name':
    case 'namespace':
    case 'missing':
    case 'text':
    case 'break':
    case 'continue':
      return;
    case 'tuple':
    case 'list':
      all(node.items);
      return;
    case 'dict':
      for (const { key, value } of node.pairs) all([key, value]);
      return;
    case 'conditional':
      visit(node.test);
      visit(node.value);
      optional(node.otherwise);
      return;
    case 'and':
    case 'or':
    case 'binary':
      visit(node.left);
      visit(node.right);
      return;
    case 'not':
    case 'unary':
      visit(node.operand);
      return;
    case 'compare':
      visit(node.left);
      for (const { right } of node.operands) visit(right);
      return;
    case 'concat':
      all(node.parts);
      return;
    case 'call':
      visit(node.callee);
      forEachArgument(node.args, visit);
      return;
    case 'filter':
    case 'test':
      optional(node.operand);
      if (node.args) forEachArgument(node.args, visit);
      return;
    case 'attribute':
      visit(node.object);
      return;
    case 'subscript':
      visit(node.object);
      visit(node.index);
      return;
    case 'slice':
      optional(node.lower);
      optional(node.upper);
      optional(node.step);
      return;
    case 'output':
      all(node.expressions);
      return;
    case 'set':
      visit(node.target);
      visit(node.value);
      return;
    case 'set-block':
      visit(node.target);
      optional(node.filter);
      all(node.body);
      return;
    case 'if':
      for (const branch of node.branches) {
        visit(branch.test);
        all(branch.body);
      }
      all(node.otherwise ?? []);
      return;
    case 'for':
      visit(node.target);
      visit(node.iterable);
      all(node.body);
      all(node.otherwise ?? []);
      optional(node.test);
      return;
    case 'with':
      for (const { target } of node.bindings) visit(target);
      for (const { value } of node.bindings) visit(value);
      all(node.body);
      return;
    case 'macro':
      forEachDefault(node.parameters, visit);
      all(node.body);
      return;
    case 'call-block':
      visit(node.call);
      forEachDefault(node.parameters, visit);
      all(node.body);
      return;
    case 'filter-block':
      visit(node.filter);
      all(node.body);
      return;
    case 'do':
      visit(node.expression);
      return;
    case 'scope':
      all(node.body);
      return;
  }
}

function forEachArgument(args: ArgumentsNode, visit: (child: Node) => void): void {
  for (const argument of args.positional) visit(argument);
  for (const { value } of args.keyword) visit(value);
  if (args.rest) visit(args.rest);
  if (args.keywordRest) visit(args.keywordRest);
}

function forEachDefault(parameters: readonly ParameterNode[], visit: (child: Node) => void): void {
  for (const { default: value } of parameters) if (value) visit(value);
}
