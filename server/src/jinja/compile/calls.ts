/** Calls, filters and tests to closures. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import { then } from '../../base/maybe-promise.ts';
import { callValue } from '../call.ts';
import type { RenderBudget } from '../budget.ts';
import { callOn } from '../budget.ts';
import { runtimeError, typeError } from '../errors.ts';
import { findFilter, findTest } from '../filters/registry.ts';
import { countOn } from '../meter.ts';
import type { Method } from '../methods/method-table.ts';
import { methodOf } from '../methods/method-table.ts';
import { getAttribute } from '../lookup.ts';
import type { ArgumentsNode, CallNode, FilterNode, TestNode } from '../tree.ts';
import type { CallArguments } from '../values/host-object.ts';
import { HostObject, noArguments } from '../values/host-object.ts';
import { entriesOf, iterable, iteratorOf } from '../values/iteration.ts';
import { textRepr } from '../values/repr.ts';
import { textOf } from '../values/text.ts';
import { ParseUndefined, Undefined } from '../values/undefined.ts';
import { typeName } from '../values/type-name.ts';
import type { Value } from '../values/value.ts';
import { ITEM, sizeInMemory, weightOf } from '../values/weight.ts';
import { evaluateAll } from './evaluate-all.ts';
import { compileAll, compileExpression } from './expressions.ts';
import type { Evaluate, Frame } from './frame.ts';
import { BudgetedCallable } from './frame.ts';
import { TemplateMacro } from './macros.ts';
import type { Scope } from './scope.ts';

type EvaluateArguments = (frame: Frame) => MaybePromise<CallArguments>;

const nothingGiven: EvaluateArguments = () => noArguments;

export function compileArguments(node: ArgumentsNode | undefined, scope: Scope): EvaluateArguments {
  if (!node) return nothingGiven;
  const constant = constantArguments(node);
  if (constant) return () => constant;
  const positional = compileAll(node.positional, scope);
  const names = node.keyword.map(({ name }) => name.text);
  const keyword = compileAll(
    node.keyword.map(({ value }) => value),
    scope,
  );
  const all = [...positional, ...keyword];
  const split = (values: Value[]): CallArguments => splitArguments(values, positional.length, names);
  const plain: EvaluateArguments = (frame) => {
    const values = evaluateAll(all, frame);
    return values instanceof Promise ? values.then(split) : split(values);
  };
  if (!node.rest && !node.keywordRest) return plain;
  const nothing: Evaluate = () => null;
  const spread = [
    node.rest ? compileExpression(node.rest, scope) : nothing,
    node.keywordRest ? compileExpression(node.keywordRest, scope) : nothing,
  ];
  const hasRest = node.rest !== undefined;
  const hasKeywordRest = node.keywordRest !== undefined;
  return (frame) =>
    then(plain(frame), (args) =>
      then(evaluateAll(spread, frame), ([rest = null, keywordRest = null]) => {
        const withRest = hasRest ? [...args.positional, ...spreadItems(rest)] : args.positional;
        return {
          positional: withRest,
          keyword: hasKeywordRest ? spreadNames(args, keywordRest) : args.keyword,
        };
      }),
    );
}

/** Arguments that are the same at every call, such as those of `ref('orders')`. */
function constantArguments({
  positional,
  keyword,
  rest,
  keywordRest,
}: ArgumentsNode): CallArguments | undefined {
  if (rest || keywordRest) return undefined;
  if (positional.length + keyword.length === 0) return noArguments;
  const values: Value[] = [];
  for (const argument of positional) {
    if (argument.type !== 'const') return undefined;
    values.push(argument.value);
  }
  for (const { value } of keyword) {
    if (value.type !== 'const') return undefined;
    values.push(value.value);
  }
  const names = keyword.map(({ name }) => name.text);
  return splitArguments(values, positional.length, names);
}

function splitArguments(values: Value[], positional: number, names: readonly string[]): CallArguments {
  if (names.length === 0) return { positional: values, keyword: noArguments.keyword };
  const named = new Map<string, Value>();
  for (let index = 0; index < names.length; index++) {
    named.set(names[index] as string, values[positional + index] as Value);
  }
  return { positional: values.slice(0, positional), keyword: named };
}

function spreadItems(rest: Value): Iterable<Value> {
  if (!iteratorOf(rest)) throw typeError(`Value after * must be an iterable, not ${typeName(rest)}`);
  return iterable(rest);
}

const callName = 'jinja2.sandbox.SandboxedEnvironment.call()';

function spreadNames(args: CallArguments, rest: Value): ReadonlyMap<string, Value> {
  const entries = rest instanceof ParseUndefined ? [] : entriesOf(rest);
  // Asked for its keys, which it lacks like anything else.
  if (rest instanceof Undefined && !entries) throw rest.failure();
  if (!entries) throw typeError(`${callName} argument after ** must be a mapping, not ${typeName(rest)}`);
  const keyword = new Map(args.keyword);
  for (const [key, value] of entries) {
    const name = textOf(key);
    if (name === undefined) throw typeError('keywords must be strings');
    if (keyword.has(name))
      throw typeError(`${callName} got multiple values for keyword argument ${textRepr(name)}`);
    keyword.set(name, value);
  }
  return keyword;
}

/** Adds the `caller` of a call block. */
type Extra = ((frame: Frame) => readonly [string, Value]) | undefined;

function complete(args: CallArguments, frame: Frame, extra: Extra): CallArguments {
  if (!extra) return args;
  return { positional: args.positional, keyword: new Map([...args.keyword, extra(frame)]) };
}

