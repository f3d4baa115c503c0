/** SQL texts are parsed as Postgres parses them, and everything found has its exact place. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseSql } from '../../server/src/sql/parse-sql.ts';
import { loadSqlParser } from '../../server/src/sql/parser.ts';
import { relationsOf } from '../../server/src/sql/relations.ts';
import { scanSql } from '../../server/src/sql/scan-sql.ts';
import { statementKind } from '../../server/src/sql/statement.ts';

const parser = await loadSqlParser();

/** The text with the fault's range between marks, and the fault's sentence. */
function fault(text: string): string {
  const { tree, diagnostics } = parseSql(parser, text);
  assert.equal(tree, null, 'a broken text has no tree');
  assert.equal(diagnostics.length, 1);
  const [{ message, range } = { message: '', range: { start: 0, end: 0 } }] = diagnostics;
  return `${text.slice(0, range.start)}«${text.slice(range.start, range.end)}»${text.slice(range.end)}: ${message}`;
}

describe('what Postgres refuses', () => {
  test('is marked from the token’s first character to its last', () => {
    assert.equal(fault('selec 1'), '«selec» 1: syntax error at or near "selec"');
    assert.equal(fault('select a,\n from x'), 'select a,\n «from» x: syntax error at or near "from"');
    assert.equal(fault('select "a" "b" "c d"'), 'select "a" "b" «"c d"»: syntax error at or near ""c d""');
    assert.equal(fault('select 1 union )'), 'select 1 union «)»: syntax error at or near ")"');
  });

  test('is marked in the right place behind characters of every width', () => {
    assert.equal(fault("select 'é€😀', from x"), 'select \'é€😀\', «from» x: syntax error at or near "from"');
    assert.equal(fault("select '😀😀' '"), "select '😀😀' «'»: unterminated quoted string at or near \"'\"");
  });

  test('at its end is marked behind the last token, not behind the comment after it', () => {
    assert.equal(fault('select (1'), 'select (1«»: syntax error at end of input');
    assert.equal(fault('select (é -- open\n\n'), 'select (é«» -- open\n\n: syntax error at end of input');
  });

  test('may be a text that never ends', () => {
    assert.match(fault("select 'abc"), /«'abc»: unterminated quoted string/u);
    assert.match(fault('select "abc'), /«"abc»: unterminated quoted identifier/u);
    assert.match(fault('select /* abc'), /«\/\*» abc: unterminated \/\* comment/u);
    assert.match(fault('select $$abc'), /«\$\$abc»: unterminated dollar-quoted string/u);
    assert.match(fault('select 1a'), /«1a»: trailing junk after numeric literal/u);
    assert.match(fault('select 1 \0'), /«\0»: a NUL character/u);
  });
});

describe('a tree', () => {
  test('has the statements with their ranges, without semicolons and comments', () => {
    const text = '-- é first\nselect 1 ; /* next */ insert into t values (1); ;';
    const { tree } = parseSql(parser, text);
    const shown = tree?.statements.map(({ node, range }) => [
      statementKind(node),
      text.slice(range.start, range.end),
    ]);
    assert.deepEqual(shown, [
      ['query', 'select 1'],
      ['change', 'insert into t values (1)'],
    ]);
  });

  test('of nothing has no statements', () => {
    for (const text of ['', ' \n', '-- only a comment', ';'])
      assert.deepEqual(parseSql(parser, text).tree?.statements, []);
  });

  test('says the kind of a statement', () => {
    const kinds = (text: string): string[] | undefined =>
      parseSql(parser, text).tree?.statements.map(({ node }) => statementKind(node));
    assert.deepEqual(kinds('values (1); table t; with a as (select 1) select * from a'), [
      'query',
      'query',
      'query',
    ]);
    assert.deepEqual(kinds('select 1 into t; create view v as select 1; drop table t'), [
      'definition',
      'definition',
      'definition',
    ]);
    assert.deepEqual(kinds('merge into t using s on true when matched then do nothing; truncate t'), [
      'change',
      'change',
    ]);
    assert.deepEqual(kinds('vacuum; begin'), ['other', 'other']);
  });
});

describe('the relations of a statement', () => {
  const relations = (text: string): string[] => {
    const { tree } = parseSql(parser, text);
    assert.ok(tree);
    return relationsOf(tree).relations.map(({ database, schema, name, offset }) => {
      assert.ok(text.slice(offset).length > 0);
      return [database, schema, name].filter((part) => part !== null).join('.');
    });
  };

  test('are those of FROM, JOIN and subqueries, in order', () => {
    assert.deepEqual(
      relations(
        'select (select max(x) from é) from "A"."b" join c.d.e using (x) where x in (select 1 from f)',
      ),
      ['é', 'A.b', 'c.d.e', 'f'],
    );
  });

  test('are not the CTEs that are in scope', () => {
    assert.deepEqual(
      relations('with a as (select * from a), b as (select * from a) select * from a, b, s.a'),
      ['a', 's.a'],
    );
    assert.deepEqual(
      relations('with recursive r as (select 1 union all select * from r) select * from r, q'),
      ['q'],
    );
    assert.deepEqual(
      relations('select * from (with inner_one as (select 1) select * from inner_one) x, inner_one'),
      ['inner_one'],
    );
  });

  test('include what a statement writes', () => {
    assert.deepEqual(relations('insert into t select * from s'), ['t', 's']);
    assert.deepEqual(relations('with s as (select 1) delete from t using s'), ['t']);
    assert.deepEqual(relations('create table n as select * from o'), ['n', 'o']);
  });

  test('have the CTEs beside them, in order', () => {
    const text = 'with é as (select 1), b (x) as (select 2) select 1';
    const { tree } = parseSql(parser, text);
    assert.ok(tree);
    assert.deepEqual(
      relationsOf(tree).ctes.map(({ name, range }) => [
        name,
        text.slice(range.start, range.start + name.length),
      ]),
      [
        ['é', 'é'],
        ['b', 'b'],
      ],
    );
  });
});

describe('tokens', () => {
  test('have exact ranges', () => {
    const text = 'select "é😀", \'a\n"b\\\' -- c\n/* d\t */ ;';
    const { tokens, isComplete } = scanSql(parser, text);
    assert.ok(isComplete);
    assert.deepEqual(
      tokens.map(({ range, isComment, isKeyword }) => [
        text.slice(range.start, range.end),
        isComment,
        isKeyword,
      ]),
      [
        ['select', false, true],
        ['"é😀"', false, false],
        [',', false, false],
        ["'a\n\"b\\'", false, false],
        ['-- c', true, false],
        ['/* d\t */', true, false],
        [';', false, false],
      ],
    );
  });

  test('of a text that stops inside one are none', () => {
    for (const text of ["select 'a", 'select "a', 'select /* a', 'select 1a', 'select ""']) {
      assert.deepEqual(scanSql(parser, text), { tokens: [], isComplete: false });
    }
  });
});
