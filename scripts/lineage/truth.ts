/** What Postgres itself says of a query's columns, beside what we say: names, types, origins, and every column that is read. */

import type { Client } from 'pg';
import { bindStatement, type BoundStatement } from '../../server/src/sql/plan/bind.ts';
import { valueSourcesOf } from '../../server/src/sql/lineage/sources.ts';
import { statementLineage, type LineageColumn } from '../../server/src/sql/lineage/statement-lineage.ts';
import { parseSql } from '../../server/src/sql/parse-sql.ts';
import type { SqlParser } from '../../server/src/sql/parser.ts';
import type { Plan, Scalar } from '../../server/src/sql/plan/plan.ts';
import { inputsOf, scalarsOf } from '../../server/src/sql/plan/reads.ts';
import { columnsIn, partsOf } from '../../server/src/sql/plan/scalars.ts';
import type { Relation, Schema } from '../../server/src/sql/plan/schema.ts';

export type Compared =
  | { readonly kind: 'refused by the server'; readonly message: string }
  | { readonly kind: 'not understood'; readonly reason: string }
  | ComparedColumns;

export interface ComparedColumns {
  readonly kind: 'compared';
  readonly columns: number;
  /** Those whose type we know without asking. */
  readonly types: number;
  /** Those that hand on a relation's column, as the server sees it. */
  readonly plain: number;
  /** Columns of relations that the query reads anywhere. */
  readonly read: number;
  readonly differences: readonly string[];
}

/** Nothing is executed: the query is asked for no rows, and made a view that is taken back. */
export async function compareWithServer(
  client: Client,
  parser: SqlParser,
  schema: Schema,
  sql: string,
): Promise<Compared> {
  const text = sql.replace(/[\s;]+$/u, '');
  const { tree, diagnostics } = parseSql(parser, text);
  if (!tree) return { kind: 'refused by the server', message: diagnostics[0]?.message ?? '' };
  await client.query('begin');
  try {
    const theirs = await columnsOfServer(client, text);
    const binding = bindStatement(parser, tree, schema);
    if (binding.kind === 'unknown') return { kind: 'not understood', reason: binding.reason };
    const { statement } = binding;
    const own = statementLineage(statement.query, tree).query.columns;
    const readByServer = await readByView(client, text, theirs.length);
    const readByUs = readBy(statement);
    const differences = [
      ...columnDifferences(statement, own, theirs),
      ...[...readByServer].filter((name) => !readByUs.has(name)).map((name) => `${name} is read, we do not say so`), // prettier-ignore
      ...[...readByUs].filter((name) => !readByServer.has(name)).map((name) => `${name} is not read, we say it is`), // prettier-ignore
    ];
    return {
      kind: 'compared',
      columns: theirs.length,
      types: statement.query.output.filter(({ type }) => type !== undefined).length,
      plain: theirs.filter(({ origin }) => origin !== undefined).length,
      read: readByServer.size,
      differences,
    };
  } catch (error) {
    if (!(error instanceof Error) || !('severity' in error)) throw error;
    return { kind: 'refused by the server', message: error.message };
  } finally {
    await client.query('rollback');
  }
}

interface ServerColumn {
  readonly name: string;
  readonly type: string;
  /** `schema.relation.column` */
  readonly origin: string | undefined;
}

async function columnsOfServer(client: Client, text: string): Promise<readonly ServerColumn[]> {
  const { fields } = await client.query({ text: `select * from (${text}\n) as q limit 0`, rowMode: 'array' });
  if (fields.length === 0) return [];
  const list = fields.map(
    (field, index) =>
      `(${String(index)}, ${String(field.dataTypeID)}::oid, ${String(field.dataTypeModifier)}, ${String(field.tableID)}::oid, ${String(field.columnID)})`,
  );
  const { rows } = await client.query<{ type: string; origin: string | null }>(
    `select format_type(f.type, f.modifier) as type, n.nspname || '.' || c.relname || '.' || a.attname as origin
     from (values ${list.join(', ')}) as f(place, type, modifier, relation, number)
     left join pg_class c on c.oid = f.relation
     left join pg_namespace n on n.oid = c.relnamespace
     left join pg_attribute a on a.attrelid = f.relation and a.attnum = f.number
     order by f.place`,
  );
  return fields.map(({ name }, index) => ({
    name,
    type: rows[index]?.type ?? '',
    origin: rows[index]?.origin ?? undefined,
  }));
}

