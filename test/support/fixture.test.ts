/** The fixture language reads and prints what its description says. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertAnnotations, cursorOf, project } from './fixture-project.ts';
import { parseFixture, printFixture } from './fixture.ts';

describe('a fixture', () => {
  test('is files, a cursor and annotations, none of which is in the text', () => {
    const fixture = parseFixture(`
      ==> models/orders.sql
      select order_id,
        amuont$0 from t
      --^^^^^^ unknown column "amuont"
      --         ^^^^ keyword
      ==> models/schema.yml
      models:
      ^^^^^^ key
        - name: orders
      #         ^^^^^^ model
    `);
    assert.deepEqual(
      [...fixture.files],
      [
        ['models/orders.sql', 'select order_id,\n  amuont from t\n'],
        ['models/schema.yml', 'models:\n  - name: orders\n'],
      ],
    );
    assert.deepEqual(fixture.cursor, {
      path: 'models/orders.sql',
      offset: 'select order_id,\n  amuont'.length,
    });
    const marked = fixture.annotations.map(({ path, range, expectation }) => [
      fixture.files.get(path)?.slice(range.start, range.end),
      expectation,
    ]);
    assert.deepEqual(marked, [
      ['amuont', 'unknown column "amuont"'],
      ['from', 'keyword'],
      ['models', 'key'],
      ['orders', 'model'],
    ]);
  });

  test('without a header is one model', () => {
    assert.deepEqual([...parseFixture('select 1').files], [['models/model.sql', 'select 1\n']]);
  });

  test('keeps indentation inside a file, blank lines, and files that are empty', () => {
    const { files } = parseFixture(
      '\n    ==> a.sql\n    select\n\n      1\n    ==> b.sql\n    ==> c.sql\n    x\n  ',
    );
    assert.deepEqual(
      [...files],
      [
        ['a.sql', 'select\n\n  1\n'],
        ['b.sql', ''],
        ['c.sql', 'x\n'],
      ],
    );
  });

  test('marks a line’s end with a caret behind it', () => {
    const { annotations } = parseFixture('select (1\n         ^ expected ")"');
    assert.deepEqual(annotations[0]?.range, { start: 9, end: 9 });
  });

  test('refuses what is ambiguous', () => {
    assert.throws(() => parseFixture('a$0b$0'), /two cursors/u);
    assert.throws(() => parseFixture('==> a\n$0\n==> b\n$0'), /two cursors/u);
    assert.throws(() => parseFixture('==> a\n==> a'), /two files a/u);
    assert.throws(() => parseFixture('==> a\n^^ nothing'), /no line above/u);
    assert.throws(() => cursorOf(parseFixture('a')), /no cursor/u);
  });

  test('prints as it was written', () => {
    const source = [
      '==> models/a.sql',
      'select ab$0cd, efg from t',
      '^^^^^^ keyword',
      '--     ^^^^^^ column "abcd"',
      '--             ^^^ column "efg"',
      '--                       ^ end',
      '==> models/b.yml',
      'version: 2',
      '==> models/c.sql',
      '',
    ].join('\n');
    assert.equal(printFixture(parseFixture(source)), source);
    assert.deepEqual(parseFixture(printFixture(parseFixture(source))), parseFixture(source));
  });

  test('says how far a range of several lines goes', () => {
    const fixture = parseFixture('==> a.sql\nselect\n1\nfrom t\n');
    const printed = printFixture({
      ...fixture,
      annotations: [{ path: 'a.sql', range: { start: 0, end: 15 }, expectation: 'statement' }],
    });
    assert.equal(printed, '==> a.sql\nselect\n^^^^^^ statement (and 2 more lines)\n1\nfrom t\n');
  });
});

describe('a fixture’s project', () => {
  test('has settings, its own or minimal ones', () => {
    assert.match(project('select 1').files.get('dbt_project.yml') ?? '', /^name: fixture$/mu);
    assert.equal(project('==> dbt_project.yml\nname: own').files.get('dbt_project.yml'), 'name: own\n');
  });

  test('is compared whole: nothing missing, nothing extra, nothing displaced', () => {
    const fixture = project('select x, y\n       ^ unknown "x"');
    const right = fixture.annotations;
    assertAnnotations(fixture, right);
    const [only] = right;
    assert.ok(only);
    assert.throws(() => {
      assertAnnotations(fixture, []);
    });
    assert.throws(() => {
      assertAnnotations(fixture, [only, { ...only, range: { start: 10, end: 11 } }]);
    });
    assert.throws(() => {
      assertAnnotations(fixture, [{ ...only, range: { start: 8, end: 9 } }]);
    });
    assert.throws(() => {
      assertAnnotations(fixture, [{ ...only, path: 'models/other.sql' }]);
    }, /no file of the fixture/u);
  });
});
