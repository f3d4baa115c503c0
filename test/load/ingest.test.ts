/** Ingesting: each batch once, all or none, again by key when told to. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { FailureError } from '../../server/src/base/failure.ts';
import { selectBatches } from '../../server/src/load/batches.ts';
import { ingest } from '../../server/src/load/ingest.ts';
import type { IngestedBatch } from '../../server/src/load/ingest.ts';
import type { LoadEvent, LoadProblem, Outcome, SourceFile } from '../../server/src/load/outcome.ts';
import type { Session } from '../../server/src/warehouse/port.ts';
import { withDatabase, withSession } from '../support/postgres.ts';
import { HEADERS, batch, contents, loaded } from './files.ts';

const EVENTS = `${HEADERS.events ?? ''}\n`;
const MERGES = `${HEADERS.identity_merges ?? ''}\n`;
const merge = (from: string, to: string): string => `${from},${to},2025-01-01T00:00:00\n`;

test('batches are appended in order, recorded, and a second time change nothing', () =>
  withSession(async (session) => {
    await loaded(session);
    const files = [
      batch('events/batch_010', `${EVENTS}evt_c,C,c\n`),
      batch('identity_merges/batch_001', MERGES + merge('cust_C', 'cust_B')),
      batch('events/batch_002', `${EVENTS}evt_a,A,a\nevt_b,B,b\n`),
    ];
    assert.deepEqual(await effects(session, files), [
      'identity_merges/batch_001 appended 1',
      'events/batch_002 appended 2',
      'events/batch_010 appended 1',
    ]);
    const after = await contents(session);
    const { rows } = await session.query(
      'select table_name, batch, rows, length(sha256) from grainline.ingested_batches order by 1, 2',
    );
    assert.deepEqual(rows, [
      ['events', 'batch_002', '2', '64'],
      ['events', 'batch_010', '1', '64'],
      ['identity_merges', 'batch_001', '1', '64'],
    ]);
    assert.deepEqual(await effects(session, files), [
      'identity_merges/batch_001 repeated 1',
      'events/batch_002 repeated 2',
      'events/batch_010 repeated 1',
    ]);
    assert.equal(await contents(session), after);
  }));

test('one batch of many', () =>
  withSession(async (session) => {
    await loaded(session);
    const files = ['events/batch_001', 'events/batch_002'].map((name) =>
      batch(name, `${EVENTS}${name},x,x\n`),
    );
    assert.deepEqual(await effects(session, files, { wanted: 'events/batch_002' }), [
      'events/batch_002 appended 1',
    ]);
    assert.deepEqual((await session.query("select event_id from raw.events where name = 'x'")).rows, [
      ['events/batch_002'],
    ]);
  }));

test('a name that does not exist is answered with what does', () => {
  const files = [batch('events/batch_001', EVENTS), batch('events/batch_002', EVENTS)];
  const messageFor = (wanted: string): string => {
    const outcome = selectBatches(files, wanted);
    return outcome.kind === 'refused' ? outcome.problem.message : assert.fail('it was found');
  };
  assert.equal(
    messageFor('events/batch_003'),
    'There is no batch "events/batch_003": events has events/batch_001, events/batch_002.',
  );
  assert.equal(messageFor('orders/batch_001'), 'There is no batch "orders/batch_001": orders has none.');
  assert.match(
    messageFor('event/batch_001'),
    /^There is no batch "event\/batch_001": name it as table\/batch, where the tables are accounts, events,/,
  );
  assert.match(messageFor('batch_001'), /name it as table\/batch/);
  assert.equal(selectBatches(files, 'events/batch_001.csv').kind, 'done');
  const odd = selectBatches([batch('events/more', EVENTS)]);
  assert.match(
    odd.kind === 'refused' ? odd.problem.message : '',
    /^"more" is no name of a batch: call the file batch_/,
  );
});

test('the same name with other content is refused, and nothing of the others is ingested', () =>
  withSession(async (session) => {
    await loaded(session);
    await effects(session, [batch('events/batch_001', `${EVENTS}evt_a,A,a\n`)]);
    const before = await contents(session);
    const problem = await problemOf(session, [
      batch('accounts/batch_001', `${HEADERS.accounts ?? ''}\nacc_9,,\n`),
      batch('events/batch_001', `${EVENTS}evt_a,A,a\nevt_b,B,b\n`),
    ]);
    assert.equal(problem.path, 'data/incremental/events/batch_001.csv');
    assert.match(
      problem.message,
      /^The batch events\/batch_001 was ingested with other content at \d{4}-.*--force\.$/,
    );
    assert.equal(await contents(session), before);
  }));

test('--force applies a batch by key: new rows come, changed rows change, of two in the batch the later counts', () =>
  withSession(async (session) => {
    await loaded(session);
    await effects(session, [batch('events/batch_001', `${EVENTS}evt_a,A,a\n`)]);
    const changed = [
      batch('events/batch_001', `${EVENTS}evt_a,A2,a\nevt_b,B,b\nevt_b,B2,b\nevt_wicked,Wicked!,wicked\n`),
    ];
    assert.deepEqual(await effects(session, changed, { force: true }), ['events/batch_001 applied-by-key 4']);
    const rows = async (): Promise<unknown> =>
      (await session.query('select event_id, name from raw.events order by 1')).rows;
    const expected = [
      ['evt_a', 'A2'],
      ['evt_b', 'B2'],
      ['evt_wicked', 'Wicked!'],
    ];
    assert.deepEqual(await rows(), expected);
    assert.deepEqual(await effects(session, changed, { force: true }), ['events/batch_001 applied-by-key 4']);
    assert.deepEqual(await rows(), expected);
    assert.deepEqual(
      await effects(session, changed),
      ['events/batch_001 repeated 4'],
      'the ledger has the new content',
    );
  }));

test('--force on the merge log adds what is missing, counting repeats', () =>
  withSession(async (session) => {
    await loaded(session); // cust_B → cust_A twice
    const text = MERGES + merge('cust_B', 'cust_A').repeat(3) + merge('cust_D', 'cust_C');
    for (let round = 0; round < 2; round++) {
      await effects(session, [batch('identity_merges/batch_001', text)], { force: true });
      const { rows } = await session.query(
        'select from_customer_id, count(*) from raw.identity_merges group by 1 order by 1',
      );
      assert.deepEqual(rows, [
        ['cust_B', '3'],
        ['cust_D', '1'],
      ]);
    }
  }));

test('a key that is there already: the line, and nothing changed', () =>
  withSession(async (session) => {
    await loaded(session);
    const before = await contents(session);
    const problem = await problemOf(session, [
      batch('accounts/batch_001', `${HEADERS.accounts ?? ''}\nacc_9,,\n`),
      batch('events/batch_001', `${EVENTS}evt_a,"A\nB",a\nevt_wicked,W,w\n`),
    ]);
    assert.deepEqual(problem, {
      path: 'data/incremental/events/batch_001.csv',
      line: 4,
      column: 'event_id',
      message:
        'The event_id "evt_wicked" is there already: remove the row, or replace the old one with --force.',
    });
    assert.equal(await contents(session), before);
  }));

test('bad rows under --force name their line too', () =>
  withSession(async (session) => {
    await loaded(session);
    const before = await contents(session);
    const problem = await problemOf(session, [batch('events/batch_001', `${EVENTS}evt_a,A,a\n,B,b\n`)], {
      force: true,
    });
    assert.deepEqual([problem.line, problem.column], [3, 'event_id']);
    assert.equal(await contents(session), before);
  }));

test('before the initial load there is nothing to append to', () =>
  withSession(async (session) => {
    const problem = await problemOf(session, [batch('events/batch_001', EVENTS)]);
    assert.equal(problem.message, 'raw.events does not exist: run `grainline load-initial` first.');
  }));

test('two ingests at once: the second waits, then finds the batch done', () =>
  withDatabase(async ({ warehouse }) => {
    const [one, two] = [await warehouse.open(), await warehouse.open()];
    await loaded(one);
    const events: LoadEvent[] = [];
    const slow: SourceFile = {
      path: 'data/incremental/events/batch_001.csv',
      async *open() {
        yield new TextEncoder().encode(EVENTS);
        await sleep(300);
        yield new TextEncoder().encode('evt_a,A,a\n');
      },
    };
    const first = effects(one, [slow]);
    await sleep(100);
    const second = effects(two, [slow], { onEvent: (event) => events.push(event) });
    assert.deepEqual(await first, ['events/batch_001 appended 1']);
    assert.deepEqual(await second, ['events/batch_001 repeated 1']);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['waiting', 'repeated'],
    );
    await Promise.all([one.close(), two.close()]);
  }));

test('a cancelled ingest leaves nothing, and the session goes on', () =>
  withSession(async (session) => {
    await loaded(session);
    const before = await contents(session);
    const endless: SourceFile = {
      path: 'data/incremental/events/batch_001.csv',
      async *open() {
        yield new TextEncoder().encode(EVENTS);
        for (let row = 0; ; row++) {
          if (row === 20) void session.cancel();
          await sleep(1);
          yield new TextEncoder().encode(`evt_${String(row)},x,x\n`);
        }
      },
    };
    await assert.rejects(
      effects(session, [endless]),
      (error) => error instanceof FailureError && error.failure.kind === 'cancelled',
    );
    assert.equal(await contents(session), before);
  }));

interface Options {
  readonly force?: boolean;
  readonly wanted?: string;
  readonly onEvent?: (event: LoadEvent) => void;
}

async function run(
  session: Session,
  files: readonly SourceFile[],
  options: Options,
): Promise<Outcome<readonly IngestedBatch[]>> {
  const batches = selectBatches(files, options.wanted);
  if (batches.kind === 'refused') return batches;
  const { force = false, onEvent } = options;
  return ingest(session, { batches: batches.report, force, ...(onEvent ? { onEvent } : {}) });
}

async function effects(
  session: Session,
  files: readonly SourceFile[],
  options: Options = {},
): Promise<readonly string[]> {
  const outcome = await run(session, files, options);
  assert.ok(outcome.kind === 'done', JSON.stringify(outcome));
  return outcome.report.map(
    ({ table, batch: name, effect, rows }) => `${table}/${name} ${effect} ${String(rows)}`,
  );
}

async function problemOf(
  session: Session,
  files: readonly SourceFile[],
  options: Options = {},
): Promise<LoadProblem> {
  const outcome = await run(session, files, options);
  assert.ok(outcome.kind === 'refused', 'it was ingested');
  return outcome.problem;
}
