/** dbt's Relation: a name in three parts that knows how to quote itself. */

import { Dict, HostObject, PySet, str, TemplateError, toJs, type Value } from '../../jinja/index.ts';
import { notDict } from './exceptions.ts';
import { define, dictOf } from './host.ts';
import { indexChanges } from './indexes.ts';
import {
  InformationSchema,
  PARTS,
  PolicyValue,
  RelationPath,
  relationType,
  RelationTypes,
  type Part,
  type Policy,
  type RelationType,
} from './relation-parts.ts';

export interface EventTimeFilter {
  readonly field: string;
  readonly start: string | null;
  readonly end: string | null;
}

export interface RelationParts {
  readonly database: string | null;
  readonly schema: string | null;
  readonly identifier: string | null;
  readonly type: RelationType;
  readonly quotePolicy: Policy;
  readonly includePolicy: Policy;
  readonly limit: number | null;
  readonly eventTimeFilter: EventTimeFilter | null;
  readonly requireAlias: boolean;
  readonly dbtCreated: boolean;
}

const EVERY: Policy = { database: true, schema: true, identifier: true };

/** What CREATE OR REPLACE and RENAME work for on Postgres. */
const RENAMEABLE: readonly RelationType[] = ['table', 'view'];

/** Postgres's NAMEDATALEN less the terminator, in characters as dbt counts. */
export const MAX_IDENTIFIER_LENGTH = 63;

export class Relation extends HostObject implements RelationParts {
  readonly typeName = 'PostgresRelation';
  readonly database: string | null;
  readonly schema: string | null;
  readonly identifier: string | null;
  readonly type: RelationType;
  readonly quotePolicy: Policy;
  readonly includePolicy: Policy;
  readonly limit: number | null;
  readonly eventTimeFilter: EventTimeFilter | null;
  readonly requireAlias: boolean;
  readonly dbtCreated: boolean;

  constructor(parts: Partial<RelationParts>) {
    super();
    this.database = parts.database ?? null;
    this.schema = parts.schema ?? null;
    this.identifier = parts.identifier ?? null;
    this.type = parts.type ?? null;
    this.quotePolicy = parts.quotePolicy ?? EVERY;
    this.includePolicy = parts.includePolicy ?? EVERY;
    this.limit = parts.limit ?? null;
    this.eventTimeFilter = parts.eventTimeFilter ?? null;
    this.requireAlias = parts.requireAlias ?? true;
    this.dbtCreated = parts.dbtCreated ?? false;
    if (
      this.type !== null &&
      [...(this.identifier ?? '')].length > MAX_IDENTIFIER_LENGTH &&
      this.type !== 'cte'
    ) {
      throw new TemplateError(
        'compilation',
        'DbtRuntimeError',
        `Relation name '${this.identifier ?? ''}' is longer than ${String(MAX_IDENTIFIER_LENGTH)} characters`,
      );
    }
  }

  with(parts: Partial<RelationParts>): Relation {
    return new Relation({ ...(this as RelationParts), ...parts });
  }

  /** The parts that are included, quoted by policy, joined by dots. */
  render(): string {
    return PARTS.flatMap((part) => {
      const name = this[part];
      if (!this.includePolicy[part] || name === null) return [];
      return [this.quotePolicy[part] ? `"${name}"` : name];
    }).join('.');
  }

  override toStr(): string {
    let text = this.render();
    if (this.limit !== null) {
      const condition = this.limit === 0 ? 'where false limit 0' : `limit ${String(this.limit)}`;
      text = `(select * from ${text} ${condition})${this.#alias('limit')}`;
    }
    const filter = this.#eventTimeCondition();
    return filter === '' ? text : `(select * from ${text} where ${filter})${this.#alias('et_filter')}`;
  }

