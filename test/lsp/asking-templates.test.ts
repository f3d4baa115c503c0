/** Templates that ask the warehouse while they are rendered, in an editor: unknown first, then right, and never wrong in between. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EditorClient, type ShownDiagnostic } from '../../scripts/editor-client.ts';
import { profileText } from '../../scripts/profiles.ts';
import type { CompiledSql, RunNews } from '../../server/src/lsp/protocol.ts';
import { parseFixture } from '../support/fixture.ts';
import { withDatabase, type TestDatabase } from '../support/postgres.ts';

const SHOP = `
==> dbt_project.yml
name: shop
version: '1.0'
profile: shop
==> seeds/payments.csv
order_id,method,amount
1,card,10
1,voucher,5
2,card,20
==> macros/values_of.sql
{% macro values_of(table, column, where='true') %}
  {% if not execute %}{{ return([]) }}{% endif %}
  {% if load_relation(table) is none %}
    {{ exceptions.raise_compiler_error('there is no ' ~ table) }}
  {% endif %}
  {% call statement('values_of', fetch_result=true) %}
    select {{ column }} as value from {{ table }} where {{ where }} group by {{ column }} order by {{ column }}
  {% endcall %}
  {{ return(load_result('values_of')['data'] | map(attribute=0) | list) }}
{% endmacro %}
{% macro starred(table) %}
  {{ return(adapter.get_columns_in_relation(table) | map(attribute='name') | join(', ')) }}
{% endmacro %}
==> models/pivoted.sql
{% set methods = values_of(ref('payments'), 'method') %}
select order_id
{% for method in methods %}, sum(case when method = '{{ method }}' then amount end) as {{ method }}_amount
{% endfor %}
from {{ ref('payments') }}
group by order_id
==> models/report.sql
select order_id, card_amount from {{ ref('pivoted') }}
==> models/star.sql
select {{ starred(ref('payments')) }} from {{ ref('payments') }}
==> models/other.sql
select 1 as one
`;

const PIVOTED = 'models/pivoted.sql';
const REPORT = 'models/report.sql';

const TEXTS = parseFixture(SHOP).files;

async function inShop(work: (client: EditorClient, database: TestDatabase) => Promise<void>): Promise<void> {
  await withDatabase(async (database) => {
    const files = new Map(TEXTS);
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

function open(client: EditorClient, path: string): Promise<void> {
  return client.openDocument(path, TEXTS.get(path) ?? '');
}

async function seed(client: EditorClient): Promise<void> {
  const order = { folder: client.folderUri, command: 'seed', select: [] } as const;
  const { runId } = await client.request('grainline/startRun', order);
  await client.until(() =>
    client.notifications.some(({ method, params }) => {
      const news = params as RunNews;
      return method === 'grainline/run' && news.runId === runId && news.endedAt !== undefined;
    }),
  );
}

async function compiled(client: EditorClient, path: string): Promise<CompiledSql> {
  const found = await client.request('grainline/compiled', { uri: client.uri(path) });
  assert.ok(found);
  return found;
}

/** Waits for SQL that was rendered with answers. */
async function rendered(client: EditorClient, path: string, expected: RegExp): Promise<CompiledSql> {
  const isThere = ({ problem, sql }: CompiledSql): boolean => problem === null && expected.test(sql);
  await client.until(async () => isThere(await compiled(client, path)));
  return compiled(client, path);
}

async function problem(client: EditorClient, path: string, expected: RegExp): Promise<void> {
  await client.until(async () => expected.test((await compiled(client, path)).problem ?? ''));
}

async function hovered(client: EditorClient, path: string, word: string): Promise<string> {
  const found = await client.askAt<{ contents: { value: string } } | null>(
    'textDocument/hover',
    path,
    client.textOf(path).indexOf(word) + 1,
  );
  return found?.contents.value ?? '';
}

async function offered(client: EditorClient, path: string, before: string): Promise<readonly string[]> {
  const offset = client.textOf(path).indexOf(before) + before.length;
  const { items } = await client.askAt<{ items: readonly { label: string }[] }>(
    'textDocument/completion',
    path,
    offset,
  );
  return items.map(({ label }) => label);
}

function codes(found: readonly ShownDiagnostic[]): readonly string[] {
  return found.map(({ code }) => code);
}

test('a pivot over values is unknown until they are told, with no false word about it; then its columns are right', () =>
  inShop(async (client) => {
    await open(client, PIVOTED);
    await open(client, REPORT);
    await problem(client, PIVOTED, /asks for 'payments', which is not built yet/u);
    for (const path of [PIVOTED, REPORT]) assert.deepEqual(await client.diagnostics(path), []);
    assert.match(await hovered(client, REPORT, 'pivoted'), /SQL is not known now: .*is not built yet/u);
    await seed(client);
    const { sql } = await rendered(client, PIVOTED, /card_amount/u);
    assert.match(sql, /as voucher_amount/u);
    for (const path of [PIVOTED, REPORT]) assert.deepEqual(await client.diagnostics(path), []);

    assert.match(await hovered(client, REPORT, 'pivoted'), /rendered with 1 answer\./u);
    await client.replace(REPORT, "select order_id, p. from {{ ref('pivoted') }} p\n");
    await client.until(async () => (await offered(client, REPORT, 'p.')).includes('card_amount'));
    const names = await offered(client, REPORT, 'p.');
    assert.deepEqual(
      ['card_amount', 'order_id', 'voucher_amount'].filter((name) => !names.includes(name)),
      [],
    );

    await client.replace(REPORT, "select cart_amount from {{ ref('pivoted') }}\n");
    await client.until(async () => (await client.diagnostics(REPORT)).length > 0);
    const [found] = await client.diagnostics(REPORT);
    assert.equal(found?.code, 'unknown-column');
    assert.match(found.message, /card_amount/u);
  }));

