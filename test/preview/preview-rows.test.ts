/** Fetched rows as a user arranges them: sorted by type, filtered, searched, paged, summed. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type * as protocol from '../../server/src/lsp/protocol.ts';
import type { Filter, Sort } from '../../server/src/preview/arrangement.ts';
import { PreviewRows } from '../../server/src/preview/preview-rows.ts';
import type { Cell } from '../../server/src/warehouse/port.ts';

const plain = { sort: [], filters: [], find: '' };

function rowsOf(columns: Readonly<Record<string, string>>, rows: readonly (readonly Cell[])[]): PreviewRows {
  const preview = new PreviewRows(Object.entries(columns).map(([name, type]) => ({ name, type })));
  preview.append(rows);
  return preview;
}

function columnOf(type: string, cells: readonly Cell[]): PreviewRows {
  return rowsOf(
    { value: type },
    cells.map((cell) => [cell]),
  );
}

function shown(
  preview: PreviewRows,
  arrangement: Partial<protocol.Arrangement> = {},
  column = 0,
): (Cell | undefined)[] {
  return preview
    .page({ ...plain, ...arrangement, offset: 0, count: 1_000_000 })
    .rows.map((row) => row.cells[column]);
}

const ascending: Sort = { column: 0, direction: 'ascending' };
const descending: Sort = { column: 0, direction: 'descending' };

describe('sorting', () => {
  const sorts = (what: string, type: string, expected: readonly Cell[]): void => {
    test(what, () => {
      // Two ways of disorder, so that neither a stable nor a reversed input gives the order away.
      const mixed = expected.filter((_, index) => index % 2 === 1).reverse();
      const rest = expected.filter((_, index) => index % 2 === 0);
      assert.deepEqual(shown(columnOf(type, [...mixed, ...rest]), { sort: [ascending] }), expected);
      assert.deepEqual(
        shown(columnOf(type, [...rest, ...mixed]), { sort: [descending] }),
        [...expected].reverse(),
      );
    });
  };

  sorts('whole numbers sort by size, not by text; NULL comes last, and first when descending', 'bigint', [
    '-20',
    '-3',
    '0',
    '7',
    '10',
    '100',
    null,
  ]);
  sorts('numbers that a float cannot tell apart stay in order; NaN is greatest, as in Postgres', 'numeric', [
    '-Infinity',
    '-9007199254740993.2',
    '-9007199254740993.1',
    '0.1',
    '0.10000000000000000000000001',
    '9007199254740992',
    '9007199254740993',
    '9007199254740993.5',
    'Infinity',
    'NaN',
    null,
  ]);
  sorts('floats sort by value however they are written', 'double precision', [
    '-1e+20',
    '-2.5',
    '1e-07',
    '0.5',
    '3',
    '1e+20',
    'Infinity',
    'NaN',
  ]);
  sorts('dates sort across eras and without bound', 'date', [
    '-infinity',
    '0044-03-15 BC',
    '0001-01-01 BC',
    '0001-01-01',
    '1969-12-31',
    '2024-02-29',
    '10000-01-01',
    'infinity',
    null,
  ]);
  sorts(
    'timestamps sort by instant, to the microsecond and across a change of clocks',
    'timestamp(6) with time zone',
    [
      '2025-10-26 02:30:00+02',
      '2025-10-26 02:10:00+01',
      '2025-10-26 02:10:00.000001+01',
      '2025-10-26 02:10:00.5+01',
      '2025-10-26 06:45:00+05:30',
      '294276-12-31 23:59:59.999998+00',
      '294276-12-31 23:59:59.999999+00',
    ],
  );
  sorts('times sort by the clock', 'time without time zone', [
    '00:00:00',
    '03:04:05.6',
    '03:04:05.61',
    '24:00:00',
  ]);
  sorts('intervals sort by length', 'interval', [
    '-1 years',
    '-1 days +02:03:04',
    '-00:00:01',
    '00:00:00',
    '29 days',
    '1 mon',
    '1 mon 00:00:01',
    '1 year 2 mons',
  ]);
  sorts('truth values sort false before true', 'boolean', ['false', 'true', null]);
  sorts('text sorts by code point, an empty text before all others', 'text', [
    '',
    'Z',
    'a',
    'ab',
    'ä',
    '\uffee',
    '😀',
    null,
  ]);

  test('rows that compare equal stay as they were fetched', () => {
    const preview = rowsOf({ key: 'integer', id: 'text' }, [
      ['2', 'a'],
      ['1', 'b'],
      ['2', 'c'],
      ['1', 'd'],
    ]);
    assert.deepEqual(shown(preview, { sort: [ascending] }, 1), ['b', 'd', 'a', 'c']);
    assert.deepEqual(shown(preview, { sort: [descending] }, 1), ['a', 'c', 'b', 'd']);
  });

  test('a second column decides where the first says equal', () => {
    const preview = rowsOf({ status: 'text', amount: 'numeric' }, [
      ['shipped', '9.50'],
      ['new', '10'],
      ['shipped', '10.1'],
      ['new', null],
    ]);
    const sort: Sort[] = [ascending, { column: 1, direction: 'descending' }];
    assert.deepEqual(shown(preview, { sort }, 1), [null, '10', '10.1', '9.50']);
  });

  test('a column that cannot be read as its type sorts as text', () => {
    assert.deepEqual(shown(columnOf('date', ['15/10/2025', '01/11/2025']), { sort: [ascending] }), [
      '01/11/2025',
      '15/10/2025',
    ]);
  });
});

describe('filtering', () => {
  const keeps = (
    type: string,
    cells: readonly Cell[],
    filter: Omit<Filter, 'column'>,
    expected: readonly Cell[],
  ): void => {
    test(`${type} ${filter.operator} ${filter.value ?? ''}`, () => {
      assert.deepEqual(shown(columnOf(type, cells), { filters: [{ column: 0, ...filter }] }), expected);
    });
  };

  const numbers = ['2', '10', '9.50', '10.00', null, 'NaN'];
  keeps('numeric', numbers, { operator: '=', value: '10.0' }, ['10', '10.00']);
  keeps('numeric', numbers, { operator: '<>', value: '10' }, ['2', '9.50', 'NaN']);
  keeps('numeric', numbers, { operator: '<', value: '9.6' }, ['2', '9.50']);
  keeps('numeric', numbers, { operator: '>=', value: '10' }, ['10', '10.00', 'NaN']);
  keeps('numeric', numbers, { operator: '>', value: 'ten' }, []);
  keeps('bigint', ['9007199254740992', '9007199254740993'], { operator: '=', value: '9007199254740993' }, [
    '9007199254740993',
  ]);
  keeps('text', ['10', '9', null, ''], { operator: '<', value: '9' }, ['10', '']);
  keeps('text', ['a', null, ''], { operator: '=', value: '' }, ['']);
  keeps('text', ['Sofia Byrne', 'a.*', null], { operator: 'contains', value: 'BYR' }, ['Sofia Byrne']);
  keeps('text', ['abc', 'a.*'], { operator: 'contains', value: '.*' }, ['a.*']);
  keeps('text', ['a', null, ''], { operator: 'is null' }, [null]);
  keeps('text', ['a', null, ''], { operator: 'is not null' }, ['a', '']);
  keeps('boolean', ['t', 'f', null], { operator: '=', value: 'yes' }, ['true']);
  keeps(
    'timestamp with time zone',
    ['2025-10-15 00:00:00+02', '2025-10-14 23:59:59+02', '2025-10-16 00:00:00+02'],
    { operator: '>=', value: '2025-10-15' },
    ['2025-10-15 00:00:00+02', '2025-10-16 00:00:00+02'],
  );
  keeps(
    'timestamp with time zone',
    ['2025-10-15 00:00:00+02', '2025-10-14 22:00:00+00'],
    { operator: '=', value: '2025-10-14T22:00:00Z' },
    ['2025-10-15 00:00:00+02', '2025-10-14 22:00:00+00'],
  );

  test('filters hold together, and with what is searched for', () => {
    const preview = rowsOf({ status: 'text', amount: 'integer' }, [
      ['shipped', '1'],
      ['shipped', '20'],
      ['Lost', '20'],
      ['new', '30'],
    ]);
    const filters: Filter[] = [
      { column: 1, operator: '>', value: '10' },
      { column: 0, operator: '<>', value: 'new' },
    ];
    assert.deepEqual(shown(preview, { filters }), ['shipped', 'Lost']);
    assert.deepEqual(shown(preview, { filters, find: 'LOST' }), ['Lost']);
  });
});

describe('finding', () => {
  test('a text is found in any cell of any block of rows, never across two cells, never as NULL', () => {
    const rows = Array.from({ length: 1300 }, (_, index): Cell[] => [
      index % 2 === 0 ? 'İstanbul' : null,
      `n${index}`,
    ]);
    const preview = rowsOf({ city: 'text', id: 'text' }, rows);
    assert.deepEqual(shown(preview, { find: 'N1299' }, 1), ['n1299']);
    assert.deepEqual(shown(preview, { find: 'n512' }, 1), ['n512']);
    assert.equal(shown(preview, { find: 'STANBUL' }).length, 650);
    assert.equal(shown(preview, { find: 'null' }).length, 0);
    assert.equal(shown(preview, { find: 'n1n' }).length, 0);
    assert.equal(shown(preview, { find: '2' }).length, rows.filter(([, id]) => id?.includes('2')).length);
  });

  test('cells of megabytes are kept and found', () => {
    const long = `${'x'.repeat(40_000)}needle`;
    const preview = columnOf(
      'text',
      Array.from({ length: 600 }, (_, index) => (index === 77 ? null : index < 200 ? long : 'short')),
    );
    assert.equal(shown(preview, { find: 'NEEDLE' }).length, 199);
    assert.equal(preview.export({ ...plain, form: 'cell' }), long);
    assert.deepEqual(shown(preview, { filters: [{ column: 0, operator: 'is null' }] }), [null]);
  });
});

describe('pages', () => {
  test('a page names each row by its number as it was fetched, and says how many match', () => {
    const preview = columnOf('integer', ['3', '1', '2']);
    const page = preview.page({ ...plain, sort: [ascending], offset: 1, count: 5 });
    assert.deepEqual(page, {
      offset: 1,
      matching: 3,
      rows: [
        { number: 3, cells: ['2'], cut: [] },
        { number: 1, cells: ['3'], cut: [] },
      ],
    } satisfies protocol.PreviewPage);
    assert.deepEqual(preview.page({ ...plain, offset: 9, count: 5 }), { offset: 3, matching: 3, rows: [] });
  });

  test('long text is cut between characters, and the column is said', () => {
    const preview = rowsOf({ a: 'text', b: 'text' }, [
      ['x'.repeat(256), `${'x'.repeat(255)}😀 and more`],
      ['y'.repeat(257), null],
    ]);
    const { rows } = preview.page({ ...plain, offset: 0, count: 2 });
    assert.deepEqual(rows[0], { number: 1, cells: ['x'.repeat(256), 'x'.repeat(255)], cut: [1] });
    assert.deepEqual(rows[1], { number: 2, cells: ['y'.repeat(256), null], cut: [0] });
  });

  test('rows that come later join the order that is shown, and are counted', () => {
    const preview = columnOf('integer', ['5', null]);
    assert.deepEqual(shown(preview, { sort: [ascending] }), ['5', null]);
    preview.append([['4'], [null]]);
    assert.deepEqual(shown(preview, { sort: [ascending] }), ['4', '5', null, null]);
    assert.equal(preview.count, 4);
    assert.equal(preview.nulls(0), 2);
  });
});

describe('the summary of a selection', () => {
  const summary = (preview: PreviewRows, columns: readonly number[], fromRow = 0, toRow = 99) =>
    preview.summary({ ...plain, cells: { fromRow, toRow, columns } });

  test('is exact where floating point is not', () => {
    const preview = rowsOf({ a: 'numeric(12,2)', b: 'double precision' }, [
      ['0.10', '1e+20'],
      ['0.20', '0.001'],
      [null, null],
    ]);
    assert.deepEqual(summary(preview, [0]), { count: 3, nulls: 1, sum: '0.30', average: '0.15' });
    assert.deepEqual(summary(preview, [0, 1]), {
      count: 6,
      nulls: 2,
      sum: '100000000000000000000.301',
      average: '25000000000000000000.07525',
    });
  });

  test('covers what the arrangement shows, and only the rectangle', () => {
    const preview = columnOf('integer', ['1', '20', '300', '4000']);
    const arranged = { sort: [descending], filters: [], find: '' };
    assert.equal(preview.summary({ ...arranged, cells: { fromRow: 1, toRow: 2, columns: [0] } }).sum, '320');
    assert.equal(
      preview.summary({ ...plain, find: '0', cells: { fromRow: 0, toRow: 9, columns: [0] } }).sum,
      '4320',
    );
  });

  test('rounds an average and keeps the sign', () => {
    assert.equal(summary(columnOf('integer', ['-1', '-1', '0']), [0]).average, '-0.666667');
    assert.equal(summary(columnOf('integer', ['-5']), [0]).sum, '-5');
    assert.equal(summary(columnOf('integer', ['1', '2']), [0]).average, '1.5');
  });

  test('adds many great numbers without losing any', () => {
    const cells = Array.from({ length: 3000 }, () => '999999999999999');
    assert.equal(summary(columnOf('bigint', cells), [0], 0, 2999).sum, '2999999999999997000');
  });

  test('says NaN and Infinity where Postgres would', () => {
    assert.equal(summary(columnOf('numeric', ['1', 'NaN']), [0]).sum, 'NaN');
    assert.equal(summary(columnOf('numeric', ['1', 'Infinity']), [0]).average, 'Infinity');
    assert.equal(summary(columnOf('numeric', ['-Infinity', 'Infinity']), [0]).sum, 'NaN');
  });

  test('gives no sum for text, nor for nothing but NULL', () => {
    assert.deepEqual(summary(columnOf('text', ['1', null]), [0]), {
      count: 2,
      nulls: 1,
      sum: null,
      average: null,
    });
    assert.equal(summary(columnOf('integer', [null]), [0]).sum, null);
    const mixed = rowsOf({ a: 'integer', b: 'text' }, [['1', 'x']]);
    assert.equal(summary(mixed, [0, 1]).sum, null);
  });
});
