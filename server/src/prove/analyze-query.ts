/** All that is known of one query: what follows from the schema, and what a server adds. */

import { readSchema } from '../describe/read-schema.ts';
import { positionAt } from '../base/text.ts';
import { analyze, keyVerdict, type Analysis } from '../sql/grain/analyze.ts';
import { parseSql, type SqlTree } from '../sql/parse-sql.ts';
import { callRange } from '../sql/written-call.ts';
import type { SqlParser } from '../sql/parser.ts';
import type { Session } from '../warehouse/port.ts';
import { doubleCountingMessage } from './messages.ts';
import { definitionsIn, originsOf, type ColumnOrigin } from '../sql/lineage/origins.ts';

export interface QueryReport {
  readonly columns: readonly ReportedColumn[];
  readonly keys: readonly (readonly string[])[];
  readonly declaredKey?: DeclaredKey;
  readonly diagnostics: readonly ReportedDiagnostic[];
}

export interface ReportedColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly origins: readonly ColumnOrigin[];
}

export interface DeclaredKey {
  readonly columns: readonly string[];
  readonly verdict: 'proven' | 'refuted' | 'unknown';
  readonly reason: string;
}

export interface ReportedDiagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly aggregate?: string;
  readonly repeats?: string;
}

/** Throws a FailureError where the server refuses the query. */
export async function analyzeQuery(
  session: Session,
  parser: SqlParser,
  sql: string,
  key: readonly string[] | undefined,
): Promise<QueryReport> {
  const text = sql.replace(/[\s;]+$/, '');
  const described = await session.describe(text);
  const types = await typeNames(session, described.columns);
  const { tree } = parseSql(parser, text);
  const schema = await readSchema(session);
  const analyzed = tree ? analyze(parser, tree, schema) : undefined;
  if (!tree || analyzed?.kind !== 'analyzed') {
    const reason = analyzed?.kind === 'unknown' ? analyzed.reason : 'it cannot be read';
    return {
      columns: described.columns.map(({ name }, index) => ({
        name,
        type: types[index] ?? '???',
        nullable: true,
        origins: [],
      })),
      keys: [],
      ...(key ? { declaredKey: { columns: key, verdict: 'unknown' as const, reason } } : {}),
      diagnostics: [],
    };
  }
  const { analysis } = analyzed;
  return {
    columns: reportedColumns(analysis, types),
    keys: analysis.keys.map((columns) => columns.map((id) => columnName(analysis, id))),
    ...(key ? { declaredKey: declaredKey(analysis, key) } : {}),
    diagnostics: reportedDiagnostics(analysis, tree),
  };
}

async function typeNames(
  session: Session,
  columns: readonly { readonly typeOid: number; readonly typmod: number }[],
): Promise<readonly string[]> {
  if (columns.length === 0) return [];
  const list = columns.map(
    ({ typeOid, typmod }, index) => `(${String(index)}, ${String(typeOid)}::oid, ${String(typmod)})`,
  );
  const { rows } = await session.query(
    `select format_type(t.oid, t.typmod) from (values ${list.join(', ')}) t(n, oid, typmod) order by t.n`,
  );
  return rows.map(([name]) => name ?? '???');
}

function reportedColumns(analysis: Analysis, types: readonly string[]): readonly ReportedColumn[] {
  const definitions = definitionsIn(analysis.statement.query);
  return analysis.columns.map(({ id, name }, index) => ({
    name,
    type: types[index] ?? '???',
    nullable: !analysis.notNull.has(id),
    origins: originsOf(definitions, id),
  }));
}

function columnName(analysis: Analysis, id: number): string {
  return analysis.columns.find((column) => column.id === id)?.name ?? '';
}

function declaredKey(analysis: Analysis, columns: readonly string[]): DeclaredKey {
  const verdict = keyVerdict(analysis, columns);
  if (verdict.kind === 'proven') return { columns, verdict: 'proven', reason: '' };
  return { columns, verdict: 'unknown', reason: verdict.reason };
}

function reportedDiagnostics(analysis: Analysis, tree: SqlTree): readonly ReportedDiagnostic[] {
  return analysis.doubleCountings.map((found) => {
    const { start, end } = callRange(tree, found.call.node);
    const written = tree.text.slice(start, end);
    const { line, column } = positionAt(tree.text, start);
    return {
      code: 'double-counting',
      severity: 'warning' as const,
      message: doubleCountingMessage(found, written),
      line: line + 1,
      column: column + 1,
      aggregate: written,
      repeats: found.repeated,
    };
  });
}
