/** What the preview does with text, a real Postgres does with values: the same order, the same sums, and SQL that gives the rows back. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fetchRows } from '../../server/src/preview/fetch-rows.ts';
import { PreviewRows } from '../../server/src/preview/preview-rows.ts';
import type { Session } from '../../server/src/warehouse/port.ts';
import { withSession } from '../support/postgres.ts';

/** Each type with values that are hard to order or to write. */
const VALUES: readonly (readonly [type: string, values: readonly string[]])[] = [
  ['smallint', ['-32768', '0', '7', '32767']],
  ['integer', ['-2147483648', '10', '9', '2147483647']],
  ['bigint', ['-9223372036854775808', '9223372036854775807', '9007199254740993', '9007199254740992']],
  [
    'numeric',
    ['NaN', 'Infinity', '-Infinity', '0.1', '0.10000000000000000001', '1e40', '-3.50', '123456789012.25'],
  ],
  ['numeric(12,2)', ['1.50', '-0.05', '999.99']],
  ['real', ['NaN', '1e-20', '3.4e+38', '-2.5', '0.1']],
  ['double precision', ['NaN', '-Infinity', '1e+300', '1e-300', '0.1', '16777217']],
  ['boolean', ['true', 'false']],
  ['date', ['0044-03-15 BC', '2024-02-29', '12024-01-01', 'infinity', '-infinity']],
  [
    'timestamp without time zone',
    [
      '2024-01-01 00:00:00',
      '2024-01-01 00:00:00.000001',
      '0001-01-01 00:00:00 BC',
      '294276-12-31 23:59:59.999999',
    ],
  ],
  [
    'timestamp with time zone',
    ['2025-10-26 00:59:59+00', '2025-10-26 01:00:00+00', '1883-11-18 12:00:00+00', 'infinity'],
  ],
  ['time without time zone', ['00:00:00', '24:00:00', '03:04:05.6', '03:04:05.59']],
  ['interval', ['1 mon', '29 days', '31 days', '-1 day', '1 day -25:00:00', '720:00:01', '-1 year 2 mons']],
  ['text', ['', 'a', 'B', 'ä', "O'Neill", 'back\\slash', 'two\nlines', '\uffee', '😀']],
  ['jsonb', ['{"a": [1, "x"]}', 'null', '"text"']],
  ['uuid', ['00000000-0000-0000-0000-00000000000a', 'f0000000-0000-0000-0000-000000000000']],
  ['text[]', ['{a,"b c",NULL}', '{}']],
];

async function preview(session: Session, type: string, sql: string): Promise<PreviewRows> {
  const rows = new PreviewRows([{ name: 'value', type }]);
  await fetchRows(session, {
    sql,
    limit: 1000,
    signal: new AbortController().signal,
    begin: () => rows,
    progress: () => undefined,
  });
  return rows;
}

/** Text in the order of its code points, as the preview has it. */
const key = (type: string): string => (type === 'text' ? 'value collate "C"' : 'value');

describe('a preview agrees with Postgres', () => {
  for (const [type, values] of VALUES)
    test(`about ${type}`, () =>
      withSession(async (session) => {
        // A zone whose clocks change, so that offsets differ within a column.
        await session.query(`set time zone 'Europe/Berlin'`);
        const literals = [...values, ...values.slice(0, 2)].map(
          (value) => `'${value.replaceAll("'", "''")}'`,
        );
        await session.query(`create temporary table held (id serial, value ${type})`);
        await session.query(
          `insert into held (value) values ${[...literals, 'null'].map((one) => `(${one})`).join(', ')}`,
        );
        const rows = await preview(session, type, 'select value from held order by id');
        const all = { filters: [], find: '', offset: 0, count: 1000 };

        if (type !== 'jsonb' && type !== 'text[]')
          for (const direction of ['ascending', 'descending'] as const) {
            const expected = await preview(
              session,
              type,
              `select value from held order by ${key(type)} ${direction === 'ascending' ? 'asc' : 'desc'}, id`,
            );
            assert.deepEqual(
              rows.page({ ...all, sort: [{ column: 0, direction }] }).rows.map(({ cells }) => cells[0]),
              expected.page({ ...all, sort: [] }).rows.map(({ cells }) => cells[0]),
              direction,
            );
          }

        const written = rows.export({ sort: [], filters: [], find: '', form: 'sql-values' });
        const difference = await session.query(
          `select count(*) from ((select value::text, pg_typeof(value)::text from held except all select value::text, pg_typeof(value)::text from (${written}) as w)
           union all (select value::text, pg_typeof(value)::text from (${written}) as w except all select value::text, pg_typeof(value)::text from held)) as d`,
        );
        assert.equal(difference.rows[0]?.[0], '0', written);
      }));

  test('about exact sums', () =>
    withSession(async (session) => {
      const sql = `select (i * 0.1 + 1e20)::numeric(40, 5) as value from generate_series(1, 700) as i`;
      const rows = await preview(session, 'numeric(40,5)', sql);
      const expected = await session.query(`select sum(value) from (${sql}) as s`);
      const cells = { fromRow: 0, toRow: 699, columns: [0] };
      assert.equal(rows.summary({ sort: [], filters: [], find: '', cells }).sum, expected.rows[0]?.[0]);
    }));
});
