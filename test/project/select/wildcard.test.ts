/** Wildcards as Python reads them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { matchesGlob, matchesWildcard } from '../../../server/src/project/select/wildcard.ts';

const table: readonly (readonly [pattern: string, matches: string[], not: string[]])[] = [
  ['*', ['', 'a.b/c', 'a\nb'], []],
  ['stg_?', ['stg_a', 'stg_ü', 'stg_😀'], ['stg_', 'stg_ab', 'xstg_a']],
  ['[a-c]x', ['ax', 'cx'], ['dx', '-x', 'Ax']],
  ['[!a-c]x', ['dx'], ['ax', 'x']],
  ['[]]', [']'], ['[']],
  ['[!]]', ['a'], [']']],
  ['[', ['['], ['']],
  ['a[', ['a['], ['a']],
  ['[z-a]', [], ['z', 'a', '-']],
  ['[^a]', ['^', 'a'], ['b']],
  ['a.b', ['a.b'], ['axb']],
  ['(a|b)', ['(a|b)'], ['a']],
  ['\\d', ['\\d'], ['1']],
];

for (const [pattern, matches, not] of table) {
  test(`${pattern} matches ${matches.length} of ${matches.length + not.length}`, () => {
    assert.deepEqual(
      [...matches, ...not].filter((text) => matchesWildcard(text, pattern)),
      matches,
    );
  });
}

test('** stands for any number of folders, * for one name', () => {
  const meets = (path: string, pattern: string): boolean => matchesGlob(path.split('/'), pattern.split('/'));
  assert.ok(meets('models/a.sql', 'models/**/a.sql'));
  assert.ok(meets('models/x/y/a.sql', 'models/**/a.sql'));
  assert.ok(!meets('models/x/a.sql', 'models/*.sql'));
  assert.ok(!meets('models/x', 'models'));
});
