/** Files as dbt reads them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strippedStart, strippedText } from '../../server/src/project/files.ts';

test('a file is stripped of what Python calls blank, next line and separators too', () => {
  const file = { path: 'a.sql', text: '\u0085\x1c\n select 1 \u3000\x1f\r\n' };
  assert.equal(strippedText(file), 'select 1');
  assert.equal(strippedStart(file), 4);
});

test('a byte order mark stays, as dbt leaves it', () => {
  const file = { path: 'a.sql', text: '\ufeff select 1\n' };
  assert.equal(strippedText(file), '\ufeff select 1');
  assert.equal(strippedStart(file), 0);
});
