/** Conversations about a live warehouse: verdicts while typing, runs, tests, previews, grain; and what happens when it goes away. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileText } from '../../scripts/profiles.ts';
import { EditorClient } from '../../scripts/editor-client.ts';
import type { PreviewState, RunNews } from '../../server/src/lsp/protocol.ts';
import { parseFixture } from '../support/fixture.ts';
import { withDatabase, type TestDatabase } from '../support/postgres.ts';

const SHOP = `
==> dbt_project.yml
name: shop
version: '1.0'
profile: shop
==> seeds/raw_orders.csv
order_id,amount,status
1,10.50,paid
2,20.00,paid
2,5.00,open
3,,open
==> models/stg_orders.sql
{{ config(materialized='table') }}
select order_id, amount, status from {{ ref('raw_orders') }}
==> models/orders.sql
select order_id, sum(amount) as amount from {{ ref('stg_orders') }} group by order_id
==> models/slow.sql
select pg_sleep(60) as a
==> models/broken.sql
select 1 / 0 as a
{{ config(materialized='table', tags=['broken']) }}
==> models/schema.yml
version: 2
models:
  - name: stg_orders
    config: {meta: {grain: [order_id]}}
    columns:
      - name: order_id
        data_tests: [unique, not_null]
  - name: orders
    config: {meta: {grain: [order_id]}}
    columns:
      - name: order_id
      - name: total
unit_tests:
  - name: sums
    model: orders
    given:
      - input: ref('stg_orders')
        rows: [{order_id: 1, amount: 2}, {order_id: 1, amount: 3}]
    expect: {rows: [{order_id: 1, amount: 6}]}
`;

async function inShop(work: (client: EditorClient, database: TestDatabase) => Promise<void>): Promise<void> {
  await withDatabase(async (database) => {
    const files = new Map(parseFixture(SHOP).files);
    files.set(
      'profiles.yml',
      profileText(database.settings, { profile: 'shop', schema: 'shop', threads: 2 }),
    );
    const client = await EditorClient.open({ files });
    try {
      await client.until(() => client.state?.warehouse.catalogReadAt !== null);
      await work(client, database);
    } finally {
      await client.dispose();
    }
  });
}

/** Starts a run and waits for its end; what was told of it, in order. */
async function runToEnd(
  client: EditorClient,
  order: { command: 'build' | 'run' | 'test' | 'seed'; select: readonly string[] },
): Promise<readonly RunNews[]> {
  const { runId } = await client.request('grainline/startRun', { folder: client.folderUri, ...order });
  return endOf(client, runId);
}

async function endOf(client: EditorClient, runId: string): Promise<readonly RunNews[]> {
  const news = (): readonly RunNews[] =>
    client.notifications
      .filter(({ method }) => method === 'grainline/run')
      .map(({ params }) => params as RunNews)
      .filter((told) => told.runId === runId);
  await client.until(() => news().some(({ endedAt }) => endedAt !== undefined));
  return news();
}

async function previewOf(client: EditorClient, previewId: string): Promise<PreviewState> {
  const states = (): readonly PreviewState[] =>
    client.notifications
      .filter(({ method }) => method === 'grainline/preview')
      .map(({ params }) => params as PreviewState)
      .filter((state) => state.previewId === previewId);
  await client.until(() => {
    const last = states().at(-1);
    return last !== undefined && last.phase !== 'fetching';
  });
  const last = states().at(-1);
  assert.ok(last);
  return last;
}

const ARRANGED = { sort: [], filters: [], find: '' } as const;

test('a column that the parent does not have is underlined on unsaved text, before anything was built', () =>
  inShop(async (client) => {
    const path = 'models/orders.sql';
    await client.openDocument(path, "select order_id, amuont from {{ ref('stg_orders') }}\n");
    await runToEnd(client, { command: 'seed', select: [] });
    await client.until(async () => (await client.diagnostics(path)).length > 0);
    const [found, ...others] = await client.diagnostics(path);
    assert.deepEqual(others, []);
    assert.equal(found?.code, 'unknown-column');
    assert.equal(client.slice(path, found.range), 'amuont');
    await client.replace(path, "select order_id, amount from {{ ref('stg_orders') }}\n");
    await client.until(async () => (await client.diagnostics(path)).length === 0);
  }));

