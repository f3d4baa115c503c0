/** Macros of macro files as values: bound to a context, called from templates and from the engine alike. */

import type { MaybePromise } from '../base/maybe-promise.ts';
import { bindArguments, signature } from './arguments.ts';
import type { RenderBudget } from './budget.ts';
import { callingBudget } from './budget.ts';
import type { Runtime } from './compile/frame.ts';
import { BudgetedCallable, Frame, ReturnSignal } from './compile/frame.ts';
import type { CompiledMacro } from './compile/macros.ts';
import { TemplateMacro, compileMacro } from './compile/macros.ts';
import { FrameLayout, Symbols } from './compile/symbols.ts';
import { compilationError } from './errors.ts';
import type { MacroDefinition } from './macro-file.ts';
import { startRuntime, syntaxError } from './render.ts';
import type { RenderOptions } from './render-options.ts';
import type { CallArguments, HostObject } from './values/host-object.ts';
import { hostFunction } from './values/host-object.ts';
import type { Value } from './values/value.ts';

const compiledMacros = new WeakMap<MacroDefinition, CompiledMacro>();

/**
 * A callable whose free names are looked up in the context given here. Calling it gives the text that the macro wrote (with its places),
 * or the value of `return(value)`. A definition with diagnostics throws the first of them when it is called. Called from a template it
 * counts on that render's budget, by whatever function it is called there; called from elsewhere on a fresh one, unless the options name one.
 */
export function bindMacro(definition: MacroDefinition, options: RenderOptions): HostObject {
  return new BoundMacro(definition, options);
}

/** dbt's `return`: ends the macro that the context called with a value. */
export const returnFunction = hostFunction('return', (args) => {
  const [value = null] = bindArguments(args, returnSignature);
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- a signal on its way to the macro, not an error
  throw new ReturnSignal(value);
});

const returnSignature = signature('_return', [], { data: null });

class BoundMacro extends BudgetedCallable {
  readonly typeName = 'MacroGenerator';
  readonly #definition: MacroDefinition;
  readonly #options: RenderOptions;
  /** What its calls within one render have in common. */
  #runtime: Runtime | undefined;

  constructor(definition: MacroDefinition, options: RenderOptions) {
    super();
    this.#definition = definition;
    this.#options = options;
  }

  override get qualifiedTypeName(): string {
    return 'dbt.clients.jinja.MacroGenerator';
  }

  override getAttribute(name: string): Value | undefined {
    return name === 'name' ? this.#definition.fullName : undefined;
  }

  override call(args: CallArguments): MaybePromise<Value> {
    const budget = callingBudget();
    return budget ? this.callWithin(args, budget) : this.#run(args, startRuntime(this.#options, false));
  }

  override callWithin(args: CallArguments, budget: RenderBudget): MaybePromise<Value> {
    const own = this.#options.budget ?? budget;
    if (this.#runtime?.budget !== own) this.#runtime = startRuntime({ ...this.#options, budget: own }, false);
    return this.#run(args, this.#runtime);
  }

  #run(args: CallArguments, runtime: Runtime): MaybePromise<Value> {
    const compiled = compile(this.#definition);
    // The macro's own name is a variable of the file around it; nothing else is.
    const around = new Frame(runtime, compiled.source, 1, compiled.place);
    const macro = new TemplateMacro(compiled, runtime, around);
    let result: MaybePromise<Value>;
    try {
      result = macro.call(args);
    } catch (error) {
      return returned(error);
    }
    return result instanceof Promise ? result.catch(returned) : result;
  }
}

function returned(error: unknown): Value {
  if (error instanceof ReturnSignal) return error.value;
  throw error;
}

function compile(definition: MacroDefinition): CompiledMacro {
  const known = compiledMacros.get(definition);
  if (known) return known;
  const { template, node } = definition;
  const [fault] = template.diagnostics;
  if (fault) throw syntaxError(fault, template);
  if (!node) throw compilationError(`'${definition.name.text}' is no macro`);
  const symbols = new Symbols(new FrameLayout());
  symbols.statements(template.body);
  const compiled = compileMacro(node, {
    symbols,
    source: template,
    isNative: false,
    hasSlices: template.hasSlices,
    hasBlocks: template.hasBlocks,
  });
  compiledMacros.set(definition, compiled);
  return compiled;
}
