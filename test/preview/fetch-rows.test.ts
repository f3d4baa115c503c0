/** Fetching through a cursor: portions, the limit, and being stopped. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FailureError } from '../../server/src/base/failure.ts';
import type { FetchEnd } from '../../server/src/preview/fetch-rows.ts';
import { fetchRows } from '../../server/src/preview/fetch-rows.ts';
import { PreviewRows } from '../../server/src/preview/preview-rows.ts';
import type { Cell, RowCursor, Session } from '../../server/src/warehouse/port.ts';

const columns = [{ name: 'n', typeOid: 23, typmod: -1 }];

/** A session whose cursor gives numbers up to `total`; `before` runs ahead of each portion. */
function sessionOf(
  total: number,
  before: (asked: number) => void | Promise<void> = () => undefined,
): { session: Session; seen: { asked: number[]; closed: number; cancelled: number } } {
  const seen = { asked: [] as number[], closed: 0, cancelled: 0 };
  let given = 0;
  const cursor: RowCursor = {
    columns,
    async read(count) {
      seen.asked.push(count);
      await before(seen.asked.length);
      if (seen.cancelled > 0) throw new FailureError({ kind: 'cancelled', message: 'Stopped.' });
      const rows = Array.from({ length: Math.min(count, total - given) }, (_, index): Cell[] => [
        String(given + index),
      ]);
      given += rows.length;
      return rows;
    },
    async close() {
      seen.closed += 1;
    },
  };
  const session: Partial<Session> = {
    openCursor: async () => cursor,
    cancel: async () => {
      seen.cancelled += 1;
    },
  };
  return { session: session as Session, seen };
}

async function fetched(
  session: Session,
  limit: number,
  signal = new AbortController().signal,
): Promise<{ end: FetchEnd; rows: PreviewRows; progress: number }> {
  const rows = new PreviewRows([{ name: 'n', type: 'integer' }]);
  let progress = 0;
  const end = await fetchRows(session, {
    sql: 'select n from numbers',
    limit,
    signal,
    begin: () => rows,
    progress: () => {
      progress += 1;
    },
  });
  return { end, rows, progress };
}

describe('fetching rows', () => {
  test('a short result comes whole', async () => {
    const { session, seen } = sessionOf(1200);
    const { end, rows, progress } = await fetched(session, 10_000);
    assert.deepEqual([end, rows.count, progress], ['complete', 1200, 3]);
    assert.deepEqual(seen.asked, [500, 500, 500]);
    assert.equal(seen.closed, 1);
  });

  test('a result as long as the limit is complete; with one row more it says so and keeps to the limit', async () => {
    const exact = await fetched(sessionOf(1000).session, 1000);
    assert.deepEqual([exact.end, exact.rows.count], ['complete', 1000]);
    const more = sessionOf(1001);
    const longer = await fetched(more.session, 1000);
    assert.deepEqual([longer.end, longer.rows.count], ['limit', 1000]);
    assert.deepEqual(more.seen.asked, [500, 500, 1]);
  });

  test('a query without rows is complete', async () => {
    const { end, rows } = await fetched(sessionOf(0).session, 100);
    assert.deepEqual([end, rows.count], ['complete', 0]);
  });

  test('being stopped asks the server to stop and keeps the rows that came', async () => {
    const stop = new AbortController();
    const { session, seen } = sessionOf(100_000, (asked) => {
      if (asked === 3) stop.abort();
    });
    const { end, rows } = await fetched(session, 100_000, stop.signal);
    assert.deepEqual([end, rows.count], ['stopped', 1000]);
    assert.deepEqual([seen.cancelled, seen.closed], [1, 1]);
  });

  test('a preview that was closed before it began asks the server nothing', async () => {
    const { session, seen } = sessionOf(10);
    const { end } = await fetched(session, 10, AbortSignal.abort());
    assert.equal(end, 'stopped');
    assert.deepEqual(seen.asked, []);
  });

  test('a query that fails half way says why, and its cursor is closed', async () => {
    const { session, seen } = sessionOf(2000, (asked) => {
      if (asked === 2)
        throw new FailureError({ kind: 'query', message: 'division by zero', sqlstate: '22012' });
    });
    await assert.rejects(fetched(session, 2000), /division by zero/u);
    assert.equal(seen.closed, 1);
  });
});
