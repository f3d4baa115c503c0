/** Completion offers the names that may stand at the cursor, and choosing one leaves text that is right. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Completion } from '../../server/src/ide/answers.ts';
import { completeName } from '../../server/src/ide/completion-name.ts';
import { moment, withText } from './snapshots.ts';

const PROJECT = `
      ==> dbt_project.yml
      name: fixture
      vars: {start_date: '2020-01-01', tools: {size: 3}}
      ==> models/orders.sql
      {{ config(materialized='table') }} select 1 as id
      ==> models/customers.sql
      select 1 as id
      ==> models/schema.yml
      models:
        - name: orders
          description: All orders.
      sources:
        - name: shop
          tables: [{name: payments}, {name: refunds}]
        - name: bank
          tables: [{name: accounts}]
      ==> models/docs.md
      {% docs orders_doc %}All orders.{% enddocs %}
      ==> macros/money.sql
      {% macro cents(column, places=2) %}{{ column }}{% endmacro %}
      {% macro default__hidden() %}1{% endmacro %}
      ==> seeds/countries.csv
      code
      nl
      ==> dbt_packages/tools/dbt_project.yml
      name: tools
      ==> dbt_packages/tools/macros/tools.sql
      {% macro wrench() %}1{% endmacro %}
      ==> dbt_packages/tools/models/tool_model.sql
      select 1 as id`;

const base = moment(PROJECT).snapshot;

interface Completed {
  readonly items: readonly Completion[];
  readonly labels: readonly string[];
  /** The text after choosing; snippet places stay as they are. */
  readonly choose: (label: string) => string;
}

function complete(marked: string, path = 'models/model.sql'): Completed {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const items = completeName(withText(base, path, text), { path, offset }) ?? [];
  const ordered = items.toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || (a.label < b.label ? -1 : 1));
  return {
    items: ordered,
    labels: ordered.map(({ label }) => label),
    choose: (label) => {
      const item = ordered.find((known) => known.label === label);
      assert.ok(item, `${label} is offered in ${marked}, among ${String(ordered.length)}`);
      assert.ok(item.replace.start <= offset && item.replace.end >= offset);
      return text.slice(0, item.replace.start) + item.insert + text.slice(item.replace.end);
    },
  };
}

describe('inside the quotes', () => {
  test("of a ref stand models, seeds and snapshots, one's own first", () => {
    const { labels, items } = complete("select '😀' from {{ ref('|') }}");
    assert.deepEqual(labels, ['countries', 'customers', 'model', 'orders', 'tool_model', 'fixture', 'tools']);
    const orders = items.find(({ label }) => label === 'orders');
    assert.equal(orders?.detail, 'table');
    assert.equal(orders.documentation, 'All orders.');
    assert.deepEqual(complete("{{ ref('tools', '|') }}").labels, ['tool_model']);
  });

  test('what is chosen replaces the whole word and doubles no quote', () => {
    for (const [before, after] of [
      ["from {{ ref('|') }}", "from {{ ref('orders') }}"],
      ["from {{ ref('or|ders_old') }}", "from {{ ref('orders') }}"],
      ["from {{ ref('or|", "from {{ ref('orders'"],
      ["from {{ ref('or| }}", "from {{ ref('orders' }}"],
      ['from {{ ref("or|', 'from {{ ref("orders"'],
      ["from {{ ref('|", "from {{ ref('orders'"],
      [
        "from {{ ref('or|\n) }} join {{ ref('customers') }}",
        "from {{ ref('orders'\n) }} join {{ ref('customers') }}",
      ],
      ["{{ ref('cust }} {{ ref('or|') }}", "{{ ref('cust }} {{ ref('orders') }}"],
      ["{% if x %}{{ ref('|') }}", "{% if x %}{{ ref('orders') }}"],
      ['from {{ ref(|) }}', "from {{ ref('orders') }}"],
      ['from {{ ref(| }}', "from {{ ref('orders' }}"],
      ['from {{ ref(or|', "from {{ ref('orders'"],
      ["-- 😀\r\nfrom {{ ref('or|') }}\r\n", "-- 😀\r\nfrom {{ ref('orders') }}\r\n"],
    ] as const)
      assert.equal(complete(before).choose('orders'), after);
  });

  test('of a source stand sources, then the tables of that source', () => {
    assert.deepEqual(complete("{{ source('|").labels, ['bank', 'shop']);
    assert.deepEqual(complete("{{ source('shop', '|') }}").labels, ['payments', 'refunds']);
    assert.equal(complete("{{ source('shop', |) }}").choose('refunds'), "{{ source('shop', 'refunds') }}");
    assert.deepEqual(complete("{{ source('nothing', '|') }}").labels, []);
  });

  test('stand variables, docs and macros to dispatch', () => {
    assert.deepEqual(complete("{{ var('|') }}").labels, ['start_date']);
    assert.deepEqual(complete("{{ adapter.dispatch('|') }}").labels, ['hidden']);
    assert.deepEqual(complete("{{ env_var('|') }}").labels, []);
  });

  test('of other strings stands nothing', () => {
    for (const text of ["{{ log('|') }}", "{{ 'or|' }}", "{{ ref('a' ~ '|') }}", "{{ ref(['|']) }}"])
      assert.deepEqual(complete(text).labels, [], text);
  });
});

