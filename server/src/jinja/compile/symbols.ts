/**
 * Where names live. Jinja2 decides it before a template runs: each scope (a loop's body, a macro, a block that captures) gives the names
 * it binds places of its own, which start from the outer value at every entry and never leak out; `if` is no scope.
 */

import type { Expression, ForNode, IfNode, Statement } from '../tree.ts';
import type { Node } from '../walk.ts';
import { forEachChild } from '../walk.ts';

/** One variable of one scope: an index into the frame of the function it belongs to. */
export interface Slot {
  readonly name: string;
  readonly index: number;
  readonly layout: FrameLayout;
}

/** How a slot gets its value when its scope is entered. */
export type Load =
  /** From the context, when it is first read. */
  | { readonly from: 'context' }
  | { readonly from: 'nothing' }
  | { readonly from: 'parameter' }
  /** The outer scope's variable of the same name. */
  | { readonly from: 'outer'; readonly slot: Slot };

/** The slots of one function: a template's body, a macro, a call block, a recursive loop. */
export class FrameLayout {
  readonly parent: FrameLayout | undefined;
  #size = 0;

  constructor(parent?: FrameLayout) {
    this.parent = parent;
  }

  get size(): number {
    return this.#size;
  }

  allocate(name: string): Slot {
    return { name, index: this.#size++, layout: this };
  }

  /** How many functions out the slot's frame is. */
  distanceTo(layout: FrameLayout): number {
    if (this === layout) return 0;
    if (!this.parent) throw new Error('a name was looked up outside its function');
    return 1 + this.parent.distanceTo(layout);
  }
}

/** One name of a scope: its place, and what is in it at the start. */
interface Entry {
  readonly slot: Slot;
  readonly load: Load;
}

export class Symbols {
  readonly layout: FrameLayout;
  readonly parent: Symbols | undefined;
  #entries = new Map<string, Entry>();
  /** Names that are bound here; made when one is. */
  #stores: Set<string> | undefined;
  /** Shared by the copies that are made for the branches of an `if`, so that a name has one place in all of them. */
  #slots: Map<string, Slot> | undefined;
  #visit: ((child: Node) => void) | undefined;

  constructor(layout: FrameLayout, parent?: Symbols) {
    this.layout = layout;
    this.parent = parent;
  }

  /** A scope within the same function. */
  inner(): Symbols {
    return new Symbols(this.layout, this);
  }

  /** A scope that is a function of its own. */
  innerFunction(): Symbols {
    return new Symbols(new FrameLayout(this.layout), this);
  }

  /** Another scope of the same function under the same parent. */
  beside(): Symbols {
    return new Symbols(this.layout, this.parent);
  }

  /** Every name that this scope or one around it binds, with its place. */
  get bound(): ReadonlyMap<string, Slot> {
    const bound = new Map(this.parent?.bound);
    for (const name of this.#stores ?? []) bound.set(name, this.slot(name));
    return bound;
  }

  /** What has to happen when the scope is entered. */
  get loads(): Iterable<{ readonly slot: Slot; readonly load: Load }> {
    return this.#entries.values();
  }

  find(name: string): Slot | undefined {
    return this.#entries.get(name)?.slot ?? this.parent?.find(name);
  }

  /** The place of a name; one that the analysis did not meet is a fault of ours. */
  slot(name: string): Slot {
    const slot = this.find(name);
    if (!slot) throw new Error(`the name ${name} has no place`);
    return slot;
  }

  /** Where an unset slot's value comes from in the end. */
  originOf(slot: Slot): 'context' | 'nothing' | 'parameter' {
    const entry = this.#entries.get(slot.name);
    if (entry?.slot !== slot) return this.parent ? this.parent.originOf(slot) : 'nothing';
    const { load } = entry;
    return load.from === 'outer' ? (this.parent?.originOf(load.slot) ?? 'nothing') : load.from;
  }

  #define(name: string, load: Load): Slot {
    let slot = this.#slots?.get(name) ?? this.#entries.get(name)?.slot;
    if (!slot) {
      slot = this.layout.allocate(name);
      this.#slots?.set(name, slot);
    }
    this.#entries.set(name, { slot, load });
    return slot;
  }

  load(name: string): void {
    if (!this.find(name)) this.#define(name, { from: 'context' });
  }

