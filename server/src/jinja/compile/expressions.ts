/** Expressions to closures. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import { then } from '../../base/maybe-promise.ts';
import { canBeWritten, containsSlice, isConstant } from '../constant.ts';
import { TemplateError, typeError } from '../errors.ts';
import { getAttribute, getItem } from '../lookup.ts';
import { countOn } from '../meter.ts';
import { binaryOperations, negate, posit } from '../operators/binary.ts';
import { realOf } from '../operators/numbers.ts';
import { inOrder } from '../operators/order.ts';
import type { SliceBounds } from '../operators/subscript.ts';
import { sliceOf } from '../operators/subscript.ts';
import type {
  BinaryNode,
  CompareNode,
  CompareOperator,
  ConditionalNode,
  Expression,
  NameNode,
  SliceNode,
  SubscriptNode,
} from '../tree.ts';
import { concatTexts } from '../values/captured-text.ts';
import { Dict } from '../values/dict.ts';
import { equals } from '../values/equality.ts';
import { PyFloat } from '../values/float.ts';
import { contains } from '../values/iteration.ts';
import { str } from '../values/repr.ts';
import { isText } from '../values/text.ts';
import { truthy } from '../values/truth.ts';
import { Tuple } from '../values/tuple.ts';
import { ParseUndefined, Undefined, makeUndefined } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';
import { DICT, ENTRY, ITEM, LIST, sizeInMemory, weightOf } from '../values/weight.ts';
import { compileCall, compileFilter, compileTest } from './calls.ts';
import { evaluateAll, withBoth } from './evaluate-all.ts';
import type { Evaluate, Frame } from './frame.ts';
import { resolveName } from './frame.ts';
import type { Scope } from './scope.ts';
import { readSlot } from './scope.ts';

export function compileExpression(node: Expression, scope: Scope): Evaluate {
  if (scope.hasSlices && scope.isFolded !== true && isConstant(node) && containsSlice(node)) {
    return compileFolded(node, scope);
  }
  return compileNode(node, scope);
}

/** What Jinja2 computes when it compiles, as far as it can write the result down; else its parts, and the rest as ever. */
function compileFolded(node: Expression, scope: Scope): Evaluate {
  return foldedOr(node, compileNode(node, scope), scope, canBeWritten);
}

/** Printed, a constant need not be written down: the undefined that a slice gives there is nothing. */
export function compilePrintedConstant(node: Expression, scope: Scope): Evaluate {
  return foldedOr(node, compileExpression(node, scope), scope, () => true);
}

function foldedOr(
  node: Expression,
  plain: Evaluate,
  scope: Scope,
  suffices: (value: Value) => boolean,
): Evaluate {
  const folded = compileNode(node, { ...scope, isFolded: true });
  return (frame) => {
    try {
      const value = folded(frame);
      if (value instanceof Promise || !suffices(value)) return plain(frame);
      return value;
    } catch (error) {
      if (error instanceof TemplateError) return plain(frame);
      throw error;
    }
  };
}

