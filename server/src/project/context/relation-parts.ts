/** What a relation is made of, as templates see it: types, policies, the path, the information schema. */

import { HostObject, repr, TemplateError, toJs, type CallArguments, type Value } from '../../jinja/index.ts';
import { define } from './host.ts';
import type { Relation } from './relation.ts';

export type RelationType =
  'table' | 'view' | 'cte' | 'materialized_view' | 'external' | 'pointer_table' | 'function' | null;

export type Part = 'database' | 'schema' | 'identifier';

export const PARTS: readonly Part[] = ['database', 'schema', 'identifier'];

export type Policy = Readonly<Record<Part, boolean>>;

const TYPES: readonly RelationType[] = [
  'table',
  'view',
  'cte',
  'materialized_view',
  'external',
  'pointer_table',
  'function',
];

export function relationType(value: Value | undefined): RelationType {
  if (value === undefined || value === null) return null;
  const written = toJs(value);
  const type = TYPES.find((known) => known === written);
  if (type !== undefined) return type;
  throw new TemplateError(
    'value',
    'ValueError',
    `Field "type" of type Optional[RelationType] in PostgresRelation has invalid value ${repr(value)}`,
  );
}

/** `get_relation_type`: dbt's enum of the types, which are texts here. */
export class RelationTypes extends HostObject {
  readonly typeName = 'EnumType';

  override toRepr(): string {
    return "<enum 'RelationType'>";
  }

  override call({ positional: [value] }: CallArguments): Value {
    return relationType(value);
  }

  override getAttribute(name: string): Value | undefined {
    return TYPE_NAMES[name];
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  Table: 'table',
  View: 'view',
  CTE: 'cte',
  MaterializedView: 'materialized_view',
  External: 'external',
  PointerTable: 'pointer_table',
  Function: 'function',
};

/** `relation.path`, an object in dbt, with three attributes. */
export class RelationPath extends HostObject {
  readonly typeName = 'Path';
  readonly #relation: Relation;

  constructor(relation: Relation) {
    super();
    this.#relation = relation;
  }

  override getAttribute(name: string): Value | undefined {
    return name === 'database' || name === 'schema' || name === 'identifier'
      ? this.#relation[name]
      : undefined;
  }

  override getItem(key: Value): Value | undefined {
    return typeof key === 'string' ? this.getAttribute(key) : undefined;
  }

  override toRepr(): string {
    return `Path(${PARTS.map((part) => `${part}=${repr(this.#relation[part])}`).join(', ')})`;
  }
}

export class PolicyValue extends HostObject {
  readonly typeName = 'Policy';
  readonly #policy: Policy;

  constructor(policy: Policy) {
    super();
    this.#policy = policy;
  }

  override getAttribute(name: string): Value | undefined {
    return PARTS.some((part) => part === name) ? this.#policy[name as Part] : undefined;
  }

  override toRepr(): string {
    return `Policy(${PARTS.map((part) => `${part}=${repr(this.#policy[part])}`).join(', ')})`;
  }

  override entries(): readonly (readonly [Value, Value])[] {
    return PARTS.map((part) => [part, this.#policy[part]]);
  }
}

/** `"database".INFORMATION_SCHEMA.view`, as dbt addresses it. */
export class InformationSchema extends HostObject {
  readonly typeName = 'InformationSchema';
  readonly #relation: Relation;
  readonly #view: string | null;

  constructor(relation: Relation, view: string | null) {
    super();
    this.#relation = relation;
    this.#view = view;
  }

  override toStr(): string {
    const { database } = this.#relation;
    const parts = database === null ? [] : [this.#relation.quotePolicy.database ? `"${database}"` : database];
    return [...parts, 'INFORMATION_SCHEMA', ...(this.#view === null ? [] : [this.#view])].join('.');
  }

  override toRepr(): string {
    return `<InformationSchema ${this.toStr()}>`;
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'database':
        return this.#relation.database;
      case 'schema':
      case 'identifier':
        return null;
      case 'information_schema_view':
        return this.#view;
      case 'render':
        return define(name, '', () => this.toStr());
      case 'replace':
      case 'incorporate':
        return define(name, '**changes', (args) => {
          const view = args.keywords.get('information_schema_view');
          return new InformationSchema(
            this.#relation,
            view === undefined || view === null ? this.#view : String(toJs(view)),
          );
        });
      default:
        return undefined;
    }
  }
}
