/** Secrets of the environment: read in profiles.yml alone, taken apart by no filter, shown in no message. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

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
