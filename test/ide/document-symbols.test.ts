/** The outline of a file, the symbols of the workspace, links, notes and lenses. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DocumentSymbol } from '../../server/src/ide/answers.ts';
import { codeLenses } from '../../server/src/ide/code-lenses.ts';
import { documentLinks } from '../../server/src/ide/document-links.ts';
import { documentSymbols } from '../../server/src/ide/document-symbols.ts';
import { inlayHints } from '../../server/src/ide/inlay-hints.ts';
import { workspaceSymbols } from '../../server/src/ide/workspace-symbols.ts';
import { assertAnnotations } from '../support/fixture-project.ts';
import type { Annotation } from '../support/fixture.ts';
import { moment, quote, withText } from './snapshots.ts';

function outline(source: string, path: string): readonly string[] {
  const { snapshot } = moment(source);
  const text = snapshot.project.input.files.get(path)?.text ?? '';
  const lines: string[] = [];
  const visit = (symbols: readonly DocumentSymbol[], indent: string): void => {
    for (const { name, kind, range, nameRange, children } of symbols) {
      assert.ok(range.start <= nameRange.start && nameRange.end <= range.end);
      assert.ok(text.slice(nameRange.start, nameRange.end).includes(name.replace(/^v/u, '')));
      lines.push(`${indent}${kind} ${name}`);
      visit(children, `${indent}  `);
    }
  };
  visit(documentSymbols(snapshot, path), '');
  return lines;
}

describe('the outline', () => {
  test('of a model has the CTEs that it writes itself', () => {
    assert.deepEqual(
      outline(
        `
          ==> macros/cte.sql
          {% macro cte() %}made as (select 1 as id){% endmacro %}
          ==> models/a.sql
          {# with comment as (select 1) #}
          with "wide 😀" as (select 1 as id), {{ cte() }},
          orders as (with inner_one as (select 2 as id) select * from inner_one)
          select * from orders`,
        'models/a.sql',
      ),
      ['cte wide 😀', 'cte orders', 'cte inner_one'],
    );
    assert.deepEqual(outline('with a as (select 1) selec * from', 'models/model.sql'), []);
  });

  test('of a macro file has its blocks, broken ones too', () => {
    assert.deepEqual(
      outline(
        `
          ==> macros/a.sql
          {% macro one() %}{% endmacro %}
          {% test two(model) %}select 1{% endtest %}
          {% materialization three, default %}{% endmaterialization %}
          {% macro four( %}`,
        'macros/a.sql',
      ),
      ['macro one', 'test two', 'macro three', 'macro four'],
    );
  });

  test('of a property file has its entries, columns and tests', () => {
    assert.deepEqual(
      outline(
        `
          ==> models/schema.yml
          models:
            - name: orders
              columns:
                - name: id
                  data_tests:
                    - unique
                    - accepted_values: {values: [1]}
              versions: [{v: 1}]
          sources:
            - name: shop
              tables: [{name: payments, columns: [{name: amount}]}]
          exposures: [{name: board, type: dashboard, owner: {name: a}}]
          unit_tests: [{name: counts, model: orders, given: [], expect: {rows: []}}]`,
        'models/schema.yml',
      ),
      [
        'model orders',
        '  column id',
        '    test unique',
        '    test accepted_values',
        '  model v1',
        'source shop',
        '  source payments',
        '    column amount',
        'exposure board',
        'test counts',
      ],
    );
  });
});

const SHOP = `
      ==> models/orders.sql
      select * from {{ source('shop', 'payments') }} {# {{ ref('report') }} #}
      --                               ^^^^^^^^ models/schema.yml
      ==> models/report.sql
      select '😀' from {{ ref('orders') }} join {{ ref('orders_history') }} where {{ cents('a') }}
      --                       ^^^^^^ models/orders.sql
      --                                                ^^^^^^^^^^^^^^ snapshots/history.sql
      ==> snapshots/history.sql
      -- history
      {% snapshot orders_history %}
      {{ config(unique_key='id', strategy='check', check_cols='all') }}
      select * from {{ ref('orders') }}
      --                    ^^^^^^ models/orders.sql
      {% endsnapshot %}
      ==> models/schema.yml
      models:
        - name: orders
          description: "{{ doc('all_orders') }}"
      #                         ^^^^^^^^^^ models/docs.md
          config:
            meta:
              grain: [order_id, line]
          data_tests:
            - relationships: {arguments: {to: ref('report'), field: id, column_name: id}}
      #                                            ^^^^^^ models/report.sql
          columns: [{name: id, data_tests: [unique]}]
      sources:
        - name: shop
          tables: [{name: payments}]
      exposures:
        - {name: order_board, type: dashboard, owner: {name: Ann}, depends_on: [ref('report')]}
      #                                                                              ^^^^^^ models/report.sql
      ==> models/docs.md
      {% docs all_orders %}All.{% enddocs %}
      ==> macros/money.sql
      {% macro cents(column) %}{{ column }}{% endmacro %}`;

test('names of files are links to them', () => {
  const { fixture, snapshot } = moment(SHOP);
  const found = [...fixture.files.keys()].flatMap((path) =>
    documentLinks(snapshot, path).map(({ range, path: expectation }): Annotation => ({
      path,
      range,
      expectation,
    })),
  );
  assertAnnotations(fixture, found);
});

describe('the workspace', () => {
  const found = (query: string): readonly string[] => {
    const { snapshot } = moment(SHOP);
    return workspaceSymbols(snapshot, query).map(
      ({ kind, name, place }) => `${kind} ${name} | ${quote(snapshot, place)}`,
    );
  };

  test('is searched by letters in their order, beginnings first', () => {
    assert.deepEqual(found('ord'), [
      'model orders | models/orders.sql: ',
      'exposure order_board | models/schema.yml: order_board',
      'snapshot orders_history | snapshots/history.sql: orders_history',
    ]);
    assert.deepEqual(found('ORHI'), ['snapshot orders_history | snapshots/history.sql: orders_history']);
    assert.deepEqual(found('pay'), ['source payments | models/schema.yml: payments']);
    assert.deepEqual(found('cnts'), ['macro cents | macros/money.sql: cents']);
    assert.deepEqual(found('zzz'), []);
  });

  test('never answers more than two hundred', () => {
    const models = Array.from({ length: 300 }, (_, index) => `==> models/m${String(index)}.sql\nselect 1\n`);
    assert.equal(workspaceSymbols(moment(models.join('')).snapshot, 'm').length, 200);
  });
});

test('the declared grain stands behind the first line, and behind its declaration', () => {
  const { snapshot } = moment(SHOP);
  const shown = (path: string, of = snapshot): readonly string[] => {
    const text = of.project.input.files.get(path)?.text ?? '';
    return inlayHints(of, path).map(
      ({ offset, label }) => `${text.slice(0, offset).split('\n').at(-1) ?? ''}| ${label}`,
    );
  };
  assert.deepEqual(shown('models/schema.yml'), [
    '        grain: [order_id, line]| one row per order_id and line',
  ]);
  const windows = withText(snapshot, 'models/orders.sql', "select '😀'\r\nfrom x\r\n");
  assert.deepEqual(shown('models/orders.sql', windows), ["select '😀'| one row per order_id and line"]);
  assert.deepEqual(shown('models/report.sql'), []);
});

describe('over a model', () => {
  const { snapshot } = moment(SHOP);
  const lenses = (path: string): readonly string[] =>
    codeLenses(snapshot, path).map(({ title, verb, range }) => `${verb} ${title} ${String(range.start)}`);

  test('stand at most four verbs', () => {
    assert.deepEqual(lenses('models/orders.sql'), [
      'build ▷ Build 0',
      'test Test 2 0',
      'preview Preview 0',
      'lineage Lineage 1 ↑ 2 ↓ 0',
    ]);
    assert.deepEqual(lenses('models/report.sql'), [
      'build ▷ Build 0',
      'test Test 1 0',
      'preview Preview 0',
      'lineage Lineage 2 ↑ 1 ↓ 0',
    ]);
  });

  test('a snapshot has them over its block, a macro has none', () => {
    const text = snapshot.project.input.files.get('snapshots/history.sql')?.text ?? '';
    const [first] = codeLenses(snapshot, 'snapshots/history.sql');
    assert.ok((first?.range.start ?? 0) >= text.indexOf('{% snapshot'));
    assert.deepEqual(lenses('macros/money.sql'), []);
  });

  test('a grain in a property file can be validated', () => {
    const text = snapshot.project.input.files.get('models/schema.yml')?.text ?? '';
    assert.deepEqual(lenses('models/schema.yml'), [
      `grain Validate grain ${String(text.indexOf('[order_id'))}`,
    ]);
  });
});
