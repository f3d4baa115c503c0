/** What templates ask, asked of a real server: nothing is written, nothing is too much, and columns are what the macro would say. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Renderings } from '../../server/src/checks/renderings.ts';
import { askForTemplate, MOST_ROWS, type Told } from '../../server/src/describe/template-answers.ts';
import { compileNode } from '../../server/src/project/compile.ts';
import { openAccess } from '../../server/src/run/single-session.ts';
import { withDatabase, withSession } from '../support/postgres.ts';
import { catalogOf, parser, projectOn } from './describing.ts';

function said(told: Told): string {
  return told.kind === 'none' ? told.reason : `${told.result.command} ${JSON.stringify(told.result.rows)}`;
}

test('one query is answered in the text of the server, and leaves no transaction behind', () =>
  withSession(async (session) => {
    const ask = (sql: string): Promise<Told> => askForTemplate(session, parser, sql);
    assert.equal(said(await ask("\n select 1.50, null, array['a'];\n")), 'SELECT 1 [["1.50",null,"{a}"]]');
    assert.equal(said(await ask('values (1), (2)')), 'SELECT 2 [["1"],["2"]]');
    assert.equal(said(await ask('show datestyle')), 'SELECT 1 [["ISO, MDY"]]');
    assert.equal(session.transactionStatus, 'idle');
  }));

test('what is no query is not sent, and what writes is refused by the server', () =>
  withSession(async (session) => {
    await session.query(
      "create table kept as select 1 as a; create function emptied() returns void language sql as 'delete from kept'; create sequence counted",
    );
    const refusals: readonly (readonly [string, RegExp])[] = [
      ['delete from kept', /no query/u],
      ['create table made (a int)', /no query/u],
      ['select a into made from kept', /no query/u],
      ['commit', /no query/u],
      ['select 1; drop table kept', /several statements/u],
      ['select 1 from', /cannot be read/u],
      ['', /no statement/u],
      ['select emptied()', /read-only/u],
      ["select nextval('counted')", /read-only/u],
      ['select a from kept for update', /read-only/u],
      ['explain analyze with gone as (delete from kept returning a) select a from gone', /read-only/u],
      ["select set_config('transaction_read_only', 'off', false)", /read-write mode/u],
      ['select nosuch from kept', /nosuch/u],
    ];
    for (const [sql, expected] of refusals) {
      const told = await askForTemplate(session, parser, sql);
      assert.equal(told.kind, 'none', sql);
      assert.match(said(told), expected, sql);
      assert.equal(session.transactionStatus, 'idle', sql);
    }
    assert.deepEqual((await session.query('select a from kept')).rows, [['1']]);
  }));

test('a setting that a query changes is back after it', () =>
  withSession(async (session) => {
    await session.query("set statement_timeout = '7s'");
    await askForTemplate(session, parser, "select set_config('statement_timeout', '0', false)");
    assert.deepEqual((await session.query('show statement_timeout')).rows, [['7s']]);
  }));

test('more than a template is for is no answer', () =>
  withSession(async (session) => {
    const most = await askForTemplate(session, parser, `select generate_series(1, ${String(MOST_ROWS)})`);
    assert.equal(most.kind, 'rows');
    const more = await askForTemplate(session, parser, `select generate_series(1, ${String(MOST_ROWS + 1)})`);
    assert.match(said(more), /more than 2000 rows/u);
    const long = await askForTemplate(session, parser, "select repeat('x', 1000000)");
    assert.match(said(long), /500000 characters/u);
  }));

const TYPES = [
  ...['boolean', 'bytea', 'name', 'text', 'oid', 'json', 'jsonb', 'xml', 'inet', 'date', 'uuid'],
  ...[
    'time',
    'timetz',
    'timestamp',
    'timestamp(3)',
    'timestamptz',
    'timestamptz(0)',
    'interval',
    'interval(2)',
  ],
  ...['smallint', 'integer', 'bigint', 'real', 'double precision', 'numeric', 'numeric(10,2)', 'numeric(5)'],
  ...['varchar', 'varchar(20)', 'character(3)', 'bpchar', '"char"', 'money', 'bit(3)', 'point', 'int4range'],
  ...['text[]', 'integer[]', 'numeric(4,1)[]', 'uuid[]', 'timestamptz[]', 'int2vector'],
];

const OTHERS = ['mood', 'amount', 'pair', 'mood[]'];

test('columns that the catalog answers are those that the macro reads, of every type', () =>
  withDatabase(async ({ settings, warehouse }) => {
    const single = await openAccess(warehouse);
    try {
      const { session, access } = single;
      await session.query(`
        create schema analytics; set search_path = analytics;
        create type mood as enum ('good'); create domain amount as numeric(8, 3); create type pair as (a int, b int);
        create view seen as select 1::numeric(3, 1) as a; create materialized view kept as select 1 as a;
        ${[...TYPES, ...OTHERS].map((type, at) => `create table t${String(at)} ("Of It" ${type}, other int)`).join(';')};
        set search_path = public`);
      const names = [
        ...[...TYPES, ...OTHERS].map((_type, at) => `t${String(at)}`),
        'seen',
        'kept',
        'nowhere',
      ];
      const files = names.map(
        (name) => `==> models/of_${name}.sql
{% for column in adapter.get_columns_in_relation(api.Relation.create(database=target.database, schema='analytics', identifier='${name}')) %}
{{ column }} {{ column.data_type }}
{% endfor %}`,
      );
      const { project } = projectOn(settings, files.join('\n'));
      const catalog = await catalogOf(session, project);
      const renderings = new Renderings(project, catalog);
      const known: string[] = [];
      for (const name of names) {
        const node = project.manifest.nodes.get(`model.fixture.of_${name}`);
        assert.ok(node);
        const { code } = await compileNode(
          { project, access, selected: [], ephemeral: new Map(), onMessage: () => undefined },
          node,
        );
        const [rendering] = renderings.of(node);
        if (rendering?.kind !== 'sql') continue;
        known.push(name);
        assert.equal(rendering.sql.text, typeof code === 'string' ? code : code.text, name);
      }
      // The rest is asked of the server as the macro does.
      const asked = [...['"char"', 'money', 'bit(3)', 'point', 'int4range', 'int2vector'], ...OTHERS];
      const types = [...TYPES, ...OTHERS];
      assert.deepEqual(
        names.filter((name) => !known.includes(name)).map((name) => types[Number(name.slice(1))]),
        asked,
      );
    } finally {
      await single.close();
    }
  }));
