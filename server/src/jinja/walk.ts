/** The children of a node, in the order in which Jinja2 visits them. */

import type { ArgumentsNode, Expression, ParameterNode, Statement } from './tree.ts';

export type Node = Expression | Statement;

/** Calls `visit` for each direct child. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
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
      forEach(node.items, visit);
      return;
    case 'dict':
      for (const { key, value } of node.pairs) forEach([key, value], visit);
      return;
    case 'conditional':
      visit(node.test);
      visit(node.value);
      if (node.otherwise) visit(node.otherwise);
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
      forEach(node.parts, visit);
      return;
    case 'call':
      visit(node.callee);
      forEachArgument(node.args, visit);
      return;
    case 'filter':
    case 'test':
      if (node.operand) visit(node.operand);
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
      if (node.lower) visit(node.lower);
      if (node.upper) visit(node.upper);
      if (node.step) visit(node.step);
      return;
    case 'output':
      forEach(node.expressions, visit);
      return;
    case 'set':
      visit(node.target);
      visit(node.value);
      return;
    case 'set-block':
      visit(node.target);
      if (node.filter) visit(node.filter);
      forEach(node.body, visit);
      return;
    case 'if':
      for (const branch of node.branches) {
        visit(branch.test);
        forEach(branch.body, visit);
      }
      forEach(node.otherwise ?? [], visit);
      return;
    case 'for':
      visit(node.target);
      visit(node.iterable);
      forEach(node.body, visit);
      forEach(node.otherwise ?? [], visit);
      if (node.test) visit(node.test);
      return;
    case 'with':
      for (const { target } of node.bindings) visit(target);
      for (const { value } of node.bindings) visit(value);
      forEach(node.body, visit);
      return;
    case 'macro':
      forEachDefault(node.parameters, visit);
      forEach(node.body, visit);
      return;
    case 'call-block':
      visit(node.call);
      forEachDefault(node.parameters, visit);
      forEach(node.body, visit);
      return;
    case 'filter-block':
      visit(node.filter);
      forEach(node.body, visit);
      return;
    case 'do':
      visit(node.expression);
      return;
    case 'autoescape':
      visit(node.value);
      forEach(node.body, visit);
      return;
    case 'block':
    case 'scope':
      forEach(node.body, visit);
      return;
  }
}

function forEach(nodes: readonly Node[], visit: (child: Node) => void): void {
  for (const child of nodes) visit(child);
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
