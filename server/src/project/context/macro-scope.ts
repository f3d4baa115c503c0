/** The macros as one resource's templates see them: bare names, package namespaces, each bound to the resource's context once. */

import { bindMacro, HostObject, type Context, type Value } from '../../jinja/index.ts';
import { findMacro, findPackageMacro, isBuiltin, type Macro, type MacroTable } from '../macros.ts';

export class MacroScope implements Context {
  readonly #table: MacroTable;
  readonly #localPackage: string;
  readonly #context: Context;
  readonly #bound = new Map<Macro, Value>();
  readonly #namespaces = new Map<string, Value>();
  readonly #overrides: ReadonlyMap<string, Value>;

  /** `context` is what the macros themselves see; `overrides` win over every macro (unit tests use them). */
  constructor(
    table: MacroTable,
    localPackage: string,
    context: Context,
    overrides: ReadonlyMap<string, Value> = new Map(),
  ) {
    this.#table = table;
    this.#localPackage = localPackage;
    this.#context = context;
    this.#overrides = overrides;
  }

  /** The macro a bare name means. */
  find(name: string): Value | undefined {
    const override = this.#overrides.get(name);
    if (override !== undefined) return override;
    const macro = findMacro(this.#table, this.#localPackage, name);
    return macro && this.bind(macro);
  }

  findIn(packageName: string, name: string): Value | undefined {
    const override = this.#overrides.get(`${packageName}.${name}`);
    if (override !== undefined) return override;
    const macro = findPackageMacro(this.#table, packageName, name);
    return macro && this.bind(macro);
  }

  bind(macro: Macro): Value {
    let value = this.#bound.get(macro);
    if (value === undefined) {
      value = bindMacro(macro.definition, { context: this.#context });
      this.#bound.set(macro, value);
    }
    return value;
  }

  /** Every name that it answers: macros by their bare names, and the namespaces of packages. */
  names(): string[] {
    const macros = [...this.#table.byId.values()].map(({ node }) => node.name);
    const packages = [...this.#table.packages.keys()];
    return [...new Set([...this.#overrides.keys(), ...macros, ...packages])].filter(
      (name) => this.get(name) !== undefined,
    );
  }

  get(name: string): Value | undefined {
    return this.find(name) ?? this.#namespace(name);
  }

  #namespace(name: string): Value | undefined {
    if (!this.#table.packages.has(name) || (isBuiltin(name) && name !== 'dbt')) return undefined;
    let namespace = this.#namespaces.get(name);
    if (namespace === undefined) {
      namespace = new MacroNamespace(this, name);
      this.#namespaces.set(name, namespace);
    }
    return namespace;
  }
}

/** `dbt_utils` in `dbt_utils.star(…)`. */
export class MacroNamespace extends HostObject {
  readonly typeName = 'dict';
  readonly packageName: string;
  readonly #scope: MacroScope;

  constructor(scope: MacroScope, packageName: string) {
    super();
    this.#scope = scope;
    this.packageName = packageName;
  }

  override getAttribute(name: string): Value | undefined {
    return this.#scope.findIn(this.packageName, name);
  }

  override getItem(key: Value): Value | undefined {
    return typeof key === 'string' ? this.getAttribute(key) : undefined;
  }

  override contains(item: Value): boolean {
    return typeof item === 'string' && this.getAttribute(item) !== undefined;
  }
}
