/** What is read of a warehouse, on a real server. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCatalog } from '../../server/src/describe/read-catalog.ts';
import { schemasOf } from '../../server/src/project/stored-names.ts';
import { typeNames } from '../../server/src/describe/type-names.ts';
import { withSession } from '../support/postgres.ts';
import { projectFromFixture } from '../support/project.ts';

test('relations have their kinds, columns, types and comments', () =>
  withSession(async (session) => {
    await session.query(`
      create schema shop; create schema "Other"; create schema elsewhere;
      create domain shop.amount as numeric(10, 2) not null;
      create table shop.orders (id bigint not null, gone int, "Note" varchar(20), paid shop.amount, at timestamptz(3), tags text[], flag character(3));
      alter table shop.orders drop column gone;
      comment on table shop.orders is 'One row an order.';
      comment on column shop.orders."Note" is 'What was said.';
      create view shop.latest as select id, paid * 2 as twice from shop.orders;
      create materialized view "Other".kept as select 1 as one;
      create table shop.nothing ();
      create sequence shop.counter;
      create table elsewhere.unseen (a int);
    `);
    const relations = await readCatalog(session, ['shop', 'Other']);
    assert.deepEqual([...relations].map(([key, { kind, comment }]) => [key, kind, comment]).sort(), [
      ['Other.kept', 'materialized view', null],
      ['shop.latest', 'view', null],
      ['shop.nothing', 'table', null],
      ['shop.orders', 'table', 'One row an order.'],
    ]);
    const orders = relations.get('shop.orders');
    assert.deepEqual(
      orders?.columns.map(({ name, type, notNull, comment }) => [name, type, notNull, comment]),
      [
        ['id', 'bigint', true, null],
        ['Note', 'character varying(20)', false, 'What was said.'],
        ['paid', 'shop.amount', true, null],
        ['at', 'timestamp(3) with time zone', false, null],
        ['tags', 'text[]', false, null],
        ['flag', 'character(3)', false, null],
      ],
    );
    assert.deepEqual(
      orders.columns.slice(0, 2).map(({ typeOid, typmod }) => [typeOid, typmod]),
      [
        [20, -1],
        [1043, 24],
      ],
    );
    assert.deepEqual(relations.get('shop.nothing')?.columns, []);
  }));

test('keys are those that the server guarantees for the whole relation', () =>
  withSession(async (session) => {
    await session.query(`
      create table public.t (b int, a int, c int, d int, e int unique, primary key (a, b));
      create unique index on public.t (c) where c > 0;
      create unique index on public.t ((c + 1));
      create unique index on public.t (d) include (c);
      create index on public.t (c);
    `);
    const relations = await readCatalog(session, ['public']);
    assert.deepEqual(relations.get('public.t')?.keys, [
      { kind: 'primary', columns: ['a', 'b'] },
      { kind: 'unique', columns: ['e'] },
      { kind: 'unique', columns: ['d'] },
    ]);
  }));

test('a schema that is not there holds nothing', () =>
  withSession(async (session) => {
    assert.equal((await readCatalog(session, ['nope', 'it\'s "odd" \\ {}'])).size, 0);
    assert.equal((await readCatalog(session, [])).size, 0);
  }));

test('the schemas of a project are those of its models, seeds, snapshots and sources in the target database', () => {
  const { project } = projectFromFixture(`
    ==> models/a.sql
    {{ config(schema='marts') }} select 1 as one
    ==> models/b.sql
    {{ config(materialized='ephemeral', schema='nowhere') }} select 1 as one
    ==> models/sources.yml
    sources:
      - name: shop
        schema: Shop
        tables: [{ name: orders }]
      - name: folded
        schema: Folded
        quoting: { schema: false }
        tables: [{ name: orders }]
      - name: other
        database: another
        schema: other
        tables: [{ name: orders }]
    ==> seeds/s.csv
    a
    1
  `);
  assert.deepEqual(schemasOf(project), ['Shop', 'analytics', 'analytics_marts', 'folded']);
});

test('types have the names that Postgres gives them, and are asked for once', () =>
  withSession(async (session) => {
    let questions = 0;
    const counted: typeof session = Object.assign(Object.create(session) as typeof session, {
      queryWith: (...given: Parameters<typeof session.queryWith>) => {
        questions++;
        return session.queryWith(...given);
      },
    });
    const { columns } = await session.describe(
      "select 1.5::numeric(10, 2), 'a'::bpchar, 'a'::char(3), array[1], now()::timestamp(0)",
    );
    const names = await Promise.all([typeNames(counted, columns), typeNames(counted, columns.slice(2))]);
    assert.deepEqual(names[0], [
      'numeric(10,2)',
      'bpchar',
      'character(3)',
      'integer[]',
      'timestamp(0) without time zone',
    ]);
    assert.deepEqual(names[1], names[0].slice(2));
    await typeNames(counted, columns);
    assert.equal(questions, 1);
  }));
