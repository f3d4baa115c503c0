/** Macros and call blocks: their compiled form, and the value that a template calls. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import { typeError } from '../errors.ts';
import type { CallBlockNode, MacroNode, Span } from '../tree.ts';
import type { TemplateSource } from '../values/captured-text.ts';
import type { CallArguments } from '../values/host-object.ts';
import { HostObject } from '../values/host-object.ts';
import { Dict } from '../values/dict.ts';
import { textRepr } from '../values/repr.ts';
import { Tuple } from '../values/tuple.ts';
import { makeUndefined } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';
import { readsFreeName } from '../parse/free-names.ts';
import { compileExpression } from './expressions.ts';
import type { Evaluate, Execute, Flow, Runtime } from './frame.ts';
import { Frame, placed } from './frame.ts';
import type { Scope } from './scope.ts';
import { enterFunction, within } from './scope.ts';
import { compileBody } from './statements.ts';
import type { FrameLayout } from './symbols.ts';

interface Parameter {
  readonly name: string;
  readonly slot: number;
  readonly default: Evaluate | undefined;
}

/** A macro without its surroundings: the same for every render of its template. */
export interface CompiledMacro {
  /** Absent for a call block. */
  readonly name: string | undefined;
  /** What error frames call it. */
  readonly label: string;
  readonly source: TemplateSource;
  readonly place: Span;
  readonly layout: FrameLayout;
  readonly parameters: readonly Parameter[];
  /** The slots of the special names, where the body uses them. */
  readonly caller: number | undefined;
  readonly kwargs: number | undefined;
  readonly varargs: number | undefined;
  readonly enter: (frame: Frame) => void;
  readonly body: Execute;
}

export function compileMacro(node: MacroNode | CallBlockNode, outer: Scope): CompiledMacro {
  const symbols = outer.symbols.innerFunction();
  const names = node.parameters.map((parameter) => parameter.name.text);
  const slots = names.map((name) => symbols.parameter(name).index);
  for (const { default: value } of node.parameters) if (value) symbols.expression(value);
  const special = (name: string): number | undefined => {
    const isUsed = !names.includes(name) && readsFreeName(node, name, outer.source);
    return isUsed ? symbols.parameter(name).index : undefined;
  };
  const caller = special('caller');
  const kwargs = special('kwargs');
  const varargs = special('varargs');
  symbols.statements(node.body);
  const scope: Scope = { ...within(outer, symbols), isNative: false };
  return {
    name: node.type === 'macro' ? node.boundName : undefined,
    label: node.type === 'macro' ? node.boundName.replace(/^dbt_macro__/, '') : 'caller',
    source: outer.source,
    place: node,
    layout: symbols.layout,
    parameters: node.parameters.map(({ default: value }, index) => ({
      name: names[index] as string,
      slot: slots[index] as number,
      default: value && compileExpression(value, scope),
    })),
    caller,
    kwargs,
    varargs,
    enter: enterFunction(scope),
    body: compileBody(node.body, scope),
  };
}

/** A macro in its surroundings: what a template calls. */
export class TemplateMacro extends HostObject {
  readonly typeName = 'Macro';
  readonly compiled: CompiledMacro;
  readonly #parent: Frame | undefined;
  readonly #runtime: Runtime;

  constructor(compiled: CompiledMacro, runtime: Runtime, parent: Frame | undefined) {
    super();
    this.compiled = compiled;
    this.#runtime = runtime;
    this.#parent = parent;
  }

  override get qualifiedTypeName(): string {
    return 'jinja2.runtime.Macro';
  }

