/** Seeds as tables: what COPY is given, and what is said of a file that is no table. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  columnHasOffsets,
  columnSqlType,
  CsvError,
  tableFromCsv,
  tableRows,
} from '../../../server/src/project/context/agate/index.ts';

function seed(text: string, textColumns: readonly string[] = []): ReturnType<typeof tableFromCsv> {
  return tableFromCsv(text, { delimiter: ',', textColumns: new Set(textColumns) });
}

function texts(text: string, textColumns: readonly string[] = []): (string | null)[] {
  const table = seed(text, textColumns);
  return Array.from({ length: table.rowCount }, (_, row) => table.cellText(row, 0));
}

test('an integer column copies whole numbers, however they are written', () => {
  assert.equal(columnSqlType(seed('a\n1\n2.0\n1e3'), 0), 'integer');
  assert.deepEqual(texts('a\n1\n2.0\n1e3\n"1,000"\n$7\n -5 \n'), ['1', '2', '1000', '1000', '7', '-5']);
});

test('a float column copies the digits of the file', () => {
  assert.deepEqual(texts('a\n1.50\n2\n-$0.25\n1e-3\nNaN\ninf'), [
    '1.50',
    '2',
    '-0.25',
    '0.001',
    'NaN',
    'NaN',
  ]);
});

test('a zero has no sign', () => {
  assert.deepEqual(texts('a\n-0\n1'), ['0', '1']);
  assert.deepEqual(texts('a\n-0.0\n1.5'), ['0.0', '1.5']);
});

test('more digits than a decimal holds are rounded', () => {
  assert.deepEqual(texts('a\n123456789012345678901234567890.5\n0.5'), [
    '1.234567890123456789012345679E+29',
    '0.5',
  ]);
});

test('dates, times and booleans are copied in the form of the server', () => {
  assert.deepEqual(texts('a\n2024-1-5\n 2024-01-31 \nnull'), ['2024-01-05', '2024-01-31', null]);
  assert.deepEqual(texts('a\n2024-01-31 1:2:3\n2024-01-31 10:20:30'), [
    '2024-01-31T01:02:03',
    '2024-01-31 10:20:30',
  ]);
  assert.deepEqual(texts('a\nTRUE\nfalse\n'), ['true', 'false']);
});

test('text is copied as it stands; only an empty or a null one is missing', () => {
  assert.deepEqual(texts('a\n x \n"say ""hi"""\nNULL\n""\n" "'), [' x ', 'say "hi"', null, null, null]);
});

test('a column with a type of its own keeps its text', () => {
  assert.deepEqual(texts('a\n007\n1.50', ['a']), ['007', '1.50']);
});

test('a missing value at the end of a row is NULL', () => {
  assert.equal(seed('a,b\n1').cellText(0, 1), null);
});

test('a byte order mark is no part of the first name', () => {
  assert.deepEqual(seed('\ufeffa,b\n1,2').columnNames, ['a', 'b']);
});

test('an empty seed has no columns to make', () => {
  assert.throws(
    () => seed(''),
    (error) => error instanceof CsvError && error.line === 1 && error.message.includes('empty'),
  );
});

test('a row with too many values is told with its line and range', () => {
  const text = 'a,b\n1,2\n"x\ny",4\n5,6,7\n';
  assert.throws(
    () => seed(text),
    (error) => {
      assert.ok(error instanceof CsvError);
      assert.equal(error.line, 5);
      assert.equal(text.slice(error.start, error.end), '5,6,7');
      assert.equal(
        error.message,
        'this row has 3 values, but the header names 2 columns: quote the value that contains the delimiter, or name the column',
      );
      return true;
    },
  );
});

test('rows in plain data have floats, booleans and texts', () => {
  assert.deepEqual(tableRows(seed('a,b,c,d\n1,true,2024-01-01,x\n2.5,,,')), [
    { a: 1, b: true, c: '2024-01-01', d: 'x' },
    { a: 2.5, b: null, c: null, d: null },
  ]);
});

test('timestamps with an offset are told from those without', () => {
  assert.equal(columnHasOffsets(seed('a\n2024-01-31T10:20:30Z\n2024-01-31T10:20:30'), 0), true);
  assert.equal(columnHasOffsets(seed('a\n2024-01-31T10:20:30'), 0), false);
  assert.equal(columnHasOffsets(seed('a\n2024-01-31 10:20:30'), 0), false);
});
