/** Go to definition leads from every kind of name to the line that gives it, and from nothing else. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { definition } from '../../server/src/ide/definition.ts';
import { moment, quote, withText } from './snapshots.ts';

/** The word that is underlined, and the names it leads to. */
function leadsTo(source: string): { readonly from: string | undefined; readonly to: readonly string[] } {
  const { snapshot, cursor } = moment(source);
  const targets = definition(snapshot, cursor());
  const text = snapshot.project.input.files.get(cursor().path)?.text ?? '';
  const [origin] = targets.map((target) => target.origin);
  return {
    from: origin && text.slice(origin.start, origin.end),
    to: targets.map(({ place, name }) => quote(snapshot, { path: place.path, range: name })),
  };
}

const ELSEWHERE = `
      ==> models/orders.sql
      select 1 as id
      ==> models/schema.yml
      models:
        - name: orders
          description: "{{ doc('orders_doc') }}"
          columns:
            - name: id
              data_tests: [unique, positive]
      sources:
        - name: shop
          tables:
            - name: customers
      ==> models/docs.md
      {% docs orders_doc %}All orders.{% enddocs %}
      ==> macros/money.sql
      {% macro cents(column) %}{{ column }} * 100{% endmacro %}
      {% test positive(model, column_name) %}select * from {{ model }}{% endtest %}
      ==> seeds/countries.csv
      code
      nl
      ==> snapshots/orders_history.sql
      {% snapshot orders_history %}
      {{ config(unique_key='id', strategy='check', check_cols='all') }}
      select * from {{ ref('orders') }}
      {% endsnapshot %}
      ==> dbt_packages/tools/dbt_project.yml
      name: tools
      ==> dbt_packages/tools/macros/tools.sql
      {% macro wrench() %}{{ helper() }}{% endmacro %}
      {% macro helper() %}1{% endmacro %}
      ==> dbt_packages/tools/models/tool_model.sql
      select 1 as id
      ==> dbt_project.yml
      name: fixture
      vars:
        start_date: '2020-01-01'
        tools:
          size: 3`;

describe('in a model', () => {
  const lead = (line: string): ReturnType<typeof leadsTo> =>
    leadsTo(`
      ==> models/model.sql
      ${line}${ELSEWHERE}`);

  test('a ref leads to the model, seed or snapshot', () => {
    assert.deepEqual(lead("select '😀', * from {{ ref('or$0ders') }}"), {
      from: 'orders',
      to: ['models/orders.sql: '],
    });
    assert.deepEqual(lead("select * from {{ ref('countries$0') }}").to, ['seeds/countries.csv: ']);
    assert.deepEqual(lead("select * from {{ ref('$0orders_history') }}").to, [
      'snapshots/orders_history.sql: orders_history',
    ]);
  });

  test('a ref into a package leads into the package, and its first argument to the package', () => {
    assert.deepEqual(lead("select * from {{ ref('tools', 'tool_$0model') }}").to, [
      'dbt_packages/tools/models/tool_model.sql: ',
    ]);
    assert.deepEqual(lead("select * from {{ ref('to$0ols', 'tool_model') }}").to, [
      'dbt_packages/tools/dbt_project.yml: tools',
    ]);
  });

  test('a source leads to its lines in YAML', () => {
    assert.deepEqual(lead("select * from {{ source('sh$0op', 'customers') }}").to, [
      'models/schema.yml: shop',
    ]);
    assert.deepEqual(lead("select * from {{ source('shop', 'cust$0omers') }}").to, [
      'models/schema.yml: customers',
    ]);
  });

  test('a macro leads to its definition: its own, that of a package, a built-in one', () => {
    assert.deepEqual(lead("select {{ ce$0nts('a') }}").to, ['macros/money.sql: cents']);
    assert.deepEqual(lead('select {{ tools.wre$0nch() }}').to, [
      'dbt_packages/tools/macros/tools.sql: wrench',
    ]);
    const [builtin] = lead('select {{ date$0add("day", 1, "d") }}').to;
    assert.match(builtin ?? '', /^library:dbt\/.*: dateadd$/u);
  });

  test('a variable leads to dbt_project.yml', () => {
    assert.deepEqual(lead("select '{{ var('start$0_date') }}'").to, ['dbt_project.yml: start_date']);
    assert.deepEqual(lead("select {{ var('si$0ze') }}").to, ['dbt_project.yml: size']);
  });

  test('broken text keeps what it says', () => {
    assert.deepEqual(lead("select {{ ref('or$0ders' }} from {{ cents( ").to, ['models/orders.sql: ']);
    assert.deepEqual(lead("select {% if x %} {{ ref('or$0ders') }} from {{ ref('").to, [
      'models/orders.sql: ',
    ]);
  });

  test('comments, raw text and plain text lead nowhere', () => {
    for (const line of [
      "{# {{ ref('or$0ders') }} #} select 1",
      "{% raw %}{{ ref('or$0ders') }}{% endraw %}",
      "select 'or$0ders'",
      "{{ re$0f('orders') }}",
      "{% set cents = 1 %}{{ ce$0nts('a') }}",
      'select * from {{ ref(na$0me) }}',
    ])
      assert.deepEqual(lead(line).to, [], line);
  });
});

