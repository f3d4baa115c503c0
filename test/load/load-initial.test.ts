/** The initial load: the raw layer as the files have it, or as it was. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { loadInitial } from '../../server/src/load/load-initial.ts';
import type { LoadEvent, LoadProblem } from '../../server/src/load/outcome.ts';
import type { Session } from '../../server/src/warehouse/port.ts';
import { withSession } from '../support/postgres.ts';
import { HEADERS, contents, file, initialData, loaded } from './files.ts';

test('seven tables with their types and keys, rows as in the files, times as UTC', () =>
  withSession(async (session) => {
    const events: LoadEvent[] = [];
    await session.query("set timezone = 'Asia/Tokyo'");
    const outcome = await loadInitial(session, {
      files: initialData(),
      onEvent: (event) => events.push(event),
    });
    assert.ok(outcome.kind === 'done');
    assert.deepEqual(
      outcome.report.map(({ table, rows }) => `${table} ${String(rows)}`),
      ['accounts 2', 'events 1', 'showtimes 0', 'orders 0', 'transactions 0', 'pages 0', 'identity_merges 2'],
    );
    assert.equal(events.filter((event) => event.kind === 'copied').length, 7);
    const accounts = await session.query(
      "select account_id, email, created_at at time zone 'UTC' from raw.accounts order by 1",
    );
    assert.deepEqual(accounts.rows, [
      ['acc_1', ' Ann@example.com ', '2025-02-25 17:24:15'],
      ['acc_2', null, '2025-02-25 17:24:15'],
    ]);
    const keys = await session.query(
      `select c.conrelid::regclass::text, a.attname from pg_constraint c
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
      where contype = 'p' and connamespace = 'raw'::regnamespace order by 1`,
    );
    assert.deepEqual(keys.rows, [
      ['raw.accounts', 'account_id'],
      ['raw.events', 'event_id'],
      ['raw.orders', 'order_id'],
      ['raw.pages', 'page_id'],
      ['raw.showtimes', 'showtime_id'],
      ['raw.transactions', 'transaction_id'],
    ]);
    assert.deepEqual(
      (await session.query('show timezone')).rows,
      [['Asia/Tokyo']],
      'the session is as before',
    );
  }));

test('loading again gives the same state, and forgets what was ingested', () =>
  withSession(async (session) => {
    await loaded(session);
    const first = await contents(session);
    await session.query(
      `insert into raw.events values ('evt_x', 'X', 'x');
      insert into grainline.ingested_batches values ('events', 'batch_001', 1, 'x', now())`,
    );
    await loaded(session);
    assert.equal(await contents(session), first);
  }));

test('views that read raw are dropped with it, and told', () =>
  withSession(async (session) => {
    await loaded(session);
    await session.query(
      `create schema staging;
      create view staging.accounts as select * from raw.accounts;
      create view staging.emails as select email from staging.accounts;
      create view staging.other as select 1 as a`,
    );
    const events: LoadEvent[] = [];
    await loadInitial(session, { files: initialData(), onEvent: (event) => events.push(event) });
    assert.deepEqual(events[0], {
      kind: 'dependents-dropped',
      relations: ['staging.accounts', 'staging.emails'],
    });
    assert.deepEqual(await session.query('select a from staging.other').then(({ rows }) => rows), [['1']]);
  }));

test('Windows line ends, a byte order mark, another order of columns, no last line end, nothing at all', () =>
  withSession(async (session) => {
    const outcome = await loadInitial(session, {
      files: initialData({
        accounts: '\ufeffaccount_id,email,created_at\r\nacc_1,"a\r\nb",2025-02-25T17:24:15\r\nacc_2,,',
        events: 'slug,"event_id",name\nwicked,evt_wicked,Wicked\n',
        showtimes: '',
        orders: '\ufeff',
        pages: HEADERS.pages ?? '',
      }),
    });
    assert.ok(outcome.kind === 'done', JSON.stringify(outcome));
    assert.deepEqual(
      outcome.report.map(({ rows }) => rows),
      [2, 1, 0, 0, 0, 0, 2],
    );
    assert.deepEqual((await session.query('select * from raw.events')).rows, [
      ['evt_wicked', 'Wicked', 'wicked'],
    ]);
    assert.deepEqual((await session.query('select email from raw.accounts')).rows, [['a\r\nb'], [null]]);
  }));

const H = 'account_id,email,created_at\n';
const BAD: readonly (readonly [
  what: string,
  content: string | Uint8Array,
  line: number,
  column: string | undefined,
  message: RegExp,
])[] = [
  [
    'a column is missing',
    'account_id,created_at\n',
    1,
    'email',
    /^The header lacks "email": it must name the columns of raw.accounts, account_id,email,created_at/,
  ],
  [
    'a column is unknown',
    'account_id,email,created_at,age\n',
    1,
    'age',
    /^The header has "age", which the table has not/,
  ],
  ['a column stands twice', 'account_id,email,email,created_at\n', 1, 'email', /has "email" twice/],
  [
    'semicolons',
    'account_id;email;created_at\n',
    1,
    'account_id',
    /lacks "account_id", "email", "created_at" and has "account_id;email;created_at"/,
  ],
  [
    'a row is short',
    `${H}acc_1,x,\nacc_2,x\n`,
    3,
    'created_at',
    /^The row does not fit the header \(missing data for column "created_at"\): correct its commas/,
  ],
  ['a row is long', `${H}acc_1,x,,\n`, 2, undefined, /extra data after last expected column/],
  ['a blank line', `${H}\nacc_1,x,\n`, 2, 'email', /missing data for column "email"/],
  [
    'a wrong type',
    `${H}acc_1,x,2025-02-30T00:00:00\n`,
    2,
    'created_at',
    /^The value does not fit \(date\/time field value out of range: "2025-02-30T00:00:00"\): correct it/,
  ],
  [
    'a wrong type after a value of several lines',
    `${H}acc_0,"a\nb\nc",\nacc_1,"x\ny",soon\n`,
    5,
    'created_at',
    /"soon"/,
  ],
  [
    'a quote that is never closed',
    `${H}acc_1,x,\nacc_2,"x,\nacc_3,x,\nacc_4,x,\n`,
    3,
    undefined,
    /unterminated CSV quoted field/,
  ],
  [
    'not UTF-8',
    new Uint8Array([...new TextEncoder().encode(`${H}acc_1,`), 0xff, 0x2c, 0x0a]),
    2,
    undefined,
    /^The row is not UTF-8 .*: save the file as UTF-8/,
  ],
  ['UTF-16', new Uint8Array([0xff, 0xfe, 0x61, 0x00]), 1, undefined, /^The file is UTF-16: save it as UTF-8/],
  ['a NUL', `${H}acc_1,a\0b,\n`, 2, undefined, /^The row holds a NUL character/],
  ['an empty key', `${H}acc_1,,\n,x,\n`, 3, 'account_id', /^The key "account_id" is empty/],
  [
    'a key twice',
    `${H}acc_1,,\nacc_2,,\nacc_1,,\n`,
    4,
    'account_id',
    /^The account_id "acc_1" is there already: keep one of the rows/,
  ],
  ['mixed line ends', `${H}acc_1,x,\r\n`, 2, undefined, /carriage return/],
];

for (const [what, content, line, column, message] of BAD) {
  test(`a bad file leaves everything as it was and names the place: ${what}`, () =>
    withSession(async (session) => {
      await loaded(session);
      const before = await contents(session);
      const problem = await problemOf(session, { accounts: content });
      assert.match(problem.message, message);
      assert.deepEqual(
        [problem.path, problem.line, problem.column],
        ['data/initial/accounts.csv', line, column],
      );
      assert.equal(await contents(session), before);
    }));
}

test('a file that is missing, that is no table, that cannot be read', () =>
  withSession(async (session) => {
    const missing = await loadInitial(session, { files: initialData().slice(1) });
    assert.match(problem(missing).message, /^The initial data lacks accounts.csv: add/);
    const unknown = await loadInitial(session, {
      files: [...initialData(), file('data/initial/refunds.csv', '')],
    });
    assert.match(
      problem(unknown).message,
      /^"refunds" is no table of the raw layer: the tables are accounts, events/,
    );
    const unreadable = await loadInitial(session, {
      files: [
        {
          path: 'data/initial/accounts.csv',

          async *open() {
            await Promise.resolve();
            throw new Error('EACCES: permission denied');
          },
        },
        ...initialData().slice(1),
      ],
    });
    assert.deepEqual(problem(unreadable), {
      path: 'data/initial/accounts.csv',
      message: 'The file cannot be read (EACCES: permission denied).',
    });
    assert.deepEqual((await session.query("select to_regclass('raw.accounts')")).rows, [[null]]);
  }));

async function problemOf(
  session: Session,
  changed: Record<string, string | Uint8Array>,
): Promise<LoadProblem> {
  return problem(await loadInitial(session, { files: initialData(changed) }));
}

function problem(outcome: Awaited<ReturnType<typeof loadInitial>>): LoadProblem {
  assert.ok(outcome.kind === 'refused', 'it was loaded');
  return outcome.problem;
}
