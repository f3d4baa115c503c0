/** `{% block %}` to closures: functions of the template, called where they stand and by `self.name()`; nothing inherits from them here. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import { then } from '../../base/maybe-promise.ts';
import { runtimeError, typeError } from '../errors.ts';
import { readsFreeName } from '../parse/free-names.ts';
import type { Context } from '../render-options.ts';
import type { BlockNode, Span, Statement } from '../tree.ts';
import type { TemplateSource } from '../values/captured-text.ts';
import type { CallArguments } from '../values/host-object.ts';
import { HostObject } from '../values/host-object.ts';
import { textRepr } from '../values/repr.ts';
import { makeUndefined } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';
import type { Node } from '../walk.ts';
import { forEachChild } from '../walk.ts';
import type { Execute, Flow, Runtime } from './frame.ts';
import { Frame, withPlace } from './frame.ts';
import { Output } from './output.ts';
import type { Scope } from './scope.ts';
import { enterScope, readSlot } from './scope.ts';
import { compileBody } from './statements.ts';
import { FrameLayout, Symbols } from './symbols.ts';

/** Runs a block under this context, writing to the given output. */
type RunBlock = (
  runtime: Runtime,
  output: Output,
  nodes: Value[] | undefined,
  depth: Frame | undefined,
) => MaybePromise<Flow>;

type Blocks = Map<string, RunBlock>;

const textBlocks = new WeakMap<TemplateSource, Blocks>();
const nativeBlocks = new WeakMap<TemplateSource, Blocks>();

/** The outermost symbols of blocks: below them the context is the one that the block was called with. */
const blockRoots = new WeakSet<Symbols>();

export function compileBlock(node: BlockNode, scope: Scope): Execute {
  const name = node.name.text;
  blocksOf(scope).set(name, compileBlockBody(node, scope));
  const blocks = blocksOf(scope);
  const contextFor = node.scoped ? scopedContext(scope) : templateContext(scope);
  return (frame) => {
    frame.at = node;
    if (node.required) throw runtimeError(`Required block ${textRepr(name)} not found`);
    const run = blocks.get(name) as RunBlock;
    return run({ ...frame.runtime, context: contextFor(frame) }, frame.output, frame.nodes, frame);
  };
}

/** Where a body says `self`: gives the name its place and returns what sets it. */
export function selfReference(
  node: Span & { readonly body: readonly Statement[] },
  scope: Scope,
): ((frame: Frame) => void) | undefined {
  if (!readsFreeName(node, 'self', scope.source)) return undefined;
  const { index } = scope.symbols.parameter('self');
  const contextFor = templateContext(scope);
  const blocks = blocksOf(scope);
  return (frame) => {
    frame.slots[index] = new TemplateReference({ ...frame.runtime, context: contextFor(frame) }, blocks);
  };
}

/** Whether a loop's variables are needed by a block that sees them. */
export function hasScopedBlock(node: Node): boolean {
  if (node.type === 'block' && node.scoped) return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= hasScopedBlock(child);
  });
  return found;
}

function blocksOf({ source, isNative }: Scope): Blocks {
  const memo = isNative ? nativeBlocks : textBlocks;
  let blocks = memo.get(source);
  if (!blocks) {
    blocks = new Map();
    memo.set(source, blocks);
  }
  return blocks;
}

function compileBlockBody(node: BlockNode, outer: Scope): RunBlock {
  const symbols = new Symbols(new FrameLayout());
  blockRoots.add(symbols);
  const scope: Scope = { ...outer, symbols, isFolded: false };
  const bindSelf = selfReference(node, scope);
  const superSlot = readsFreeName(node, 'super', outer.source) ? symbols.parameter('super').index : undefined;
  symbols.statements(node.body);
  const enter = enterScope(scope);
  const body = compileBody(node.body, scope);
  const hint = `there is no parent block called ${textRepr(node.name.text)}.`;
  return (runtime, output, nodes, caller) => {
    const frame = new Frame(runtime, outer.source, symbols.layout.size, node, undefined, caller?.macro);
    frame.output = output;
    frame.nodes = nodes;
    return runtime.budget.nested(() =>
      withPlace(frame, () => {
        enter(frame);
        bindSelf?.(frame);
        if (superSlot !== undefined) {
          frame.slots[superSlot] = makeUndefined(runtime.undefinedKind, { hint, name: 'super' });
        }
        return body(frame);
      }),
    );
  };
}

