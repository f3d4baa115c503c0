/** A value of the wrong kind, a word that means nothing and a misspelt key are marked where they stand; what may be meant is not. */

import { test } from 'node:test';
import { assertAnnotations, project } from '../support/fixture-project.ts';
import { diagnose, placed } from './diagnose.ts';

function check(source: string): void {
  const fixture = project(source);
  assertAnnotations(fixture, placed(diagnose(fixture)));
}

const MODEL = `
  ==> models/orders.sql
  select 1 as order_id`;

test('in a property file', () => {
  check(`${MODEL}
  ==> models/schema.yml
  models:
    - name: orders
      description: {a: 1}
      #            ^^^^^^ yaml-value
      docs: {shwo: true, show: 1}
      #                        ^ yaml-value
      meta: finance
      #     ^^^^^^^ yaml-value
      config:
        on_schema_change: syncall
        #                 ^^^^^^^ yaml-value
        contract: {alias_types: maybe}
        #                       ^^^^^ yaml-value
        full_refresh: maybe
        #             ^^^^^ yaml-value
        lookback: many
        #         ^^^^ yaml-value
        tags: {a: 1}
        #     ^^^^^^ yaml-value
      columns:
        - name: order_id
          quote: 'yes'
          #      ^^^^^ yaml-value
          data_tests:
            - unique: {config: {severity: erorr}}
            #                             ^^^^^ yaml-value
  exposures:
    - name: board
      type: dashboard
      maturity: hihg
      #         ^^^^ yaml-value
      owner: {email: a@b}
  sources:
    - name: raw
      freshness: {warn_afer: {count: 1, period: day}, error_after: {count: 1, period: week}}
      #           ^^^^^^^^^ yaml-property
      #                                                                               ^^^^ yaml-value
      quoting: yes
      #        ^^^ yaml-value
      tables: [{name: a}]`);
});

test('in dbt_project.yml', () => {
  check(`${MODEL}
  ==> dbt_project.yml
  name: fixture
  profile: fixture
  clean-targets: target
  #              ^^^^^^ yaml-value
  config-version: two
  #               ^^^ yaml-value
  restrict-access: maybe
  #                ^^^^^ yaml-value
  dispatch: [{macro_namespace: a, serch_order: [b]}]
  #                               ^^^^^^^^^^^ yaml-property
  models:
    +persist_docs: all
    #              ^^^ yaml-value
    fixture:
      on_schema_change: nothing
      #                 ^^^^^^^ yaml-value
      +batch_size: weekly
      #            ^^^^^^ yaml-value`);
});

test('and what a template gives, another case, a strategy of their own and empty values are left alone', () => {
  check(`${MODEL}
  ==> models/schema.yml
  version: 2
  models:
    - name: orders
      description:
      meta:
      columns: []
      config:
        full_refresh: "{{ var('full', false) }}"
        incremental_strategy: our_own
        materialized: our_table
        tags: nightly
        unique_key: [order_id]
      data_tests:
        - our_test: {config: {severity: WARN}}
  ==> macros/our.sql
  {% test our_test(model) %}select 1{% endtest %}
  {% materialization our_table, default %}{{ return({'relations': []}) }}{% endmaterialization %}`);
});
