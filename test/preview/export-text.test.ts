/** What lands in the clipboard or a file: every form, with the characters that break it. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseCsv } from '../../server/src/base/csv.ts';
import type { ExportForm } from '../../server/src/preview/arrangement.ts';
import { PreviewRows } from '../../server/src/preview/preview-rows.ts';
import type { Cell } from '../../server/src/warehouse/port.ts';

const preview = new PreviewRows([
  { name: 'id', type: 'bigint' },
  { name: 'name', type: 'text' },
  { name: 'amount', type: 'numeric(12,2)' },
  { name: 'is_new', type: 'boolean' },
  { name: 'payload', type: 'jsonb' },
]);
preview.append([
  ['1', 'Sofia "S" Byrne', '10.50', 't', '{"a": 1}'],
  ['-9223372036854775808', "O'Neill,\tJr.\nRow", null, 'f', null],
  ['3', '', 'NaN', null, '[]'],
]);

const all = { sort: [], filters: [], find: '' };
const written = (form: ExportForm, columns?: readonly number[]): string =>
  preview.export({ ...all, form, ...(columns && { cells: { fromRow: 0, toRow: 2, columns } }) });

describe('copying', () => {
  test('tab separated text quotes what a spreadsheet would split; NULL is nothing, an empty text is quoted', () => {
    assert.equal(
      written('tsv', [0, 1, 2]),
      '1\t"Sofia ""S"" Byrne"\t10.50\n-9223372036854775808\t"O\'Neill,\tJr.\nRow"\t\n3\t""\tNaN',
    );
    assert.equal(
      written('tsv-with-headers', [0, 3]),
      'id\tis_new\n1\ttrue\n-9223372036854775808\tfalse\n3\t',
    );
  });

  test('CSV follows RFC 4180 and reads back', () => {
    const text = written('csv', [0, 1]);
    assert.equal(
      text,
      'id,name\r\n1,"Sofia ""S"" Byrne"\r\n-9223372036854775808,"O\'Neill,\tJr.\nRow"\r\n3,""\r\n',
    );
    assert.deepEqual(parseCsv(text).rows[1], ['-9223372036854775808', "O'Neill,\tJr.\nRow"]);
  });

  test('a Markdown table keeps its columns whatever the cells hold', () => {
    const table = new PreviewRows([
      { name: 'a|b', type: 'text' },
      { name: 'n', type: 'integer' },
    ]);
    table.append([
      ['x | y\nz', null],
      ['C:\\', '5'],
    ]);
    assert.equal(
      table.export({ ...all, form: 'markdown' }),
      '| a\\|b | n |\n| --- | ---: |\n| x \\| y<br>z | *NULL* |\n| C:\\\\ | 5 |',
    );
  });

  test('JSON has numbers, truth values, documents and nulls as themselves', () => {
    const text = written('json');
    assert.match(text, /"id": -9223372036854775808,/u);
    assert.match(text, /"amount": 10\.50,/u);
    const rows = JSON.parse(text) as Record<string, unknown>[];
    assert.deepEqual(rows[0], {
      id: 1,
      name: 'Sofia "S" Byrne',
      amount: 10.5,
      is_new: true,
      payload: { a: 1 },
    });
    assert.equal(rows[1]?.amount, null);
    assert.deepEqual(rows[2], { id: 3, name: '', amount: 'NaN', is_new: null, payload: [] });
  });

  test('JSON keeps both of two columns of one name', () => {
    const twice = new PreviewRows([
      { name: 'id', type: 'integer' },
      { name: 'id', type: 'integer' },
    ]);
    twice.append([['1', '2']]);
    assert.deepEqual(JSON.parse(twice.export({ ...all, form: 'json' })), [{ id: 1, id_2: 2 }]);
  });

  test('SQL VALUES carry their types in the first row and quote what needs it', () => {
    assert.equal(
      written('sql-values'),
      [
        'select *',
        'from (values',
        `  (1::bigint, 'Sofia "S" Byrne'::text, 10.50::numeric(12,2), true::boolean, '{"a": 1}'::jsonb),`,
        `  ('-9223372036854775808', 'O''Neill,\tJr.\nRow', null, false, null),`,
        `  (3, '', 'NaN', null, '[]')`,
        `) as result ("id", "name", "amount", "is_new", "payload")`,
      ].join('\n'),
    );
  });

  test('one cell is its whole text and nothing else', () => {
    const cell = (row: number, column: number) =>
      preview.export({ ...all, form: 'cell', cells: { fromRow: row, toRow: row, columns: [column] } });
    assert.equal(cell(1, 1), "O'Neill,\tJr.\nRow");
    assert.equal(cell(0, 4), '{"a": 1}');
  });

  test('no rows are still a result of their form', () => {
    const none = new PreviewRows([{ name: 'id', type: 'integer' }]);
    const forms: Record<ExportForm, string> = {
      tsv: '',
      'tsv-with-headers': 'id',
      csv: 'id\r\n',
      markdown: '| id |\n| ---: |',
      json: '[]',
      'sql-values': 'select *\nfrom (values\n  (null::integer)\n) as result ("id")\nwhere false',
      cell: '',
    };
    for (const [form, expected] of Object.entries(forms))
      assert.equal(none.export({ ...all, form: form as ExportForm }), expected, form);
  });

  test('what is copied is what is shown: sorted and filtered', () => {
    const shown = new PreviewRows([{ name: 'n', type: 'integer' }]);
    shown.append(['10', '9', '100', null].map((cell): Cell[] => [cell]));
    const arrangement = {
      sort: [{ column: 0, direction: 'descending' as const }],
      filters: [{ column: 0, operator: '>=' as const, value: '10' }],
      find: '',
    };
    assert.equal(shown.export({ ...arrangement, form: 'tsv' }), '100\n10');
  });
});