function compileNode(node: Expression, scope: Scope): Evaluate {
  switch (node.type) {
    case 'const': {
      const { value } = node;
      return () => value;
    }
    case 'name':
      return compileName(node, scope);
    case 'tuple': {
      const items = compileAll(node.items, scope);
      const price = LIST + ITEM * items.length;
      return (frame) => {
        frame.runtime.budget.work(price);
        return then(evaluateAll(items, frame), (values) => new Tuple(values));
      };
    }
    case 'list': {
      const items = compileAll(node.items, scope);
      const price = LIST + ITEM * items.length;
      return (frame) => {
        frame.runtime.budget.work(price);
        return evaluateAll(items, frame);
      };
    }
    case 'dict': {
      const parts = compileAll(
        node.pairs.flatMap(({ key, value }) => [key, value]),
        scope,
      );
      return (frame) =>
        then(evaluateAll(parts, frame), (values) => {
          frame.at = node;
          countOn(frame.runtime.budget);
          frame.runtime.budget.work(DICT + ENTRY * node.pairs.length);
          const dict = new Dict();
          for (let index = 0; index < values.length; index += 2) {
            dict.set(values[index] as Value, values[index + 1] as Value);
          }
          return dict;
        });
    }
    case 'conditional':
      return compileConditional(node, scope);
    case 'and': {
      const left = compileExpression(node.left, scope);
      const right = compileExpression(node.right, scope);
      return (frame) => {
        const value = left(frame);
        if (value instanceof Promise) return value.then((ready) => (truthy(ready) ? right(frame) : ready));
        return truthy(value) ? right(frame) : value;
      };
    }
    case 'or': {
      const left = compileExpression(node.left, scope);
      const right = compileExpression(node.right, scope);
      return (frame) => {
        const value = left(frame);
        if (value instanceof Promise) return value.then((ready) => (truthy(ready) ? ready : right(frame)));
        return truthy(value) ? value : right(frame);
      };
    }
    case 'not': {
      const operand = compileExpression(node.operand, scope);
      return (frame) => {
        const value = operand(frame);
        return value instanceof Promise ? value.then((ready) => !truthy(ready)) : !truthy(value);
      };
    }
    case 'compare':
      return compileCompare(node, scope);
    case 'binary': {
      const left = compileExpression(node.left, scope);
      const right = compileExpression(node.right, scope);
      const operation = isFoldedBase(node) ? powerOfFolded : binaryOperations[node.operator];
      return (frame) =>
        withBoth(
          left(frame),
          () => right(frame),
          (a, b) => {
            frame.at = node;
            const { budget } = frame.runtime;
            if (typeof a !== 'number' || typeof b !== 'number') {
              countOn(budget);
              budget.work(weightOf(a) + weightOf(b));
            }
            const result = operation(a, b);
            if (typeof result !== 'number') budget.work(sizeInMemory(result));
            return result;
          },
        );
    }
    case 'concat': {
      const parts = compileAll(node.parts, scope);
      return (frame) =>
        then(evaluateAll(parts, frame), (values) => {
          const text = concatTexts(values.map((value) => (isText(value) ? value : str(value))));
          frame.runtime.budget.write(typeof text === 'string' ? text.length : text.text.length);
          return text;
        });
    }
    case 'unary': {
      const operand = compileExpression(node.operand, scope);
      const operation = node.operator === '-' ? negate : posit;
      return (frame) =>
        then(operand(frame), (value) => {
          frame.at = node;
          return operation(value);
        });
    }
    case 'call':
      return compileCall(node, scope);
    case 'filter':
      return compileFilter(node, scope);
    case 'test':
      return compileTest(node, scope);
    case 'attribute': {
      const object = compileExpression(node.object, scope);
      const name = node.name.text;
      const attribute = (frame: Frame, value: Value): MaybePromise<Value> => {
        frame.at = node;
        return getAttribute(value, name, frame.runtime.undefinedKind);
      };
      return (frame) => {
        const value = object(frame);
        return value instanceof Promise
          ? value.then((ready) => attribute(frame, ready))
          : attribute(frame, value);
      };
    }
    case 'subscript':
      return compileSubscript(node, scope);
    case 'slice':
      return () => {
        throw typeError('a slice can only stand alone between brackets');
      };
    case 'namespace':
    case 'missing':
      // A template with such a node has a diagnostic and is never rendered.
      return () => null;
  }
}

/** A base that Jinja2 has computed stands in its code as a literal, and there Python's own precedence is at work. */
function isFoldedBase(node: BinaryNode): boolean {
  return node.operator === '**' && isConstant(node.left) && !isConstant(node.right);
}

/** `-2 ** n` is `-(2 ** n)`. */
function powerOfFolded(base: Value, exponent: Value): Value {
  const power = binaryOperations['**'];
  const real = isNumber(base) ? realOf(base) : undefined;
  const isNegative = real !== undefined && (real < 0 || Object.is(real, -0));
  return isNegative ? negate(power(negate(base), exponent)) : power(base, exponent);
}

function isNumber(value: Value): boolean {
  return typeof value === 'number' || value instanceof PyFloat;
}

export function compileAll(nodes: readonly Expression[], scope: Scope): Evaluate[] {
  return nodes.map((node) => compileExpression(node, scope));
}

function compileName(node: NameNode, scope: Scope): Evaluate {
  const { name } = node;
  const slot = scope.symbols.slot(name);
  const read = readSlot(scope, slot);
  const fromContext = scope.symbols.originOf(slot) === 'context';
  const { index } = slot;
  const isOwn = slot.layout === scope.symbols.layout;
  return (frame) => {
    const value = read(frame);
    if (value !== undefined) return value;
    const outside = fromContext ? resolveName(frame.runtime, name) : undefined;
    if (outside === undefined) {
      frame.at = node;
      return makeUndefined(frame.runtime.undefinedKind, { name });
    }
    if (isOwn) frame.slots[index] = outside;
    return outside;
  };
}

