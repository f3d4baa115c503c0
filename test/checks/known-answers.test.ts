/** A template rendered with what is known of the warehouse: known answers make SQL, anything else is unknown and says why. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { questionsOf, Renderings, type Rendering } from '../../server/src/checks/renderings.ts';
import { statementsIn, type Answer } from '../../server/src/project/answers.ts';
import { emptyCatalog, type Catalog, type CatalogRelation } from '../../server/src/project/catalog.ts';
import { projectFromFixture } from '../support/project.ts';

const INTEGER = { typeOid: 23, typmod: -1, type: 'integer', notNull: false, comment: null };

function table(
  name: string,
  columns: readonly string[],
  kind: CatalogRelation['kind'] = 'table',
): CatalogRelation {
  const own = columns.map((column) => ({ name: column, ...INTEGER }));
  return { schema: 'analytics', name, kind, columns: own, keys: [], comment: null };
}

function holding(...relations: readonly CatalogRelation[]): Catalog {
  return {
    ...emptyCatalog,
    readAt: 1,
    schemas: new Set(['analytics']),
    relations: new Map(relations.map((relation) => [`analytics.${relation.name}`, relation])),
  };
}

function rows(...values: readonly string[]): Answer {
  return {
    kind: 'rows',
    answeredAt: 1,
    result: {
      command: `SELECT ${String(values.length)}`,
      columns: [{ name: 'value', typeOid: 25 }],
      rows: values.map((value) => [value]),
    },
  };
}

function rendered(
  source: string,
  catalog: Catalog = emptyCatalog,
  id = 'model.fixture.asks',
): readonly Rendering[] {
  const { project } = projectFromFixture(source);
  const node = project.manifest.nodes.get(id);
  assert.ok(node);
  return new Renderings(project, catalog).of(node);
}

function printed(rendering: Rendering | undefined): string {
  switch (rendering?.kind) {
    case 'sql':
      return rendering.sql.text.replace(/\s+/gu, ' ').trim();
    case 'failed':
      return `failed: ${rendering.error.message}`;
    case 'unknown':
      return `unknown: ${rendering.reason}`;
    case undefined:
      return 'nothing';
  }
}

/** Each statement answered with the same, until the template asks no other. */
function answering(source: string, answer: Answer): Rendering | undefined {
  let catalog = emptyCatalog;
  for (let turn = 0; turn < 5; turn++) {
    const [rendering] = rendered(source, catalog);
    if (!rendering) return undefined;
    const asked = statementsIn(questionsOf(rendering));
    if (asked.every((sql) => catalog.answers.has(sql))) return rendering;
    catalog = { ...catalog, answers: new Map(asked.map((sql) => [sql, answer])) };
  }
  return undefined;
}

const VALUES = `
==> models/asks.sql
{% set found = run_query('select value from somewhere') %}
{% if execute %}select {{ found.columns[0].values() | join(', ') }}{% endif %}
`;

test('what was answered is rendered; what was not is unknown, and its question is told', () => {
  const [first] = rendered(VALUES);
  assert.equal(printed(first), 'unknown: its template asks the warehouse, which has not answered yet');
  assert.ok(first);
  assert.deepEqual(
    statementsIn(questionsOf(first)).map((sql) => sql.trim()),
    ['select value from somewhere'],
  );
  assert.equal(printed(answering(VALUES, rows('a', 'b'))), 'select a, b');
});

test('a question that the server refused is no fault of the template', () => {
  const none: Answer = { kind: 'none', reason: 'relation "somewhere" does not exist', answeredAt: 1 };
  assert.equal(
    printed(answering(VALUES, none)),
    'unknown: its template asks the warehouse, which does not answer: relation "somewhere" does not exist',
  );
});

test('a template that fails on an answer may not fail on the next one', () => {
  const source = `
    ==> models/asks.sql
    {% if execute and run_query('select value from somewhere').rows | length < 2 %}
      {{ exceptions.raise_compiler_error('too few') }}
    {% endif %}
    select 1
  `;
  assert.match(printed(answering(source, rows('a'))), /^unknown: .*too few/su);
  assert.equal(printed(answering(source, rows('a', 'b'))), 'select 1');
});

