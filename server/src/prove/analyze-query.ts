/** All that is known of one query: what follows from the schema, and what a server adds. */

import { readSchema } from '../describe/read-schema.ts';
import { positionAt } from '../base/text.ts';
import { analyze, keyVerdict, type Analysis } from '../sql/grain/analyze.ts';
import type { DoubleCounting } from '../sql/grain/double-counting.ts';
import { parseSql, type SqlTree } from '../sql/parse-sql.ts';
import { callRange } from '../sql/written-call.ts';
import type { SqlParser } from '../sql/parser.ts';
import type { Session } from '../warehouse/port.ts';
import { doubleCountingMessage } from './messages.ts';
import { refuteQuery, type Refutation } from './refute-query.ts';
import { DEFAULT_REFUTE_OPTIONS, type RefuteOptions, type Witness } from './refute.ts';
import { originsOf, type ColumnOrigin } from '../sql/lineage/origins.ts';

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
  readonly witness?: Witness;
}

export interface ReportedDiagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly aggregate?: string;
  readonly repeats?: string;
  /** Rows on which the aggregate was seen to count twice. */
  readonly witness?: Witness;
}

/** Throws a FailureError where the server refuses the query. Doubts are tried on rows where the schema is in the session's own transaction. */
export async function analyzeQuery(
  session: Session,
  parser: SqlParser,
  sql: string,
  key: readonly string[] | undefined,
  options: RefuteOptions = DEFAULT_REFUTE_OPTIONS,
): Promise<QueryReport> {
  const text = sql.replace(/[\s;]+$/, '');
  const described = await session.describe(text);
  const types = await typeNames(session, described.columns);
  const { tree } = parseSql(parser, text);
  const schema = await readSchema(session);
  const analyzed = tree ? analyze(parser, tree, schema) : undefined;
  if (!tree || analyzed?.kind !== 'analyzed') {
    const reason = analyzed?.kind === 'unknown' ? analyzed.reason : 'it cannot be read';
    const columns = described.columns.map(({ name }, index) => ({
      name,
      type: types[index] ?? '???',
      nullable: true,
      origins: [],
    }));
    const refuted = key && (await refuteQuery({ session, parser, text, columns, key, options, analysis: undefined, found: [] })); // prettier-ignore
    return {
      columns,
      keys: [],
      ...(key ? { declaredKey: unprovenKey(key, reason, refuted) } : {}),
      diagnostics: [],
    };
  }
  const { analysis } = analyzed;
  const columns = reportedColumns(analysis, types);
  const verdict = key && keyVerdict(analysis, key);
  const open = verdict?.kind === 'open' ? key : undefined;
  const found = analysis.doubleCountings.map((each) => ({ ...each, written: writtenCall(tree, each) }));
  const refuted =
    open || found.length > 0
      ? await refuteQuery({ session, parser, text, columns, key: open, options, analysis, found })
      : undefined;
  return {
    columns,
    keys: analysis.keys.map((ids) => ids.map((id) => columnName(analysis, id))),
    ...(key && verdict
      ? {
          declaredKey:
            verdict.kind === 'proven'
              ? { columns: key, verdict: 'proven' as const, reason: '' }
              : unprovenKey(key, verdict.reason, refuted),
        }
      : {}),
    diagnostics: found.flatMap((each, index) => reportedDiagnostic(tree, each, refuted?.aggregates[index])),
  };
}

function unprovenKey(
  columns: readonly string[],
  reason: string,
  refuted: Refutation | undefined,
): DeclaredKey {
  const witness = refuted?.key;
  if (!witness) return { columns, verdict: 'unknown', reason };
  return { columns, verdict: 'refuted', reason: `${reason}: ${witness.seen}`, witness };
}

function writtenCall(tree: SqlTree, { call }: DoubleCounting): string {
  const { start, end } = callRange(tree, call.node);
  return tree.text.slice(start, end);
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
  const origins = originsOf(analysis.statement.query);
  return analysis.columns.map(({ id, name }, index) => ({
    name,
    type: types[index] ?? '???',
    nullable: !analysis.notNull.has(id),
    origins: origins[index] ?? [],
  }));
}

function columnName(analysis: Analysis, id: number): string {
  return analysis.columns.find((column) => column.id === id)?.name ?? '';
}

/** What could be tried and was never seen is not said. */
function reportedDiagnostic(
  tree: SqlTree,
  found: DoubleCounting & { readonly written: string },
  tried: Refutation['aggregates'][number] | undefined,
): readonly ReportedDiagnostic[] {
  if (tried === 'held') return [];
  const { start } = callRange(tree, found.call.node);
  const { line, column } = positionAt(tree.text, start);
  return [
    {
      code: 'double-counting',
      severity:
        tried === undefined || tried === 'not tried' ? ('information' as const) : ('warning' as const),
      message: doubleCountingMessage(found, found.written),
      line: line + 1,
      column: column + 1,
      aggregate: found.written,
      repeats: found.relation === '' ? found.repeated : found.relation,
      ...(typeof tried === 'object' ? { witness: tried } : {}),
    },
  ];
}