  #alias(purpose: string): string {
    return this.requireAlias ? ` _dbt_${purpose}_subq_${this.identifier ?? 'None'}` : '';
  }

  #eventTimeCondition(): string {
    const filter = this.eventTimeFilter;
    if (!filter) return '';
    const from = filter.start === null ? [] : [`${filter.field} >= '${filter.start}'`];
    const to = filter.end === null ? [] : [`${filter.field} < '${filter.end}'`];
    return [...from, ...to].join(' and ');
  }

  override toRepr(): string {
    return `<PostgresRelation ${this.render()}>`;
  }

  override isTruthy(): boolean {
    return true;
  }

  override equals(other: Value): boolean {
    return other instanceof Relation && this.#key() === other.#key();
  }

  override hashKey(): string {
    return `relation:${this.render()}`;
  }

  #key(): string {
    return JSON.stringify([
      this.render(),
      this.type,
      this.limit,
      this.includePolicy,
      this.quotePolicy,
      this.database,
      this.schema,
      this.identifier,
    ]);
  }

  override entries(): readonly (readonly [Value, Value])[] {
    return [
      ['path', this.#path()],
      ['type', this.type],
      ['quote_character', '"'],
      ['include_policy', dictOf({ ...this.includePolicy })],
      ['quote_policy', dictOf({ ...this.quotePolicy })],
      ['dbt_created', this.dbtCreated],
      ['limit', this.limit],
      ['event_time_filter', null],
      ['require_alias', this.requireAlias],
      ['catalog', null],
      ['renameable_relations', [...RENAMEABLE]],
      ['replaceable_relations', [...RENAMEABLE]],
    ];
  }

  #path(): Dict {
    return dictOf({ database: this.database, schema: this.schema, identifier: this.identifier });
  }

  override getItem(key: Value): Value | undefined {
    return typeof key === 'string' ? this.getAttribute(key) : undefined;
  }

  /** It has keys, as dbt's has, and refuses to tell them. */
  override iterate(): Iterator<Value> {
    throw this.#notDict();
  }

  override length(): number {
    throw this.#notDict();
  }

  #notDict(): TemplateError {
    return new TemplateError('compilation', 'DataclassNotDictError', notDict(this.render()));
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'database':
      case 'schema':
      case 'identifier':
      case 'type':
      case 'limit':
        return this[name];
      case 'name':
      case 'table':
        return this.identifier;
      case 'path':
        return new RelationPath(this);
      case 'dbt_created':
        return this.dbtCreated;
      case 'require_alias':
        return this.requireAlias;
      case 'quote_character':
        return '"';
      case 'quote_policy':
        return new PolicyValue(this.quotePolicy);
      case 'include_policy':
        return new PolicyValue(this.includePolicy);
      case 'is_table':
        return this.type === 'table';
      case 'is_view':
        return this.type === 'view';
      case 'is_cte':
        return this.type === 'cte';
      case 'is_materialized_view':
        return this.type === 'materialized_view';
      case 'is_pointer':
        return this.type === 'pointer_table';
      case 'is_function':
        return this.type === 'function';
      case 'can_be_renamed':
      case 'can_be_replaced':
        return RENAMEABLE.includes(this.type);
      case 'renameable_relations':
      case 'replaceable_relations':
        return PySet.of(['view', 'table']);
      case 'View':
        return 'view';
      case 'Table':
        return 'table';
      case 'CTE':
        return 'cte';
      case 'MaterializedView':
        return 'materialized_view';
      case 'External':
        return 'external';
      case 'PointerTable':
        return 'pointer_table';
      case 'Function':
        return 'function';
      case 'catalog':
        return null;
      case 'get_relation_type':
        return new RelationTypes();
      default:
        return this.#method(name);
    }
  }

  #method(name: string): Value | undefined {
    switch (name) {
      case 'render':
        return define(name, '', () => this.render());
      case 'render_limited':
        return define(name, '', () => this.with({ eventTimeFilter: null }).toStr());
      case 'quoted':
        return define(name, 'identifier', (args) => `"${args.text('identifier') ?? 'None'}"`);
      case 'quote':
        return define(name, 'database=,schema=,identifier=', (args) =>
          this.with({ quotePolicy: changedPolicy(this.quotePolicy, (part) => args.get(part)) }),
        );
      case 'include':
        return define(name, 'database=,schema=,identifier=', (args) =>
          this.with({ includePolicy: changedPolicy(this.includePolicy, (part) => args.get(part)) }),
        );
      case 'incorporate':
        return define(name, '**changes', (args) => this.#incorporate(args.keywords));
      case 'replace_path':
        return define(name, '**changes', (args) => this.with(pathParts(args.keywords)));
      case 'replace':
        return define(name, '**changes', (args) => this.#incorporate(args.keywords));
      case 'without_identifier':
        return define(name, '', () =>
          this.with({ identifier: null, includePolicy: { ...this.includePolicy, identifier: false } }),
        );
      case 'information_schema':
      case 'information_schema_only':
        return define(name, 'view_name=', (args) => new InformationSchema(this, args.text('view_name')));
      case 'matches':
        return define(name, 'database=,schema=,identifier=', (args) =>
          this.#matches((part) => args.text(part)),
        );
      case 'add_ephemeral_prefix':
        return define(name, 'name', (args) => `__dbt__cte__${args.text('name') ?? 'None'}`);
      case 'get_default_quote_policy':
      case 'get_default_include_policy':
        return define(name, '', () => new PolicyValue(EVERY));
      case 'get_materialized_view_config_change_collection':
        return define(name, 'relation_results,relation_config', (args) =>
          indexChanges(args.value('relation_results'), args.value('relation_config')),
        );
      case 'relation_max_name_length':
        return define(name, '', () => MAX_IDENTIFIER_LENGTH);
      case 'get':
        return define(name, 'key,default=', (args) => {
          const key = args.text('key') ?? '';
          if (key === 'metadata') return dictOf({ type: 'PostgresRelation' });
          return this.getAttribute(key) ?? args.value('default');
        });
      case 'to_dict':
        return define(name, 'omit_none=', () => Dict.of(this.entries()));
      case 'create':
        return define(name, 'database=,schema=,identifier=,type=,**rest', (args) => createRelation(args));
      case 'scd_args':
        return define(name, 'primary_key,updated_at', (args) => {
          const key = args.value('primary_key');
          return [...(Array.isArray(key) ? key : [key]), args.value('updated_at')];
        });
      default:
        return undefined;
    }
  }

  /** Whether these parts are its own; a part that differs in case alone is refused, as dbt refuses it. */
  #matches(wanted: (part: Part) => string | null): boolean {
    const asked = PARTS.flatMap((part) => {
      const text = wanted(part);
      return text === null ? [] : [{ part, text }];
    });
    if (asked.length === 0) {
      throw new TemplateError(
        'compilation',
        'DbtRuntimeError',
        'Tried to match relation, but no search path was passed!',
      );
    }
    const folded = (text: string | null): string => (text ?? '').toLowerCase();
    const isExact = asked.every(({ part, text }) => this[part] === text);
    const isClose = asked.every(({ part, text }) => folded(this[part]) === folded(text));
    if (isClose && !isExact) {
      const target = new Relation({
        ...Object.fromEntries(asked.map(({ part, text }) => [part, text])),
        quotePolicy: this.quotePolicy,
      });
      throw new TemplateError(
        'compilation',
        'ApproximateMatchError',
        `When searching for a relation, dbt found an approximate match. Instead of guessing \nwhich relation to use, dbt will move on. Please delete ${this.render()}, or rename it to be less ambiguous.\nSearched for: ${target.render()}\nFound: ${this.render()}`,
      );
    }
    return isExact;
  }

  #incorporate(changes: ReadonlyMap<string, Value>): Relation {
    const path = changes.get('path');
    const parts: { -readonly [Key in keyof RelationParts]?: RelationParts[Key] } =
      path instanceof Dict
        ? pathParts(new Map([...path.entries()].map(([key, value]) => [str(key), value])))
        : {};
    if (changes.has('type')) parts.type = relationType(changes.get('type'));
    const quoting = changes.get('quote_policy');
    if (quoting instanceof Dict)
      parts.quotePolicy = changedPolicy(this.quotePolicy, (part) => quoting.get(part));
    const include = changes.get('include_policy');
    if (include instanceof Dict)
      parts.includePolicy = changedPolicy(this.includePolicy, (part) => include.get(part));
    if (changes.get('dbt_created') === true) parts.dbtCreated = true;
    return this.with(parts);
  }
}

