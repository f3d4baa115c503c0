/** Assignments: to names, to tuples of names, to a namespace's attribute. */

import { runtimeError, typeError, valueError } from '../errors.ts';
import type { Expression } from '../tree.ts';
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
      const name = node.name.text;
      const slot = scope.symbols.slot(name);
      const read = readSlot(scope, slot);
      const fromContext = scope.symbols.originOf(slot) === 'context';
      const attribute = node.attribute.text;
      return (frame, value) => {
        const target = read(frame) ?? (fromContext ? resolveName(frame.runtime, name) : null);
        if (!(target instanceof Namespace))
          throw runtimeError('cannot assign attribute on non-namespace object');
        target.setAttribute(attribute, value);
      };
    }
    default:
      // The parser refuses every other target; such a template is never rendered.
      return () => undefined;
  }
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