function compileConditional(node: ConditionalNode, scope: Scope): Evaluate {
  const test = compileExpression(node.test, scope);
  const value = compileExpression(node.value, scope);
  const otherwise = node.otherwise
    ? compileExpression(node.otherwise, scope)
    : () => missingElse(node, scope);
  return (frame) => {
    const result = test(frame);
    if (result instanceof Promise) {
      return result.then((ready) => (truthy(ready) ? value(frame) : otherwise(frame)));
    }
    return truthy(result) ? value(frame) : otherwise(frame);
  };
}

/** The plain undefined, at parse time too. */
function missingElse(node: ConditionalNode, scope: Scope): Undefined {
  const line = scope.source.text.slice(0, node.start).split('\n').length;
  return new Undefined({
    hint: `the inline if-expression on line ${line} evaluated to false and no else section was defined.`,
  });
}

const comparisons: Readonly<Record<CompareOperator, (left: Value, right: Value) => boolean>> = {
  '==': equals,
  '!=': (left, right) => !equals(left, right),
  '<': (left, right) => inOrder('<', left, right),
  '<=': (left, right) => inOrder('<=', left, right),
  '>': (left, right) => inOrder('>', left, right),
  '>=': (left, right) => inOrder('>=', left, right),
  in: (left, right) => contains(right, left),
  'not in': (left, right) => !contains(right, left),
};

function compileCompare(node: CompareNode, scope: Scope): Evaluate {
  const first = compileExpression(node.left, scope);
  const operands = node.operands.map(({ operator, right }) => ({
    compare: comparisons[operator],
    right: compileExpression(right, scope),
  }));
  const compare = (
    frame: Frame,
    operand: { readonly compare: (left: Value, right: Value) => boolean },
    left: Value,
    right: Value,
  ): boolean => {
    frame.at = node;
    const { budget } = frame.runtime;
    countOn(budget);
    budget.work(weightOf(left) + weightOf(right));
    return operand.compare(left, right);
  };
  const step = (frame: Frame, left: Value, index: number): MaybePromise<Value> => {
    const operand = operands[index];
    if (!operand) return true;
    const right = operand.right(frame);
    if (right instanceof Promise) {
      return right.then((ready) => {
        return compare(frame, operand, left, ready) && step(frame, ready, index + 1);
      });
    }
    return compare(frame, operand, left, right) && step(frame, right, index + 1);
  };
  return (frame) => {
    const left = first(frame);
    return left instanceof Promise ? left.then((ready) => step(frame, ready, 0)) : step(frame, left, 0);
  };
}

function compileSubscript(node: SubscriptNode, scope: Scope): Evaluate {
  const object = compileExpression(node.object, scope);
  if (node.index.type === 'slice') return compileSlice(node, node.index, object, scope);
  const index = compileExpression(node.index, scope);
  return (frame) =>
    withBoth(
      object(frame),
      () => index(frame),
      (value, key) => {
        frame.at = node;
        return getItem(value, key, frame.runtime.undefinedKind);
      },
    );
}

function compileSlice(node: SubscriptNode, index: SliceNode, object: Evaluate, scope: Scope): Evaluate {
  const none: Evaluate = () => null;
  const parts = [index.lower, index.upper, index.step].map((bound) => {
    return bound ? compileExpression(bound, scope) : none;
  });
  const isFolded = scope.isFolded === true;
  return (frame) =>
    then(object(frame), (value) =>
      then(evaluateAll(parts, frame), ([lower = null, upper = null, step = null]) => {
        frame.at = node;
        if (value instanceof ParseUndefined) return value;
        frame.runtime.budget.work(sizeInMemory(value));
        const bounds = { lower, upper, step };
        return isFolded ? foldedSlice(value, bounds, frame) : sliceOf(value, bounds);
      }),
    );
}

function foldedSlice(value: Value, bounds: SliceBounds, frame: Frame): Value {
  try {
    return sliceOf(value, bounds);
  } catch (error) {
    if (!(error instanceof TemplateError) || error.kind !== 'type') throw error;
    return makeUndefined(frame.runtime.undefinedKind, { name: null, owner: value });
  }
}
