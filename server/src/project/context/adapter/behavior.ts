/** dbt's behaviour flags. */

import { HostObject, TemplateError, type Value } from '../../../jinja/index.ts';
import type { World } from '../world.ts';

/** Those of dbt-adapters that Postgres knows. */
const REGISTERED = new Set([
  'require_batched_execution_for_custom_microbatch_strategy',
  'enable_truthy_nulls_equals_macro',
]);

/** `adapter.behavior.flag`: dbt's behaviour flags, true where dbt_project.yml sets them. */
export class BehaviorValue extends HostObject {
  readonly typeName = 'Behavior';
  readonly #world: World;

  constructor(world: World) {
    super();
    this.#world = world;
  }

  override getAttribute(name: string): Value | undefined {
    if (!REGISTERED.has(name))
      throw new TemplateError('compilation', 'CompilationError', `The flag ${name} has not been registered.`);
    return new BehaviorFlag(this.#world.root.flags[name] === true);
  }
}

class BehaviorFlag extends HostObject {
  readonly typeName = 'BehaviorFlag';
  readonly #isSet: boolean;

  constructor(isSet: boolean) {
    super();
    this.#isSet = isSet;
  }

  override isTruthy(): boolean {
    return this.#isSet;
  }

  override getAttribute(name: string): Value | undefined {
    return name === 'no_warn' || name === 'setting' ? this.#isSet : undefined;
  }

  override toRepr(): string {
    return this.#isSet ? 'True' : 'False';
  }
}