/** The names that the template has bound at its top so far, before those that it was given. */
function templateContext(scope: Scope): (frame: Frame) => Context {
  let root = scope.symbols;
  while (root.parent) root = root.parent;
  if (blockRoots.has(root)) return (frame) => frame.runtime.context;
  const distance = scope.symbols.layout.distanceTo(root.layout);
  return (frame) => {
    const top = frame.outer(distance);
    const { context } = top.runtime;
    return {
      get: (name) => {
        const slot = name === 'self' ? undefined : root.find(name);
        return (slot && top.slots[slot.index]) ?? context.get(name);
      },
    };
  };
}

/** The same, and what the scopes around the block have bound: as it is now. */
function scopedContext(scope: Scope): (frame: Frame) => Context {
  const outside = templateContext(scope);
  // The template's statements are all met by the time that the block runs, not yet when it is compiled.
  let readers: (readonly [string, (frame: Frame) => Value | undefined])[] | undefined;
  return (frame) => {
    readers ??= [...scope.symbols.bound].map(([name, slot]) => [name, readSlot(scope, slot)]);
    const own = new Map<string, Value>();
    for (const [name, read] of readers) {
      const value = read(frame);
      if (value !== undefined) own.set(name, value);
    }
    const context = outside(frame);
    return { get: (name) => own.get(name) ?? context.get(name) };
  };
}

/** `self`. */
class TemplateReference extends HostObject {
  readonly typeName = 'TemplateReference';
  readonly #runtime: Runtime;
  readonly #blocks: Blocks;

  constructor(runtime: Runtime, blocks: Blocks) {
    super();
    this.#runtime = runtime;
    this.#blocks = blocks;
  }

  override get qualifiedTypeName(): string {
    return 'jinja2.runtime.TemplateReference';
  }

  override getItem(key: Value): Value | undefined {
    if (typeof key !== 'string') return undefined;
    const run = this.#blocks.get(key);
    return run && new BlockReference(key, this.#runtime, run);
  }

  override toRepr(): string {
    return '<TemplateReference None>';
  }
}

class BlockReference extends HostObject {
  readonly typeName = 'BlockReference';
  readonly #name: string;
  readonly #runtime: Runtime;
  readonly #run: RunBlock;

  constructor(name: string, runtime: Runtime, run: RunBlock) {
    super();
    this.#name = name;
    this.#runtime = runtime;
    this.#run = run;
  }

  override get qualifiedTypeName(): string {
    return 'jinja2.runtime.BlockReference';
  }

  override getAttribute(name: string): Value | undefined {
    if (name === 'name') return this.#name;
    if (name !== 'super') return undefined;
    const hint = `there is no parent block called ${textRepr(this.#name)}.`;
    return makeUndefined(this.#runtime.undefinedKind, { hint, name });
  }

  override call({ positional, keyword }: CallArguments): MaybePromise<Value> {
    const [unknown] = keyword.keys();
    if (unknown !== undefined) {
      throw typeError(`BlockReference.__call__() got an unexpected keyword argument ${textRepr(unknown)}`);
    }
    if (positional.length > 0) {
      throw typeError(
        `BlockReference.__call__() takes 1 positional argument but ${positional.length + 1} were given`,
      );
    }
    const output = new Output(this.#runtime.budget);
    return then(this.#run(this.#runtime, output, undefined, undefined), () => output.finish());
  }
}