test('what only Postgres knows is underlined where it stands in the template', () =>
  inShop(async (client) => {
    const path = 'models/orders.sql';
    await runToEnd(client, { command: 'seed', select: [] });
    await client.openDocument(
      path,
      "-- 🌾\r\nselect order_id, lower(amount) as a from {{ ref('stg_orders') }}\r\n",
    );
    await client.until(async () => (await client.diagnostics(path)).length > 0);
    const [found] = await client.diagnostics(path);
    assert.equal(found?.code, 'type-error');
    assert.match(client.slice(path, found.range), /^lower/u);
    assert.match(found.message, /lower/u);
  }));

test('a run tells its nodes, writes its artifacts, and a failed unit test gives its rows', () =>
  inShop(async (client) => {
    const news = await runToEnd(client, { command: 'build', select: ['+orders'] });
    assert.equal(news[0]?.begun?.title, 'grainline build --select +orders');
    assert.equal(news.at(-1)?.state, 'failed');
    const [view] = await client.request('grainline/runs', { folder: client.folderUri });
    assert.deepEqual(
      view?.nodes.map(({ name, status }) => [name, status]),
      [
        ['raw_orders', 'success'],
        ['stg_orders', 'success'],
        ['not_null_stg_orders_order_id', 'pass'],
        ['unique_stg_orders_order_id', 'fail'],
        ['sums', 'skipped'],
        ['orders', 'skipped'],
      ],
    );
    const files = await client.request('grainline/tests', { folder: client.folderUri });
    const unique = files[0]?.tests.find(({ label }) => label === 'unique order_id');
    assert.equal(unique?.last?.status, 'fail');
    assert.equal(unique.last.failures, 1);
    await runToEnd(client, { command: 'run', select: ['orders'] });
    await runToEnd(client, { command: 'test', select: ['sums'] });
    const [again] = await client.request('grainline/tests', { folder: client.folderUri });
    const unit = again?.tests.find(({ kind }) => kind === 'unit');
    assert.deepEqual(unit?.last?.difference?.rows, [
      { kind: 'expected', cells: ['1', '6.0'] },
      { kind: 'actual', cells: ['1', '5.0'] },
    ]);
    const rows = await client.request('grainline/openPreview', {
      folder: client.folderUri,
      of: 'failures',
      uniqueId: unique.uniqueId,
      limit: 10,
    });
    const preview = await previewOf(client, rows.previewId);
    assert.equal(preview.phase, 'done', preview.problem?.message);
    assert.equal(preview.rows, 1);
  }));

test('an error of a run is at its place in the template', () =>
  inShop(async (client) => {
    await runToEnd(client, { command: 'run', select: ['broken'] });
    const [view] = await client.request('grainline/runs', { folder: client.folderUri });
    assert.equal(view?.nodes[0]?.status, 'error');
    assert.match(view.nodes[0].message ?? '', /division by zero/u);
  }));

test('a run is stopped on the server, and the next one may begin', () =>
  inShop(async (client, { warehouse }) => {
    const { runId } = await client.request('grainline/startRun', {
      folder: client.folderUri,
      command: 'run',
      select: ['slow'],
      fullRefresh: false,
    });
    const session = await warehouse.open('watcher');
    const isSleeping = async (): Promise<boolean> =>
      (
        await session.query(
          "select 1 from pg_stat_activity where query like '%pg_sleep(60)%' and state = 'active' and pid <> pg_backend_pid()",
        )
      ).rows.length > 0;
    // A view is made at once: the sleep is in reading it.
    await endOf(client, runId);
    const shown = await client.request('grainline/openPreview', {
      folder: client.folderUri,
      of: 'resource',
      uniqueId: 'model.shop.slow',
      limit: 10,
    });
    await client.until(isSleeping);
    const stopped = await client.request('grainline/cancelPreview', { previewId: shown.previewId });
    assert.equal(stopped.phase, 'stopped');
    await client.until(async () => !(await isSleeping()));
    await session.close();
    assert.equal((await runToEnd(client, { command: 'seed', select: [] })).at(-1)?.state, 'done');
  }));

