/** The checks find what is wrong in the place it was written, and nothing where nothing is. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkProject, runChecks } from '../../server/src/checks/check-project.ts';
import { loadProject, projectFileContext } from '../../server/src/project/project.ts';
import { loadSqlParser } from '../../server/src/sql/parser.ts';
import { readProjectFiles } from '../../server/src/workspace/disk.ts';
import { assertAnnotations } from '../support/fixture-project.ts';
import { fixtureSettings, macroLibrary, projectFromFixture } from '../support/project.ts';
import { placed } from './diagnose.ts';

const parser = await loadSqlParser();

/** All that is found in a fixture, which must be what its carets say. */
function check(source: string): readonly string[] {
  const { fixture, project } = projectFromFixture(source);
  const found = runChecks(project, parser);
  assertAnnotations(fixture, placed(found));
  return found.map(({ message }) => message);
}

describe('a fault in SQL', () => {
  test('behind macros, loops and wide characters is marked where it stands in the template', () => {
    check(`
      ==> macros/money.sql
      {% macro cents(column) %}({{ column }} * 100)::bigint{% endmacro %}
      ==> models/orders.sql
      {% set kinds = ['é', '😀'] %}
      select
        {% for kind in kinds %}
          max({{ cents('amount') }}) filter (where kind = '{{ kind }}') as {{ loop.index }}_cents,
      --                                                                   ^^^^^^^^^^^^^^^^ sql-syntax
        {% endfor %}
        '😀' as smile
      from raw.payments
    `);
    check(`
      ==> models/orders.sql
      -- {{ 'é😀' }} 😀
      select '{{ '😀' }}' as smile from raw.payments where where true
      --                                                   ^^^^^ sql-syntax
    `);
  });

  test('that a macro wrote is marked at the call, with the macro beside it', () => {
    const { fixture, project } = projectFromFixture(`
      ==> macros/money.sql
      {% macro cents(column) %}({{ column }} * * 100){% endmacro %}
      ==> models/orders.sql
      select {{ cents('amount') }} as cents from raw.payments
      --     ^^^^^^^^^^^^^^^^^^^^^ sql-syntax
    `);
    const found = runChecks(project, parser);
    assertAnnotations(fixture, placed(found));
    const [related] = found[0]?.related ?? [];
    assert.equal(related?.place.path, 'macros/money.sql');
    assert.equal(
      project.input.files.get('macros/money.sql')?.text.slice(related.place.range.start).startsWith('* 100'),
      true,
    );
  });

  test('is found in the branch of an incremental run too, and once where both runs have it', () => {
    check(`
      ==> models/orders.sql
      {{ config(materialized='incremental') }}
      select 1 as id, from raw.payments
      --              ^^^^ sql-syntax
      {% if is_incremental() %} where id > (select max(id) from {{ this }}) {% endif %}
    `);
    check(`
      ==> models/orders.sql
      {{ config(materialized='incremental') }}
      select 1 as id from raw.payments
      {% if is_incremental() %} wehre id > (select max(id) from {{ this }}) {% endif %}
      --                              ^^ sql-syntax
    `);
  });

  test('is that of the model that wrote it, not of those that read it', () => {
    check(`
      ==> models/orders.sql
      select * from {{ ref('payments') }}
      ==> models/payments.sql
      {{ config(materialized='ephemeral') }}
      select 1 as id,, 2 as amount
      --             ^ sql-syntax
    `);
  });

  test('of a generic test is marked at its entry', () => {
    check(`
      ==> tests/generic/positive.sql
      {% test positive(model, column_name) %}
      select * from {{ model }} where {{ column_name }} < < 0
      {% endtest %}
      ==> models/orders.sql
      select 1 as id
      ==> models/orders.yml
      models:
        - name: orders
          columns:
            - name: id
              data_tests: [unique, positive]
      #                            ^^^^^^^^ sql-syntax
    `);
  });

  test('is looked for in analyses, snapshots and singular tests', () => {
    check(`
      ==> analyses/look.sql
      select 1; select from where
      --                    ^^^^^ sql-syntax
      ==> tests/none.sql
      select (1
      --       ^ sql-syntax
      ==> snapshots/history.sql
      {% snapshot history %}
      {{ config(strategy='check', check_cols='all', unique_key='id', target_schema='history') }}
      select 1 as as id
      --             ^^ sql-syntax
      {% endsnapshot %}
    `);
  });
});

