/** Where a statement's columns come from, query by query: its own, each CTE's, each subquery's of FROM, down to relations. */

import type { SqlTree } from '../parse-sql.ts';
import type { BoundQuery, ColumnId, NamedQuery, Plan, Project, Scalar } from '../plan/plan.ts';
import { inputsOf, scalarsOf } from '../plan/reads.ts';
import { partsOf } from '../plan/scalars.ts';
import type { Relation } from '../plan/schema.ts';
import { define, type Definition, type Input } from './definitions.ts';
import { givesValue, through, type How } from './how.ts';
import { rowInputs, type RowInput } from './row-inputs.ts';
import { writtenText } from './written.ts';

/** One hop: a query under the name that it is read by. */
export interface LineageQuery {
  readonly kind: 'statement' | 'cte' | 'subquery';
  /** Empty for the statement itself. */
  readonly name: string;
  readonly columns: readonly LineageColumn[];
  /** What decides which rows it has, how they are put together and in which order: it is behind all of its columns. */
  readonly rows: readonly Link[];
}

export interface LineageColumn {
  readonly query: LineageQuery;
  readonly name: string;
  readonly links: readonly Link[];
}

/** One step from a column (or a query's rows) to what it comes from. */
export interface Link {
  readonly how: How;
  /** As written, with blanks between words; undefined where nothing is written, as in a star or USING. */
  readonly expression: string | undefined;
  readonly source: Source;
}

export type Source =
  | { readonly kind: 'column'; readonly column: LineageColumn }
  | { readonly kind: 'rows'; readonly query: LineageQuery }
  | { readonly kind: 'relation column'; readonly relation: Relation; readonly column: string }
  | { readonly kind: 'relation rows'; readonly relation: Relation };

export interface StatementLineage {
  readonly query: LineageQuery;
  /** Every query of the text that something reads, the statement's own last. */
  readonly queries: readonly LineageQuery[];
}

/** Without a tree nothing is said of how an expression is written. */
export function statementLineage(query: BoundQuery, tree: SqlTree | undefined): StatementLineage {
  return new Tracer(tree).trace(query);
}

/** Where the trace of an outer query stops: a column of another hop, or of a relation. */
type Stop =
  | { readonly kind: 'column'; readonly query: () => Made; readonly index: number }
  | { readonly kind: 'relation'; readonly relation: Relation; readonly column: string };

/** A hop while its links are being found. */
interface Made {
  readonly query: LineageQuery & { rows: readonly Link[] };
  readonly columns: { readonly query: LineageQuery; readonly name: string; links: readonly Link[] }[];
}

class Tracer {
  readonly #tree: SqlTree | undefined;
  readonly #definitions = new Map<ColumnId, Definition>();
  readonly #stops = new Map<ColumnId, Stop>();
  readonly #made = new Map<NamedQuery | Project | BoundQuery, Made>();
  readonly #queries: LineageQuery[] = [];
  readonly #seen = new Set<Plan>();
  readonly #texts = new Map<Scalar, string | undefined>();

  constructor(tree: SqlTree | undefined) {
    this.#tree = tree;
  }