test('independent questions are asked together', () => {
  const [first] = rendered(`
    ==> models/asks.sql
    {% set a = run_query('select 1') %}{% set b = run_query('select 2') %}
    select 1
  `);
  assert.ok(first);
  assert.equal(statementsIn(questionsOf(first)).length, 2);
});

const COLUMNS = `
==> models/parent.sql
select 1 as one
==> models/asks.sql
select {{ adapter.get_columns_in_relation(ref('parent')) | map(attribute='name') | join(', ') }}
`;

test('columns are those that a run would find: of the present text where that is known', () => {
  assert.match(printed(rendered(COLUMNS, holding())[0]), /^unknown: .*'parent'.*before it is built/u);
  const standing = holding(table('parent', ['old']));
  assert.equal(printed(rendered(COLUMNS, standing)[0]), 'select old');
  const described = new Map([['model.fixture.parent', table('parent', ['one', 'two']).columns]]);
  assert.equal(printed(rendered(COLUMNS, { ...standing, described })[0]), 'select one, two');
  assert.equal(printed(rendered(COLUMNS, { ...holding(), described })[0]), 'select one, two');
});

test('a table that keeps its columns has those of two texts, and nobody says which', () => {
  const source = COLUMNS.replace('select 1', "{{ config(materialized='incremental') }}select 1");
  const described = new Map([['model.fixture.parent', table('parent', ['one']).columns]]);
  const catalog = { ...holding(table('parent', ['one', 'old'])), described };
  assert.match(printed(rendered(source, catalog)[0]), /^unknown/u);
});

test('a macro of the project that asks for columns its own way is the one that answers', () => {
  const source = `${COLUMNS}
==> macros/own.sql
{% macro postgres__get_columns_in_relation(relation) %}{{ return([api.Column('mine', 'text')]) }}{% endmacro %}
`;
  assert.equal(printed(rendered(source, holding(table('parent', ['old'])))[0]), 'select mine');
});

test('a relation is there or not as the catalog says; one that a run will have built is not missing', () => {
  const asking = (name: string): string => `
    ==> models/parent.sql
    select 1 as one
    ==> models/asks.sql
    {% set found = adapter.get_relation(target.database, target.schema, '${name}') %}
    select '{{ found.type if found else 'none' }}'
  `;
  const catalog = holding(
    table('seen', [], 'view'),
    table('kept', [], 'materialized view'),
    table('far', [], 'foreign table'),
  );
  const type = (name: string): string => printed(rendered(asking(name), catalog)[0]);
  assert.equal(type('seen'), "select 'view'");
  assert.equal(type('kept'), "select 'materialized_view'");
  assert.equal(type('far'), "select 'none'");
  assert.equal(type('nowhere'), "select 'none'");
  assert.match(type('parent'), /^unknown: .*'parent', which is not built yet/u);
  // A catalog that was never read knows of nothing.
  assert.match(printed(rendered(asking('nowhere'))[0]), /^unknown/u);
});

test('without a word to anybody: what a template prints and logs is dropped', (t) => {
  const written = t.mock.method(process.stdout, 'write', () => true);
  const found = printed(
    rendered(`
      ==> models/asks.sql
      {{ log('seen', info=true) }}{{ print('seen') }}select 1
    `)[0],
  );
  const calls = written.mock.callCount();
  written.mock.restore();
  assert.equal(found, 'select 1');
  assert.equal(calls, 0);
});

test('a template that asks without end is given up', () => {
  const [found] = rendered(`
    ==> models/asks.sql
    {% for n in range(500) %}{% set answer = run_query('select ' ~ n) %}{% endfor %}select 1
  `);
  assert.ok(found);
  assert.equal(statementsIn(questionsOf(found)).length, 100);
  assert.equal(found.kind, 'unknown');
});

test('what a template would write is nothing that anybody can know', () => {
  assert.match(
    printed(
      rendered(`
        ==> models/asks.sql
        {% do adapter.create_schema(api.Relation.create(schema='new')) %}select 1
      `)[0],
    ),
    /^unknown/u,
  );
});
