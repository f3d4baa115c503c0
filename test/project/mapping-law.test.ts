/** Over whole projects: every literal segment of every compiled text is its source, and what has no origin is what we put in ourselves. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { join } from 'node:path';
import { projectLaw } from '../../scripts/jinja/project-law.ts';
import { TemplateError, originOf } from '../../server/src/jinja/index.ts';
import type { CapturedText } from '../../server/src/jinja/index.ts';
import type { Compiler } from '../../server/src/project/compile.ts';
import { compileNode } from '../../server/src/project/compile.ts';
import type { Project } from '../../server/src/project/project.ts';
import { loadProject } from '../../server/src/project/project.ts';
import { projectFileContext } from '../../server/src/project/context/file-contexts.ts';
import { readProjectFiles } from '../../server/src/workspace/disk.ts';
import { fixtureSettings, macroLibrary, projectFromFixture } from '../support/project.ts';

const shop = `==> models/stg_orders.sql
{{ config(materialized='ephemeral') }}
select id, {{ cents('amount') }} as amount from {{ source('raw', 'orders') }}
==> models/stg_payments.sql
{{ config(materialized='ephemeral') }}
select * from {{ ref('stg_orders') }}
==> models/orders.sql
{%- set kinds = ['new', 'old'] -%}
with base as (
  select * from {{ ref('stg_payments') }}
)
select
  {%- for kind in kinds %}
  sum(amount) filter (where kind = '{{ kind }}') as {{ kind }}_amount{{ ',' if not loop.last }}
  {%- endfor %}
from base
{% call where('amount') %}> 0{% endcall %}
==> models/plain.sql
select 1 as id, 'no Jinja at all' as note
==> models/broken.sql
select 1,
  {{ outer(0) }}
==> models/misspelt.sql
select
  {{ nested('amuont') }}
from {{ ref('plain') }}
==> models/schema.yml
sources:
  - name: raw
    tables: [{name: orders}]
models:
  - name: orders
    columns:
      - name: new_amount
        data_tests:
          - not_null:
              config: {where: "new_amount > 0"}
          - accepted_values: {arguments: {values: [1, 2]}}
==> macros/money.sql
{% macro cents(column) %}{{ return(adapter.dispatch('cents')(column)) }}{% endmacro %}
{% macro default__cents(column) -%}
  round({{ column }} / 100, 2)
{%- endmacro %}
{% macro where(column) %}where {{ column }} {{ caller() }}{% endmacro %}
{% macro outer(x) %}
  {{ inner(x) }}
{% endmacro %}
{% macro inner(x) %}{{ 1 // x }}{% endmacro %}
{% macro nested(column) %}{{ twice(column) }}{% endmacro %}
{% macro twice(column) %}2 *
  {{ column }}_cents{% endmacro %}
`;

function compiled(project: Project, name: string): CapturedText {
  const node = [...project.manifest.nodes.values()].find((one) => one.name === name);
  assert.ok(node);
  const compiler: Compiler = {
    project,
    access: null,
    onMessage: () => undefined,
    selected: [],
    ephemeral: new Map(),
  };
  const { code } = compileNode(compiler, node) as { code: CapturedText };
  return code;
}

describe('the map holds', () => {
  const generated = /^(?:with| |, ?| __dbt__cte__\w+ as \(\n|\n\)|\n\) |, +__dbt__cte__\w+ as \(\n)+$/;

  test('over a project of ephemeral models, macros, dispatch, call blocks and tests', () => {
    const law = projectLaw(projectFromFixture(shop).project);
    assert.deepEqual(law.faults, []);
    assert.ok(law.literals > 20 && law.rendered >= 7, `${law.literals} segments of ${law.rendered} texts`);
    assert.equal(law.equal, law.literals);
    for (const text of law.generated) assert.match(text, generated);
    assert.ok(law.generated.length > 0, 'ephemeral models are put in');
  });

  test('over the sample project', () => {
    const folder = join(import.meta.dirname, '..', '..');
    const settings = fixtureSettings();
    const files = readProjectFiles(folder, projectFileContext(settings));
    const { project } = loadProject({ files, library: macroLibrary(), settings });
    assert.ok(project);
    const law = projectLaw(project);
    assert.deepEqual(law.faults, []);
    assert.ok(law.rendered > 20 && law.literals > 100, `${law.literals} segments of ${law.rendered} texts`);
    assert.equal(law.equal, law.literals);
    for (const text of law.generated) assert.match(text, generated);
  });
});

test('what an ephemeral model wrote leads to its own file from within the model that reads it', () => {
  const { project } = projectFromFixture(shop);
  const code = compiled(project, 'orders');
  const offset = code.text.indexOf('/ 100, 2');
  const origin = originOf({ segments: code.segments }, offset);
  assert.equal(origin?.source.path, 'macros/money.sql');
  assert.deepEqual(
    origin.sites.map(({ source, start, end }) => `${source.path}: ${source.text.slice(start, end)}`),
    ["models/stg_orders.sql: {{ cents('amount') }}"],
  );
});

test('what we put in around it belongs to nobody', () => {
  const code = compiled(projectFromFixture(shop).project, 'orders');
  const offset = code.text.indexOf('__dbt__cte__stg_orders as');
  assert.equal(originOf({ segments: code.segments }, offset), undefined);
});

test('an error in a nested macro has the model’s line and each macro’s, as places that open', () => {
  const { project } = projectFromFixture(shop);
  assert.throws(
    () => compiled(project, 'broken'),
    (error) => {
      assert.ok(error instanceof TemplateError);
      const places = error.frames.map(({ path, text, start, end }) => {
        return `${path}:${text.slice(0, start).split('\n').length} ${text.slice(start, end)}`;
      });
      assert.deepEqual(places, [
        'macros/money.sql:9 1 // x',
        'macros/money.sql:7 inner(x)',
        'models/broken.sql:2 outer(0)',
      ]);
      return true;
    },
  );
});

test('where Postgres finds a wrong name in a nested macro’s text, the way leads to the model’s line', () => {
  const code = compiled(projectFromFixture(shop).project, 'misspelt');
  const origin = originOf({ segments: code.segments }, code.text.indexOf('amuont_cents'));
  assert.ok(origin);
  const way = [origin, ...origin.sites].map(({ source, start, end }) => {
    return `${source.path}:${source.text.slice(0, start).split('\n').length} ${source.text.slice(start, end)}`;
  });
  assert.deepEqual(way, [
    'macros/money.sql:12 {{ column }}',
    'macros/money.sql:10 {{ twice(column) }}',
    "models/misspelt.sql:2 {{ nested('amuont') }}",
  ]);
});
