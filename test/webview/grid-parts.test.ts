/** The grid's arithmetic without a browser: where keys lead, how things are said, JSON laid out, which rows are asked for. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { layOutJson, textOf } from '../../client/webview/grid/json-text.ts';
import { carryOver, recall } from '../../client/webview/grid/grid-memory.ts';
import { RowPages } from '../../client/webview/grid/row-pages.ts';
import type { Place } from '../../client/webview/grid/selection.ts';
import { moved, rangeOf, selectAll, selectCell, selectRows } from '../../client/webview/grid/selection.ts';
import { cycleSort, decimal, fileName, filterText, shortType } from '../../client/webview/grid/wording.ts';
import type { Arrangement, PageQuery, PreviewColumn, PreviewPage } from '../../server/src/lsp/protocol.ts';

const extent = { rows: 100, columns: 5, window: 10 };

describe('keys in the grid', () => {
  const leads = (from: Place, keys: string, to: Place): void => {
    test(`${keys} leads from row ${from.row}, column ${from.column} to row ${to.row}, column ${to.column}`, () => {
      const parts = keys.split('+');
      const stroke = {
        key: parts.at(-1) ?? '',
        ctrl: parts.includes('Ctrl'),
        shift: parts.includes('Shift'),
      };
      assert.deepEqual(moved(selectCell(from), stroke, extent)?.cursor, to);
    });
  };
  leads({ row: 0, column: 2 }, 'ArrowUp', { row: -1, column: 2 });
  leads({ row: 0, column: 2 }, 'Shift+ArrowUp', { row: 0, column: 2 });
  leads({ row: 50, column: 2 }, 'Ctrl+ArrowUp', { row: 0, column: 2 });
  leads({ row: -1, column: 2 }, 'ArrowDown', { row: 0, column: 2 });
  leads({ row: 99, column: 2 }, 'ArrowDown', { row: 99, column: 2 });
  leads({ row: 3, column: 4 }, 'ArrowRight', { row: 3, column: 4 });
  leads({ row: 3, column: 2 }, 'Ctrl+ArrowRight', { row: 3, column: 4 });
  leads({ row: 3, column: 2 }, 'Home', { row: 3, column: 0 });
  leads({ row: 3, column: 2 }, 'Ctrl+End', { row: 99, column: 4 });
  leads({ row: 3, column: 2 }, 'PageUp', { row: 0, column: 2 });
  leads({ row: 95, column: 2 }, 'PageDown', { row: 99, column: 2 });

  test('Shift keeps the corner where the selection began', () => {
    const extended = moved(
      selectCell({ row: 5, column: 3 }),
      { key: 'ArrowLeft', ctrl: false, shift: true },
      extent,
    );
    assert.deepEqual(extended && rangeOf(extended), { fromRow: 5, toRow: 5, columns: [2, 3] });
  });

  test('all cells, whole rows, and the heading, which is no range of cells', () => {
    assert.deepEqual(rangeOf(selectAll(extent)), { fromRow: 0, toRow: 99, columns: [0, 1, 2, 3, 4] });
    assert.deepEqual(rangeOf(selectRows(7, 4, extent)), { fromRow: 4, toRow: 7, columns: [0, 1, 2, 3, 4] });
    assert.equal(rangeOf(selectCell({ row: -1, column: 2 })), undefined);
  });

  test('without rows the keys stay on the heading', () => {
    const none = { rows: 0, columns: 5, window: 10 };
    for (const key of ['ArrowDown', 'PageDown', 'ArrowUp'])
      assert.deepEqual(
        moved(selectCell({ row: -1, column: 1 }), { key, ctrl: false, shift: false }, none)?.cursor,
        { row: -1, column: 1 },
        key,
      );
  });
});

describe('how the grid says things', () => {
  const column = (name: string, type: string, isNumeric = false): PreviewColumn => ({
    name,
    type,
    isNumeric,
    isKey: false,
    nulls: 0,
  });

  test('filters read as SQL, with the quotes that a value needs', () => {
    const numeric = column('net', 'numeric', true);
    const text = column('name', 'text');
    assert.equal(filterText({ column: 0, operator: '>', value: '10' }, numeric), 'net > 10');
    assert.equal(filterText({ column: 0, operator: '=', value: "O'Neill" }, text), "name = 'O''Neill'");
    assert.equal(filterText({ column: 0, operator: 'is null' }, text), 'name is null');
    assert.equal(filterText({ column: 0, operator: '=', value: '' }, text), "name = ''");
  });

  test('exact figures are grouped and rounded without becoming floats', () => {
    assert.equal(decimal('4100.04', 2), '4,100.04');
    assert.equal(decimal('-12345678901234567890.5', 2), '-12,345,678,901,234,567,890.5');
    assert.equal(decimal('999.996', 2), '1,000.00');
    assert.equal(decimal('0.005', 2), '0.01');
    assert.equal(decimal('NaN', 2), 'NaN');
  });

  test('types are shown by their short names, their modifiers kept', () => {
    assert.equal(shortType('timestamp(3) with time zone'), 'timestamptz(3)');
    assert.equal(shortType('character varying(20)[]'), 'varchar(20)[]');
    assert.equal(shortType('numeric(12,2)'), 'numeric(12,2)');
  });

  test('a heading sorts up, down, not; added, it keeps its place among the others', () => {
    const up = cycleSort([], 1, 'alone');
    const both = cycleSort(up, 2, 'add');
    assert.deepEqual(
      both.map(({ column: at }) => at),
      [1, 2],
    );
    assert.deepEqual(cycleSort(both, 1, 'add')[0], { column: 1, direction: 'descending' });
    assert.deepEqual(cycleSort(cycleSort(both, 1, 'add'), 1, 'add'), [{ column: 2, direction: 'ascending' }]);
    assert.deepEqual(cycleSort(both, 1, 'alone'), [{ column: 1, direction: 'descending' }]);
  });

  test('file names hold nothing that a file system refuses', () => {
    assert.equal(fileName('fct_orders: the "last" 5/7', 'csv'), 'fct_orders-the-last-5-7.csv');
    assert.equal(fileName('???', 'json'), 'rows.json');
  });
});

describe('JSON in the viewer', () => {
  test('is laid out with every digit of its numbers and every key it came with', () => {
    const lines = layOutJson('{"id": 12345678901234567890, "a": [], "b": {"c": [1.50, null]}, "a": "x:{,"}');
    assert.equal(
      lines && textOf(lines),
      [
        '{',
        '  "id": 12345678901234567890,',
        '  "a": [],',
        '  "b": {',
        '    "c": [',
        '      1.50,',
        '      null',
        '    ]',
        '  },',
        '  "a": "x:{,"',
        '}',
      ].join('\n'),
    );
    assert.deepEqual(
      lines?.[1]?.map(({ kind }) => kind),
      ['mark', 'key', 'mark', 'number', 'mark'],
    );
  });

  test('a text that only begins like JSON stays a text', () => {
    for (const text of ['{not json}', '[1, 2', '"only a string"', '12', '{"a": 1} and more'])
      assert.equal(layOutJson(text), undefined, text);
  });
});

describe('the rows a page holds', () => {
  const plain: Arrangement = { sort: [], filters: [], find: '' };
  const answerTo = (query: Omit<PageQuery, 'previewId'>, total: number): PreviewPage => ({
    offset: query.offset,
    matching: total,
    rows: Array.from({ length: Math.max(0, Math.min(query.count, total - query.offset)) }, (_, index) => ({
      number: query.offset + index + 1,
      cells: [`${query.find}${query.offset + index}`],
      cut: [],
    })),
  });
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

  test('are asked for when they are shown, once', async () => {
    const asked: number[] = [];
    const pages = new RowPages(
      plain,
      async (query) => {
        asked.push(query.offset);
        return answerTo(query, 10_000);
      },
      () => undefined,
    );
    pages.show(600, 640);
    await settled();
    pages.show(610, 650);
    await settled();
    assert.deepEqual(asked, [500]);
    assert.equal(pages.at(620)?.number, 621);
    assert.equal(pages.at(0), undefined);
    assert.equal(pages.matching, 10_000);
  });

  test('of an older order never show in a newer one', async () => {
    const waiting: (() => void)[] = [];
    const pages = new RowPages(
      { ...plain, find: 'old' },
      (query) =>
        new Promise((resolve) => {
          waiting.push(() => {
            resolve(answerTo(query, 10));
          });
        }),
      () => undefined,
    );
    pages.show(0, 9);
    pages.arrange({ ...plain, find: 'new' });
    for (let turn = 0; turn < 4; turn++) {
      waiting.splice(0).forEach((answer) => {
        answer();
      });
      await settled();
    }
    assert.deepEqual(pages.at(0)?.cells, ['new0']);
  });

  test('that come while rows are still fetched fill up the last page and leave full ones alone', async () => {
    let total = 300;
    const asked: number[] = [];
    const pages = new RowPages(
      plain,
      async (query) => {
        asked.push(query.offset);
        return answerTo(query, total);
      },
      () => undefined,
    );
    pages.show(240, 299);
    await settled();
    total = 900;
    pages.grown(900);
    assert.equal(pages.matching, 900);
    await settled();
    assert.deepEqual(asked, [0, 250, 250]);
    assert.equal(pages.at(499)?.number, 500);
  });

  test('that cannot be read say why, are not asked for again and again, but when others are shown', async () => {
    let isAway = true;
    let asked = 0;
    const pages = new RowPages(
      plain,
      async (query) => {
        asked += 1;
        if (isAway) throw new Error('These rows are closed.');
        return answerTo(query, 10);
      },
      () => undefined,
    );
    pages.show(0, 5);
    await settled();
    assert.equal(pages.problem, 'These rows are closed.');
    pages.show(0, 5);
    await settled();
    assert.equal(asked, 1);
    isAway = false;
    pages.show(300, 305);
    await settled();
    pages.show(0, 5);
    await settled();
    assert.equal(pages.problem, undefined);
    assert.equal(pages.at(5)?.number, 6);
  });
});

describe('what the grid remembers', () => {
  test('a sort and a filter follow their column to its new place, and go with it', () => {
    const columns = ['b', 'c'].map((name) => ({
      name,
      type: 'text',
      isNumeric: false,
      isKey: false,
      nulls: 0,
    }));
    assert.deepEqual(
      carryOver(
        {
          sort: [
            { column: 0, direction: 'ascending' },
            { column: 2, direction: 'descending' },
          ],
          filters: [{ column: 1, operator: 'is null' }],
          find: 'x',
        },
        ['a', 'b', 'c'],
        columns,
      ),
      {
        sort: [{ column: 1, direction: 'descending' }],
        filters: [{ column: 0, operator: 'is null' }],
        find: 'x',
      },
    );
  });

  test('nonsense from an older page is forgotten', () => {
    for (const state of [null, 5, 'x', { arrangement: { sort: 1 }, columns: {}, viewerWidth: 'wide' }])
      assert.deepEqual(recall(state).arrangement, { sort: [], filters: [], find: '' });
  });
});