describe('a configuration', () => {
  test('has its keys, without those that are written already', () => {
    const { labels, choose } = complete("{{ config(materialized='view', |) }}");
    assert.ok(!labels.includes('materialized'));
    assert.ok(labels.indexOf('unique_key') < labels.indexOf('kms_key_name'));
    assert.equal(choose('enabled'), "{{ config(materialized='view', enabled=$1) }}");
    assert.equal(complete('{{ config(mat|) }}').choose('materialized'), "{{ config(materialized='$1') }}");
  });

  test('has the values of its keys', () => {
    const values = ['ephemeral', 'incremental', 'materialized_view', 'table', 'view'];
    assert.deepEqual(complete("{{ config(materialized='|') }}").labels, values);
    assert.deepEqual(complete('{{ config(materialized=|) }}').labels.slice(0, 5), values);
    assert.equal(
      complete('{{ config(materialized=|) }}').choose('table'),
      "{{ config(materialized='table') }}",
    );
    assert.equal(complete('{{ config(enabled=|) }}').choose('false'), '{{ config(enabled=false) }}');
  });
});

describe('a name', () => {
  test('is a function of dbt, a macro, a package, or a name of the template', () => {
    const { labels, choose } = complete('{% set kinds = [1] %} select {{ re| }}');
    for (const label of ['ref', 'cents', 'tools', 'kinds', 'dateadd', 'is_incremental'])
      assert.ok(labels.includes(label), label);
    for (const label of ['default__hidden', 'wrench', 'test_unique', 're', 'materialization_table_default'])
      assert.ok(!labels.includes(label), label);
    assert.equal(choose('ref'), "{% set kinds = [1] %} select {{ ref('$1') }}");
    assert.ok(labels.indexOf('kinds') < labels.indexOf('dateadd'));
  });

  test('that is called already is not called again', () => {
    assert.equal(complete("{{ re|f('orders') }}").choose('ref'), "{{ ref('orders') }}");
    assert.equal(complete('{{ | }}').choose('cents'), '{{ cents($1) }}');
    assert.equal(complete('{{ |').choose('ref'), "{{ ref('$1')");
  });

  test('behind a package is one of its macros', () => {
    assert.deepEqual(complete('{{ tools.|').labels, ['wrench']);
    assert.equal(complete('{{ tools.wr|ong() }}').choose('wrench'), '{{ tools.wrench() }}');
    assert.ok(complete('{% for a in [1] %}{{ loop.la| }}').labels.includes('last'));
    assert.deepEqual(complete('{{ something.|').labels, []);
  });

  test('behind a pipe is a filter, behind a value an operator', () => {
    const text = '{{ a | up';
    const path = 'models/model.sql';
    const found = completeName(withText(base, path, text), { path, offset: text.length }) ?? [];
    const filters = found.map(({ label }) => label);
    assert.ok(filters.includes('upper'));
    const { labels } = complete('{% if ref |');
    assert.deepEqual(labels, ['and', 'else', 'if', 'in', 'is', 'not in', 'or']);
  });
});

describe('a statement', () => {
  test('ends the block that is open', () => {
    assert.deepEqual(complete('{% if a %}{% for b in c %}{% |').labels.slice(0, 2), ['endfor', 'else']);
    assert.deepEqual(complete('{% if a %}{% for b in c %}{% endfor %}{% | %}').labels.slice(0, 3), [
      'endif',
      'elif',
      'else',
    ]);
    assert.deepEqual(complete('{% set a %}{% e|').labels[0], 'endset');
    assert.ok(!complete('{% set a = 1 %}{% e|').labels.includes('endset'));
  });

  test('defines only what its file may define', () => {
    assert.ok(complete('{% |', 'macros/more.sql').labels.includes('macro'));
    assert.ok(!complete('{% |').labels.includes('macro'));
    assert.ok(complete('{% |', 'models/more.md').labels.includes('docs'));
  });
});

test('comments, raw blocks and plain SQL have nothing to complete', () => {
  for (const text of [
    "{# {{ ref('|') }} #}",
    "{# {{ ref('|",
    "{% raw %}{{ ref('|",
    "select '|' from x",
    "{{ ref('orders') }} |",
    "select ref('|')",
    '|',
  ])
    assert.deepEqual(complete(text).labels, [], text);
});

describe('in YAML', () => {
  const inYaml = (text: string): Completed => complete(text, 'models/more.yml');

  test('refs, sources and docs are completed in templates and in calls without braces', () => {
    for (const [before, after] of [
      ["      to: ref('|')\n", "      to: ref('orders')\n"],
      ["      to: ref('or|\n      field: id\n", "      to: ref('orders'\n      field: id\n"],
      ["  - ref('|", "  - ref('orders'"],
      ["depends_on: [ref('customers'), ref('|')]", "depends_on: [ref('customers'), ref('orders')]"],
      ["      - input: ref('|')\r\n", "      - input: ref('orders')\r\n"],
      ['  post_hook: "analyze {{ ref(\'or|\') }}"', '  post_hook: "analyze {{ ref(\'orders\') }}"'],
    ] as const)
      assert.equal(inYaml(before).choose('orders'), after);
    assert.deepEqual(inYaml(`description: "{{ doc('|`).labels, ['orders_doc', 'fixture', 'tools']);
    assert.deepEqual(inYaml("      to: source('shop', '|')").labels, ['payments', 'refunds']);
  });

  test('plain words and comments are left alone', () => {
    for (const text of ["  # to: ref('|')", 'description: ref|', "description: a  # ref('|", 'name: |'])
      assert.deepEqual(inYaml(text).labels, [], text);
  });
});
