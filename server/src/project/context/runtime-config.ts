/** `builtins.ref.config`: the project's configuration as packages read it off dbt's resolvers, without its secrets. */

import { HostObject, fromJs, type Value } from '../../jinja/index.ts';
import { targetDict } from './base-members.ts';
import { projectQuoting, type World } from './world.ts';

export class RuntimeConfigValue extends HostObject {
  readonly typeName = 'RuntimeConfig';
  readonly #world: World;
  readonly #packageName: string;

  constructor(world: World, packageName: string = world.root.name) {
    super();
    this.#world = world;
    this.#packageName = packageName;
  }

  override getAttribute(name: string): Value | undefined {
    const { settings, packages, root } = this.#world;
    const own = packages.get(this.#packageName) ?? root;
    switch (name) {
      case 'project_name':
        return own.name;
      case 'version':
        return own.version;
      case 'profile_name':
        return settings.target.profileName;
      case 'target_name':
        return settings.target.name;
      case 'threads':
        return settings.target.threads;
      case 'credentials':
        return fromJs(targetDict(settings));
      case 'args':
        return fromJs({ which: settings.flags.which, vars: settings.vars });
      case 'cli_vars':
        return fromJs(settings.vars);
      case 'vars':
        return fromJs({ vars: own.vars });
      case 'quoting':
        return fromJs({ ...projectQuoting(this.#world) });
      case 'dispatch':
        return fromJs(
          own.dispatch.map(({ namespace, searchOrder }) => ({
            macro_namespace: namespace,
            search_order: [...searchOrder],
          })),
        );
      case 'on_run_start':
        return fromJs([...own.onRunStart]);
      case 'on_run_end':
        return fromJs([...own.onRunEnd]);
      case 'dependencies':
        return new DependenciesValue(this.#world);
      default:
        return undefined;
    }
  }
}

/** Each package's configuration by its name. */
class DependenciesValue extends HostObject {
  readonly typeName = 'dict';
  readonly #world: World;

  constructor(world: World) {
    super();
    this.#world = world;
  }

  override entries(): readonly (readonly [Value, Value])[] {
    return [...this.#world.packages.keys()].map((name) => [name, new RuntimeConfigValue(this.#world, name)]);
  }
}