function invoke(
  node: CallNode,
  frame: Frame,
  callee: Value,
  args: CallArguments,
  extra: Extra,
): MaybePromise<Value> {
  frame.at = node;
  const { budget } = frame.runtime;
  budget.step();
  const complemented = complete(args, frame, extra);
  if (callee instanceof BudgetedCallable) return callee.callWithin(complemented, budget);
  if (callee instanceof TemplateMacro) return callee.call(complemented);
  // What a function makes of its arguments is many times as large: a parsed text, a set of a list's elements.
  budget.work(MADE * weightOfAll(args));
  const result = callOn(budget, () => callValue(callee, complemented));
  if (!(result instanceof Promise)) budget.work(sizeInMemory(result));
  return result;
}

export function compileCall(node: CallNode, scope: Scope, extra?: Extra): Evaluate {
  const evaluateArguments = compileArguments(node.args, scope);
  const finish = (frame: Frame, callee: Value): MaybePromise<Value> => {
    const args = evaluateArguments(frame);
    if (args instanceof Promise) return args.then((ready) => invoke(node, frame, callee, ready, extra));
    return invoke(node, frame, callee, args, extra);
  };
  if (node.callee.type !== 'attribute') {
    const callee = compileExpression(node.callee, scope);
    return (frame) => {
      const value = callee(frame);
      return value instanceof Promise ? value.then((ready) => finish(frame, ready)) : finish(frame, value);
    };
  }
  const { callee } = node;
  const object = compileExpression(callee.object, scope);
  const name = callee.name.text;
  const ofOwner = (frame: Frame, owner: Value): MaybePromise<Value> => {
    // A method of plain data is called as it is, without becoming a value first.
    const method = owner instanceof HostObject ? undefined : methodOf(owner, name);
    if (method) {
      return then(evaluateArguments(frame), (args) => {
        frame.at = node;
        return callMethod(frame.runtime.budget, method, owner, complete(args, frame, extra));
      });
    }
    frame.at = callee;
    return then(getAttribute(owner, name, frame.runtime.undefinedKind), (value) => finish(frame, value));
  };
  return (frame) => {
    const owner = object(frame);
    return owner instanceof Promise ? owner.then((ready) => ofOwner(frame, ready)) : ofOwner(frame, owner);
  };
}

const MADE = 30;

function weightOfAll({ positional, keyword }: CallArguments): number {
  let weight = 0;
  for (const value of positional) weight += weightOf(value);
  if (keyword.size > 0) for (const value of keyword.values()) weight += weightOf(value);
  return weight;
}

/** Pays for what the method looks through, for what it makes, and for what its owner grows by. */
function callMethod(
  budget: RenderBudget,
  method: Method,
  owner: Value,
  args: CallArguments,
): MaybePromise<Value> {
  budget.step();
  // A list is extended by its arguments: what it would grow by is paid before.
  budget.work(weightOf(owner) + ITEM * weightOfAll(args));
  const before = sizeInMemory(owner);
  const result = callOn(budget, () => method(owner, args));
  if (result instanceof Promise) return result;
  budget.work(sizeInMemory(result) + Math.max(0, sizeInMemory(owner) - before));
  return result;
}

/** `operand` stands in for the text of a filter block or set block. */
export function compileFilter(node: FilterNode, scope: Scope, operand?: Evaluate): Evaluate {
  const name = node.name.text;
  const filter = findFilter(name);
  const inner = filterOperand(node, scope, operand);
  const evaluateArguments = compileArguments(node.args, scope);
  const apply = (frame: Frame, value: Value, args: CallArguments): MaybePromise<Value> => {
    frame.at = node;
    if (!filter) throw runtimeError(`No filter named ${textRepr(name)} found.`);
    const { budget, environment } = frame.runtime;
    countOn(budget);
    budget.work(1 + weightOf(value) + weightOfAll(args));
    const result = filter(environment, value, args);
    // What it took as it was costs nothing again.
    if (result !== value && !(result instanceof Promise)) budget.work(sizeInMemory(result));
    return result;
  };
  return (frame) => {
    const value = inner(frame);
    if (value instanceof Promise) {
      return value.then((ready) => then(evaluateArguments(frame), (args) => apply(frame, ready, args)));
    }
    const args = evaluateArguments(frame);
    return args instanceof Promise
      ? args.then((ready) => apply(frame, value, ready))
      : apply(frame, value, args);
  };
}

function filterOperand(node: FilterNode, scope: Scope, block: Evaluate | undefined): Evaluate {
  const { operand } = node;
  if (!operand) return block ?? (() => '');
  // Only the innermost filter of a chain has no operand of its own.
  return operand.type === 'filter' ? compileFilter(operand, scope, block) : compileExpression(operand, scope);
}

export function compileTest(node: TestNode, scope: Scope): Evaluate {
  const name = node.name.text;
  const test = findTest(name);
  const operand = compileExpression(node.operand, scope);
  const evaluateArguments = compileArguments(node.args, scope);
  return (frame) =>
    then(operand(frame), (value) =>
      then(evaluateArguments(frame), (args) => {
        frame.at = node;
        if (!test) throw runtimeError(`No test named ${textRepr(name)} found.`);
        const { budget } = frame.runtime;
        countOn(budget);
        budget.work(1 + weightOf(value) + weightOfAll(args));
        return test(frame.runtime.environment, value, args);
      }),
    );
}