  store(name: string): void {
    (this.#stores ??= new Set()).add(name);
    if (this.#entries.has(name)) return;
    const outer = this.parent?.find(name);
    this.#define(name, outer ? { from: 'outer', slot: outer } : { from: 'nothing' });
  }

  parameter(name: string): Slot {
    (this.#stores ??= new Set()).add(name);
    return this.#define(name, { from: 'parameter' });
  }

  #copy(): Symbols {
    const copy = new Symbols(this.layout, this.parent);
    this.#slots ??= new Map([...this.#entries].map(([name, { slot }]) => [name, slot]));
    copy.#slots = this.#slots;
    copy.#entries = new Map(this.#entries);
    copy.#stores = this.#stores && new Set(this.#stores);
    return copy;
  }

  /** After an `if`: a name set in a branch only starts from the outer value or the context. */
  #merge(branches: readonly Symbols[]): void {
    const stored = new Set(branches.flatMap((branch) => [...(branch.#stores ?? [])]));
    for (const name of this.#stores ?? []) stored.delete(name);
    for (const branch of branches) {
      for (const [name, entry] of branch.#entries) this.#entries.set(name, entry);
      for (const name of branch.#stores ?? []) (this.#stores ??= new Set()).add(name);
    }
    for (const name of stored) {
      const slot = this.slot(name);
      const outer = this.parent?.find(name);
      this.#entries.set(name, { slot, load: outer ? { from: 'outer', slot: outer } : { from: 'context' } });
    }
  }

  /** Meets the statements of this scope; inner scopes only as far as this one evaluates something for them. */
  statements(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #statement(node: Statement): void {
    switch (node.type) {
      case 'text':
      case 'break':
      case 'continue':
      case 'block':
      case 'autoescape':
      case 'scope':
        return;
      case 'output':
        for (const expression of node.expressions) this.expression(expression);
        return;
      case 'do':
        this.expression(node.expression);
        return;
      case 'set':
        this.expression(node.value);
        this.target(node.target);
        return;
      case 'set-block':
        this.target(node.target);
        return;
      case 'macro':
        this.store(node.boundName);
        return;
      case 'for':
        this.expression(node.iterable);
        return;
      case 'with':
        for (const { value } of node.bindings) this.expression(value);
        return;
      case 'call-block':
        this.expression(node.call);
        return;
      case 'filter-block':
        this.expression(node.filter);
        return;
      case 'if': {
        const [first, ...others] = node.branches;
        if (!first) return;
        this.expression(first.test);
        if (!bindsNames(node)) {
          // Then the branches only read, and what is read in one of them is read from the same place in all.
          this.statements(first.body);
          for (const { test, body } of others) {
            this.expression(test);
            this.statements(body);
          }
          this.statements(node.otherwise ?? []);
          return;
        }
        const body = this.#copy();
        body.statements(first.body);
        const elifs = this.#copy();
        elifs.#elifs(others);
        const otherwise = this.#copy();
        otherwise.statements(node.otherwise ?? []);
        this.#merge([body, elifs, otherwise]);
        return;
      }
    }
  }

  // Jinja2 keeps each `elif` as an `if` of its own in one list.
  #elifs(branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[]): void {
    for (const branch of branches) {
      this.expression(branch.test);
      const body = this.#copy();
      body.statements(branch.body);
      this.#merge([body, this.#copy(), this.#copy()]);
    }
  }

  expression(node: Expression): void {
    if (node.type === 'const') return;
    if (node.type === 'name') {
      this.load(node.name);
      return;
    }
    if (node.type === 'namespace') {
      this.load(node.name.text);
      return;
    }
    forEachChild(
      node,
      (this.#visit ??= (child) => {
        this.expression(child as Expression);
      }),
    );
  }

  target(node: Expression): void {
    if (node.type === 'name') this.store(node.name);
    else if (node.type === 'namespace') this.load(node.name.text);
    else if (node.type === 'tuple') for (const item of node.items) this.target(item);
  }

  parameterTarget(node: Expression): void {
    if (node.type === 'name') this.parameter(node.name);
    else if (node.type === 'tuple') for (const item of node.items) this.parameterTarget(item);
  }

  /** The filter of a loop (`for x in xs if test`), which runs beside its body. */
  loopTest(node: ForNode, test: Expression): void {
    this.parameterTarget(node.target);
    this.expression(test);
  }
}

/** Whether a branch binds a name of the scope that the `if` stands in. */
function bindsNames(node: IfNode): boolean {
  for (const { body } of node.branches) if (body.some(bindsName)) return true;
  return node.otherwise?.some(bindsName) ?? false;
}

function bindsName(statement: Statement): boolean {
  switch (statement.type) {
    case 'set':
    case 'set-block':
    case 'macro':
      return true;
    case 'if':
      return bindsNames(statement);
    case 'text':
    case 'output':
    case 'do':
    case 'for':
    case 'with':
    case 'call-block':
    case 'filter-block':
    case 'scope':
    case 'break':
    case 'continue':
      return false;
    default:
      return true;
  }
}