/** What a view over the query depends on: the columns of relations that it reads, wherever. */
async function readByView(client: Client, text: string, count: number): Promise<ReadonlySet<string>> {
  const names = Array.from({ length: count }, (_, index) => `c${String(index)}`).join(', ');
  await client.query(`create temporary view grainline_truth (${names}) as ${text}`);
  const { rows } = await client.query<{ name: string }>(
    `select distinct n.nspname || '.' || c.relname || '.' || a.attname as name
     from pg_depend d
     join pg_rewrite r on r.oid = d.objid and r.ev_class = 'grainline_truth'::regclass
     join pg_class c on c.oid = d.refobjid
     join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjsubid <> 0`,
  );
  return new Set(rows.map(({ name }) => name));
}

function columnDifferences(
  statement: BoundStatement,
  own: readonly LineageColumn[],
  theirs: readonly ServerColumn[],
): readonly string[] {
  if (own.length !== theirs.length) return [`${String(theirs.length)} columns, we say ${String(own.length)}`];
  return theirs.flatMap(({ name, type, origin }, index) => {
    const ours = own[index];
    const known = statement.query.output[index]?.type;
    const place = `${String(index + 1)} (${name})`;
    if (!ours) return [`column ${place} is missing`];
    const origins = valueSourcesOf(ours).map(({ relation, column = '' }) => columnName(relation, column));
    // Of what several queries give, or grouping sets, the server names no origin: there ours has nothing to be equal to.
    const isSame = origin === undefined ? !isHandedOn(statement, index) : origins.join() === origin && isPassed(ours); // prettier-ignore
    return [
      ...(ours.name === name ? [] : [`column ${place}: we call it ${ours.name}`]),
      ...(known === undefined || known === type ? [] : [`column ${place} is ${type}, we say ${known}`]),
      ...(isSame
        ? []
        : [`column ${place} comes from ${origin ?? 'no single column'}, we say ${origins.join(', ')}`]),
    ];
  });
}

function columnName({ schema, name }: Relation, column: string): string {
  return `${schema}.${name}.${column}`;
}

function isPassed(column: LineageColumn): boolean {
  return valueSourcesOf(column).every(({ how }) => how === 'passed through' || how === 'renamed');
}

/** Whether an output column is a relation's column, handed on from query to query by name alone. */
function isHandedOn({ query }: BoundStatement, index: number): boolean {
  const next = new Map<number, number | 'relation'>();
  const hand = (list: readonly { readonly id: number; readonly expression: Scalar }[]): void => {
    for (const { id, expression } of list)
      if (expression.kind === 'column' && expression.column !== id) next.set(id, expression.column);
  };
  forEachPlan(query.plan, (plan) => {
    if (plan.kind === 'project') hand(plan.columns);
    else if (plan.kind === 'join') hand(plan.merged);
    else if (plan.kind === 'aggregate' && !plan.sets) hand(plan.groups);
    else if (plan.kind === 'scan' || (plan.kind === 'named' && plan.of.relation))
      for (const { id } of plan.columns) next.set(id, 'relation');
    else if (plan.kind === 'named')
      plan.columns.forEach(({ id }, place) => {
        const inner = plan.of.query.output[place]?.id;
        if (inner !== undefined) next.set(id, inner);
      });
  });
  let at = next.get(query.output[index]?.id ?? 0);
  while (typeof at === 'number') at = next.get(at);
  return at === 'relation';
}

/** Those of subqueries and CTEs, too. */
function forEachPlan(start: Plan, visit: (plan: Plan) => void): void {
  const seen = new Set<Plan>();
  const enterScalar = (scalar: Scalar): void => {
    if (scalar.kind === 'subquery') enter(scalar.query.plan);
    partsOf(scalar).forEach(enterScalar);
  };
  const enter = (plan: Plan): void => {
    if (seen.has(plan)) return;
    seen.add(plan);
    visit(plan);
    scalarsOf(plan).forEach(enterScalar);
    inputsOf(plan).forEach(enter);
    if (plan.kind === 'named' && !plan.of.relation) enter(plan.of.query.plan);
  };
  enter(start);
}

function readBy(statement: BoundStatement): ReadonlySet<string> {
  const names = new Map<number, string>();
  const read = new Set<number>();
  const note = (plan: Plan): void => {
    for (const scalar of scalarsOf(plan)) columnsIn(scalar, read);
    const relation = plan.kind === 'scan' ? plan.relation : plan.kind === 'named' ? plan.of.relation : undefined; // prettier-ignore
    if (relation && (plan.kind === 'scan' || plan.kind === 'named'))
      for (const { id, name } of plan.columns) names.set(id, columnName(relation, name));
  };
  forEachPlan(statement.query.plan, note);
  for (const cte of statement.ctes) forEachPlan(cte.query.plan, note);
  return new Set([...read].flatMap((id) => names.get(id) ?? []));
}
