/** The replay of a recording tells equal from different: each of its verdicts can fail. */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Outcome } from '../../scripts/conformance/command.ts';
import { commandLine } from '../../scripts/conformance/command.ts';
import type { Verdict } from '../../scripts/conformance/compare.ts';
import { compareEvent } from '../../scripts/conformance/compare.ts';
import { openArchive } from '../../scripts/conformance/archive.ts';
import type { DbtEvent } from '../../scripts/conformance/recording.ts';
import { readRecording } from '../../scripts/conformance/recording.ts';
import { makeWorkspace, writeFiles } from '../../scripts/conformance/workspace.ts';
import { maskVolatile } from '../../scripts/relations/mask.ts';
import type { Relation } from '../../scripts/relations/read.ts';
import { shiftTimes } from '../../scripts/relations/times.ts';

const RECORDED_AT = Date.parse('2026-03-01T10:00:00Z');
const REPLAYED_AT = Date.parse('2026-08-09T10:00:00Z');

const ORDERS: Relation = {
  kind: 'r',
  cols: [['id', 'integer', true, null]],
  n: 2,
  rows: ['{"id":1,"at":"2026-03-01T09:59:00"}', '{"id":2,"at":"2020-01-01T00:00:00"}'],
  indexes: [`CREATE INDEX "${'1'.repeat(32)}" ON test1.orders USING btree (id)`],
  constraints: ['PRIMARY KEY (id)'],
};

const RUN: DbtEvent = {
  kind: 'dbt',
  args: ['run'],
  expect_pass: true,
  ok: true,
  files: {},
  profile: '',
  env: {},
  schema: 'test1',
  secs: 1,
  results: [
    { uid: 'model.p.orders', status: 'success', failures: null, message: 'SELECT 2', compiled: 'sql' },
  ],
  db: { '{schema}.orders': ORDERS },
};

const DONE: Outcome = {
  exit: 0,
  stdout: '',
  stderr: '',
  results: [{ unique_id: 'model.p.orders', status: 'success', failures: null, compiled_code: 'select 1' }],
};

const SAME = {
  'test1.orders': {
    ...ORDERS,
    rows: [later(ORDERS.rows?.[0]), ORDERS.rows?.[1] ?? ''],
    indexes: [`CREATE INDEX ${'a'.repeat(32)} ON test1.orders USING btree (id)`],
  },
};

describe('a replayed command', () => {
  const verdict = (
    event: Partial<DbtEvent>,
    outcome: Partial<Outcome>,
    relations = SAME,
    withCompiled = true,
  ): Verdict =>
    compareEvent(
      {
        event: { ...RUN, ...event },
        recordedAt: RECORDED_AT,
        replayedAt: REPLAYED_AT,
        blob: () => 'select 1',
      },
      { ...DONE, ...outcome },
      relations,
      withCompiled,
    );

  test('is equal where only the clock differs', () => {
    assert.deepEqual(verdict({}, {}), {});
  });

  test('differs in its exit code', () => {
    assert.match(verdict({}, { exit: 1, stderr: 'why' }).exit ?? '', /^exit code 0 expected, got 1: why/u);
    assert.match(verdict({ expect_pass: false }, {}).exit ?? '', /^exit code 1 expected/u);
    assert.match(
      verdict({ ok: false, msg: 'No such model' }, {}).exit ?? '',
      /^exit code 2 \(No such model\)/u,
    );
    assert.match(verdict({}, { exit: null }).exit ?? '', /took too long/u);
  });

  test('differs in statuses, failures, and in nodes that are missing or extra', () => {
    const node = DONE.results?.[0];
    assert.ok(node);
    assert.match(
      verdict({}, { results: [{ ...node, status: 'error' }] }).statuses ?? '',
      /success expected, got error/u,
    );
    assert.match(verdict({}, { results: [{ ...node, failures: 3 }] }).statuses ?? '', /got success \(3\)/u);
    assert.match(verdict({}, { results: [] }).statuses ?? '', /got nothing/u);
    assert.match(
      verdict({}, { results: [node, { ...node, unique_id: 'x' }] }).statuses ?? '',
      /x: nothing expected/u,
    );
    const { exit, stdout, stderr } = DONE;
    const silent = compareEvent(
      { event: RUN, recordedAt: RECORDED_AT, replayedAt: REPLAYED_AT, blob: () => 'select 1' },
      { exit, stdout, stderr },
      SAME,
      true,
    );
    assert.match(silent.statuses ?? '', /none written/u);
  });

  test('differs in compiled code, where that is compared', () => {
    const results = [{ unique_id: 'model.p.orders', status: 'success', compiled_code: 'select 2' }];
    assert.match(verdict({}, { results }).compiled ?? '', /"select 1" expected, got "select 2"/u);
    assert.deepEqual(verdict({}, { results }, SAME, false), {});
  });

  test('differs in the database', () => {
    const changed = (change: Partial<Relation>): string =>
      verdict({}, {}, { 'test1.orders': { ...SAME['test1.orders'], ...change } } as typeof SAME).database ??
      '';
    assert.match(changed({ kind: 'v' }), /kind/u);
    assert.match(changed({ cols: [['id', 'bigint', true, null]] }), /cols.*bigint/u);
    assert.match(changed({ rows: ['{"id":3}'] }), /rows/u);
    assert.match(changed({ indexes: [] }), /indexes/u);
    assert.match(changed({ constraints: [] }), /constraints/u);
    assert.match(verdict({}, {}, {} as typeof SAME).database ?? '', /orders is missing/u);
    assert.match(verdict({ db: {} }, {}).database ?? '', /orders is extra/u);
  });

  test('lists what ls printed, whatever the log says between', () => {
    const event = { args: ['ls'], results: ['p.a', '{"name":"b","tags":[]}'] };
    const stdout = '10:00:00  Running\np.a\n{"tags":[],"name":"b"}\n';
    assert.equal(verdict(event, { stdout }).statuses, undefined);
    assert.match(verdict(event, { stdout: 'p.a\n' }).statuses ?? '', /got nothing/u);
    assert.match(verdict(event, { stdout: `${stdout}p.a\n` }).statuses ?? '', /listed 2 ×/u);
  });
});