  override toRepr(): string {
    const { name } = this.compiled;
    return `<Macro ${name === undefined ? 'anonymous' : textRepr(name)}>`;
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'name':
        return this.compiled.name ?? null;
      case 'arguments':
        return new Tuple(this.compiled.parameters.map((parameter) => parameter.name));
      case 'catch_kwargs':
        return this.compiled.kwargs !== undefined;
      case 'catch_varargs':
        return this.compiled.varargs !== undefined;
      case 'caller':
        return this.compiled.caller !== undefined;
      default:
        return undefined;
    }
  }

  override call(args: CallArguments): MaybePromise<Value> {
    const { compiled } = this;
    const { budget } = this.#runtime;
    const frame = new Frame(
      this.#runtime,
      compiled.source,
      compiled.layout.size,
      compiled.place,
      this.#parent,
      compiled.label,
    );
    this.#bind(frame, args);
    budget.enter();
    let flow: MaybePromise<Flow>;
    try {
      compiled.enter(frame);
      const filled = this.#defaults(frame, 0);
      flow = filled instanceof Promise ? filled.then(() => compiled.body(frame)) : compiled.body(frame);
    } catch (error) {
      budget.leave();
      throw placed(error, frame);
    }
    if (flow instanceof Promise) return this.#later(frame, flow);
    budget.leave();
    return frame.output.finish();
  }

  async #later(frame: Frame, flow: Promise<Flow>): Promise<Value> {
    try {
      await flow;
      return frame.output.finish();
    } catch (error) {
      throw placed(error, frame);
    } finally {
      this.#runtime.budget.leave();
    }
  }

  /** Puts the arguments into their slots, in Jinja2's order of filling and complaining. */
  #bind(frame: Frame, { positional, keyword }: CallArguments): void {
    const { parameters, caller, kwargs, varargs } = this.compiled;
    const { slots } = frame;
    if (keyword.size === 0 && positional.length <= parameters.length && !this.#hasSpecials) {
      for (let index = 0; index < positional.length; index++) {
        slots[(parameters[index] as Parameter).slot] = positional[index];
      }
      return;
    }
    const rest = new Map(keyword);
    let foundCaller = false;
    for (const [index, { name, slot }] of parameters.entries()) {
      if (index < positional.length) {
        slots[slot] = positional[index];
        continue;
      }
      slots[slot] = rest.get(name);
      rest.delete(name);
      if (name === 'caller') foundCaller = true;
    }
    if (positional.length >= parameters.length) {
      foundCaller = parameters.some(({ name }) => name === 'caller');
    }
    if (caller !== undefined && !foundCaller) {
      const given = rest.get('caller') ?? null;
      rest.delete('caller');
      slots[caller] =
        given ?? makeUndefined(this.#runtime.undefinedKind, { hint: 'No caller defined', name: 'caller' });
    }
    if (kwargs !== undefined) slots[kwargs] = Dict.of(rest);
    else if (rest.size > 0) throw this.#unexpectedKeyword(rest);
    if (varargs !== undefined) slots[varargs] = new Tuple(positional.slice(parameters.length));
    else if (positional.length > parameters.length) {
      throw typeError(`macro ${this.#label()} takes not more than ${parameters.length} argument(s)`);
    }
  }

  get #hasSpecials(): boolean {
    const { caller, kwargs, varargs } = this.compiled;
    return caller !== undefined || kwargs !== undefined || varargs !== undefined;
  }

  #label(): string {
    const { name } = this.compiled;
    return name === undefined ? 'None' : textRepr(name);
  }

  #unexpectedKeyword(rest: ReadonlyMap<string, Value>): Error {
    if (rest.has('caller')) {
      return typeError(
        `macro ${this.#label()} was invoked with two values for the special caller argument. This is most likely a bug.`,
      );
    }
    const [first = ''] = rest.keys();
    return typeError(`macro ${this.#label()} takes no keyword argument ${textRepr(first)}`);
  }

  /** Fills what was not given, in order, so that a default sees the parameters before it. */
  #defaults(frame: Frame, from: number): MaybePromise<void> {
    const { parameters } = this.compiled;
    for (let index = from; index < parameters.length; index++) {
      const { name, slot, default: value } = parameters[index] as Parameter;
      if (frame.slots[slot] !== undefined) continue;
      if (!value) {
        const hint = `parameter ${textRepr(name)} was not provided`;
        frame.slots[slot] = makeUndefined(this.#runtime.undefinedKind, { hint, name });
        continue;
      }
      const result = value(frame);
      if (result instanceof Promise) {
        return result.then((ready) => {
          frame.slots[slot] = ready;
          return this.#defaults(frame, index + 1);
        });
      }
      frame.slots[slot] = result;
    }
  }
}
