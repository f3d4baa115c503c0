/** The warehouse of an editor's rendering: it answers at once, from the Catalog and from what was answered before, and notes what was asked. */

import type { CapturedText } from '../jinja/index.ts';
import { TemplateError } from '../jinja/index.ts';
import type { TemplateQuestion } from '../project/answers.ts';
import { relationOf, type Catalog, type CatalogRelation, type RelationKind } from '../project/catalog.ts';
import type { Column } from '../project/context/column.ts';
import { nodeRelation } from '../project/context/node-relation.ts';
import { Relation, relationType, type RelationType } from '../project/context/relation.ts';
import type { Executed, KnownRelations, WarehouseAccess } from '../project/context/warehouse-access.ts';
import { asksColumnsItsOwnWay, knownColumns } from '../project/known-columns.ts';
import type { ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import { relationKey, resourcesByRelation } from '../project/stored-names.ts';

/** What a resource's own relation is taken to be: not built yet, or there from an earlier run. */
export type OwnRelation = 'absent' | 'present';

/** More than these a template may not ask while somebody types. */
const MOST_QUESTIONS = 100;

/**
 * What nobody knows yet is answered with nothing, as while parsing, so that the rest is rendered and asks its questions, too; what comes
 * of it is unknown then. Whether the resource's own relation exists is a choice, not a fact: both are worth a look.
 */
export class KnownAnswers implements WarehouseAccess, KnownRelations {
  /** Why nobody can say what is rendered; undefined while all that was asked is known. */
  unknown: string | undefined;
  /** Whether the template wanted to know if its own relation exists. */
  wasAskedForOwn = false;
  readonly questions: TemplateQuestion[] = [];
  readonly #project: Project;
  readonly #catalog: Catalog;
  readonly #node: ManifestNode;
  readonly #state: OwnRelation;

  constructor(project: Project, catalog: Catalog, node: ManifestNode, state: OwnRelation) {
    this.#project = project;
    this.#catalog = catalog;
    this.#node = node;
    this.#state = state;
  }

  get relations(): KnownRelations {
    return this;
  }

  execute(sql: string | CapturedText, { limit }: { readonly limit: number | null }): Executed {
    const text = typeof sql === 'string' ? sql : sql.text;
    this.#note({ kind: 'statement', sql: text });
    const answer = this.#catalog.answers.get(text);
    if (!answer) {
      this.unknown ??= 'its template asks the warehouse, which has not answered yet';
      return NOTHING;
    }
    if (answer.kind === 'none') {
      this.unknown ??= `its template asks the warehouse, which does not answer: ${answer.reason}`;
      throw new TemplateError('database', 'DbtDatabaseError', answer.reason);
    }
    const { result } = answer;
    return limit === null ? result : { ...result, rows: result.rows.slice(0, limit) };
  }

  /** A row that is written is none of an editor's business. */
  copyRows(): never {
    this.unknown ??= 'its template writes to the warehouse';
    throw new TemplateError('database', 'DbtDatabaseError', 'nothing is written here');
  }

  commit(): void {
    // Nothing was begun.
  }

  clearTransaction(): void {
    // Nothing was begun.
  }

  find(database: string, schema: string, identifier: string): Relation | null {
    if (this.#isOwn(database, schema, identifier)) return this.#findOwn();
    if (database.toLowerCase() !== this.#project.world.settings.target.database.toLowerCase())
      return this.#findListed(database, schema, identifier);
    if (!this.#isKnown(schema)) return this.#findListed(database, schema, identifier);
    this.#note({ kind: 'catalog' });
    const relation = this.#catalog.relations.get(relationKey(schema, identifier));
    const type = relation && TYPES[relation.kind];
    if (type) return new Relation({ database, schema, identifier, type });
    this.#noteUnbuilt(schema, identifier);
    return null;
  }

  list(database: string, schema: string): readonly Relation[] {
    const { rows } = this.execute(listing(schema), { limit: null });
    return rows.flatMap(([name, type]) =>
      name === undefined || name === null
        ? []
        : [new Relation({ database, schema, identifier: name, type: relationType(type ?? null) })],
    );
  }

  columnsOf(relation: Relation): readonly Column[] | undefined {
    const { world } = this.#project;
    const { database, schema, identifier } = relation;
    if (schema === null || identifier === null || asksColumnsItsOwnWay(world.macros)) return undefined;
    if (database !== null && database.toLowerCase() !== world.settings.target.database.toLowerCase())
      return undefined;
    if (!this.#isKnown(schema)) return undefined;
    this.#note({ kind: 'catalog' });
    const standing = this.#catalog.relations.get(relationKey(schema, identifier));
    const id = resourcesByRelation(this.#project).get(relationKey(schema, identifier));
    const node = id === undefined ? undefined : this.#project.manifest.nodes.get(id);
    if (node?.unique_id === this.#node.unique_id) this.wasAskedForOwn = true;
    else if (node) return this.#columnsToBe(node, standing);
    if (node && this.#state === 'absent') return [];
    if (standing) return standingColumns(standing);
    // A first run has made it when it is asked.
    if (node) this.unknown ??= `its template asks for the columns of '${identifier}', which is not built yet`;
    return [];
  }

  added(): void {
    // Nothing is kept.
  }

  dropped(): void {
    // Nothing is kept.
  }

  renamed(): void {
    // Nothing is kept.
  }

  schemaDropped(): void {
    // Nothing is kept.
  }

  /** Before it is asked for, a run has built it from its present text. */
  #columnsToBe(node: ManifestNode, standing: CatalogRelation | undefined): readonly Column[] | undefined {
    const described = this.#catalog.described.get(node.unique_id);
    if (described && (!standing || sameNames(described, standing.columns))) return knownColumns(described);
    // A table that is kept has columns of two texts.
    if (described && !KEPT.has(String(node.config.materialized))) return knownColumns(described);
    if (!standing || described) {
      this.unknown ??= `its template asks for the columns of '${node.name}', which are not known before it is built`;
      return [];
    }
    return standingColumns(standing);
  }

  #isOwn(database: string, schema: string, identifier: string): boolean {
    const own = this.#node;
    return database === own.database && schema === own.schema && identifier === own.alias;
  }

  #findOwn(): Relation | null {
    this.wasAskedForOwn = true;
    if (this.#state === 'absent') return null;
    const standing = relationOf(this.#project, this.#catalog, this.#node);
    const usual = this.#node.config.materialized === 'view' ? 'view' : 'table';
    return nodeRelation(this.#project.world, this.#node).with({
      type: (standing && TYPES[standing.kind]) ?? usual,
    });
  }

  #findListed(database: string, schema: string, identifier: string): Relation | null {
    return this.list(database, schema).find((relation) => relation.identifier === identifier) ?? null;
  }

  /** What the project builds will be there when a run comes to the template. */
  #noteUnbuilt(schema: string, identifier: string): void {
    const id = resourcesByRelation(this.#project).get(relationKey(schema, identifier));
    if (id !== undefined && this.#project.manifest.nodes.has(id))
      this.unknown ??= `its template asks for '${identifier}', which is not built yet`;
  }

  #isKnown(schema: string): boolean {
    return this.#catalog.readAt !== null && this.#catalog.schemas.has(schema);
  }

  #note(question: TemplateQuestion): void {
    if (this.questions.length < MOST_QUESTIONS) {
      this.questions.push(question);
      return;
    }
    this.unknown ??= `its template asks the warehouse more than ${String(MOST_QUESTIONS)} questions`;
    throw new TemplateError('database', 'DbtDatabaseError', 'more questions than are asked while typing');
  }
}

const NOTHING: Executed = { command: 'SELECT 0', columns: [], rows: [] };

const KEPT = new Set(['incremental', 'snapshot', 'seed']);

/** As dbt lists relations, which is without foreign tables. */
const TYPES: Readonly<Record<RelationKind, RelationType | undefined>> = {
  table: 'table',
  'partitioned table': 'table',
  view: 'view',
  'materialized view': 'materialized_view',
  'foreign table': undefined,
};

/** Information_schema says nothing of materialized views. */
function standingColumns({ kind, columns }: CatalogRelation): readonly Column[] | undefined {
  return kind === 'materialized view' ? [] : knownColumns(columns);
}

function sameNames(a: CatalogRelation['columns'], b: CatalogRelation['columns']): boolean {
  return a.length === b.length && a.every(({ name }, index) => name === b[index]?.name);
}

/** What the macro `list_relations_without_caching` lists of one schema. */
function listing(schema: string): string {
  const name = `'${schema.replaceAll('"', '').replaceAll("'", "''")}'`;
  return `select tablename as name, 'table' as type from pg_tables where schemaname ilike ${name}
union all
select viewname, 'view' from pg_views where schemaname ilike ${name}
union all
select matviewname, 'materialized_view' from pg_matviews where schemaname ilike ${name}
union all
select distinct proname, 'function' from pg_proc join pg_namespace on pronamespace = pg_namespace.oid where nspname ilike ${name}`;
}
