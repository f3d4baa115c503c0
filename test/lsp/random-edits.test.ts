/** Ten thousand random edits: the server never dies, never hangs, and answers as one that was started on the same text. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EditorClient } from '../../scripts/editor-client.ts';
import { parseFixture } from '../support/fixture.ts';

const EDITS = 10_000;
/** A fresh server is asked so often. */
const COMPARISONS = 12;
/** Answers are wanted between two edits so often. */
const QUESTIONS = 8;

const SHOP = `
==> dbt_project.yml
name: shop
version: '1.0'
profile: shop
==> profiles.yml
shop: {target: dev, outputs: {dev: {type: postgres, host: 127.0.0.1, port: 1, user: u, password: p, dbname: d, schema: s}}}
==> models/stg_orders.sql
{{ config(materialized='table') }}
select id as order_id, amount, '🌾' as sign from {{ source('raw', 'orders') }}
==> models/orders.sql
{{ config(materialized='incremental', unique_key='order_id') }}
with o as (
    select * from {{ ref('stg_orders') }}
)

select {{ cents('o.amount') }} as amount, o.order_id -- a comment
from o
{% if is_incremental() %}
where o.order_id > (select max(order_id) from {{ this }})
{% endif %}
==> macros/cents.sql
{% macro cents(column, digits=2) %}
round({{ column }} / 100, {{ digits }})
{% endmacro %}
==> models/schema.yml
version: 2
sources:
  - name: raw
    tables:
      - name: orders
models:
  - name: orders
    description: "{{ doc('orders') }}"
    config:
      meta: {grain: [order_id]}
    columns:
      - name: order_id
        data_tests: [unique, not_null]
      - name: amount
==> models/docs.md
{% docs orders %}
One row per order.
{% enddocs %}
`;

const SCRAPS = [
  ...[
    "{{ ref('orders') }}",
    "{{ ref('",
    "source('raw', 'orders')",
    '{% if %}',
    '{% endif %}',
    '{{',
    '}}',
    '{#',
    '#}',
  ],
  ...[
    "'",
    '"',
    '(',
    ')',
    ',',
    '.',
    'o.',
    ' from ',
    'select ',
    '--',
    '\n',
    '\r\n',
    '  ',
    '- name: ',
    ': ',
    '[',
    ']',
  ],
  ...['🌾', '\t', ';', '$$', '{% macro x() %}', '{% endmacro %}', 'a', '1', "{{ config(alias='b') }}"],
];

test('ten thousand random edits', async () => {
  const files = parseFixture(SHOP).files;
  const paths = [...files.keys()].filter((path) => path.startsWith('m'));
  const client = await EditorClient.open({ files });
  try {
    for (const path of paths) await client.openDocument(path, files.get(path) ?? '');
    const next = numbers(20_261_124);
    for (let edit = 1; edit <= EDITS; edit++) {
      const path = paths[next(paths.length)] ?? '';
      // Now and then a text is whole again, or everything would stay broken.
      if (next(40) === 0) await client.replace(path, files.get(path) ?? '');
      const text = client.textOf(path);
      const start = next(text.length + 1);
      const end = Math.min(text.length, start + (next(3) === 0 ? next(12) : 0));
      await client.edit(path, start, end, SCRAPS[next(SCRAPS.length)] ?? '');
      if (edit % QUESTIONS === 0) await answersAt(client, path, next(client.textOf(path).length + 1));
      if (edit % Math.floor(EDITS / COMPARISONS) === 0) await compareWithFresh(client, files, paths, next);
    }
  } finally {
    await client.dispose();
  }
});

async function compareWithFresh(
  client: EditorClient,
  files: ReadonlyMap<string, string>,
  paths: readonly string[],
  next: (below: number) => number,
): Promise<void> {
  const texts = new Map(
    [...files].map(([path, text]) => [path, paths.includes(path) ? client.textOf(path) : text]),
  );
  const fresh = await EditorClient.open({ files: texts });
  try {
    for (const path of paths) await fresh.openDocument(path, client.textOf(path));
    for (const path of paths) {
      assert.deepEqual(
        at(fresh, await fresh.diagnostics(path)),
        at(client, await client.diagnostics(path)),
        `${path}:\n${client.textOf(path)}`,
      );
      const offset = next(client.textOf(path).length + 1);
      assert.deepEqual(
        at(fresh, await answersAt(fresh, path, offset)),
        at(client, await answersAt(client, path, offset)),
        `${path} at ${String(offset)}:\n${client.textOf(path)}`,
      );
    }
  } finally {
    await fresh.dispose();
  }
}

async function answersAt(client: EditorClient, path: string, offset: number): Promise<readonly unknown[]> {
  const document = { textDocument: { uri: client.uri(path) } };
  return Promise.all([
    client.askAt('textDocument/hover', path, offset),
    client.askAt('textDocument/completion', path, offset),
    client.askAt('textDocument/definition', path, offset),
    client.askAt('textDocument/references', path, offset, { context: { includeDeclaration: true } }),
    client.ask('textDocument/documentSymbol', document),
    client.ask('textDocument/codeLens', document),
    client.ask('textDocument/documentLink', document),
  ]);
}

/** Without the folder's name, which is each server's own, and in an order that does not depend on how the project was made. */
function at(client: EditorClient, answer: unknown): unknown {
  const plain = JSON.parse(JSON.stringify(answer ?? null).replaceAll(client.folderUri, '')) as unknown;
  return Array.isArray(plain) ? plain.map((item) => JSON.stringify(item)).sort() : plain;
}

/** The same numbers each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}
