/** Statements to closures. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import { then } from '../../base/maybe-promise.ts';
import { isConstant } from '../constant.ts';
import { runtimeError, typeError } from '../errors.ts';
import type {
  AutoescapeNode,
  CallBlockNode,
  CallNode,
  Expression,
  FilterBlockNode,
  IfNode,
  MacroNode,
  OutputNode,
  SetBlockNode,
  SetNode,
  Span,
  Statement,
  WithNode,
} from '../tree.ts';
import { str } from '../values/repr.ts';
import { isText } from '../values/text.ts';
import { truthy } from '../values/truth.ts';
import { typeName } from '../values/type-name.ts';
import type { Value } from '../values/value.ts';
import { compileBlock } from './blocks.ts';
import { compileCall, compileFilter } from './calls.ts';
import { evaluateAll } from './evaluate-all.ts';
import { compileExpression, compilePrintedConstant } from './expressions.ts';
import type { Evaluate, Execute, Flow, Frame } from './frame.ts';
import { compileFor } from './loops.ts';
import { TemplateMacro, compileMacro } from './macros.ts';
import { nativeConstant } from './native-constant.ts';
import { Output } from './output.ts';
import type { Scope } from './scope.ts';
import { enterScope, storeSlot, within } from './scope.ts';
import { compileTarget, compileTargetCheck } from './targets.ts';

export function compileBody(statements: readonly Statement[], scope: Scope): Execute {
  const steps = statements.map((statement) => compileStatement(statement, scope));
  const [only] = steps;
  if (steps.length === 1 && only) return only;
  return (frame) => runFrom(steps, frame, 0);
}

function runFrom(steps: readonly Execute[], frame: Frame, from: number): MaybePromise<Flow> {
  for (let index = from; index < steps.length; index++) {
    const flow = (steps[index] as Execute)(frame);
    if (flow instanceof Promise) {
      return flow.then((ready) => (ready === 'next' ? runFrom(steps, frame, index + 1) : ready));
    }
    if (flow !== 'next') return flow;
  }
  return 'next';
}

function compileStatement(node: Statement, scope: Scope): Execute {
  switch (node.type) {
    case 'text': {
      const { value, start, end } = node;
      const { source, isNative } = scope;
      return (frame) => {
        if (isNative && frame.nodes) frame.nodes.push(value);
        else frame.output.literal(value, source, start, end);
        return 'next';
      };
    }
    case 'output':
      return compileOutput(node, scope);
    case 'set':
      return compileSet(node, scope);
    case 'set-block':
      return compileSetBlock(node, scope);
    case 'if':
      return compileIf(node, scope);
    case 'for':
      return compileFor(node, scope);
    case 'with':
      return compileWith(node, scope);
    case 'macro':
      return compileDefinition(node, scope);
    case 'call-block':
      return compileCallBlock(node, scope);
    case 'filter-block':
      return compileFilterBlock(node, scope);
    case 'do': {
      const expression = compileExpression(node.expression, scope);
      return (frame) => {
        frame.at = node;
        return then(expression(frame), () => 'next');
      };
    }
    case 'break':
      return () => 'break';
    case 'continue':
      return () => 'continue';
    case 'block':
      return compileBlock(node, scope);
    case 'autoescape':
      return compileAutoescape(node, scope);
    case 'scope':
      return compileScope(node.body, scope);
  }
}

function compileScope(statements: readonly Statement[], scope: Scope): Execute {
  const symbols = scope.symbols.inner();
  symbols.statements(statements);
  const inner = within(scope, symbols);
  const enter = enterScope(inner);
  const body = compileBody(statements, inner);
  return (frame) => {
    enter(frame);
    return body(frame);
  };
}

function compileAutoescape(node: AutoescapeNode, scope: Scope): Execute {
  if (node.value.type === 'const' && !truthy(node.value.value)) return compileScope(node.body, scope);
  return (frame) => {
    frame.at = node;
    throw runtimeError("'autoescape' is not supported: templates here write no HTML; use the filter 'e'");
  };
}

/** Writes a value where it is printed; in a native render keeps it as it is. */
export function print(frame: Frame, value: Value, place: Span): void {
  if (frame.nodes) {
    frame.nodes.push(value);
    return;
  }
  const text = isText(value) ? value : str(value);
  frame.output.printed(text, frame.source, place.start, place.end);
}

function compileOutput(node: OutputNode, scope: Scope): Execute {
  const parts = node.expressions.map((expression) => compilePrinted(expression, scope));
  const [only] = parts;
  if (parts.length === 1 && only) {
    return (frame) => {
      frame.at = node;
      const value = only(frame);
      if (value instanceof Promise) {
        return value.then((ready) => {
          print(frame, ready, node);
          return 'next';
        });
      }
      print(frame, value, node);
      return 'next';
    };
  }
  return (frame) => {
    frame.at = node;
    return then(evaluateAll(parts, frame), (values) => {
      for (const value of values) print(frame, value, node);
      return 'next';
    });
  };
}

function compilePrinted(expression: Expression, scope: Scope): Evaluate {
  const isComputed = (scope.isNative || scope.hasSlices) && isConstant(expression);
  if (!isComputed) return compileExpression(expression, scope);
  if (scope.isNative) return nativeConstant(compileExpression(expression, scope));
  return compilePrintedConstant(expression, scope);
}

