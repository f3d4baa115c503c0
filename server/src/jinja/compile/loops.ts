/** `for` to closures: scoping, filters, `else`, `loop`, recursion, and the budget at each turn. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import { then } from '../../base/maybe-promise.ts';
import { readsFreeName } from '../parse/free-names.ts';
import type { ForNode } from '../tree.ts';
import { iterate, sizeOf } from '../values/iteration.ts';
import { truthy } from '../values/truth.ts';
import type { Value } from '../values/value.ts';
import { hasScopedBlock } from './blocks.ts';
import { compileExpression } from './expressions.ts';
import type { Execute, Flow } from './frame.ts';
import { Frame } from './frame.ts';
import type { Steps } from './loop-context.ts';
import { END, LoopContext } from './loop-context.ts';
import type { Scope } from './scope.ts';
import { enterScope, within } from './scope.ts';
import { compileBody, print } from './statements.ts';
import type { Symbols } from './symbols.ts';
import { compileTarget } from './targets.ts';

/** The loop's body over an iterable, in the frame that it belongs to. */
type Run = (frame: Frame, items: Value, depth: number) => MaybePromise<Flow>;

export function compileFor(node: ForNode, scope: Scope): Execute {
  const iterable = compileExpression(node.iterable, scope);
  if (node.recursive) return compileRecursive(node, scope);
  const run = compileRun(node, scope, scope.symbols.inner(), undefined);
  return (frame) =>
    then(iterable(frame), (items) => {
      frame.at = node.iterable;
      return run(frame, items, 0);
    });
}

/** A recursive loop is a function that `loop(items)` calls again. */
function compileRecursive(node: ForNode, scope: Scope): Execute {
  const iterable = compileExpression(node.iterable, scope);
  const symbols = scope.symbols.innerFunction();
  const again = (frame: Frame, items: Value, depth: number): MaybePromise<Value> => {
    const { budget } = frame.runtime;
    const own = new Frame(
      frame.runtime,
      scope.source,
      symbols.layout.size,
      node.iterable,
      frame,
      frame.macro,
    );
    return budget.nested(() => then(run(own, items, depth), () => own.output.finish()));
  };
  // A call from inside runs beside the frame that it is called from, not below it.
  const run: Run = compileRun(node, scope, symbols, (frame, items, depth) =>
    again(frame.parent ?? frame, items, depth),
  );
  return (frame) =>
    then(iterable(frame), (items) => {
      frame.at = node.iterable;
      return then(again(frame, items, 0), (text) => {
        print(frame, text, node);
        return 'next';
      });
    });
}

function compileRun(
  node: ForNode,
  scope: Scope,
  symbols: Symbols,
  recurse: ((frame: Frame, items: Value, depth: number) => MaybePromise<Value>) | undefined,
): Run {
  const isExtended =
    node.recursive || readsFreeName(node, 'loop', scope.source) || (scope.hasBlocks && hasScopedBlock(node));
  const loopSlot = isExtended ? symbols.parameter('loop').index : undefined;
  const filter = compileTest(node, scope, symbols);
  symbols.parameterTarget(node.target);
  symbols.statements(node.body);
  const inner = within(scope, symbols);
  const assign = compileTarget(node.target, inner);
  const enter = enterScope(inner);
  const body = compileBody(node.body, inner);
  const otherwise = node.otherwise ? compileOtherwise(node.otherwise, scope, symbols) : undefined;

  const turn = (frame: Frame, value: Value): MaybePromise<Flow> => {
    frame.runtime.budget.step();
    frame.at = node.target;
    assign(frame, value);
    enter(frame);
    return body(frame);
  };

  return (frame, items, depth) => {
    const steps = filter(frame, stepsOf(items));
    let next = steps;
    if (loopSlot !== undefined) {
      const size = node.test ? undefined : sizeOf(items);
      const again =
        recurse && ((more: Value, level: number): MaybePromise<Value> => recurse(frame, more, level));
      const loop = new LoopContext(steps, size, frame.runtime.undefinedKind, again, depth);
      frame.slots[loopSlot] = loop;
      next = () => {
        // Turns of the body may have replaced it; `loop` is the loop's own.
        frame.slots[loopSlot] = loop;
        return loop.advance();
      };
    }
    // As Jinja2 has it: the `else` runs unless some turn came to the end of its body.
    const finish = (completed: boolean): MaybePromise<Flow> => {
      return completed || !otherwise ? 'next' : otherwise(frame);
    };
    return then(loopOver(frame, next, turn), finish);
  };
}