describe('what only a warehouse knows', () => {
  test('is not guessed: the template is left alone', () => {
    check(`
      ==> models/orders.sql
      {% if execute %}
        {% set names = run_query('select 1').columns[0].values() %}
        select {{ names[5].missing }} from from
      {% endif %}
      ==> models/columns.sql
      select {% for column in adapter.get_columns_in_relation(ref('orders')) %} {{ column.name }} {% endfor %} from from
      ==> models/relation.sql
      {% if execute and adapter.get_relation(this.database, this.schema, 'elsewhere') is none %}
        {{ exceptions.raise_compiler_error('build elsewhere first') }}
      {% endif %}
      select 1 as id
      ==> models/first.sql
      {% if execute and load_relation(this) is none %}{{ exceptions.raise_compiler_error('create me by hand') }}{% endif %}
      select 1 as id
    `);
  });
});

describe('one query', () => {
  test('is asked of nothing that is not wrapped in a statement', () => {
    check(`
      ==> analyses/look.sql
      select 1; select 2;
      ==> macros/run.sql
      {% materialization script, default %}
        {% call statement('main') %}{{ sql }}{% endcall %}
        {{ return({'relations': []}) }}
      {% endmaterialization %}
      ==> models/script.sql
      {{ config(materialized='script') }}
      delete from raw.payments; vacuum;
      ==> models/values.sql
      values (1), (2) -- ;
      ==> models/brackets.sql
      (select 1 as id union all select 2) /* ; */
    `);
  });

  test('is not two, none, or one that gives no rows', () => {
    check(`
      ==> models/two.sql
      select 1; select 2
      --        ^^^^^^^^ one-query
      ==> models/none.sql
      {% if false %} select 1 {% endif %}
      ^ one-query
      ==> tests/many.sql
      select 1;
      --      ^ one-query
    `);
  });
});

describe('a template that a run would stop at', () => {
  test('is marked in the resource’s own file, with the macro that raised beside it', () => {
    const { fixture, project } = projectFromFixture(`
      ==> macros/strict.sql
      {% macro strict(kind) %}
        {% if execute and kind != 'good' %}{{ exceptions.raise_compiler_error('bad kind') }}{% endif %}
        1
      {% endmacro %}
      ==> models/orders.sql
      select {{ strict('bad') }} as id
      --        ^^^^^^^^^^^^^ template-error
    `);
    const found = runChecks(project, parser);
    assertAnnotations(fixture, placed(found));
    assert.match(found[0]?.message ?? '', /model orders: bad kind/u);
    assert.equal(found[0]?.related?.[0]?.place.path, 'macros/strict.sql');
  });

  test('is not rendered again when reading the project has refused it', () => {
    check(`
      ==> models/orders.sql
      select * from {{ ref('nothing') }} where where
      --                   ^^^^^^^^^ unknown-ref
      ==> models/more.sql
      select {{ 1 / 0 }} from from
      --        ^^^^^ template
    `);
  });
});

describe('an unknown macro', () => {
  test('is none that the template, the context, Jinja or a package provides', () => {
    check(
      `
      ==> packages.yml
      packages: [{local: ../money}]
      ==> dbt_packages/money/dbt_project.yml
      name: money
      ==> dbt_packages/money/macros/cents.sql
      {% macro cents(x) %}{{ x }}{% endmacro %}
      ==> macros/own.sql
      {% macro twice(body, helper) %}{{ helper(body) }}{{ caller() }}{{ varargs.count(1) }}{% endmacro %}
      {% macro other() %}{% if legacy_utils is defined %}{{ legacy_utils.star() }}{% endif %}{% endmacro %}
      {% macro default__cents(x) %}{{ adapter.dispatch('cents', 'money')(x) }}{{ dbt.type_string() }}{% endmacro %}
      ==> models/orders.sql
      {% set list = [] %}{% do list.append(1) %}{% set ns = namespace(x=1) %}
      {% for key, value in {'a': 1}.items() %}{% do value.bit_length %}{% do key.upper() %}{% endfor %}
      {% set now = modules.datetime.datetime.now() %}{{ log(now.isoformat()) }}
      {% if false %}{{ money.cents('1') }} {{ builtins.ref('orders') }} {{ range(1) }}{% endif %}
      select 1 as id
    `,
    );
  });

  test('of a package says what the package has', () => {
    const [message] = check(`
      ==> packages.yml
      packages: [{local: ../money}]
      ==> dbt_packages/money/dbt_project.yml
      name: money
      ==> dbt_packages/money/macros/cents.sql
      {% macro cents(x) %}{{ x }}{% endmacro %}
      ==> models/orders.sql
      select 1 as id {% if false %}{{ money.cent(1) }}{% endif %}
      --                                    ^^^^ unknown-macro
    `);
    assert.match(message ?? '', /the package 'money' has no macro 'cent'. Did you mean 'cents'\?/u);
  });
});

