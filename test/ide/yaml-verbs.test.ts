/** In a property file and in dbt_project.yml the keys, tests and words that may stand somewhere are offered there, and explained. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeYaml } from '../../server/src/ide/yaml/complete-yaml.ts';
import { hoverYaml } from '../../server/src/ide/yaml/hover-yaml.ts';
import { moment } from './snapshots.ts';

const AROUND = `
  ==> models/orders.sql
  select 1 as order_id
  ==> models/payments.sql
  select 1 as payment_id
  ==> macros/tests.sql
  {% test is_even(model, column_name, over, strictly=false) %}select 1{% endtest %}
  {% materialization our_table, default %}{{ return({'relations': []}) }}{% endmaterialization %}
  ==> dbt_packages/more/dbt_project.yml
  name: more
  ==> dbt_packages/more/macros/t.sql
  {% test same_rows(model, other) %}select 1{% endtest %}`;

function offered(path: string, text: string): readonly { readonly label: string; readonly insert: string }[] {
  const { snapshot, cursor } = moment(`${AROUND}\n  ==> ${path}\n${indented(text)}`);
  return completeYaml(snapshot, cursor()) ?? [];
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
}

function labels(text: string, path = 'models/schema.yml'): readonly string[] {
  return offered(path, text).map(({ label }) => label);
}

test('the keys of an entry are offered, on an empty line and half typed, but those that it has', () => {
  const text = 'models:\n  - name: orders\n    description: x\n    $0\n';
  assert.ok(labels(text).includes('columns'));
  assert.ok(!labels(text).includes('description'));
  assert.ok(!labels(text).includes('materialized'));
  const half = offered(
    'models/schema.yml',
    'models:\n  - name: orders\n    col$0\n    config: {enabled: true}\n',
  );
  assert.equal(half.find(({ label }) => label === 'columns')?.insert, 'columns:');
  const typed = offered('models/schema.yml', 'models:\n  - name: orders\n    col$0: []\n');
  assert.equal(typed.find(({ label }) => label === 'columns')?.insert, 'columns');
});

test('so are those of the file, of columns, of configuration and of what is nested', () => {
  assert.ok(labels('$0\n').includes('sources'));
  assert.ok(labels('mod$0').includes('models'));
  assert.ok(labels('models:\n  - $0\n').includes('name'));
  assert.ok(labels('models:\n  - name: orders\n    columns:\n      - $0\n').includes('data_type'));
  assert.ok(labels('models:\n  - name: orders\n    config:\n      mat$0\n').includes('materialized'));
  assert.ok(labels('models:\n  - name: orders\n    config: {$0}\n').includes('unique_key'));
  assert.deepEqual(labels('models:\n  - name: orders\n    docs:\n      $0\n'), ['show', 'node_color']);
  assert.deepEqual(labels('sources:\n  - name: a\n    freshness:\n      warn_after: {count: 1, $0}\n'), [
    'period',
  ]);
});

test('a word is offered where only some mean anything', () => {
  assert.deepEqual(labels('models:\n  - name: orders\n    access: $0\n'), ['private', 'protected', 'public']);
  assert.deepEqual(labels('models:\n  - name: orders\n    config:\n      on_schema_change: f$0\n'), [
    'ignore',
    'fail',
    'append_new_columns',
    'sync_all_columns',
  ]);
  assert.ok(labels('models:\n  - name: orders\n    config: {materialized: $0}\n').includes('our_table'));
  assert.deepEqual(labels('models:\n  - name: orders\n    config:\n      full_refresh: $0\n'), [
    'true',
    'false',
  ]);
  assert.deepEqual(labels('exposures:\n  - name: e\n    maturity: $0\n'), ['high', 'medium', 'low']);
  assert.deepEqual(
    labels('groups:\n  - name: finance\n    owner: {name: x}\nmodels:\n  - name: orders\n    group: $0\n'),
    ['finance'],
  );
});

test("tests are offered, the project's and the packages', with the arguments that they need", () => {
  const items = offered(
    'models/schema.yml',
    'models:\n  - name: orders\n    columns:\n      - name: order_id\n        data_tests:\n          - $0\n',
  );
  for (const name of ['unique', 'not_null', 'relationships', 'is_even', 'more.same_rows'])
    assert.ok(
      items.some(({ label }) => label === name),
      name,
    );
  assert.ok(!items.some(({ label }) => label.startsWith('dbt.')));
  assert.equal(
    items.find(({ label }) => label === 'is_even')?.insert,
    'is_even:\n                arguments:\n                  over: $1',
  );
  assert.equal(items.find(({ label }) => label === 'unique')?.insert, 'unique');
  assert.deepEqual(labels('models:\n  - name: orders\n    data_tests: [$0]\n').includes('unique'), true);
  const below =
    'models:\n  - name: orders\n    data_tests:\n      - is_even:\n          arguments:\n            $0\n';
  assert.deepEqual(labels(below), ['over', 'strictly']);
  const beside =
    'models:\n  - name: orders\n    data_tests:\n      - is_even:\n          over: 1\n          $0\n';
  assert.deepEqual(labels(beside), ['strictly', 'arguments', 'config', 'name', 'description']);
  const config =
    'models:\n  - name: orders\n    data_tests:\n      - is_even:\n          config: {severity: $0}\n';
  assert.deepEqual(labels(config), ['error', 'warn']);
});

test('a name is offered that has no entry yet', () => {
  assert.deepEqual(labels('models:\n  - name: orders\n  - name: $0\n'), ['payments']);
  assert.deepEqual(labels('unit_tests:\n  - name: t\n    model: $0\n').toSorted(), ['orders', 'payments']);
});

test('dbt_project.yml has its settings, and below a folder configuration behind a plus', () => {
  const settings = labels('name: fixture\n$0\n', 'dbt_project.yml');
  assert.ok(settings.includes('model-paths'));
  assert.ok(!settings.includes('name'));
  const items = offered('dbt_project.yml', 'name: fixture\nmodels:\n  fixture:\n    +mat$0\n');
  assert.equal(items.find(({ label }) => label === '+materialized')?.insert, '+materialized: ');
  assert.ok(
    labels('name: fixture\nmodels:\n  fixture:\n    +materialized: $0\n', 'dbt_project.yml').includes(
      'incremental',
    ),
  );
});

test('nothing is offered in comments, in texts, in what is the user’s own, and in what makes no sense', () => {
  for (const text of [
    'models:\n  - name: orders # $0\n',
    'models:\n  - name: orders\n    description: "a $0"\n',
    'models:\n  - name: orders\n    description: |\n      $0\n',
    'models:\n  - name: orders\n    description: some $0\n',
    'models:\n  - name: orders\n    meta:\n      $0\n',
    'models: ]\n  $0',
    '- [ {a: $0',
  ])
    assert.deepEqual(labels(text), [], text);
});

function hovered(text: string, path = 'models/schema.yml'): string | undefined {
  const { snapshot, cursor } = moment(`${AROUND}\n  ==> ${path}\n${indented(text)}`);
  const hover = hoverYaml(snapshot, cursor());
  const file = snapshot.project.input.files.get(path);
  return hover && `${file?.text.slice(hover.range.start, hover.range.end) ?? ''}: ${hover.markdown}`;
}

test('a key says what it means and what it may be', () => {
  assert.match(
    hovered('models:\n  - name: orders\n    acc$0ess: private\n') ?? '',
    /^access: .*ref the model[^]*`protected`/u,
  );
  assert.match(
    hovered('models:\n  - name: orders\n    config: {on_schema_$0change: fail}\n') ?? '',
    /`sync_all_columns`/u,
  );
  assert.match(
    hovered('name: fixture\nmodel-p$0aths: [models]\n', 'dbt_project.yml') ?? '',
    /folders of models/u,
  );
  assert.match(
    hovered('name: fixture\nmodels:\n  +full_re$0fresh: true\n', 'dbt_project.yml') ?? '',
    /true or false/u,
  );
  assert.equal(
    hovered('name: fixture\nmodels:\n  sche$0ma: {+enabled: true}\n', 'dbt_project.yml'),
    undefined,
  );
  assert.equal(hovered('models:\n  - name: orders\n    meta: {acc$0ess: 1}\n'), undefined);
});

test('a test says what it asks and takes', () => {
  assert.match(
    hovered('models:\n  - name: orders\n    data_tests: [uni$0que]\n') ?? '',
    /No value of the column comes twice/u,
  );
  assert.match(
    hovered('models:\n  - name: orders\n    data_tests:\n      - is_$0even: {over: 1}\n') ?? '',
    /^is_even: .*of fixture[^]*`over`, `strictly` \(optional\)/u,
  );
  assert.match(
    hovered('models:\n  - name: orders\n    data_tests:\n      - is_even: {ov$0er: 1}\n') ?? '',
    /^over: .*an argument of the test `is_even`/u,
  );
});
