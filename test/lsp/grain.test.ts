/** Grain as an editor sees it: underlined, hovered, beside the text and fixed, all on text that is not saved. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withEditor } from '../../scripts/editor-client.ts';
import { parseFixture } from '../support/fixture.ts';

const SHOP = `
==> dbt_project.yml
name: shop
version: '1.0'
profile: shop
==> profiles.yml
shop:
  target: dev
  outputs:
    dev: {type: postgres, host: 127.0.0.1, port: 1, user: u, password: p, dbname: d, schema: s, connect_timeout: 1}
==> seeds/orders.csv
order_id,total
==> seeds/payments.csv
payment_id,order_id
==> seeds/seeds.yml
seeds:
  - name: orders
    columns: [{name: order_id, data_tests: [unique, not_null]}]
  - name: payments
    columns: [{name: payment_id, data_tests: [unique, not_null]}]
==> models/totals.sql
select sum(total) as total from {{ ref('orders') }}
`;

const WRONG = `select sum(o.total) as total
from {{ ref('orders') }} o
join {{ ref('payments') }} p on p.order_id = o.order_id
`;

test('double counting in unsaved text is underlined, explained at the join, and fixed', () =>
  withEditor({ files: parseFixture(SHOP).files }, async (client) => {
    const path = 'models/totals.sql';
    await client.openDocument(path, client.textOf(path));
    assert.deepEqual(await client.diagnostics(path), []);
    await client.edit(path, 0, client.textOf(path).length, WRONG);
    const [found, ...others] = await client.diagnostics(path);
    assert.deepEqual(others, []);
    assert.equal(found?.code, 'double-counting');
    assert.equal(client.slice(path, found.range), 'sum(o.total)');
    const textDocument = { uri: client.uri(path) };
    const hover = await client.ask<{ readonly contents: { readonly value: string } } | null>(
      'textDocument/hover',
      { textDocument, position: { line: 2, character: 1 } },
    );
    assert.match(hover?.contents.value ?? '', /may repeat rows.*one row per `payment_id`/u);
    const range = { start: { line: 0, character: 0 }, end: { line: 3, character: 0 } };
    const hints = await client.ask<readonly { readonly label: string }[]>('textDocument/inlayHint', {
      textDocument,
      range,
    });
    assert.deepEqual(
      hints.map(({ label }) => label),
      ['one row per payment_id'],
    );
    const actions = await client.ask<readonly { readonly title: string }[]>('textDocument/codeAction', {
      textDocument,
      range: found.range,
      context: { diagnostics: [found] },
    });
    assert.deepEqual(
      actions.map(({ title }) => title),
      ["Aggregate 'payments' per order_id in a CTE", "Keep the first row of 'payments' for each order_id"],
    );
  }));