test('another query asks again, and an edit elsewhere asks nothing', () =>
  inShop(async (client) => {
    await seed(client);
    await open(client, PIVOTED);
    await open(client, REPORT);
    const first = await rendered(client, PIVOTED, /voucher_amount/u);
    assert.ok(first.answeredAt !== null);

    await client.replace(PIVOTED, client.textOf(PIVOTED).replace('select order_id', 'select order_id as id'));
    await client.replace(REPORT, "select id from {{ ref('pivoted') }}\n");
    const second = await rendered(client, PIVOTED, /order_id as id/u);
    assert.equal(second.answeredAt, first.answeredAt);

    await client.replace(
      PIVOTED,
      client.textOf(PIVOTED).replace("'method')", `'method', "method <> 'voucher'")`),
    );
    await problem(client, PIVOTED, /has not answered yet/u);
    assert.deepEqual(await client.diagnostics(REPORT), []);
    const third = await rendered(client, PIVOTED, /card_amount/u);
    assert.doesNotMatch(third.sql, /voucher_amount/u);
    assert.ok(third.answeredAt !== null && third.answeredAt > first.answeredAt);
  }));

test('a run that changes the data changes what the template is rendered to', () =>
  inShop(async (client) => {
    await seed(client);
    await open(client, PIVOTED);
    await rendered(client, PIVOTED, /voucher_amount/u);
    const told = (): number =>
      client.notifications.filter(({ method }) => method === 'grainline/projectChanged').length;
    const before = told();
    await client.changeOnDisk('seeds/payments.csv', 'order_id,method,amount\n1,cash,10\n');
    await client.until(() => told() > before);
    await seed(client);
    const { sql } = await rendered(client, PIVOTED, /cash_amount/u);
    assert.doesNotMatch(sql, /voucher_amount/u);
  }));

test('columns come from what is known already: an unsaved change of the parent is in them', () =>
  inShop(async (client) => {
    await seed(client);
    await open(client, 'models/star.sql');
    await rendered(client, 'models/star.sql', /^select order_id, method, amount from/u);
    await open(client, 'models/other.sql');
    await client.replace('models/star.sql', "select {{ starred(ref('other')) }} from {{ ref('other') }}\n");
    await rendered(client, 'models/star.sql', /^select one from/u);
    await client.replace('models/other.sql', 'select 1 as one, 2 as two\n');
    await rendered(client, 'models/star.sql', /^select one, two from/u);
    assert.deepEqual(await client.diagnostics('models/star.sql'), []);
  }));

test('nothing is written, whatever a template asks, and the answer says why there is none', () =>
  inShop(async (client, { warehouse }) => {
    await seed(client);
    const session = await warehouse.open('watcher');
    await session.query(
      "create function shop.emptied() returns int language sql as 'delete from shop.payments; select 1'",
    );
    const path = 'models/other.sql';
    await open(client, path);
    const asks = (sql: string): Promise<void> =>
      client.replace(path, `{% set found = run_query("${sql}") %}select 1 as one\n`);
    await asks('select shop.emptied()');
    await problem(client, path, /read-only transaction/u);
    await asks('delete from shop.payments');
    await problem(client, path, /it is no query/u);
    await asks('select 1; delete from shop.payments');
    await problem(client, path, /several statements/u);
    await asks('with gone as (delete from shop.payments returning *) select * from gone');
    await problem(client, path, /read-only transaction/u);
    await asks('select nosuch from shop.payments');
    await problem(client, path, /nosuch/u);
    assert.deepEqual(codes(await client.diagnostics(path)), []);
    const { rows } = await session.query('select count(*) from shop.payments');
    assert.deepEqual(rows, [['3']]);
    await session.close();
  }));

test('a slow question keeps no other model waiting, and is stopped on the server when nobody asks it any more', () =>
  inShop(async (client, { warehouse }) => {
    await seed(client);
    const session = await warehouse.open('watcher');
    const isSleeping = async (): Promise<boolean> =>
      (
        await session.query(
          "select 1 from pg_stat_activity where query like '%pg_sleep(9)%' and state = 'active' and pid <> pg_backend_pid()",
        )
      ).rows.length > 0;
    const path = 'models/other.sql';
    await client.openDocument(path, "{% set slept = run_query('select pg_sleep(9)') %}select 1 as one\n");
    await client.until(isSleeping);
    await open(client, PIVOTED);
    await rendered(client, PIVOTED, /voucher_amount/u);
    assert.ok(await isSleeping());
    assert.match((await compiled(client, path)).problem ?? '', /has not answered yet/u);
    await client.replace(path, 'select 1 as one\n');
    await client.until(async () => !(await isSleeping()));
    await session.close();
  }));

test('what no open document needs is not asked', () =>
  inShop(async (client) => {
    await seed(client);
    await open(client, 'models/other.sql');
    await client.replace('models/other.sql', "{{ run_query('select 2').rows[0][0] }}\n");
    await rendered(client, 'models/other.sql', /^2/u);
    assert.match((await compiled(client, PIVOTED)).problem ?? '', /has not answered yet/u);
    await open(client, REPORT);
    await rendered(client, PIVOTED, /voucher_amount/u);
  }));
