/** What cannot be known is not called wrong: packages that are not installed, a target that is not there, another target than before. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileText } from '../../scripts/profiles.ts';
import { withEditor } from '../../scripts/editor-client.ts';
import { parseFixture } from '../support/fixture.ts';
import { withDatabase } from '../support/postgres.ts';

const SHOP = `
==> dbt_project.yml
name: shop
version: '1.0'
profile: shop
==> profiles.yml
shop: {target: dev, outputs: {dev: {type: postgres, host: 127.0.0.1, port: 1, user: u, password: p, dbname: d, schema: s}}}
==> models/one.sql
select 1 as a
==> models/two.sql
select a from {{ ref('one') }}
==> models/schema.yml
models:
  - name: one
    columns:
      - name: a
        data_tests: [not_null, dbt_utils.at_least_one, at_least_two]
`;

test('while packages are missing, what they would provide is unknown; that they are missing is said once', () => {
  const files = new Map(parseFixture(SHOP).files).set(
    'packages.yml',
    'packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.3.0\n',
  );
  return withEditor({ files }, async (client) => {
    const path = 'models/two.sql';
    await client.openDocument(
      path,
      "select {{ dbt_utils.star(ref('one')) }}, {{ slugify('x') }} from {{ ref('theirs') }}\n",
    );
    assert.deepEqual(await client.diagnostics(path), []);
    await client.openDocument('models/schema.yml', files.get('models/schema.yml') ?? '');
    assert.deepEqual(await client.diagnostics('models/schema.yml'), []);
    await client.replace(path, "select a from {{ ref('onne') }}\n");
    assert.deepEqual(
      (await client.diagnostics(path)).map(({ code }) => code),
      ['unknown-ref'],
    );
    await client.openDocument('packages.yml', files.get('packages.yml') ?? '');
    assert.deepEqual(
      (await client.diagnostics('packages.yml')).map(({ code }) => code),
      ['missing-packages'],
    );
    assert.match(client.state?.problem?.message ?? '', /dbt deps/u);
  });
});

test('without a target the models are no errors; what is wrong stands in profiles.yml, at its place', () => {
  const files = new Map(parseFixture(SHOP).files).set(
    'profiles.yml',
    'shop: {target: gone, outputs: {dev: {type: postgres, host: h, user: u, password: p, dbname: d, schema: s}}}\n',
  );
  return withEditor({ files }, async (client) => {
    await client.openDocument('models/two.sql', "select a from {{ ref('one') }} join {{ this }} using (a)\n");
    assert.deepEqual(await client.diagnostics('models/two.sql'), []);
    await client.openDocument('profiles.yml', files.get('profiles.yml') ?? '');
    const [found] = await client.diagnostics('profiles.yml');
    assert.match(found?.message ?? '', /gone/u);
    assert.equal(client.state?.problem?.location?.uri, client.uri('profiles.yml'));
    // Put right outside, the target is there, and its server is tried.
    await client.changeOnDisk('profiles.yml', parseFixture(SHOP).files.get('profiles.yml'));
    await client.until(() => client.state?.target === 'dev' && client.state.warehouse.kind === 'away');
    assert.deepEqual(await client.diagnostics('profiles.yml'), []);
  });
});

test('a model is not offered to itself', () =>
  withEditor({ files: parseFixture(SHOP).files }, async (client) => {
    const path = 'models/two.sql';
    await client.openDocument(path, "select a from {{ ref('twos') }}\n");
    const [found] = await client.diagnostics(path);
    assert.equal(found?.code, 'unknown-ref');
    assert.doesNotMatch(found.message, /Did you mean/u);
  }));

test('what one target holds is not said of another', () =>
  withDatabase(async ({ settings, warehouse }) => {
    const session = await warehouse.open('test');
    await session.query('create schema s; create table s.orders as select 1 as order_id');
    await session.close();
    const files = new Map(parseFixture(SHOP).files)
      .set(
        'profiles.yml',
        `${profileText(settings, { profile: 'shop', schema: 's', threads: 1 })}    away: {type: postgres, host: 127.0.0.1, port: 1, user: u, password: p, dbname: ${settings.database}, schema: s}\n`,
      )
      .set('models/sources.yml', 'sources:\n  - name: s\n    tables: [{name: orders}]\n')
      .set('models/three.sql', "select amount from {{ source('s', 'orders') }}\n");
    await withEditor({ files }, async (client) => {
      const path = 'models/three.sql';
      await client.openDocument(path, files.get(path) ?? '');
      await client.until(async () => (await client.diagnostics(path)).length === 1);
      await client.request('grainline/setTarget', { folder: client.folderUri, target: 'away' });
      await client.until(() => client.state?.warehouse.kind === 'away');
      assert.deepEqual(await client.diagnostics(path), []);
      assert.equal(client.state?.warehouse.catalogReadAt, null);
    });
  }));
