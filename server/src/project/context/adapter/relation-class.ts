/** `api.Relation`. */

import { HostObject, toJs, type Value } from '../../../jinja/index.ts';
import { define } from '../host.ts';
import { createRelation, Relation } from '../relation.ts';
import { projectQuoting, type World } from '../world.ts';

/** `api.Relation`: makes relations with the project's quoting. */
export class RelationClass extends HostObject {
  readonly typeName = 'RelationProxy';
  readonly #world: World;

  constructor(world: World) {
    super();
    this.#world = world;
  }

  override getAttribute(name: string): Value | undefined {
    if (name === 'create') {
      return define(name, 'database=,schema=,identifier=,type=,**rest', (args) =>
        createRelation(args, projectQuoting(this.#world)),
      );
    }
    if (name === 'create_from') {
      return define(name, 'quoting,relation_config,**rest', (args) =>
        relationFromDict(args.value('relation_config')),
      );
    }
    return new Relation({}).getAttribute(name);
  }
}

function relationFromDict(node: Value): Relation {
  const plain = toJs(node) as Record<string, unknown> | null;
  const text = (key: string): string | null => (typeof plain?.[key] === 'string' ? plain[key] : null);
  return new Relation({
    database: text('database'),
    schema: text('schema'),
    identifier: text('alias') ?? text('identifier'),
  });
}
