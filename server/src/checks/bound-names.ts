/** The names that a template itself gives a meaning, wherever in it, so that a check can leave them alone. */

import type { Expression, ParameterNode, Template } from '../jinja/index.ts';
import { forEachChild, type Node } from '../jinja/walk.ts';

const known = new WeakMap<Template, ReadonlySet<string>>();

/** Targets of set, for and with; parameters of macros; and what an `is defined` test asks about. */
export function boundNames(template: Template): ReadonlySet<string> {
  let names = known.get(template);
  if (!names) {
    const found = new Set<string>();
    for (const statement of template.body) collect(statement, found);
    known.set(template, (names = found));
  }
  return names;
}

function collect(node: Node, names: Set<string>): void {
  switch (node.type) {
    case 'set':
    case 'set-block':
    case 'for':
      addTarget(node.target, names);
      break;
    case 'with':
      for (const { target } of node.bindings) addTarget(target, names);
      break;
    // Its own name is not bound: dbt renames macros, and only macro files make them callable.
    case 'macro':
      addParameters(node.parameters, names);
      break;
    case 'call-block':
      addParameters(node.parameters, names);
      break;
    case 'test':
      if (node.name.text === 'defined' || node.name.text === 'undefined') addTarget(node.operand, names);
      break;
    default:
  }
  forEachChild(node, (child) => {
    collect(child, names);
  });
}

function addTarget(target: Expression, names: Set<string>): void {
  if (target.type === 'name') names.add(target.name);
  else if (target.type === 'attribute') addTarget(target.object, names);
  else if (target.type === 'tuple' || target.type === 'list')
    for (const item of target.items) addTarget(item, names);
}

function addParameters(parameters: readonly ParameterNode[], names: Set<string>): void {
  for (const { name } of parameters) names.add(name.text);
}
