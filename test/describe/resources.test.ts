/** What each kind of resource is described to give: incremental models, snapshots, seeds, analyses, packages, hooks. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withSession } from '../support/postgres.ts';
import { catalogOf, outcomes, printed, projectOn } from './describing.ts';

async function described(setup: string, source: string): Promise<Record<string, string>> {
  return withSession(async (session, { settings }) => {
    if (setup !== '') await session.query(setup);
    const { project } = projectOn(settings, source);
    const found = await outcomes(session, project, await catalogOf(session, project));
    return Object.fromEntries([...found].map(([id, outcome]) => [id, printed(outcome)]));
  });
}

const INCREMENTAL = `
  ==> models/events.sql
  {{ config(materialized='incremental') }}
  select 1 as id, now() as at, 'x' as added
  {% if is_incremental() %}
  where now() > (select max(at) from {{ this }}) and 'x' <> (select min(added) from {{ this }})
    and (select count(dropped) from {{ this }}) > 0
  {% endif %}
  ==> models/below.sql
  select id, dropped from {{ ref('events') }}
`;

test('an incremental model may read from itself what it gives and what its table has', async () => {
  const found = await described(
    'create schema analytics; create table analytics.events (id int, at timestamptz, dropped text)',
    INCREMENTAL,
  );
  assert.deepEqual(found, {
    'model.fixture.events': 'id integer, at timestamp with time zone, added text',
    'model.fixture.below': 'id integer, dropped text',
  });
  const unbuilt = await described('', INCREMENTAL);
  assert.equal(
    unbuilt['model.fixture.events'],
    'unknown-column: column "dropped" does not exist (42703)',
    'no first run gives the column',
  );
});

const SNAPSHOT = `
  ==> snapshots/customers.sql
  {% snapshot customers %}
  {{ config(unique_key='id', strategy='timestamp', updated_at='changed_at', hard_deletes='new_record',
            snapshot_meta_column_names={'dbt_valid_to': 'until'}) }}
  select 1 as id, timestamptz '2025-01-01' as changed_at
  {% endsnapshot %}
  ==> snapshots/checked.sql
  {% snapshot checked %}
  {{ config(unique_key='id', strategy='check', check_cols='all') }}
  select 1 as id, 2 as gained
  {% endsnapshot %}
  ==> models/current.sql
  select id, changed_at from {{ ref('customers') }} where until is null
`;

test('a snapshot has the columns of its query and its own', async () => {
  const found = await described('', SNAPSHOT);
  assert.deepEqual(found, {
    'snapshot.fixture.customers':
      'id integer, changed_at timestamp with time zone, dbt_scd_id text, dbt_updated_at timestamp with time zone, ' +
      'dbt_valid_from timestamp with time zone, until timestamp with time zone, dbt_is_deleted text',
    'snapshot.fixture.checked':
      'id integer, gained integer, dbt_scd_id text, dbt_updated_at timestamp without time zone, ' +
      'dbt_valid_from timestamp without time zone, dbt_valid_to timestamp without time zone',
    'model.fixture.current': 'id integer, changed_at timestamp with time zone',
  });
});

test('the table of a snapshot keeps what its query has lost', async () => {
  const found = await described(
    'create schema analytics; create table analytics.checked (id int, lost text, dbt_scd_id text)',
    SNAPSHOT,
  );
  assert.equal(found['snapshot.fixture.checked'], 'id integer, lost text, dbt_scd_id text, gained integer');
});

test('a seed has the columns and types that loading it will give', async () => {
  const found = await described(
    '',
    `
    ==> seeds/rates.csv
    code,Rate,since,whole,note
    a,1.5,2025-01-01,1,x
    b,2,2025-02-01,2,
    ==> seeds/properties.yml
    seeds:
      - name: rates
        config: { column_types: { code: varchar(3) } }
    ==> models/used.sql
    select code, "Rate" * 2 as twice, since + 1 as next, whole from {{ ref('rates') }}
    `,
  );
  assert.deepEqual(found, {
    'seed.fixture.rates':
      'code character varying(3), Rate double precision, since date, whole integer, note text',
    'model.fixture.used': 'code character varying(3), twice double precision, next date, whole integer',
  });
});

test('what is no query, or is not run as it is written, is left alone', async () => {
  const found = await described(
    '',
    `
    ==> models/procedure.sql
    {{ config(materialized='procedure') }}
    create function f() returns int language sql as 'select 1'
    ==> models/templated.sql
    {{ config(materialized='procedure') }}
    select nothing_yet as a
    ==> models/named_in_text.sql
    select 'analytics.later'::regclass::text as name
    ==> models/header.sql
    {{ config(sql_header="create function pg_temp.helper(int) returns int language sql as 'select 1';") }}
    select pg_temp.helper(1) as one
    ==> macros/procedure.sql
    {% materialization procedure, default %}{{ return({'relations': []}) }}{% endmaterialization %}
    `,
  );
  assert.deepEqual(found, {
    'model.fixture.procedure': 'unknown: it is not one query',
    'model.fixture.templated': 'unknown: a materialization of its own may change its SQL',
    'model.fixture.named_in_text': 'unknown: it names a relation in a text, which may be built by then',
    'model.fixture.header': 'unknown: a hook may create what is missing: schema "pg_temp" does not exist',
  });
});

test('what no relation can have is told before it is made, but an ephemeral model may have them', async () => {
  const found = await described(
    '',
    `
    ==> models/a.sql
    select 1 as id, 2 as id
    ==> models/b.sql
    {{ config(materialized='ephemeral') }}
    select 1 as id, 2 as id
    ==> models/d.sql
    select 1 as id, row(1, 'x') as pair
    ==> analyses/c.sql
    select nope from {{ ref('b') }}
    `,
  );
  assert.deepEqual(found, {
    'model.fixture.a': 'postgres: column "id" specified more than once (42701)',
    'model.fixture.b': 'id integer, id integer',
    'model.fixture.d': 'postgres: column "pair" has pseudo-type record (42P16)',
    'analysis.fixture.c': 'unknown-column: column "nope" does not exist (42703)',
  });
});

test('a table with a contract has its columns in the order of the contract', async () => {
  const found = await described(
    '',
    `
    ==> models/orders.sql
    {{ config(materialized='table') }} select 'x' as note, 1 as id
    ==> models/seen.sql
    select 'x' as note, 1 as id
    ==> models/properties.yml
    models:
      - name: orders
        config: { contract: { enforced: true } }
        columns: [{ name: id, data_type: int }, { name: note, data_type: text }]
      - name: seen
        config: { contract: { enforced: true } }
        columns: [{ name: id, data_type: int }, { name: note, data_type: text }]
    `,
  );
  assert.deepEqual(found, {
    'model.fixture.orders': 'id integer, note text',
    'model.fixture.seen': 'note text, id integer',
  });
});

test('a seed keeps the types of its table until its columns are others', async () => {
  const setup = 'create schema analytics; create table analytics.rates (rate numeric(4, 2), code varchar(3))';
  const rates = (header: string): string => `
    ==> seeds/rates.csv
    ${header}
    1,2
  `;
  const found = [await described(setup, rates('code,rate')), await described(setup, rates('code,rating'))];
  assert.deepEqual(
    found.map((each) => each['seed.fixture.rates']),
    ['rate numeric(4,2), code character varying(3)', 'code integer, rating integer'],
  );
});
