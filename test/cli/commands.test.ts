/** The commands on a small project: what each prints, writes and exits with. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { COMMANDS } from '../../server/src/cli/usage.ts';
import { VERSION } from '../../server/src/cli/version.ts';
import { assertValid } from '../run/artifacts/schemas.ts';
import { done, repository, run } from './program.ts';
import type { Surroundings } from './program.ts';
import { withProject } from './scratch.ts';
import { query, state } from './state.ts';

const FILES = {
  'models/orders.sql':
    'select id, amount, loaded_at from {{ source("shop", "orders") }} where amount > {{ var("least", 0) }}',
  'models/totals.sql': 'select count(*) as orders, sum(amount) as amount from {{ ref("orders") }}',
  'models/schema.yml': `
sources:
  - name: shop
    schema: incoming
    tables:
      - name: orders
        config:
          loaded_at_field: loaded_at
          freshness: {warn_after: {count: 1, period: day}, error_after: {count: 365, period: day}}
models:
  - name: orders
    description: What was ordered.
    config: {meta: {grain: [id]}}
    columns:
      - name: id
        data_tests: [unique, not_null]
`,
  'seeds/labels.csv': 'code,label\n1,one\n2,"two, or more"\n',
  'macros/say.sql':
    '{% macro say(word) %}{% do run_query("create table said (word text); commit") %}{{ print("It is " ~ word) }}{% endmacro %}',
};

const ORDERS = `create schema incoming; create table incoming.orders (id int, amount numeric, loaded_at timestamptz);
  insert into incoming.orders select n, n * 1.5, now() - interval '2 days' from generate_series(1, 20) as n`;

const artifact = (project: Surroundings, name: string): unknown =>
  JSON.parse(readFileSync(join(project.folder, 'target', name), 'utf8'));

test('a project from its seeds to its docs', () =>
  withProject(FILES, async (project) => {
    await query(project.settings, ORDERS);
    const server = project.settings;

    const plan = JSON.parse((await done(project, ['build', '--dry-run'])).stdout) as { nodes: string[] };
    assert.ok(plan.nodes.includes('model.shop.totals') && plan.nodes.includes('seed.shop.labels'));
    assert.equal((await state(server)).has('shop.totals'), false, 'a plan runs nothing');

    const built = await done(project, ['build', '--threads', '2']);
    assert.match(built.stdout, /Found 2 models, .*2 data tests, 1 source, \d+ macros/u);
    assert.match(built.stdout, /Concurrency: 2 threads \(target='dev'\)/u);
    assert.match(built.stdout, /OK created sql view model shop\.orders \.+ \[CREATE VIEW in /u);
    assert.match(built.stdout, /OK loaded seed file shop\.labels \.+ \[INSERT 2 in /u);
    assert.match(built.stdout, /Done\. PASS=5 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=5\n$/u);
    assertValid('manifest-v12', artifact(project, 'manifest.json'));
    assertValid('run-results-v6', artifact(project, 'run_results.json'));
    assert.deepEqual(await query(server, 'select * from shop.labels order by code'), [
      ['1', 'one'],
      ['2', 'two, or more'],
    ]);

    await done(project, ['run', '--select', 'orders+', '--vars', '{least: 15}']);
    assert.deepEqual(await query(server, 'select orders from shop.totals'), [['10']]);
    const quiet = await done(project, ['--quiet', 'run', '-s', 'orders+']);
    assert.equal(quiet.text, '');
    assert.deepEqual(await query(server, 'select orders from shop.totals'), [['20']]);

    await done(project, ['docs', 'generate']);
    assertValid('catalog-v1', artifact(project, 'catalog.json'));

    const fresh = await done(project, ['source', 'freshness']);
    assert.match(fresh.stdout, /WARN freshness of shop\.orders/u);
    assertValid('sources-v3', artifact(project, 'sources.json'));
    await query(server, "update incoming.orders set loaded_at = now() - interval '2 years'");
    assert.equal((await run(project, ['source', 'freshness'])).code, 1);

    const operation = await done(project, ['run-operation', 'say', '--args', '{word: done}']);
    assert.match(operation.stdout, /^It is done$/mu);
    assert.deepEqual(await query(server, "select to_regclass('said') is not null"), [['t']]);

    assert.match((await done(project, ['clean'])).stdout, /Cleaned target/u);
    assert.equal(existsSync(join(project.folder, 'target')), false);
  }));

test('ls: selectors, names, paths and JSON, and nothing else on standard output', () =>
  withProject(FILES, async (project) => {
    const ls = async (...words: string[]): Promise<string[]> =>
      (await done(project, ['ls', ...words])).stdout.trimEnd().split('\n').sort();
    assert.deepEqual(await ls('--resource-type', 'model'), ['shop.orders', 'shop.totals']);
    assert.deepEqual(await ls('--output', 'name', '--select', '+totals', '--resource-type', 'model'), [
      'orders',
      'totals',
    ]);
    assert.deepEqual(await ls('--output', 'path', '--exclude', 'resource_type:test', 'source:*'), [
      'models/orders.sql',
      'models/totals.sql',
      'seeds/labels.csv',
    ]);
    const [line] = await ls('--output', 'json', '--select', 'labels', '--output-keys', 'name unique_id');
    assert.deepEqual(JSON.parse(line ?? ''), { name: 'labels', unique_id: 'seed.shop.labels' });
    const none = await run(project, ['ls', '--select', 'nothing']);
    assert.deepEqual([none.code, none.stderr], [0, 'No nodes selected!\n']);
  }));

test('show and compile: rows and SQL of what was named', () =>
  withProject(FILES, async (project) => {
    await query(project.settings, ORDERS);
    await done(project, ['build']);
    const shown = await done(project, [
      'show',
      '--select',
      'orders',
      '--limit',
      '3',
      '--output',
      'json',
      '--quiet',
    ]);
    const rows = JSON.parse(shown.stdout) as { node: string; show: { id: number; amount: number }[] };
    assert.equal(rows.node, 'orders');
    assert.deepEqual(
      rows.show.map(({ id, amount }) => [id, amount]),
      [
        [1, 1.5],
        [2, 3],
        [3, 4.5],
      ],
    );
    const inline = await done(project, [
      'show',
      '--inline',
      'select id from {{ ref("orders") }} order by 1 desc',
      '--output=json',
      '--limit=-1',
      '-q',
    ]);
    assert.equal((JSON.parse(inline.stdout) as { show: unknown[] }).show.length, 20);
    const text = await done(project, ['show', '--select', 'labels']);
    assert.match(
      text.stdout,
      /Previewing node 'labels':\n\| code \| label +\|\n\| -+ \| -+ \|\n\| +1 \| one +\|/u,
    );

    const compiled = await done(project, ['compile', '--select', 'totals', '--quiet']);
    const sql = 'select count(*) as orders, sum(amount) as amount from "DATABASE"."shop"."orders"';
    assert.equal(compiled.stdout, `${sql.replace('DATABASE', project.settings.database)}\n`);
    assert.equal(
      readFileSync(join(project.folder, 'target/compiled/shop/models/totals.sql'), 'utf8'),
      compiled.stdout.trimEnd(),
    );
    const json = await done(project, [
      'compile',
      '-q',
      '--inline',
      '{{ ref("orders") }}',
      '--output',
      'json',
    ]);
    assert.deepEqual(JSON.parse(json.stdout), {
      node: 'inline_query',
      compiled: `"${project.settings.database}"."shop"."orders"`,
    });
  }));

test('retry runs what failed and what was skipped, and only that', () =>
  withProject(
    { ...FILES, 'models/orders.sql': 'select 1 as id, 1 as amount, 1 / 0 as loaded_at' },
    async (project) => {
      const failed = await run(project, ['build']);
      assert.equal(failed.code, 0, 'a view over a division by zero can be made');
      project.write({
        'models/orders.sql': '{{ config(materialized="table") }} select 1 / 0 as id, 2 as amount',
      });
      const first = await run(project, ['build']);
      assert.equal(first.code, 1);
      assert.match(first.stdout, /ERROR=1 SKIP=3 NO-OP=0 TOTAL=5/u);
      assert.equal((await run(project, ['retry'])).code, 1);
      project.write({
        'models/orders.sql': '{{ config(materialized="table") }} select 1 as id, 2 as amount',
      });
      const second = await done(project, ['retry']);
      assert.match(second.stdout, /PASS=4 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=4/u);
      assert.match((await done(project, ['retry'])).stdout, /Nothing to do/u);
    },
  ));

test('init in a project without raw files builds and tests it, and drops nothing', () =>
  withProject(FILES, async (project) => {
    await query(project.settings, `${ORDERS}; create schema shop; create table shop.mine (a int)`);
    const answer = await done(project, ['init']);
    assert.match(answer.stdout, /There is no data\/initial here/u);
    assert.match(answer.stdout, /models +2 of 2 good/u);
    assert.ok((await state(project.settings)).has('shop.mine'));
    await done(project, ['reset']);
    assert.equal((await state(project.settings)).has('shop.mine'), false);
  }));

test('grain: a declared grain that does not hold is refuted, with the worst repeats', () =>
  withProject(FILES, async (project) => {
    await query(
      project.settings,
      `${ORDERS}; insert into incoming.orders values (7, 1, now()), (7, 2, now())`,
    );
    assert.equal((await run(project, ['build'])).code, 1, 'its unique test fails');
    const answer = await run(project, ['grain']);
    assert.equal(answer.code, 1);
    assert.match(
      answer.stdout,
      /^refuted +orders: one row per id \(22 rows, 20 distinct keys, 0 with a null\)\n +7: 3 rows$/mu,
    );
    const [json] = JSON.parse((await run(project, ['grain', '--format', 'json'])).stdout) as {
      verdict: string;
    }[];
    assert.equal(json?.verdict, 'refuted');
    await query(project.settings, 'delete from incoming.orders where id = 7');
    assert.match((await done(project, ['grain'])).stdout, /^holds/u);
  }));

test('lineage: a column up to its source and down to its readers, in three forms', () =>
  withProject(FILES, async (project) => {
    await query(project.settings, ORDERS);
    const column = await done(project, ['lineage', 'orders.id']);
    assert.match(column.stdout, /^orders\.id\n {2}← \S+\.orders\.id {2}passed through$/mu);
    const json = JSON.parse((await done(project, ['lineage', 'orders', '--format', 'json'])).stdout) as {
      columns: { column: string; sources: { column: string }[] }[];
    };
    assert.deepEqual(
      json.columns.find((each) => each.column === 'id')?.sources.map((source) => source.column),
      ['id'],
    );
    assert.match(
      (await done(project, ['lineage', 'orders.id', '--format', 'dot'])).stdout,
      /^digraph lineage \{$/mu,
    );
    const upstream = await done(project, ['lineage', 'orders.id', '--downstream']);
    assert.doesNotMatch(upstream.stdout, /←/u);
    const missing = await run(project, ['lineage', 'orders.nosuch']);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /orders has no column 'nosuch'/u);
    assert.equal((await run(project, ['lineage', 'nosuch'])).code, 2);
  }));

test('every command has a help, and a help asks nothing of the machine', async () => {
  const nowhere = { folder: '/' };
  const overview = (await done(nowhere, ['--help'])).stdout;
  for (const { name, help } of COMMANDS) {
    assert.match(overview, new RegExp(`^ +${name} +\\S`, 'mu'));
    const own = (await done(nowhere, [name, '--help'])).stdout;
    assert.ok(own.startsWith(`Usage: grainline ${name}`) && own.includes(help), own);
    assert.equal((await done(nowhere, ['help', name])).stdout, own);
  }
  assert.equal((await run(nowhere, [])).code, 2);
});

test('the version is the package’s', async () => {
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    version: string;
  };
  assert.equal(VERSION, version);
  assert.equal((await done({ folder: '/' }, ['--version'], 'dbt')).stdout, `grainline ${version}\n`);
});