function compileSet(node: SetNode, scope: Scope): Execute {
  const value = compileExpression(node.value, scope);
  const assign = compileTarget(node.target, scope);
  const check = compileTargetCheck(node.target, scope);
  return (frame) => {
    frame.at = node;
    check?.(frame);
    return then(value(frame), (ready) => {
      frame.at = node;
      assign(frame, ready);
      return 'next';
    });
  };
}

/** Runs a body with an output of its own and gives what it wrote. */
export function captured(frame: Frame, body: Execute): MaybePromise<Value> {
  const { output, nodes } = frame;
  const own = new Output(frame.runtime.budget);
  frame.output = own;
  frame.nodes = undefined;
  const restore = (): void => {
    frame.output = output;
    frame.nodes = nodes;
  };
  let flow: MaybePromise<Flow>;
  try {
    flow = body(frame);
  } catch (error) {
    restore();
    throw error;
  }
  if (!(flow instanceof Promise)) {
    restore();
    return own.finish();
  }
  return flow.finally(restore).then(() => own.finish());
}

function compileSetBlock(node: SetBlockNode, scope: Scope): Execute {
  const symbols = scope.symbols.inner();
  symbols.statements(node.body);
  if (node.filter) symbols.expression(node.filter);
  const inner = within(scope, symbols);
  const enter = enterScope(inner);
  const body = compileBody(node.body, inner);
  const text: Evaluate = (frame) => captured(frame, body);
  const value = node.filter ? compileFilter(node.filter, inner, text) : text;
  const assign = compileTarget(node.target, scope);
  return (frame) => {
    frame.at = node;
    enter(frame);
    return then(value(frame), (ready) => {
      frame.at = node;
      assign(frame, ready);
      return 'next';
    });
  };
}

function compileIf(node: IfNode, scope: Scope): Execute {
  const branches = node.branches.map(({ test, body }) => ({
    place: test,
    test: compileExpression(test, scope),
    body: compileBody(body, scope),
  }));
  const otherwise = node.otherwise ? compileBody(node.otherwise, scope) : undefined;
  const run = (frame: Frame, from: number): MaybePromise<Flow> => {
    for (let index = from; ; index++) {
      const branch = branches[index];
      if (!branch) return otherwise ? otherwise(frame) : 'next';
      frame.at = branch.place;
      const result = branch.test(frame);
      if (result instanceof Promise) {
        return result.then((ready) => (truthy(ready) ? branch.body(frame) : run(frame, index + 1)));
      }
      if (truthy(result)) return branch.body(frame);
    }
  };
  return (frame) => run(frame, 0);
}

function compileWith(node: WithNode, scope: Scope): Execute {
  const symbols = scope.symbols.inner();
  for (const { target } of node.bindings) symbols.parameterTarget(target);
  symbols.statements(node.body);
  const inner = within(scope, symbols);
  const enter = enterScope(inner);
  const bindings = node.bindings.map(({ target, value }) => ({
    assign: compileTarget(target, inner),
    value: compileExpression(value, scope),
  }));
  const body = compileBody(node.body, inner);
  const run = (frame: Frame, from: number): MaybePromise<Flow> => {
    for (let index = from; ; index++) {
      const binding = bindings[index];
      if (!binding) return body(frame);
      const value = binding.value(frame);
      if (value instanceof Promise) {
        return value.then((ready) => {
          binding.assign(frame, ready);
          return run(frame, index + 1);
        });
      }
      binding.assign(frame, value);
    }
  };
  return (frame) => {
    frame.at = node;
    enter(frame);
    return run(frame, 0);
  };
}

function compileDefinition(node: MacroNode, scope: Scope): Execute {
  const macro = compileMacro(node, scope);
  const store = storeSlot(scope, scope.symbols.slot(node.boundName));
  return (frame) => {
    store(frame, new TemplateMacro(macro, frame.runtime, frame));
    return 'next';
  };
}

function compileCallBlock(node: CallBlockNode, scope: Scope): Execute {
  const caller = compileMacro(node, scope);
  const call = compileCall(node.call as CallNode, scope, (frame) => [
    'caller',
    new TemplateMacro(caller, frame.runtime, frame),
  ]);
  return (frame) => {
    frame.at = node.call;
    return then(call(frame), (value) => {
      printText(frame, value, node);
      return 'next';
    });
  };
}

/** A block's result must be a text already. */
function printText(frame: Frame, value: Value, place: Span): void {
  if (!isText(value) && !frame.nodes) {
    throw typeError(`sequence item 0: expected str instance, ${typeName(value)} found`);
  }
  print(frame, value, place);
}

function compileFilterBlock(node: FilterBlockNode, scope: Scope): Execute {
  const symbols = scope.symbols.inner();
  symbols.statements(node.body);
  symbols.expression(node.filter);
  const inner = within(scope, symbols);
  const enter = enterScope(inner);
  const body = compileBody(node.body, inner);
  const value = compileFilter(node.filter, inner, (frame) => captured(frame, body));
  return (frame) => {
    frame.at = node;
    enter(frame);
    return then(value(frame), (ready) => {
      printText(frame, ready, node);
      return 'next';
    });
  };
}
