/** Every verb answers on every beginning of a file, as one has it while typing: nothing throws, and every range is in the text. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Range } from '../../server/src/base/text.ts';
import { runChecks } from '../../server/src/checks/check-project.ts';
import { codeActions } from '../../server/src/ide/code-actions.ts';
import { codeLenses } from '../../server/src/ide/code-lenses.ts';
import { completeName } from '../../server/src/ide/completion-name.ts';
import { definition } from '../../server/src/ide/definition.ts';
import { documentLinks } from '../../server/src/ide/document-links.ts';
import { documentSymbols } from '../../server/src/ide/document-symbols.ts';
import { hoverName } from '../../server/src/ide/hover-name.ts';
import { inlayHints } from '../../server/src/ide/inlay-hints.ts';
import { references } from '../../server/src/ide/references.ts';
import { moment, withText } from './snapshots.ts';

const FILES = new Map([
  [
    'models/orders.sql',
    `{{ config(materialized='table', tags=["a"]) }}\r
-- 😀 {# {{ ref('no') }} #}\r
with a as (select * from {{ source('shop', 'payments') }})\r
{% if is_incremental() %}select {{ tools.wrench('x') | upper }}, '{{ var("start", 1) }}'{% endif %}\r
{%- set kinds = ['a', "b"] -%} select * from {{ ref('fixture', 'report', v=1) }} {% raw %}{{ ref('x') }}{% endraw %}`,
  ],
  [
    'macros/money.sql',
    `{% macro cents(column, places=2) %}{{ adapter.dispatch('cents', 'fixture')(column) }}{% endmacro %}
{% test positive(model, column_name) %}select * from {{ model }} where '😀' = {{ env_var('KEY', 'x') }}{% endtest %}`,
  ],
  [
    'models/schema.yml',
    `models:
  - name: orders
    description: "😀 {{ doc('all') }} \\"x\\""
    config: {meta: {grain: [id]}}
    columns:
      - name: id
        data_tests:
          - relationships:
              to: ref('report')
              field: id
sources: [{name: shop, tables: [{name: payments}]}]
exposures:
  - {name: board, type: dashboard, owner: {name: Ann}, depends_on: ["ref('orders')"]}`,
  ],
]);

const base = moment(
  ['models/report.sql\nselect 1 as id', ...[...FILES].map(([path]) => `${path}\n`)]
    .map((file) => `==> ${file}`)
    .join('\n'),
).snapshot;

for (const [path, whole] of FILES) {
  test(`of ${path}`, () => {
    const inText = ({ start, end }: Range, text: string): void => {
      assert.ok(0 <= start && start <= end && end <= text.length, `${String(start)}–${String(end)}`);
    };
    for (let offset = 0; offset <= whole.length; offset += 2) {
      for (const text of [whole.slice(0, offset), whole.slice(0, offset) + whole.slice(offset + 1)]) {
        const snapshot = withText(base, path, text);
        const cursor = { path, offset: Math.min(offset, text.length) };
        const hover = hoverName(snapshot, cursor);
        if (hover) inText(hover.range, text);
        for (const { origin } of definition(snapshot, cursor)) inText(origin, text);
        for (const place of references(snapshot, cursor, { includeDeclaration: true }))
          inText(place.range, snapshot.project.input.files.get(place.path)?.text ?? '');
        for (const { replace } of completeName(snapshot, cursor) ?? []) {
          inText(replace, text);
          assert.ok(replace.start <= cursor.offset && cursor.offset <= replace.end);
          assert.ok(!text.slice(replace.start, replace.end).includes('\n'));
        }
        for (const { range } of documentLinks(snapshot, path)) inText(range, text);
        for (const { range } of documentSymbols(snapshot, path)) inText(range, text);
        for (const { range } of codeLenses(snapshot, path)) inText(range, text);
        for (const { offset: at } of inlayHints(snapshot, path)) inText({ start: at, end: at }, text);
        if (offset % 16 > 0) continue;
        const found = runChecks(snapshot.project, snapshot.parser);
        for (const { edits } of codeActions(snapshot, path, { start: 0, end: text.length }, found))
          for (const { range } of edits) inText(range, text);
      }
    }
  });
}