function changedPolicy(policy: Policy, change: (part: Part) => Value | undefined): Policy {
  const pick = (part: Part): boolean => {
    const value = change(part);
    return typeof value === 'boolean' ? value : policy[part];
  };
  return { database: pick('database'), schema: pick('schema'), identifier: pick('identifier') };
}

function pathParts(changes: ReadonlyMap<string, Value>): Partial<RelationParts> {
  const parts: Partial<Record<Part, string | null>> = {};
  for (const part of PARTS) {
    const value = changes.get(part);
    if (value !== undefined) parts[part] = value === null ? null : String(toJs(value));
  }
  return parts;
}

/** `api.Relation.create(...)`. */
export function createRelation(
  args: {
    text(name: string): string | null;
    get(name: string): Value | undefined;
    readonly keywords: ReadonlyMap<string, Value>;
  },
  quoting: Policy = EVERY,
): Relation {
  const policy = args.keywords.get('quote_policy');
  const include = args.keywords.get('include_policy');
  const limit = args.keywords.get('limit');
  return new Relation({
    database: args.text('database'),
    schema: args.text('schema'),
    identifier: args.text('identifier'),
    type: relationType(args.get('type')),
    quotePolicy: policy instanceof Dict ? changedPolicy(quoting, (part) => policy.get(part)) : quoting,
    includePolicy: include instanceof Dict ? changedPolicy(EVERY, (part) => include.get(part)) : EVERY,
    limit: typeof limit === 'number' ? limit : null,
  });
}

export { InformationSchema, relationType };
export type { Policy, RelationType };
