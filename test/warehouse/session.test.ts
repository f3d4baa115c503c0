/** What a session promises the engine, on a real server. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { FailureError } from '../../server/src/base/failure.ts';
import type { Failure, QueryFailure } from '../../server/src/base/failure.ts';
import type { Session } from '../../server/src/warehouse/port.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';
import { withDatabase, withSession } from '../support/postgres.ts';

test('every value arrives in the text the server writes', () =>
  withSession(async (session) => {
    const { columns, rows, command } = await session.query(
      `select 1.50::numeric(9,2) as amount, true as yes, timestamptz '2025-01-02 03:04:05.6+00' as at,
        date '2025-01-02' as day, array[1,2] as list, '{"a": 1}'::json as doc, null::text as nothing, 9007199254740993 as big, '\\x00ff'::bytea as bytes`,
    );
    assert.deepEqual(rows, [
      [
        '1.50',
        't',
        '2025-01-02 03:04:05.6+00',
        '2025-01-02',
        '{1,2}',
        '{"a": 1}',
        null,
        '9007199254740993',
        '\\x00ff',
      ],
    ]);
    assert.deepEqual(columns[0], { name: 'amount', typeOid: 1700, typmod: ((9 << 16) | 2) + 4 });
    assert.equal(command, 'SELECT 1');
  }));

test('of several statements the last result counts, rows or none', () =>
  withSession(async (session) => {
    const rows = await session.query("select 1 as a; select 2 as b, 'x' as c where true");
    assert.deepEqual([rows.columns.map((column) => column.name), rows.rows], [['b', 'c'], [['2', 'x']]]);
    const none = await session.query('select 1 as a; create table t (a int)');
    assert.deepEqual(none, { columns: [], rows: [], command: 'CREATE TABLE' });
    assert.equal((await session.query('insert into t values (1), (2)')).command, 'INSERT 0 2');
    assert.deepEqual(await session.query(' -- nothing'), { columns: [], rows: [], command: '' });
    assert.deepEqual((await session.query('select a from t where false')).columns.length, 1);
  }));

test('parameters travel as text, null and quotes included', () =>
  withSession(async (session) => {
    const { rows } = await session.queryWith('select $1::int + 1, $2::text, $3::text', [
      '41',
      null,
      "it's \\ \u{1F600}",
    ]);
    assert.deepEqual(rows, [['42', null, "it's \\ \u{1F600}"]]);
  }));

test('a server error carries its place as a UTF-16 offset', () =>
  withSession(async (session) => {
    const text = "select '\u{1F600}é', nope from pg_class";
    const failure = await queryFailure(session.query(text));
    assert.equal(failure.sqlstate, '42703');
    assert.equal(failure.message, 'column "nope" does not exist');
    assert.equal(failure.offset, text.indexOf('nope'));
    const second = await queryFailure(session.query('select 1;\nselect 1 +'));
    assert.equal(second.offset, 'select 1;\nselect 1 +'.length);
    const withParameter = await queryFailure(session.queryWith('select $1, nope', ['1']));
    assert.equal(withParameter.offset, 'select $1, '.length);
    assert.deepEqual((await session.query('select 1')).rows, [['1']], 'the session lives on');
  }));

test('detail, hint and context of an error are kept', () =>
  withSession(async (session) => {
    await session.query('create table t (a int primary key); insert into t values (1)');
    const duplicate = await queryFailure(session.query('insert into t values (1)'));
    assert.equal(duplicate.detail, 'Key (a)=(1) already exists.');
    const hinted = await queryFailure(session.query('select pg_clas from pg_class'));
    assert.equal(hinted.sqlstate, '42703');
    const inside = await queryFailure(
      session.query("do $$ begin raise exception 'no' using hint = 'do it' ; end $$"),
    );
    assert.equal(inside.hint, 'do it');
    assert.match(inside.context ?? '', /PL\/pgSQL function/);
  }));

test('a text with a NUL is refused at its place, not cut in half', () =>
  withSession(async (session) => {
    const failure = await queryFailure(session.query('select 1; \0 drop table t'));
    assert.deepEqual([failure.sqlstate, failure.offset], ['22021', 10]);
  }));

test('statements asked at once run in the order asked', () =>
  withSession(async (session) => {
    await session.query('create sequence s');
    const answers = await Promise.all(Array.from({ length: 20 }, () => session.query("select nextval('s')")));
    assert.deepEqual(
      answers.map((answer) => answer.rows[0]?.[0]),
      Array.from({ length: 20 }, (_, index) => String(index + 1)),
    );
  }));

test('notices are collected once', () =>
  withSession(async (session) => {
    await session.query("drop table if exists gone; do $$ begin raise warning 'careful'; end $$");
    assert.deepEqual(session.takeNotices(), [
      'NOTICE: table "gone" does not exist, skipping',
      'WARNING: careful',
    ]);
    assert.deepEqual(session.takeNotices(), []);
  }));

test('role, search path and application name hold from the first statement', () =>
  withSession(async (admin, { settings }) => {
    await admin.query('create schema "my schema"');
    const special = postgresWarehouse({
      ...settings,
      role: 'pg_read_all_data',
      searchPath: '"my schema", public',
    });
    await using(await special.open('the app'), async (session) => {
      const { rows } = await session.query(
        "select current_user, current_schema(), current_setting('application_name'), pg_backend_pid()",
      );
      assert.deepEqual(rows, [['pg_read_all_data', 'my schema', 'the app', String(session.backendPid)]]);
    });
  }));

test('cancel stops the statement on the server and nothing else', () =>
  withSession(async (session) => {
    await session.cancel(); // Nothing runs: nothing happens.
    const sleeping = failureOf(session.query('select pg_sleep(30)'));
    await sleep(50);
    const asked = performance.now();
    await session.cancel();
    assert.equal((await sleeping).kind, 'cancelled');
    assert.ok(performance.now() - asked < 2000);
    assert.deepEqual((await session.query('select 1')).rows, [['1']]);
  }));

test('a cancel that comes too late does not hit the next statement', () =>
  withSession(async (session) => {
    for (let round = 0; round < 30; round++) {
      const quick = session.query('select pg_sleep(0.001)').catch((error: unknown) => error);
      void session.cancel();
      const next = session.query('select pg_sleep(0.002), 1');
      await quick;
      assert.equal((await next).rows[0]?.[1], '1');
    }
  }));

test("a statement timeout is the server's refusal, not a cancel of ours", () =>
  withSession(async (session) => {
    await session.query('set statement_timeout = 20');
    const failure = await queryFailure(session.query('select pg_sleep(5)'));
    assert.equal(failure.sqlstate, '57014');
    assert.match(failure.hint ?? '', /statement_timeout/);
  }));

test('closing stops what runs, on the server too, and may be asked twice', () =>
  withDatabase(async ({ warehouse }) => {
    const session = await warehouse.open();
    const { backendPid } = session;
    const sleeping = failureOf(session.query('select pg_sleep(30)'));
    const queued = failureOf(session.query('select 1'));
    await sleep(50);
    await Promise.all([session.close(), session.close()]);
    await session.close();
    assert.equal((await sleeping).kind, 'cancelled');
    assert.equal((await queued).kind, 'cancelled');
    assert.equal((await failureOf(session.query('select 1'))).kind, 'cancelled');
    await using(await warehouse.open(), async (other) => {
      const gone = "select count(*) from pg_stat_activity where pid = $1::int and state = 'active'";
      assert.deepEqual((await other.queryWith(gone, [String(backendPid)])).rows, [['0']]);
    });
  }));

test('a session whose server process is ended says so, then and later', () =>
  withSession(async (session, { warehouse }) => {
    const running = failureOf(session.query('select pg_sleep(30)'));
    await using(await warehouse.open(), (other) =>
      other.query(`select pg_sleep(0.05), pg_terminate_backend(${String(session.backendPid)})`),
    );
    const first = await running;
    assert.equal(first.kind, 'connection');
    assert.match(first.message, /ended the session .*run the command again/);
    const later = await failureOf(session.query('select 1'));
    assert.equal(later.kind, 'connection');
  }));

async function using<T>(session: Session, work: (session: Session) => Promise<T>): Promise<T> {
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  assert.fail('the statement did not fail');
}

async function queryFailure(promise: Promise<unknown>): Promise<QueryFailure> {
  const failure = await failureOf(promise);
  assert.equal(failure.kind, 'query', failure.message);
  return failure;
}