test('a second run is refused while one goes on, with what to do', () =>
  inShop(async (client) => {
    const first = await client.request('grainline/startRun', {
      folder: client.folderUri,
      command: 'seed',
      select: [],
    });
    await assert.rejects(
      client.request('grainline/startRun', { folder: client.folderUri, command: 'run', select: [] }),
      /still running/u,
    );
    await endOf(client, first.runId);
  }));

test('a preview keeps the order of unsaved text, and is sorted, filtered and exported where its rows are', () =>
  inShop(async (client) => {
    await runToEnd(client, { command: 'seed', select: [] });
    const path = 'models/stg_orders.sql';
    await client.openDocument(
      path,
      "select order_id, amount from {{ ref('raw_orders') }} order by amount desc nulls last\n",
    );
    const { previewId } = await client.request('grainline/openPreview', {
      folder: client.folderUri,
      of: 'text',
      uri: client.uri(path),
      limit: 3,
    });
    const state = await previewOf(client, previewId);
    assert.equal(state.phase, 'done', state.problem?.message);
    assert.equal(state.hasMore, true);
    assert.deepEqual(
      state.columns.map(({ name, type }) => [name, type]),
      [
        ['order_id', 'integer'],
        ['amount', 'double precision'],
      ],
    );
    const page = await client.request('grainline/previewPage', {
      previewId,
      offset: 0,
      count: 10,
      ...ARRANGED,
    });
    assert.deepEqual(
      page.rows.map(({ cells }) => cells),
      [
        ['2', '20'],
        ['1', '10.5'],
        ['2', '5'],
      ],
    );
    const { text } = await client.request('grainline/previewExport', {
      previewId,
      ...ARRANGED,
      sort: [{ column: 1, direction: 'ascending' }],
      form: 'csv',
    });
    assert.match(text, /2,5\s+1,10\.5\s+2,20/u);
  }));

test('an error of a preview leads to its place in the unsaved template', () =>
  inShop(async (client) => {
    await runToEnd(client, { command: 'seed', select: [] });
    const path = 'models/stg_orders.sql';
    await client.openDocument(
      path,
      "{% set unused = 1 %}\nselect nothing_of_it from {{ ref('raw_orders') }}\n",
    );
    const { previewId } = await client.request('grainline/openPreview', {
      folder: client.folderUri,
      of: 'text',
      uri: client.uri(path),
      limit: 3,
    });
    const { phase, problem } = await previewOf(client, previewId);
    assert.equal(phase, 'failed');
    assert.match(problem?.message ?? '', /column "nothing_of_it" does not exist/u);
    assert.deepEqual(problem?.location?.range.start, { line: 1, character: 7 });
  }));

test('a preview changes nothing, whatever its template asks and its query calls', () =>
  inShop(async (client, { warehouse }) => {
    const session = await warehouse.open('test');
    await session.query('create table precious as select 1 as a');
    await session.query(
      'create function spoil() returns integer language sql as $$ insert into precious values (2) returning a $$',
    );
    const path = 'models/orders.sql';
    await client.openDocument(path, '');
    const refused = {
      "{% do run_query('drop table precious') %}select 1 as a": /read-only transaction/u,
      "{% do run_query('insert into precious values (3)') %}{% do adapter.commit() %}select 1 as a": /./u,
      "{% call statement('x', auto_begin=true) %}insert into precious values (4){% endcall %}select 1 as a":
        /read-only transaction/u,
      'select spoil() as a': /read-only transaction/u,
      'with x as (delete from precious returning *) select * from x': /read-only transaction/u,
      'select 1 as a; drop table precious': /one query/u,
      'drop table precious': /one query/u,
      "select set_config('transaction_read_only', 'off', false) as a from (select spoil()) as s": /./u,
    };
    for (const [text, words] of Object.entries(refused)) {
      await client.replace(path, text);
      const { previewId } = await client.request('grainline/openPreview', {
        folder: client.folderUri,
        of: 'text',
        uri: client.uri(path),
        limit: 3,
      });
      const { phase, problem } = await previewOf(client, previewId);
      assert.equal(phase, 'failed', text);
      assert.match(problem?.message ?? '', words, text);
      assert.equal((await session.query('select count(*) from precious')).rows[0]?.[0], '1', text);
    }
    await session.close();
  }));