  trace(query: BoundQuery): StatementLineage {
    this.#enter(query.plan);
    const { query: own } = this.#make(query, 'statement', '', query);
    return { query: own, queries: this.#queries };
  }

  #enter(plan: Plan): void {
    if (this.#seen.has(plan)) return;
    this.#seen.add(plan);
    define(plan, this.#definitions);
    this.#stopAt(plan);
    for (const input of inputsOf(plan)) this.#enter(input);
    for (const scalar of scalarsOf(plan)) this.#enterScalar(scalar);
    if (plan.kind === 'named' && plan.of.kind === 'cte') this.#enterCte(plan.of);
  }

  #enterScalar(scalar: Scalar): void {
    if (scalar.kind === 'subquery') this.#enter(scalar.query.plan);
    for (const part of partsOf(scalar)) this.#enterScalar(part);
  }

  #enterCte(cte: NamedQuery): void {
    const { plan } = cte.query;
    this.#enter(plan);
    if (plan.kind !== 'recursive') return;
    const query = (): Made => this.#make(cte, 'cte', cte.name, cte.query);
    for (const recursion of recursionsIn(plan.step.plan))
      recursion.columns.forEach(({ id }, index) => {
        if (!this.#stops.has(id)) this.#stops.set(id, { kind: 'column', query, index });
      });
  }

  #stopAt(plan: Plan): void {
    const relation = relationOf(plan);
    if (relation) {
      // Names of a scan are the relation's own; a view's are those it was made with.
      if (plan.kind === 'scan' || plan.kind === 'named')
        for (const { id, name } of plan.columns)
          this.#stops.set(id, { kind: 'relation', relation, column: name });
    } else if (plan.kind === 'named') {
      const { of } = plan;
      const query = (): Made => this.#make(of, 'cte', of.name, of.query);
      plan.columns.forEach(({ id }, index) => this.#stops.set(id, { kind: 'column', query, index }));
    } else if (isSubquery(plan)) {
      const query = (): Made => this.#makeSubquery(plan);
      plan.columns.forEach(({ id }, index) => this.#stops.set(id, { kind: 'column', query, index }));
    }
  }

  #makeSubquery(plan: Project): Made {
    return this.#make(plan, 'subquery', plan.alias ?? '', { plan: plan.input, output: plan.columns });
  }

  #make(
    key: NamedQuery | Project | BoundQuery,
    kind: LineageQuery['kind'],
    name: string,
    { plan, output }: BoundQuery,
  ): Made {
    const known = this.#made.get(key);
    if (known) return known;
    const columns: Made['columns'] = [];
    const query: Made['query'] = { kind, name, columns, rows: [] };
    const made: Made = { query, columns };
    this.#made.set(key, made);
    for (const column of output) columns.push({ query, name: column.name, links: [] });
    output.forEach((column, index) => {
      const own = columns[index];
      if (own) own.links = this.#linksOf(column.id, column.name, own);
    });
    query.rows = this.#linksOfRows(plan, new Set(output.map(({ id }) => id)));
    this.#queries.push(query);
    return made;
  }