/** Runs all turns; whether one of them came to the end of the body. */
function loopOver(
  frame: Frame,
  next: Steps,
  turn: (frame: Frame, value: Value) => MaybePromise<Flow>,
): MaybePromise<boolean> {
  let completed = false;
  for (;;) {
    const value = next();
    if (value instanceof Promise) return loopSlowly(frame, next, turn, completed, { value });
    if (value === END) return completed;
    const flow = turn(frame, value);
    if (flow instanceof Promise) return loopSlowly(frame, next, turn, completed, { flow });
    if (flow === 'break') return completed;
    if (flow === 'next') completed = true;
  }
}

async function loopSlowly(
  frame: Frame,
  next: Steps,
  turn: (frame: Frame, value: Value) => MaybePromise<Flow>,
  alreadyCompleted: boolean,
  pending: { readonly value?: Promise<Value | typeof END>; readonly flow?: Promise<Flow> },
): Promise<boolean> {
  let completed = alreadyCompleted;
  let flow = pending.flow ? await pending.flow : undefined;
  let value = pending.value ? await pending.value : undefined;
  for (;;) {
    if (flow === 'break') return completed;
    if (flow === 'next') completed = true;
    if (value === undefined) value = await next();
    if (value === END) return completed;
    flow = await turn(frame, value);
    value = undefined;
  }
}

function stepsOf(items: Value): Steps {
  if (Array.isArray(items)) {
    // As in Python, a loop sees what is appended to the list meanwhile.
    let index = 0;
    return () => (index < items.length ? (items[index++] as Value) : END);
  }
  const iterator = iterate(items);
  return () => {
    const next = iterator.next();
    return next.done ? END : next.value;
  };
}

type FilterSteps = (frame: Frame, steps: Steps) => Steps;

/** The loop's `if`: evaluated beside the body, in variables of its own, one element at a time. */
function compileTest(node: ForNode, scope: Scope, loopSymbols: Symbols): FilterSteps {
  const { test } = node;
  if (!test) return (_frame, steps) => steps;
  // In a recursive loop the test lives in the loop's function, beside the loop's own scope.
  const symbols = loopSymbols.layout === scope.symbols.layout ? scope.symbols.inner() : loopSymbols.beside();
  symbols.loopTest(node, test);
  const inner = within(scope, symbols);
  const assign = compileTarget(node.target, inner);
  const enter = enterScope(inner);
  const holds = compileExpression(test, inner);
  return (frame, steps) => {
    let isEntered = false;
    const next: Steps = () => {
      if (!isEntered) enter(frame);
      isEntered = true;
      for (;;) {
        const value = steps();
        if (value instanceof Promise) return value.then((ready) => orNext(checked(ready)));
        const result = checked(value);
        if (result !== undefined) return result;
      }
    };
    const orNext = (
      result: MaybePromise<Value | typeof END> | undefined,
    ): MaybePromise<Value | typeof END> => {
      return result === undefined ? next() : result;
    };
    const checked = (value: Value | typeof END): MaybePromise<Value | typeof END> | undefined => {
      if (value === END) return END;
      frame.runtime.budget.step();
      assign(frame, value);
      const result = holds(frame);
      if (result instanceof Promise) return result.then((ready) => (truthy(ready) ? value : next()));
      return truthy(result) ? value : undefined;
    };
    return next;
  };
}

function compileOtherwise(
  statements: NonNullable<ForNode['otherwise']>,
  scope: Scope,
  loopSymbols: Symbols,
): Execute {
  const symbols = loopSymbols.layout === scope.symbols.layout ? scope.symbols.inner() : loopSymbols.beside();
  symbols.statements(statements);
  const inner = within(scope, symbols);
  const enter = enterScope(inner);
  const body = compileBody(statements, inner);
  return (frame) => {
    enter(frame);
    return body(frame);
  };
}