describe('masking', () => {
  test('hides the run’s own time, ids and scratch names, and nothing else', () => {
    const text = (time: string): string =>
      `{"dbt_scd_id":"${'a'.repeat(32)}","at":"${time}"} x__dbt_tmp101112 0b0c0d0e-1111-2222-3333-444455556666`;
    assert.equal(
      maskVolatile(text('2026-03-01 09:00:00.123+00:00'), RECORDED_AT),
      '{"dbt_scd_id":"<hash>","at":"<now>"} x__dbt_tmp<time> <id>',
    );
    const old = `{"dbt_scd_id":"${'a'.repeat(32)}","at":"2020-03-01"}`;
    assert.equal(maskVolatile(old, RECORDED_AT), old);
  });
});

describe('shifting', () => {
  test('moves times near the one moment as near to the other, and leaves the rest', () => {
    const text =
      "insert values ('2026-03-01 09:00:00', '2026-02-28T10:00:00.5Z', '2026-03-01', '2020-01-01 00:00:00')";
    assert.equal(
      shiftTimes(text, RECORDED_AT, RECORDED_AT + 24 * 3600 * 1000),
      "insert values ('2026-03-02 09:00:00', '2026-03-01T10:00:00.5Z', '2026-03-02', '2020-01-01 00:00:00')",
    );
  });
});

describe('a recording', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recording-'));
  const unpacked = join(folder, 'unpacked');
  mkdirSync(join(unpacked, 'cases'), { recursive: true });
  mkdirSync(join(unpacked, 'blobs'));
  const recorded = (name: string, t0: number): string =>
    JSON.stringify({ id: `t.py::A::${name}`, seq: 0, t0, events: [] });
  writeFileSync(join(unpacked, 'cases', '1.json'), recorded('second', 2));
  writeFileSync(join(unpacked, 'cases', '2.json'), recorded('first', 1));
  writeFileSync(join(unpacked, 'blobs', 'plain'), 'text');
  writeFileSync(join(unpacked, 'blobs', 'packed'), gzipSync('packed text'));

  test('orders cases by their time and unpacks blobs', () => {
    const { classes, blob } = readRecording(openArchive(unpacked));
    assert.deepEqual(
      classes.map((one) => [one.id, one.cases.map(({ id }) => id)]),
      [['t.py::A', ['t.py::A::first', 't.py::A::second']]],
    );
    assert.deepEqual([blob('plain'), blob('packed')], ['text', 'packed text']);
    assert.throws(() => blob('absent'), /lacks the blob absent/u);
    assert.throws(() => openArchive(join(folder, 'nowhere')), /no archive or folder/u);
  });

  test('can be a tar with long names', () => {
    const long = `blobs/${'x'.repeat(120)}`;
    const tar = Buffer.concat([
      tarEntry('././@LongLink', 'L', `${long}\0`),
      tarEntry('cut', '0', 'long'),
      tarEntry('./a', '0', 'short'),
    ]);
    writeFileSync(join(folder, 'x.tgz'), gzipSync(Buffer.concat([tar, Buffer.alloc(1024)])));
    const files = openArchive(join(folder, 'x.tgz'));
    assert.deepEqual(
      [...files].map(([path, read]) => [path, read().toString()]),
      [
        [long, 'long'],
        ['a', 'short'],
      ],
    );
  });

  test('is written into a folder that holds its files and what commands made, no more', (context) => {
    context.after(() => {
      rmSync(folder, { recursive: true });
    });
    const workspace = makeWorkspace(join(folder, 'workspace'));
    writeFiles(
      workspace,
      new Map([
        ['models/a/b.sql', 'one'],
        ['c.yml', 'two'],
      ]),
    );
    mkdirSync(join(workspace.project, 'target'));
    writeFileSync(join(workspace.project, 'target', 'made'), '');
    writeFiles(workspace, new Map([['c.yml', 'three']]));
    assert.equal(readFileSync(join(workspace.project, 'c.yml'), 'utf8'), 'three');
    assert.ok(existsSync(join(workspace.project, 'target', 'made')));
    assert.ok(!existsSync(join(workspace.project, 'models')));
    const words = (args: string[]) => commandLine({ ...RUN, args }, workspace);
    assert.deepEqual(words(['run', '--project-dir', '{tmp}']), ['run', '--project-dir', workspace.project]);
    assert.equal(words(['run', '--state', '{tmp}']), undefined);
  });
});

function later(row = ''): string {
  return row.replace('2026-03-01T09:59:00', '2026-08-09T10:00:01');
}

function tarEntry(name: string, type: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  header.write(type, 156);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}