describe('an unknown configuration', () => {
  test('is not one that a macro or the model reads, or that resembles nothing', () => {
    check(`
      ==> macros/own.sql
      {% macro tag_it() %}{{ config.get('tagz') }}{% endmacro %}
      ==> models/orders.sql
      {{ config(tagz='a', schemas='b', my_own_thing='c', pre_hook='select 1') }}
      -- {{ config.get('schemas') }}
      select 1 as id
    `);
  });

  test('is found in property files, in tests and with its hyphens', () => {
    check(`
      ==> models/orders.sql
      select 1 as id
      ==> models/orders.yml
      models:
        - name: orders
          config:
            post-hook: select 1
            post_hok: select 1
      #     ^^^^^^^^ unknown-config
          columns:
            - name: id
              data_tests:
                - unique:
                    config: {severty: warn}
      #                      ^^^^^^^ unknown-config
    `);
  });
});

describe('a grain', () => {
  test('is compared without case, also from the file’s own config', () => {
    check(`
      ==> models/orders.sql
      {{ config(meta={'grain': ['ID', 'line']}) }}
      --             ^^^^^^^^^^^^^^^^^^^^^^^^^ grain-columns
      select 1 as id
      ==> models/orders.yml
      models:
        - name: orders
          columns: [{name: id}]
      ==> models/free.sql
      {{ config(meta={'grain': ['anything']}) }}
      select 1 as anything
    `);
  });

  test('is a list', () => {
    const [message] = check(`
      ==> models/orders.sql
      select 1 as id
      ==> models/orders.yml
      models:
        - name: orders
          config: {meta: {grain: id}}
      #                          ^^ grain-columns
    `);
    assert.match(message ?? '', /Write 'grain: \[id\]'/u);
  });
});

describe('a long name', () => {
  test('is the file’s own, not one that a ref prints', () => {
    const long = 'x'.repeat(64);
    check(`
      ==> models/a.sql
      {{ config(alias='${long}') }}
      --              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ identifier-too-long
      select 1 as id
      ==> models/b.sql
      select id as "${'é'.repeat(32)}" from {{ ref('a') }} -- ${long}
      --           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ identifier-too-long
    `);
  });
});

describe('a selection', () => {
  test('keeps what stands in the files and entries of its resources, and what belongs to none', async () => {
    const { project } = projectFromFixture(`
      ==> models/a.sql
      select from from
      ==> models/b.sql
      select where where
      ==> macros/own.sql
      {% macro own() %}{{ nothing_like_this() }}{% endmacro %}
      ==> models/all.yml
      models:
        - {name: a, descripton: x}
        - {name: b, descripton: x}
    `);
    const all = await checkProject(project);
    const some = await checkProject(project, new Set(['model.fixture.a']));
    const shown = (found: typeof all): string[] =>
      found.map(({ code, place }) => `${place?.path ?? ''} ${code}`);
    assert.deepEqual(shown(all), [
      'macros/own.sql unknown-macro',
      'models/a.sql sql-syntax',
      'models/all.yml yaml-property',
      'models/all.yml yaml-property',
      'models/b.sql sql-syntax',
    ]);
    assert.deepEqual(shown(some), [
      'macros/own.sql unknown-macro',
      'models/a.sql sql-syntax',
      'models/all.yml yaml-property',
    ]);
  });
});

test('nothing is wrong with the project in this repository', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const settings = fixtureSettings();
  const files = readProjectFiles(root, projectFileContext(settings));
  const { project } = loadProject({ files, library: macroLibrary(), settings });
  assert.ok(project && project.manifest.nodes.size > 50);
  assert.deepEqual(runChecks(project, parser), []);
});
