/** dbt's behaviour flags. */

import { HostObject, type Value } from '../../../jinja/index.ts';
import type { World } from '../world.ts';

/** `adapter.behavior.flag`: dbt's behaviour flags, true where dbt_project.yml sets them. */
export class BehaviorValue extends HostObject {
  readonly typeName = 'Behavior';
  readonly #world: World;

  constructor(world: World) {
    super();
    this.#world = world;
  }

  override getAttribute(name: string): Value | undefined {
    const isSet = this.#world.root.flags[name] === true;
    return new BehaviorFlag(isSet);
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
