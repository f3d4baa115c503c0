/** Reads the rows of a query through a cursor into a preview, as many as it may hold. */

import { FailureError } from '../base/failure.ts';
import type { ResultColumn, RowCursor, Session } from '../warehouse/port.ts';
import type { PreviewRows } from './preview-rows.ts';

/** Small enough to show the first rows at once and to stop between two, large enough not to wait for the wire. */
const PORTION = 500;

export interface FetchOrder {
  readonly sql: string;
  /** Rows to keep at most. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** Called once, when the server has said which columns come. */
  begin(columns: readonly ResultColumn[]): PreviewRows | Promise<PreviewRows>;
  /** Called when rows were added. */
  progress(): void;
}

/** `limit`: the query has more rows than were asked for. `stopped`: the rows that had come are there. */
export type FetchEnd = 'complete' | 'limit' | 'stopped';

/** Throws the FailureError of a query that fails; being stopped is no failure. */
export async function fetchRows(session: Session, order: FetchOrder): Promise<FetchEnd> {
  const stop = (): void => {
    // The statement then ends as cancelled; where the server cannot be asked any more it ends by itself.
    session.cancel().catch(() => undefined);
  };
  order.signal.addEventListener('abort', stop, { once: true });
  let cursor: RowCursor | undefined;
  try {
    if (order.signal.aborted) return 'stopped';
    cursor = await session.openCursor(order.sql);
    return await readRows(cursor, order);
  } catch (error) {
    if (order.signal.aborted && error instanceof FailureError) return 'stopped';
    throw error;
  } finally {
    order.signal.removeEventListener('abort', stop);
    // After a refusal there is nothing left to close, and the refusal is what the user should see.
    await cursor?.close().catch(() => undefined);
  }
}

async function readRows(cursor: RowCursor, order: FetchOrder): Promise<FetchEnd> {
  const kept = await order.begin(cursor.columns);
  while (!order.signal.aborted) {
    // One row more than may be kept says whether there are more.
    const wanted = Math.min(PORTION, order.limit - kept.count + 1);
    const rows = await cursor.read(wanted);
    const room = order.limit - kept.count;
    kept.append(rows.length > room ? rows.slice(0, room) : rows);
    order.progress();
    if (rows.length > room) return 'limit';
    if (rows.length < wanted) return 'complete';
  }
  return 'stopped';
}