  /** The links of a column of a hop, through whatever of its own query stands between. */
  #linksOf(id: ColumnId, name: string, own: LineageColumn): readonly Link[] {
    const collected = new Links();
    const definition = this.#definitions.get(id);
    // It shows another query's column as that is.
    if (!definition) this.#follow({ kind: 'column', column: id, how: 'passed through' }, undefined, collected, new Set()); // prettier-ignore
    else this.#followAll(definition, 'passed through', undefined, collected, new Set([`${id} passed through`])); // prettier-ignore
    return collected.named(name, own);
  }

  #followAll(
    { inputs, expression, name }: Definition,
    how: How,
    text: string | undefined,
    into: Links,
    seen: Set<string>,
  ): void {
    const own = text ?? this.#text(expression, name);
    for (const input of inputs) this.#follow({ ...input, how: through(how, input.how) }, own, into, seen);
  }

  #follow(input: Input, text: string | undefined, into: Links, seen: Set<string>): void {
    if (input.kind === 'rows') {
      for (const row of rowInputs(input.of)) this.#followRow(seenFrom(input.how, row), text, into, seen);
      return;
    }
    const { column: id, how } = input;
    const stop = this.#stops.get(id);
    if (stop) {
      into.add({ how, expression: text, source: sourceOf(stop) });
      return;
    }
    const key = `${id} ${how}`;
    if (seen.has(key)) return;
    seen.add(key);
    const definition = this.#definitions.get(id);
    if (definition) this.#followAll(definition, how, text, into, seen);
  }

  /** ORDER BY and DISTINCT are about the query's own output. */
  #linksOfRows(plan: Plan, output: ReadonlySet<ColumnId>): readonly Link[] {
    const collected = new Links();
    for (const row of rowInputs(plan)) {
      const { input } = row;
      const definition =
        input.kind === 'column' && output.has(input.column) ? this.#definitions.get(input.column) : undefined;
      if (definition) this.#followAll(definition, input.how, undefined, collected, new Set());
      else this.#followRow(row, undefined, collected, new Set());
    }
    return collected.all();
  }

  #followRow(row: RowInput | undefined, text: string | undefined, into: Links, seen: Set<string>): void {
    if (!row) return;
    const own = text ?? this.#text(row.expression);
    const { input } = row;
    if (input.kind === 'column') {
      this.#follow(input, own, into, seen);
      return;
    }
    const source = this.#rowsOf(input.of);
    if (source) into.add({ how: input.how, expression: own, source });
    else this.#follow(input, own, into, seen);
  }

  /** The rows of a hop or of a relation; undefined where a plan is a part of the query at hand. */
  #rowsOf(plan: Plan): Source | undefined {
    const relation = relationOf(plan);
    if (relation) return { kind: 'relation rows', relation };
    if (plan.kind === 'named')
      return { kind: 'rows', query: this.#make(plan.of, 'cte', plan.of.name, plan.of.query).query };
    return isSubquery(plan) ? { kind: 'rows', query: this.#makeSubquery(plan).query } : undefined;
  }

  #text(expression: Scalar | undefined, name?: string): string | undefined {
    if (!this.#tree || !expression?.node) return undefined;
    if (this.#texts.has(expression)) return this.#texts.get(expression);
    const text = writtenText(this.#tree, expression.node, name);
    // A star says nothing of one column.
    const shown = text === undefined || /(?:^|\.)\*$/u.test(text) ? undefined : text;
    this.#texts.set(expression, shown);
    return shown;
  }
}

/** What counts rows is about them alone: what decides which there are is told of the query. */
function seenFrom(how: How, row: RowInput): RowInput | undefined {
  if (!givesValue(how)) return { ...row, input: { ...row.input, how } };
  return row.input.kind === 'rows' && row.input.how !== 'filtering'
    ? { ...row, input: { ...row.input, how } }
    : undefined;
}

function sourceOf(stop: Stop): Source {
  if (stop.kind === 'relation')
    return { kind: 'relation column', relation: stop.relation, column: stop.column };
  const column = stop.query().columns[stop.index];
  if (!column) throw new Error('a column of a query has no place in it');
  return { kind: 'column', column };
}

/** A view is where the trace ends: it is a relation like others, as it is to the server. */
export function relationOf(plan: Plan): Relation | undefined {
  if (plan.kind === 'scan') return plan.relation;
  return plan.kind === 'named' ? plan.of.relation : undefined;
}

export function isSubquery(plan: Plan): plan is Project {
  return plan.kind === 'project' && plan.alias !== undefined;
}

function recursionsIn(plan: Plan): readonly Extract<Plan, { kind: 'recursion' }>[] {
  return plan.kind === 'recursion' ? [plan] : inputsOf(plan).flatMap(recursionsIn);
}

/** Each link once. */
class Links {
  readonly #all: Link[] = [];

  add(link: Link): void {
    const isKnown = this.#all.some(
      (other) =>
        other.how === link.how && other.expression === link.expression && isSame(other.source, link.source),
    );
    if (!isKnown) this.#all.push(link);
  }

  all(): readonly Link[] {
    return this.#all;
  }

  /** A column handed on under another name is renamed; one that comes of itself, as in a recursion, has no link for it. */
  named(name: string, own: LineageColumn): readonly Link[] {
    return this.#all
      .filter(({ source }) => source.kind !== 'column' || source.column !== own)
      .map((link) =>
        link.how === 'passed through' && nameOf(link.source) !== name ? { ...link, how: 'renamed' } : link,
      );
  }
}

function nameOf(source: Source): string | undefined {
  if (source.kind === 'column') return source.column.name;
  return source.kind === 'relation column' ? source.column : undefined;
}

function isSame(one: Source, other: Source): boolean {
  if (one.kind === 'column') return other.kind === 'column' && one.column === other.column;
  if (one.kind === 'rows') return other.kind === 'rows' && one.query === other.query;
  if (one.kind === 'relation rows') return other.kind === 'relation rows' && one.relation === other.relation;
  return other.kind === 'relation column' && one.relation === other.relation && one.column === other.column;
}
