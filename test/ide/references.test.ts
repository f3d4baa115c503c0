/** Find references gives every place that means the thing under the cursor, and no place that only has its name. */

import { describe, test } from 'node:test';
import { references } from '../../server/src/ide/references.ts';
import { assertAnnotations } from '../support/fixture-project.ts';
import { marks, moment } from './snapshots.ts';

function finds(source: string, includeDeclaration = true): void {
  const { fixture, snapshot, cursor } = moment(source);
  assertAnnotations(fixture, marks(references(snapshot, cursor(), { includeDeclaration }), 'here'));
}

describe('every place is found', () => {
  test('of a model, in SQL and YAML, in templates and beside them', () => {
    finds(`
      ==> models/orders.sql
      select 1 as id
      ==> models/report.sql
      -- orders {# {{ ref('orders') }} #}
      select '😀', orders.* from {{ ref('or$0ders') }} as orders
      --                                 ^^^^^^^^ here
      join {{ ref("fixture", "orders") }} using (id)
      --                      ^^^^^^ here
      where {{ cents('orders') }} > 0
      ==> macros/money.sql
      {% macro cents(column) %}(select count(*) from {{ ref('orders') }}){% endmacro %}
      --                                                     ^^^^^^ here
      ==> models/schema.yml
      models:
        - name: orders
      #         ^^^^^^ here
          columns: [{name: orders}]
        - name: report
          data_tests:
            - relationships:
                arguments:
                  to: ref('orders')
      #                    ^^^^^^ here
                  field: id
                  column_name: id
      exposures:
        - name: board
          type: dashboard
          owner: {name: Ann}
          depends_on: [ref('orders')]
      #                     ^^^^^^ here
      unit_tests:
        - name: counts
          model: orders
      #          ^^^^^^ here
          given: []
          expect: {rows: []}
    `);
  });

  test('of a source and of one of its tables', () => {
    finds(`
      ==> models/sources.yml
      sources:
        - name: shop
      #         ^^^^ here
          tables:
            - name: orders
      ==> models/more.yml
      sources:
        - name: other
          tables:
            - name: orders
      ==> models/a.sql
      select * from {{ source('$0shop', 'orders') }}
      --                         ^^^^ here
      union all select * from {{ source('other', 'orders') }}
    `);
    finds(`
      ==> models/sources.yml
      sources:
        - name: shop
          tables:
            - name: ord$0ers
      #             ^^^^^^^^ here
        - name: other
          tables:
            - name: orders
      ==> models/a.sql
      select * from {{ source('shop', 'orders') }}
      --                               ^^^^^^ here
      union all select * from {{ source('other', 'orders') }}
    `);
  });

  test('of a macro, with and without its package, not of another of the same name', () => {
    finds(`
      ==> macros/money.sql
      {% macro cents(column) %}{{ adapter.dispatch('cents')(column) }}{% endmacro %}
      --       ^^^^^ here
      {% macro default__cents(column) %}{{ column }}{% endmacro %}
      ==> dbt_packages/tools/dbt_project.yml
      name: tools
      ==> dbt_packages/tools/macros/money.sql
      {% macro cents(column) %}{{ column }}{% endmacro %}
      ==> dbt_packages/tools/models/tool.sql
      select {{ cents('a') }}
      ==> models/a.sql
      select {{ cents$0('a') }}, {{ fixture.cents('a') }}, {{ tools.cents('a') }}
      --        ^^^^^ here
      --                                    ^^^^^ here
      ==> macros/schema.yml
      macros:
        - name: cents
      #         ^^^^^ here
    `);
  });

  test('of a generic test, a variable and a docs block', () => {
    finds(`
      ==> macros/tests.sql
      {% test positive(model, column_name) %}select 1{% endtest %}
      --      ^^^^^^^^ here
      ==> models/a.sql
      select 1 as id
      ==> models/schema.yml
      models:
        - name: a
          data_tests: [fixture.positive, unique]
      #                        ^^^^^^^^ here
          columns:
            - name: id
              data_tests:
                - pos$0itive:
      #           ^^^^^^^^^^ here
                    severity: warn
    `);
    finds(`
      ==> dbt_project.yml
      name: fixture
      vars:
        start: 1
      # ^^^^^ here
      ==> models/a.sql
      select {{ var('start$0') }}, {{ var("start", 2) }}, {{ env_var('start', 'x') }}
      --             ^^^^^ here
      --                                   ^^^^^ here
    `);
    finds(`
      ==> models/docs.md
      {% docs id %}The id.{% enddocs %}
      --      ^^ here
      ==> models/a.sql
      select 1 as id
      ==> models/schema.yml
      models:
        - name: a
          description: |
            Has an {{ doc('id') }}
      #                    ^^ here
          columns: [{name: id, description: "{{ doc('$0id') }}"}]
      #                                                ^^ here
    `);
  });
});

test('a version is not its neighbour', () => {
  finds(`
    ==> models/schema.yml
    models:
      - name: orders
    #         ^^^^^^ here
        latest_version: 2
        versions:
          - v: 1
          - v: 2
    #          ^ here
    ==> models/orders_v1.sql
    select 1 as id
    ==> models/orders_v2.sql
    select 1 as id
    ==> models/a.sql
    select * from {{ ref('or$0ders') }} join {{ ref('orders', v=1) }}, {{ ref('orders', v=2) }}
    --                    ^^^^^^^^ here
    --                                                                         ^^^^^^ here
  `);
});

test('the declaration is left out when it is not wanted', () => {
  finds(
    `
      ==> macros/money.sql
      {% macro cents(column) %}{{ column }}{% endmacro %}
      ==> models/a.sql
      select {{ ce$0nts('a') }}
      --        ^^^^^^^ here
    `,
    false,
  );
});

test('a project in a folder of this one is none of its business', () => {
  finds(`
    ==> models/orders.sql
    select 1 as id
    ==> models/a.sql
    select * from {{ ref('orders') }}
    --                    ^^^^^^ here
    ==> models/schema.yml
    models:
      - name: ord$0ers
    #         ^^^^^^^^ here
    ==> integration_tests/dbt_project.yml
    name: inner
    ==> integration_tests/models/schema.yml
    models:
      - name: orders
    ==> integration_tests/models/b.sql
    select * from {{ ref('orders') }}
  `);
});
