/** COPY through a session: rows counted, memory flat, all or nothing. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FailureError } from '../../server/src/base/failure.ts';
import { withSession } from '../support/postgres.ts';

const encoder = new TextEncoder();
const COPY = 'copy t from stdin with (format csv)';

test('bytes become rows, from an array or an async source, however they are cut', () =>
  withSession(async (session) => {
    await session.query('create table t (a int, b text)');
    assert.equal(
      await session.copyIn(COPY, [encoder.encode('1,é\n2,'), new Uint8Array(), encoder.encode('"x\ny"\n')]),
      2,
    );
    const bytes = encoder.encode('3,\u{1F600}\n');
    assert.equal(await session.copyIn(COPY, oneByOne(bytes)), 1);
    assert.equal(await session.copyIn(COPY, []), 0);
    assert.deepEqual((await session.query('select b from t order by a')).rows, [
      ['é'],
      ['x\ny'],
      ['\u{1F600}'],
    ]);
  }));

test('an error of the source is thrown as it is and aborts the COPY', () =>
  withSession(async (session) => {
    await session.query('create table t (a int)');
    const broken = new Error('the disk was pulled out');
    async function* source(): AsyncGenerator<Uint8Array> {
      yield encoder.encode('1\n');
      await Promise.resolve();
      throw broken;
    }
    await assert.rejects(session.copyIn(COPY, source()), (error) => error === broken);
    assert.deepEqual((await session.query('select count(*) from t')).rows, [['0']]);
  }));

test('a row the server refuses ends the COPY at once, though the source has no end', () =>
  withSession(async (session) => {
    await session.query('create table t (a int)');
    const source = { ended: false };
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        yield encoder.encode('1\nx\n');
        for (;;) {
          await new Promise(setImmediate);
          yield encoder.encode('2\n'.repeat(1000));
        }
      } finally {
        source.ended = true;
      }
    }
    await assert.rejects(session.copyIn(COPY, endless()), (error) => {
      assert.ok(error instanceof FailureError && error.failure.kind === 'query');
      assert.equal(error.failure.context, 'COPY t, line 2, column a: "x"');
      return true;
    });
    assert.deepEqual((await session.query('select count(*) from t')).rows, [['0']]);
    await new Promise(setImmediate);
    assert.ok(source.ended, 'the source was told to stop');
  }));

test('a COPY into a table that does not exist reads nothing of the source', () =>
  withSession(async (session) => {
    const source = { read: false };
    function* never(): Generator<Uint8Array> {
      source.read = true;
      yield encoder.encode('1\n');
    }
    await assert.rejects(session.copyIn(COPY, never()), /relation "t" does not exist/);
    assert.equal(source.read, false);
  }));

test('a COPY can be cancelled', () =>
  withSession(async (session) => {
    await session.query('create table t (a int)');
    async function* slow(): AsyncGenerator<Uint8Array> {
      for (let row = 0; ; row++) {
        if (row === 3) void session.cancel();
        await new Promise((resolve) => setTimeout(resolve, 5));
        yield encoder.encode('2\n');
      }
    }
    await assert.rejects(
      session.copyIn(COPY, slow()),
      (error) => error instanceof FailureError && error.failure.kind === 'cancelled',
    );
    assert.deepEqual((await session.query('select count(*) from t')).rows, [['0']]);
  }));

test('memory stays flat while much more than it is copied', () =>
  withSession(async (session) => {
    await session.query('create unlogged table t (a text)');
    const chunk = encoder.encode(`${'x'.repeat(1023)}\n`.repeat(64));
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    let most = 0;
    async function* megabytes(count: number): AsyncGenerator<Uint8Array> {
      for (let sent = 0; sent < count * 16; sent++) {
        const { arrayBuffers, heapUsed } = process.memoryUsage();
        most = Math.max(most, arrayBuffers + heapUsed - before);
        await Promise.resolve();
        yield chunk;
      }
    }
    assert.equal(await session.copyIn(COPY, megabytes(100)), 100 * 16 * 64);
    assert.ok(most < 24 * 1024 * 1024, `grew by ${String(Math.round(most / 1024 / 1024))} MB`);
  }));

async function* oneByOne(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) {
    await Promise.resolve();
    yield bytes.subarray(at, at + 1);
  }
}