test('a preview whose template waits for the server is stopped, and grids that nobody closes are let go', () =>
  inShop(async (client) => {
    const path = 'models/orders.sql';
    const open = async (text: string): Promise<string> => {
      await client.replace(path, text);
      const { previewId } = await client.request('grainline/openPreview', {
        folder: client.folderUri,
        of: 'text',
        uri: client.uri(path),
        limit: 3,
      });
      return previewId;
    };
    await client.openDocument(path, '');
    const slow = await open("{% do run_query('select pg_sleep(100)') %}select 1 as a");
    await client.until(() =>
      client.notifications.some(
        ({ method, params }) =>
          method === 'grainline/preview' && (params as PreviewState).connection.includes('@'),
      ),
    );
    const { phase } = await client.request('grainline/cancelPreview', { previewId: slow });
    assert.equal(phase, 'stopped');
    const first = await open('select 1 as a');
    await previewOf(client, first);
    for (let index = 0; index < 20; index++) await previewOf(client, await open('select 2 as a'));
    await assert.rejects(
      client.request('grainline/previewPage', { previewId: first, offset: 0, count: 1, ...ARRANGED }),
      /run the preview again/u,
    );
  }));

test('declared grains are put to the warehouse', () =>
  inShop(async (client) => {
    await runToEnd(client, { command: 'seed', select: [] });
    await runToEnd(client, { command: 'run', select: ['stg_orders', 'orders'] });
    const verdicts = await client.request('grainline/validateGrain', { folder: client.folderUri });
    assert.deepEqual(
      verdicts.map(({ name, verdict, figures }) => [
        name,
        verdict,
        figures?.rows,
        figures?.distinctKeys,
        figures?.worst[0]?.count,
      ]),
      [
        ['orders', 'holds', 3, 3, undefined],
        ['stg_orders', 'refuted', 4, 3, 2],
      ],
    );
    assert.equal(verdicts[1]?.location?.uri, client.uri('models/schema.yml'));
  }));

test('a YAML column that the relation does not have is underlined', () =>
  inShop(async (client) => {
    await runToEnd(client, { command: 'seed', select: [] });
    const path = 'models/schema.yml';
    await client.openDocument(path, parseFixture(SHOP).files.get(path) ?? '');
    await client.until(async () =>
      (await client.diagnostics(path)).some(({ code }) => code === 'yaml-column'),
    );
    const found = (await client.diagnostics(path)).filter(({ code }) => code === 'yaml-column');
    assert.deepEqual(
      found.map(({ range }) => client.slice(path, range)),
      ['total'],
    );
  }));

test('columns are completed from what Postgres says, in a CTE, before the first save', () =>
  inShop(async (client) => {
    await runToEnd(client, { command: 'seed', select: [] });
    const path = 'models/orders.sql';
    await client.openDocument(path, "with o as (select * from {{ ref('stg_orders') }}) select o. from o\n");
    await client.until(() => client.state?.warehouse.catalogReadAt !== null);
    let labels: readonly string[] = [];
    await client.until(async () => {
      const { items } = await client.askAt<{ items: { label: string }[] }>(
        'textDocument/completion',
        path,
        client.textOf(path).indexOf('o. ') + 2,
      );
      labels = items.map(({ label }) => label);
      return labels.length > 0;
    });
    assert.deepEqual(labels, ['order_id', 'amount', 'status']);
  }));

test('a connection that is cut is told once, and made again by itself', () =>
  inShop(async (client, { warehouse }) => {
    const session = await warehouse.open('cutter');
    await session.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'grainline editor'",
    );
    await session.close();
    const path = 'models/orders.sql';
    await client.openDocument(path, "select 1 as a from {{ ref('stg_orders') }}\n");
    const away = (): number =>
      client.notifications.filter(
        ({ method, params }) =>
          method === 'grainline/project' &&
          (params as { warehouse: { kind: string } }).warehouse.kind === 'away',
      ).length;
    await client.until(() => away() > 0);
    await client.until(() => client.state?.warehouse.kind === 'connected');
    assert.equal(away(), 1);
    assert.equal(client.textOf(path), "select 1 as a from {{ ref('stg_orders') }}\n");
  }));
