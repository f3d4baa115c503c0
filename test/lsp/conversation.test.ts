/** Conversations with the language server over stdio: what an editor asks, and what it is told. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseFixture } from '../support/fixture.ts';
import { withEditor, type EditorClient } from '../../scripts/editor-client.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/grainline', import.meta.url));

const PROJECT = `
==> dbt_project.yml
name: shop
version: '1.0'
profile: shop
==> profiles.yml
shop:
  target: dev
  outputs:
    dev: {type: postgres, host: 127.0.0.1, port: 1, user: u, password: p, dbname: d, schema: s, connect_timeout: 1}
==> models/stg_orders.sql
select 1 as order_id, 2 as amount
==> models/orders.sql
select order_id from {{ ref('stg_orders') }}
==> models/schema.yml
version: 2
models:
  - name: stg_orders
    columns:
      - name: order_id
        data_tests: [unique]
`;

async function inShop(work: (client: EditorClient) => Promise<void>, more = ''): Promise<void> {
  await withEditor({ files: parseFixture(PROJECT + more).files }, work);
}

test('an unknown ref is underlined while it is typed, and no longer when it is right', () =>
  inShop(async (client) => {
    const path = 'models/orders.sql';
    await client.openDocument(path, "select order_id from {{ ref('stg_orders') }}\n");
    assert.deepEqual(await client.diagnostics(path), []);
    const at = client.textOf(path).indexOf('stg_orders');
    await client.edit(path, at, at + 'stg_orders'.length, 'stg_order');
    const [found, ...others] = await client.diagnostics(path);
    assert.deepEqual(others, []);
    assert.equal(found?.code, 'unknown-ref');
    assert.match(client.slice(path, found.range), /^'?stg_order'?$/u);
    assert.match(found.message, /Did you mean 'stg_orders'/u);
    await client.edit(path, at, at + 'stg_order'.length, 'stg_orders');
    assert.deepEqual(await client.diagnostics(path), []);
  }));

test('a quick fix writes the name that was meant', () =>
  inShop(async (client) => {
    const path = 'models/orders.sql';
    await client.openDocument(path, "select order_id from {{ ref('stg_order') }}\n");
    const [found] = await client.diagnostics(path);
    assert.ok(found);
    const actions = await client.ask<
      { title: string; edit: { changes: Record<string, { newText: string }[]> } }[]
    >('textDocument/codeAction', {
      textDocument: { uri: client.uri(path) },
      range: found.range,
      context: { diagnostics: [found] },
    });
    assert.equal(actions[0]?.edit.changes[client.uri(path)]?.[0]?.newText.replaceAll("'", ''), 'stg_orders');
  }));

test('a definition leads into a file that is not open', () =>
  inShop(async (client) => {
    const path = 'models/orders.sql';
    await client.openDocument(path, "select order_id from {{ ref('stg_orders') }}\n");
    const links = await client.askAt<{ targetUri: string }[]>(
      'textDocument/definition',
      path,
      client.textOf(path).indexOf('stg_orders') + 2,
    );
    assert.deepEqual(
      links.map(({ targetUri }) => targetUri),
      [client.uri('models/stg_orders.sql')],
    );
  }));

test('a file that is made outside the editor is there at once', () =>
  inShop(async (client) => {
    const path = 'models/orders.sql';
    await client.openDocument(path, "select 1 as a from {{ ref('refunds') }}\n");
    assert.equal((await client.diagnostics(path))[0]?.code, 'unknown-ref');
    await client.changeOnDisk('models/refunds.sql', 'select 1 as a\n');
    await client.until(async () => (await client.diagnostics(path)).length === 0);
    await client.changeOnDisk('models/refunds.sql', undefined);
    await client.until(async () => (await client.diagnostics(path)).length === 1);
  }));

test('a broken dbt_project.yml is said where it is broken, and the rest goes on working', () =>
  inShop(async (client) => {
    await client.openDocument('dbt_project.yml', "name: shop\nversion: '1.0'\nprofile: shop\n");
    await client.replace('dbt_project.yml', 'name: [shop\n');
    const found = await client.diagnostics('dbt_project.yml');
    assert.equal(found.length, 1);
    assert.equal(found[0]?.code, 'yaml-syntax');
    const path = 'models/orders.sql';
    await client.openDocument(path, "select order_id from {{ ref('stg_orders') }}\n");
    assert.deepEqual(await client.diagnostics(path), []);
  }));

test('a server that is away is told once, with what to do', () =>
  inShop(async (client) => {
    await client.until(() => client.state?.warehouse.kind === 'away');
    assert.match(client.state?.warehouse.message ?? '', /127\.0\.0\.1/u);
    assert.doesNotMatch(JSON.stringify(client.notifications), /"password"/u);
  }));

test('an editor that does not ask for diagnostics is told them', () =>
  withEditor({ files: parseFixture(PROJECT).files, diagnostics: 'pushed' }, async (client) => {
    const path = 'models/orders.sql';
    await client.openDocument(path, "select order_id from {{ ref('stg_order') }}\n");
    await client.until(() => client.pushed(path).length === 1);
    await client.replace(path, "select order_id from {{ ref('stg_orders') }}\n");
    await client.until(() => client.pushed(path).length === 0);
  }));

test('the project and its tests are listed with their places', () =>
  inShop(async (client) => {
    const [file] = await client.request('grainline/tests', { folder: client.folderUri });
    assert.equal(file?.path, 'models/schema.yml');
    assert.deepEqual(
      file.tests.map(({ label, kind, of }) => [label, kind, of?.name]),
      [['unique order_id', 'generic', 'stg_orders']],
    );
    const resource = await client.request('grainline/resourceAt', { uri: client.uri('models/orders.sql') });
    assert.equal(resource?.uniqueId, 'model.shop.orders');
  }));

test('compiled SQL comes with pieces that lead both ways', () =>
  inShop(async (client) => {
    const path = 'models/orders.sql';
    await client.openDocument(path, "select order_id from {{ ref('stg_orders') }}\n");
    const compiled = await client.request('grainline/compiled', { uri: client.uri(path) });
    assert.equal(compiled?.sql, 'select order_id from "d"."s"."stg_orders"');
    const printed = compiled.pieces.find(({ kind }) => kind === 'expression');
    assert.equal(client.slice(path, printed?.template ?? assert.fail()), "{{ ref('stg_orders') }}");
    await client.edit(path, 0, 0, '{% if %}');
    const broken = await client.request('grainline/compiled', { uri: client.uri(path) });
    assert.equal(broken?.sql, compiled.sql);
    assert.notEqual(broken.problem, null);
  }));

test('a built-in macro is read where no file has it', () =>
  inShop(async (client) => {
    const path = 'models/orders.sql';
    await client.openDocument(path, "select {{ dbt.type_string() }} from {{ ref('stg_orders') }}\n");
    const [link] = await client.askAt<{ targetUri: string }[]>(
      'textDocument/definition',
      path,
      client.textOf(path).indexOf('type_string') + 2,
    );
    assert.match(link?.targetUri ?? '', /^grainline-library:/u);
    const text = await client.request('grainline/libraryText', { uri: link?.targetUri ?? '' });
    assert.match(text ?? '', /macro type_string/u);
  }));

test('the command line serves any editor, with or without the word for the transport', () =>
  withEditor(
    { files: parseFixture(PROJECT).files, command: [process.execPath, PROGRAM, 'lsp'] },
    async (client) => {
      const path = 'models/orders.sql';
      await client.openDocument(path, "select order_id from {{ ref('stg_order') }}\n");
      assert.equal((await client.diagnostics(path))[0]?.code, 'unknown-ref');
    },
  ));

test('a project of another dialect: names are known, its SQL is outlined and not judged by Postgres', () => {
  const files = new Map(parseFixture(PROJECT).files);
  files.set(
    'profiles.yml',
    'shop: {target: dev, outputs: {dev: {type: snowflake, account: a, schema: s}}}\n',
  );
  return withEditor({ files }, async (client) => {
    assert.match(client.state?.problem?.message ?? '', /snowflake/u);
    const path = 'models/orders.sql';
    await client.openDocument(
      path,
      "with o as (select * from raw.orders qualify row_number() over (partition by id order by at) = 1)\nselect * from o join {{ ref('stg_order') }} using (order_id)\n",
    );
    assert.deepEqual(
      (await client.diagnostics(path)).map(({ code }) => code),
      ['unknown-ref'],
    );
    const [statement] = await client.ask<{ name: string; children: { name: string }[] }[]>(
      'textDocument/documentSymbol',
      { textDocument: { uri: client.uri(path) } },
    );
    assert.equal(statement?.name, 'select');
    assert.equal(statement.children[0]?.name, 'o');
  });
});

test('formatting follows the settings of SQLFluff, and the meaning stays', () => {
  const files = new Map(parseFixture(PROJECT).files);
  files.set(
    '.sqlfluff',
    '[sqlfluff]\n[sqlfluff:rules:capitalisation.keywords]\ncapitalisation_policy = upper\n',
  );
  return withEditor({ files }, async (client) => {
    const path = 'models/orders.sql';
    await client.openDocument(path, "select order_id,amount from {{ ref('stg_orders') }} where amount>1\n");
    const edits = await client.ask<{ newText: string }[]>('textDocument/formatting', {
      textDocument: { uri: client.uri(path) },
      options: { tabSize: 4, insertSpaces: true },
    });
    assert.match(
      edits.map(({ newText }) => newText).join(''),
      /SELECT[\s\S]*\{\{ ref\('stg_orders'\) \}\}[\s\S]*WHERE/u,
    );
  });
});

test('a property file explains its keys, completes them, and says which are wrong', () =>
  inShop(async (client) => {
    const path = 'models/schema.yml';
    await client.openDocument(
      path,
      'version: 2\nmodels:\n  - name: orders\n    desciption: One row per order\n    config:\n      materialized: table\n      \n',
    );
    const [wrong] = await client.diagnostics(path);
    assert.equal(wrong?.code, 'yaml-property');
    assert.equal(client.slice(path, wrong.range), 'desciption');
    const hover = await client.askAt<{ contents: { value: string } } | null>(
      'textDocument/hover',
      path,
      client.textOf(path).indexOf('materialized') + 2,
    );
    assert.notEqual(hover, null);
    const { items } = await client.askAt<{ items: { label: string }[] }>(
      'textDocument/completion',
      path,
      client.textOf(path).length - 1,
    );
    assert.ok(items.some(({ label }) => label === 'unique_key'));
  }));
