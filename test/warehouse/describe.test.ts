/** What a session says of statements it does not execute, and rows read in portions, on a real server. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { FailureError } from '../../server/src/base/failure.ts';
import type { Failure, QueryFailure } from '../../server/src/base/failure.ts';
import { withSession } from '../support/postgres.ts';

test('a statement is described with its columns and parameters, and nothing is executed', () =>
  withSession(async (session) => {
    await session.query('create table t (a int, b numeric(10, 2)); create sequence s');
    const described = await session.describe("select a, b, nextval('s') as n from t where a = $1 and b > $2");
    assert.deepEqual(described, {
      columns: [
        { name: 'a', typeOid: 23, typmod: -1 },
        { name: 'b', typeOid: 1700, typmod: ((10 << 16) | 2) + 4 },
        { name: 'n', typeOid: 20, typmod: -1 },
      ],
      parameterTypes: [23, 1700],
    });
    assert.deepEqual(await session.describe('drop table t'), { columns: [], parameterTypes: [] });
    assert.deepEqual(await session.describe(''), { columns: [], parameterTypes: [] });
    const { rows } = await session.query('select (select is_called from s), (select count(*) from t)');
    assert.deepEqual(rows, [['f', '0']]);
  }));

test('what the server refuses to describe has its SQLSTATE and its place in UTF-16 units', () =>
  withSession(async (session) => {
    const text = "select '\u{1F600}é', nope from pg_class";
    const failure = await queryFailure(session.describe(text));
    assert.deepEqual([failure.sqlstate, failure.offset], ['42703', text.indexOf('nope')]);
    const several = await queryFailure(session.describe('select 1; select 2'));
    assert.equal(several.sqlstate, '42601');
    assert.equal((await queryFailure(session.describe('select 1, \0'))).offset, 10);
    assert.equal((await session.describe('select 1 as lives')).columns[0]?.name, 'lives');
  }));

test('descriptions asked at once travel together, and the refused ones fail alone', () =>
  withSession(async (session) => {
    const created = session.query('create table t (a int)');
    const asked = Array.from({ length: 250 }, (_, index) =>
      index % 50 === 7
        ? session.describe(`select ${' '.repeat(index)} nope_${String(index)} from t`)
        : session.describe(`select a as c${String(index)} from t`),
    );
    const dropped = session.query('drop table t');
    const late = session.describe('select a from t');
    const answers = await Promise.allSettled(asked);
    answers.forEach((answer, index) => {
      if (index % 50 === 7) {
        assert.ok(answer.status === 'rejected' && answer.reason instanceof FailureError);
        const { failure } = answer.reason;
        assert.ok(failure.kind === 'query');
        assert.equal(failure.message, `column "nope_${String(index)}" does not exist`);
        assert.equal(failure.offset, `select ${' '.repeat(index)} `.length);
      } else {
        assert.ok(answer.status === 'fulfilled');
        assert.equal(answer.value.columns[0]?.name, `c${String(index)}`);
      }
    });
    assert.equal((await queryFailure(late)).sqlstate, '42P01', 'it was asked after the table was dropped');
    await Promise.all([created, dropped]);
  }));

test('a closed session fails every description that waits', () =>
  withSession(async (session) => {
    const slow = session.query('select pg_sleep(20)');
    const waiting = [session.describe('select 1'), session.describe('select 2')];
    const settled = Promise.allSettled([slow, ...waiting]);
    await sleep(50);
    await session.close();
    for (const answer of await settled) {
      assert.ok(answer.status === 'rejected' && answer.reason instanceof FailureError);
      assert.equal(answer.reason.failure.kind, 'cancelled');
    }
  }));

test('a cursor gives rows in portions and in the order that the statement asks for', () =>
  withSession(async (session) => {
    await session.query('create table t as select i from generate_series(1, 10) i');
    const cursor = await session.openCursor('select i from t order by i desc');
    assert.deepEqual(cursor.columns, [{ name: 'i', typeOid: 23, typmod: -1 }]);
    assert.deepEqual(await cursor.read(4), [['10'], ['9'], ['8'], ['7']]);
    assert.deepEqual((await cursor.read(4)).flat(), ['6', '5', '4', '3']);
    assert.deepEqual((await cursor.read(4)).flat(), ['2', '1']);
    assert.deepEqual(await cursor.read(4), []);
    assert.equal(session.transactionStatus, 'open');
    await cursor.close();
    await cursor.close();
    assert.equal(session.transactionStatus, 'idle');
    assert.deepEqual(await cursor.read(4), []);
  }));

test('a cursor shows what EXPLAIN and VALUES say, writes nothing and takes one statement', () =>
  withSession(async (session) => {
    await session.query('create table t (i int)');
    const explain = await session.openCursor('explain select 1');
    assert.match((await explain.read(1))[0]?.[0] ?? '', /Result/);
    assert.deepEqual(await explain.read(1), []);
    await explain.close();
    const insert = await session.openCursor('insert into t values (1) returning i');
    assert.equal((await queryFailure(insert.read(10))).sqlstate, '25006');
    await insert.close();
    const two = await queryFailure(session.openCursor('select 1; drop table t'));
    assert.equal(two.sqlstate, '42601');
    const wrong = await queryFailure(session.openCursor('select nope from t'));
    assert.deepEqual([wrong.sqlstate, wrong.offset], ['42703', 7]);
    const parameter = await queryFailure(session.openCursor('select $1::int'));
    assert.equal(parameter.sqlstate, '08P01');
    assert.equal(session.transactionStatus, 'idle');
    assert.deepEqual((await session.query('select * from t')).rows, []);
  }));

test('a cursor inside an open transaction sees what that transaction wrote, and leaves it open', () =>
  withSession(async (session) => {
    await session.query('begin; create table t as select 1 as i');
    const cursor = await session.openCursor('select i from t');
    assert.deepEqual(await cursor.read(10), [['1']]);
    await cursor.close();
    assert.equal(session.transactionStatus, 'open');
    assert.deepEqual((await session.query('commit; select i from t')).rows, [['1']]);
  }));

test('cancelling reaches a read that computes, and the session lives on', () =>
  withSession(async (session) => {
    const cursor = await session.openCursor('select i, pg_sleep(0.02) from generate_series(1, 100000) i');
    assert.equal((await cursor.read(2)).length, 2);
    const reading = assert.rejects(
      cursor.read(100000),
      (error) => error instanceof FailureError && error.failure.kind === 'cancelled',
    );
    await sleep(100);
    await session.cancel();
    await reading;
    await cursor.close();
    assert.deepEqual((await session.query('select 1')).rows, [['1']]);
  }));

test('reading a large result in portions keeps the memory flat', () =>
  withSession(async (session) => {
    const cursor = await session.openCursor("select i, repeat('x', 1000) from generate_series(1, 300000) i");
    await cursor.read(1000);
    const before = process.memoryUsage().rss;
    let seen = 1000;
    let largest = 0;
    for (;;) {
      const rows = await cursor.read(1000);
      if (rows.length === 0) break;
      seen += rows.length;
      largest = Math.max(largest, process.memoryUsage().rss - before);
    }
    await cursor.close();
    assert.equal(seen, 300000);
    assert.ok(largest < 150e6, `${String(largest)} bytes more for 300 MB of rows`);
  }));

async function queryFailure(promise: Promise<unknown>): Promise<QueryFailure> {
  let failure: Failure | undefined;
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    failure = error.failure;
  }
  assert.ok(failure?.kind === 'query', `expected a failed query, got ${failure?.kind ?? 'success'}`);
  return failure;
}
