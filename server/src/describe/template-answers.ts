/** What a template asks, asked: one query in a read-only transaction, and no more rows of it than a template is for. */

import { FailureError } from '../base/failure.ts';
import type { Answer } from '../project/answers.ts';
import { parseSql } from '../sql/parse-sql.ts';
import type { SqlParser } from '../sql/parser.ts';
import { nodeName, statementKind } from '../sql/statement.ts';
import type { Cell, Session } from '../warehouse/port.ts';

/** An answer without its time: nobody here has a clock. */
export type Told =
  | Omit<Extract<Answer, { kind: 'rows' }>, 'answeredAt'>
  | Omit<Extract<Answer, { kind: 'none' }>, 'answeredAt'>;

/** An answer is kept as long as a template asks for it; it is for names and values, not for a table's content. */
export const MOST_ROWS = 2000;
const MOST_CHARACTERS = 500_000;

const IN_ONE_PORTION = 500;

/**
 * Whatever a query calls, the server refuses what writes: that, and everything else it says no to, is an answer without rows. Throws a
 * FailureError when the session is lost or the statement was stopped.
 */
export async function askForTemplate(session: Session, parser: SqlParser, sql: string): Promise<Told> {
  const refused = whyNotSent(parser, sql);
  if (refused !== undefined) return { kind: 'none', reason: refused };
  try {
    return await rowsOf(session, sql);
  } catch (error) {
    if (!(error instanceof FailureError) || error.failure.kind !== 'query') throw error;
    return { kind: 'none', reason: error.failure.message };
  }
}

async function rowsOf(session: Session, sql: string): Promise<Told> {
  const cursor = await session.openCursor(sql);
  try {
    const rows: (readonly Cell[])[] = [];
    let characters = 0;
    for (;;) {
      const portion = await cursor.read(IN_ONE_PORTION);
      if (portion.length === 0) break;
      rows.push(...portion);
      for (const row of portion) for (const cell of row) characters += cell?.length ?? 0;
      if (rows.length > MOST_ROWS || characters > MOST_CHARACTERS)
        return {
          kind: 'none',
          reason: `it gives more than ${String(MOST_ROWS)} rows or ${String(MOST_CHARACTERS)} characters`,
        };
    }
    const columns = cursor.columns.map(({ name, typeOid }) => ({ name, typeOid }));
    return { kind: 'rows', result: { command: `SELECT ${String(rows.length)}`, columns, rows } };
  } finally {
    await cursor.close();
  }
}

/** What only tells and does nothing. */
const TELLING = new Set(['VariableShowStmt', 'ExplainStmt']);

function whyNotSent(parser: SqlParser, sql: string): string | undefined {
  const { tree } = parseSql(parser, sql);
  if (!tree) return 'its SQL cannot be read';
  const [statement, ...others] = tree.statements;
  if (!statement) return 'it has no statement';
  if (others.length > 0) return 'it is several statements, and only one query is sent while typing';
  if (statementKind(statement.node) === 'query' || TELLING.has(nodeName(statement.node))) return undefined;
  return 'it is no query, and nothing else is sent while typing';
}