describe('in YAML', () => {
  const lead = (entry: string): ReturnType<typeof leadsTo> =>
    leadsTo(`
      ==> models/cursor.sql
      select 1 as id
      ==> models/cursor.yml
${entry
  .trim()
  .split('\n')
  .map((line) => `      ${line}`)
  .join('\n')}${ELSEWHERE}`);

  test("a model's entry leads to its file, a test to its macro, a doc to its block", () => {
    assert.deepEqual(lead('models:\n- name: cur$0sor').to, ['models/cursor.sql: ']);
    assert.deepEqual(lead('models:\n- name: cursor\n  data_tests: [posi$0tive]').to, [
      'macros/money.sql: positive',
    ]);
    assert.deepEqual(
      lead('models:\n- name: cursor\n  data_tests:\n  - posi$0tive:\n      column_name: id').from,
      'positive',
    );
    for (const description of [
      `"See 😀 {{ doc('orders$0_doc') }}"`,
      `'It''s {{ doc("orders$0_doc") }}'`,
      `'It''s {{ doc(''orders$0_doc'') }}'`,
      `"\\"{{ doc(\\"orders$0_doc\\") }}"`,
      `|\n    First line.\n      Second {{ doc('orders$0_doc') }}`,
      `>-\n    First line,\n    second {{ doc('orders$0_doc') }}`,
    ]) {
      assert.deepEqual(
        lead(`models:\n- name: cursor\n  description: ${description}`),
        { from: 'orders_doc', to: ['models/docs.md: orders_doc'] },
        description,
      );
    }
  });

  test('refs stand in arguments of tests, exposures, unit tests and templates', () => {
    for (const entry of [
      "models:\n- name: cursor\n  data_tests:\n  - relationships:\n      to: ref('or$0ders')\n      field: id",
      'models:\n- name: cursor\n  data_tests:\n  - relationships:\n      arguments: {to: "ref(\'or$0ders\')", field: id}',
      "exposures:\n- name: board\n  type: dashboard\n  owner: {name: a}\n  depends_on:\n  - ref('or$0ders')",
      "unit_tests:\n- name: t\n  model: cursor\n  given:\n  - input: ref('or$0ders')\n    rows: []\n  expect: {rows: []}",
      'unit_tests:\n- name: t\n  model: or$0ders\n  given: []\n  expect: {rows: []}',
      'models:\n- name: cursor\n  config:\n    post_hook: "analyze {{ ref(\'or$0ders\') }}"',
    ])
      assert.deepEqual(lead(entry), { from: 'orders', to: ['models/orders.sql: '] }, entry);
  });

  test('every version of a model is one of its files', () => {
    const { to } = lead('models:\n- name: ver$0sioned\n  versions: [{v: 1, defined_in: cursor}]');
    assert.deepEqual(to, ['models/cursor.sql: ']);
    assert.deepEqual(lead('models:\n- name: versioned\n  versions: [{v: $01, defined_in: cursor}]').to, [
      'models/cursor.sql: ',
    ]);
  });

  test('data and comments lead nowhere', () => {
    for (const entry of [
      "# ref('or$0ders')\nmodels: []",
      "models:\n- name: cursor\n  description: ref('or$0ders')",
      "unit_tests:\n- name: t\n  model: cursor\n  given:\n  - input: ref('orders')\n    rows: [{id: \"ref('or$0ders')\"}]\n  expect: {rows: []}",
    ])
      assert.deepEqual(lead(entry).to, [], entry);
  });
});

test('a file with CRLF line ends has its places where they are', () => {
  const { snapshot } = moment(`
    ==> models/orders.sql
    select 1 as id`);
  const text = "-- 😀\r\nselect *\r\nfrom {{ ref('orders') }}\r\n";
  const windows = withText(snapshot, 'models/windows.sql', text);
  const [target] = definition(windows, { path: 'models/windows.sql', offset: text.indexOf('rders') });
  assert.equal(text.slice(target?.origin.start, target?.origin.end), 'orders');
});

test('inside a package a bare name is its own', () => {
  const { snapshot } = moment(`
      ==> models/model.sql
      select 1${ELSEWHERE}`);
  const path = 'dbt_packages/tools/macros/tools.sql';
  const text = snapshot.project.input.files.get(path)?.text ?? '';
  const [target] = definition(snapshot, { path, offset: text.indexOf('helper') });
  assert.equal(target?.place.path, path);
  assert.equal(text.slice(target.name.start, target.name.end), 'helper');
  assert.ok(target.name.start > text.indexOf('macro helper'));
});

test('a built-in macro leads on from its own file', () => {
  const { snapshot } = moment(`
      ==> models/model.sql
      select 1`);
  const file = snapshot.project.input.library.find(({ text }) => text.includes('macro dateadd('));
  const path = `library:${file?.path ?? ''}`;
  const offset = file?.text.indexOf("dispatch('dateadd'") ?? -1;
  const targets = definition(snapshot, { path, offset: offset + "dispatch('da".length });
  assert.ok(targets.some(({ place }) => place.path.startsWith('library:dbt')));
});
