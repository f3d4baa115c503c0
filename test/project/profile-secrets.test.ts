/** Secrets of the environment: read in profiles.yml alone, taken apart by no filter, shown in no message. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { checkProject } from '../../server/src/checks/check-project.ts';
import { loadProject } from '../../server/src/project/project.ts';
import { Problems } from '../../server/src/project/problems.ts';
import { readTarget } from '../../server/src/project/profile.ts';
import { fixtureSettings, projectFromFixture } from '../support/project.ts';

const SECRET = 'hunter2';
const ENVIRONMENT = new Map([
  ['DBT_ENV_SECRET_PASS', SECRET],
  ['PORT', 'not-a-port'],
]);

function targetOf(lines: string) {
  const problems = new Problems();
  const target = readTarget(
    { path: 'profiles.yml', text: `fixture:\n  outputs:\n    default:\n      type: postgres\n${lines}` },
    { profileName: 'fixture', target: null, threads: null },
    fixtureSettings({ environment: ENVIRONMENT }),
    problems,
  );
  return { target, messages: problems.all().map(({ message }) => message) };
}

const REST = '      host: h\n      user: u\n      dbname: d\n      schema: s\n';

test('a profile gets its secret whole', () => {
  const { target, messages } = targetOf(
    `${REST}      port: 5432\n      password: "{{ env_var('DBT_ENV_SECRET_PASS') }}!"\n`,
  );
  assert.deepEqual(messages, []);
  assert.equal(target?.credentials.password, `${SECRET}!`);
});

test('a filter on a secret sees a stand-in, and a message too', () => {
  const { target, messages } = targetOf(
    `${REST}      password: p\n      port: "{{ env_var('DBT_ENV_SECRET_PASS') | as_number }}"\n`,
  );
  assert.equal(target, undefined);
  assert.equal(messages.length, 1);
  assert.ok(!messages.join().includes(SECRET));
});

test('a value of the environment is not repeated in a complaint about it', () => {
  const { messages } = targetOf(`${REST}      password: p\n      port: "{{ env_var('PORT') }}"\n`);
  assert.deepEqual(messages, ["the port must be a number; this is '{{ env_var('PORT') }}'."]);
});

test('dbt_project.yml, property files and models may not read a secret', () => {
  const { project } = projectFromFixture(
    `
==> dbt_project.yml
name: fixture
version: '1.0'
profile: fixture
models:
  +schema: "{{ env_var('DBT_ENV_SECRET_PASS') }}"
==> models/orders.sql
select '{{ env_var('DBT_ENV_SECRET_PASS') }}' as a
==> models/schema.yml
models:
  - name: orders
    config:
      tags: ["{{ env_var('DBT_ENV_SECRET_PASS') }}"]
`,
    { environment: ENVIRONMENT },
  );
  const messages = loadProject(project.input).diagnostics.map(({ message }) => message);
  const words =
    "Secret env vars are allowed only in profiles.yml or packages.yml. Found 'DBT_ENV_SECRET_PASS' referenced elsewhere.";
  assert.equal(messages.filter((message) => message.includes(words)).length, 3, messages.join('\n'));
  assert.ok(!JSON.stringify(messages).includes(SECRET));
});

const TOLD = 'told-by-the-environment';

test('no diagnostic repeats what the environment says, wherever a project asks for it', async () => {
  const { input } = projectFromFixture(
    `
==> dbt_project.yml
name: fixture
version: "{{ env_var('TOLD') }}"
profile: fixture
models:
  fixture:
    nowhere_{{ env_var('TOLD') }}:
      +materialized: table
  +access: "{{ env_var('TOLD') }}"
  +schema: "{{ env_var('TOLD') }}"
  +tags: "{{ env_var('TOLD').nothing.more }}"
==> models/one.sql
{{ config(alias=env_var('TOLD')) }} select 1 as id
==> models/two.sql
{{ config(alias=env_var('TOLD'), materialized=env_var('TOLD')) }} select 1 as id from {{ ref(env_var('TOLD')) }}
==> models/three.sql
{{ exceptions.raise_compiler_error('no ' ~ env_var('TOLD') ~ ', ' ~ env_var('SHORT')) }}
==> models/four.sql
{% if execute %}{{ exceptions.raise_compiler_error(env_var('TOLD')) }}{% endif %} select 1 as id
==> models/five.sql
select {{ modules.datetime.datetime.strptime(env_var('TOLD'), '%Y') }}
==> models/schema.yml
models:
  - name: "{{ env_var('TOLD') }}"
  - name: one
    description: "{{ doc(env_var('TOLD')) }}"
    data_tests:
      - "{{ env_var('TOLD') }}"
      - accepted_values: {arguments: {values: ["{{ env_var('TOLD') | nothing }}"]}}
    columns:
      - name: id
        data_tests: [{"{{ env_var('TOLD') }}": {to: x}}]
sources:
  - name: raw
    freshness: {warn_after: {count: "{{ env_var('TOLD') }}", period: "{{ env_var('TOLD') }}"}}
    tables: [{name: "{{ env_var('TOLD') }}"}, {name: "{{ env_var('TOLD') }}"}]
exposures:
  - name: shown
    type: dashboard
    owner: {name: me}
    depends_on: ["{{ env_var('TOLD') }}"]
`,
    {
      environment: new Map([
        ['TOLD', TOLD],
        ['SHORT', 'brief'],
      ]),
    },
  );
  const { project, diagnostics } = loadProject(input);
  assert.ok(project);
  const messages = [...diagnostics, ...(await checkProject(project))].map((found) => JSON.stringify(found));
  assert.deepEqual(
    messages.filter((message) => message.includes(TOLD)),
    [],
  );
  assert.ok(
    messages.filter((message) => message.includes("env_var('TOLD')")).length >= 5,
    messages.join('\n'),
  );
});

test('a short value is hidden where a message quotes it, and no word is torn', () => {
  const { project } = projectFromFixture(
    `
==> models/prodigy.sql
{{ exceptions.raise_compiler_error("no '" ~ env_var('STAGE') ~ "' in production, nor models/" ~ env_var('FOLDER')) }}
==> models/finance/orders.sql
select 1 as id
`,
    {
      environment: new Map([
        ['STAGE', 'pro'],
        ['FOLDER', 'models/finance'],
      ]),
    },
  );
  const [message] = project.diagnostics.map((found) => found.message);
  assert.match(
    message ?? '',
    /no '\{\{ env_var\('STAGE'\) \}\}' in production, nor models\/models\/finance/u,
  );
});
