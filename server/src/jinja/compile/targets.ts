/** Assignments: to names, to tuples of names, to a namespace's attribute. */

import { runtimeError, typeError, valueError } from '../errors.ts';
import type { Expression, NamespaceNode } from '../tree.ts';
import { iteratorOf } from '../values/iteration.ts';
import { Namespace } from '../values/namespace.ts';
import { typeName } from '../values/type-name.ts';
import type { Value } from '../values/value.ts';
import type { Frame } from './frame.ts';
import { resolveName } from './frame.ts';
import type { Scope } from './scope.ts';
import { readSlot, storeSlot } from './scope.ts';

export type Assign = (frame: Frame, value: Value) => void;

export function compileTarget(node: Expression, scope: Scope): Assign {
  switch (node.type) {
    case 'name':
      return storeSlot(scope, scope.symbols.slot(node.name));
    case 'tuple': {
      const targets = node.items.map((item) => compileTarget(item, scope));
      return (frame, value) => {
        const values = unpack(value, targets.length);
        for (const [index, assign] of targets.entries()) assign(frame, values[index] as Value);
      };
    }
    case 'namespace': {
      const namespace = compileNamespace(node, scope);
      const attribute = node.attribute.text;
      return (frame, value) => {
        namespace(frame).setAttribute(attribute, value);
      };
    }
    default:
      // The parser refuses every other target; such a template is never rendered.
      return () => undefined;
  }
}

/** Finds the namespaces of a target before there is a value, as Jinja2 does; undefined where a target has none. */
export function compileTargetCheck(node: Expression, scope: Scope): ((frame: Frame) => void) | undefined {
  if (node.type === 'namespace') return compileNamespace(node, scope);
  if (node.type !== 'tuple') return undefined;
  const checks = node.items
    .map((item) => compileTargetCheck(item, scope))
    .filter((check) => check !== undefined);
  if (checks.length === 0) return undefined;
  return (frame) => {
    for (const check of checks) check(frame);
  };
}

function compileNamespace(node: NamespaceNode, scope: Scope): (frame: Frame) => Namespace {
  const name = node.name.text;
  const slot = scope.symbols.slot(name);
  const read = readSlot(scope, slot);
  const fromContext = scope.symbols.originOf(slot) === 'context';
  return (frame) => {
    const target = read(frame) ?? (fromContext ? resolveName(frame.runtime, name) : null);
    if (target instanceof Namespace) return target;
    throw runtimeError('cannot assign attribute on non-namespace object');
  };
}

function unpack(value: Value, count: number): Value[] {
  const iterator = iteratorOf(value);
  if (!iterator) throw typeError(`cannot unpack non-iterable ${typeName(value)} object`);
  const values: Value[] = [];
  for (let next = iterator.next(); !next.done; next = iterator.next()) {
    if (values.length === count) throw valueError(`too many values to unpack (expected ${count})`);
    values.push(next.value);
  }
  if (values.length < count) {
    throw valueError(`not enough values to unpack (expected ${count}, got ${values.length})`);
  }
  return values;
}
