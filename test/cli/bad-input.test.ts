/** What users get wrong: one clear message with its place, the right exit code, and a warehouse that is as before or complete. */

import assert from 'node:assert/strict';
import { chmodSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from './program.ts';
import type { Answer } from './program.ts';
import { SETTINGS, profile, withProject } from './scratch.ts';
import type { Scratch } from './scratch.ts';
import { query, state } from './state.ts';

interface BadInput {
  readonly files?: Readonly<Record<string, string>>;
  readonly prepare?: (project: Scratch) => void;
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly code: 1 | 2;
  /** Each must be in the output. */
  readonly says: readonly (string | RegExp)[];
  /** Relations that are there after; by default those before, which are none. */
  readonly leaves?: readonly string[];
}

const MODEL = { 'models/a.sql': 'select 1 as id\n' };

function refuses(title: string, bad: BadInput): void {
  test(title, () =>
    withProject({ ...MODEL, ...bad.files }, async (project) => {
      bad.prepare?.(project);
      const answer = await run(
        { ...project, ...(bad.environment ? { environment: bad.environment } : {}) },
        bad.words ?? ['build'],
      );
      assertSays(answer, bad);
      assert.deepEqual([...(await state(project.settings)).keys()], bad.leaves ?? []);
    }),
  );
}

function assertSays({ code, text }: Answer, bad: Pick<BadInput, 'code' | 'says'>): void {
  assert.equal(code, bad.code, text);
  for (const said of bad.says) {
    if (typeof said === 'string') assert.ok(text.includes(said), `"${said}" is not in:\n${text}`);
    else assert.match(text, said);
  }
}

// Files that cannot be read.
refuses('broken YAML: one message, at the line', {
  files: { 'models/schema.yml': 'models:\n  - name: a\n   columns: [\n' },
  code: 2,
  says: [/^models\/schema\.yml:3:1: error yaml-syntax: .* Correct the line/u, /^.*\n$/u],
});
refuses('broken dbt_project.yml', {
  files: { 'dbt_project.yml': 'name: shop\nprofile: [shop\n' },
  code: 2,
  says: [/^dbt_project\.yml:\d+:\d+: error yaml-syntax/u],
});
refuses('broken profiles.yml', {
  files: { 'profiles.yml': 'shop:\n\ttarget: dev\n' },
  code: 2,
  says: [/profiles\.yml:2:1: error yaml-syntax: .*[Tt]abs/u],
});
refuses('a file that is not UTF-8', {
  prepare: ({ folder }) => {
    writeFileSync(join(folder, 'models/b.sql'), Buffer.from("select 1 as a,\n  'caf\xe9' as b\n", 'latin1'));
  },
  code: 2,
  says: ['models/b.sql:2: this line is not UTF-8. Save the file as UTF-8.'],
});
refuses('a file that may not be read', {
  prepare: ({ folder }) => {
    // Root may read every file, but not this one.
    if (process.getuid?.() === 0) symlinkSync('/proc/self/mem', join(folder, 'models/b.sql'));
    else {
      writeFileSync(join(folder, 'models/b.sql'), 'select 2 as id');
      chmodSync(join(folder, 'models/b.sql'), 0);
    }
  },
  code: 2,
  says: [
    /^Error: models\/b\.sql cannot be read \(.+\)\. Make it a file that you may read, or remove it\.\n$/u,
  ],
});
refuses('no dbt_project.yml', {
  prepare: ({ folder }) => {
    unlinkSync(join(folder, 'dbt_project.yml'));
  },
  code: 2,
  says: ['there is no dbt_project.yml in this folder', '--project-dir'],
});
refuses('a target folder that cannot be written', {
  files: { target: 'a file' },
  code: 1,
  says: [/^Error: the system refuses: E(?:NOTDIR|EXIST).*target/u],
});

// Settings.
test('an unknown key is a warning with its place, and the build goes on', () =>
  withProject({ ...MODEL, 'dbt_project.yml': `${SETTINGS}modle-paths: [models]\n` }, async (project) => {
    const answer = await run(project, ['build']);
    assert.equal(answer.code, 0);
    assert.match(
      answer.stdout,
      /dbt_project\.yml:4:1: warning unknown-key: .*'modle-paths'\. Correct its spelling/u,
    );
    project.write({ 'models/schema.yml': 'models:\n  - name: a\n    descripton: What it is.\n' });
    assert.match(
      (await run(project, ['check'])).stdout,
      /^models\/schema\.yml:3:5: warning .*'descripton'.*'description'/mu,
    );
  }));
refuses('no such profile', {
  files: { 'dbt_project.yml': 'name: shop\nprofile: other\n' },
  code: 2,
  says: [/profiles\.yml:1:1: error missing-profile: .*'other'.*it has 'shop'.*--profile/u],
});
refuses('no profiles.yml at all', {
  words: ['build', '--profiles-dir', 'models'],
  code: 2,
  says: ['error missing-profile: no profiles.yml was found', '--profiles-dir'],
});
refuses('no such target', {
  words: ['build', '--target', 'prod'],
  code: 2,
  says: [/profiles\.yml:\d+:\d+: error missing-target: .*'prod'.*are: 'dev'/u],
});
refuses('another database than Postgres', {
  files: { 'profiles.yml': 'shop:\n  target: dev\n  outputs:\n    dev:\n      type: snowflake\n' },
  code: 2,
  says: [/profiles\.yml:5:13: error invalid-profile: .*'snowflake'.*'postgres'/u],
});
refuses('a variable of the environment that is not set, in a profile', {
  files: {
    'profiles.yml': `shop:\n  outputs:\n    default:\n      type: postgres\n      host: "{{ env_var('NOT_SET') }}"\n`,
  },
  code: 2,
  says: [/profiles\.yml:5:13: .*Env var required but not provided: 'NOT_SET'/u],
});
refuses('a variable of the environment that is not set, in a model', {
  files: { 'models/a.sql': "select 1 as id,\n  '{{ env_var('NOT_SET') }}' as b\n" },
  code: 2,
  says: [/^models\/a\.sql:2:7: .*Env var required but not provided: 'NOT_SET'/u],
});

// The server.
const withProfile =
  (changes: Readonly<Record<string, string>>) =>
  (project: Scratch): void => {
    project.write({ 'profiles.yml': profile(project.settings, changes) });
  };
refuses('nobody listens', {
  prepare: withProfile({ port: '1' }),
  code: 2,
  says: ['No Postgres server answers at 127.0.0.1:1: start the server, or correct the host and the port.'],
});
refuses('a host that does not exist', {
  prepare: withProfile({ host: 'no-such-host.invalid' }),
  code: 2,
  says: ['The host "no-such-host.invalid" cannot be found'],
});
refuses('a wrong password, which is not repeated', {
  prepare: (project) => {
    withProfile({ password: 'wrong-but-secret' })(project);
  },
  code: 2,
  says: [
    /^(?!.*wrong-but-secret)[^]*refused the password of user "postgres": correct the user or the password\.\n$/u,
  ],
});
refuses('a database that does not exist', {
  prepare: withProfile({ dbname: 'nowhere' }),
  code: 2,
  says: ['The database "nowhere" does not exist on'],
});
test('debug says what it found and what is wrong', () =>
  withProject(MODEL, async (project) => {
    withProfile({ port: '1' })(project);
    assertSays(await run(project, ['debug']), {
      code: 1,
      says: [
        'profile: shop, target: dev',
        'Connection test failed: No Postgres server answers at 127.0.0.1:1',
      ],
    });
  }));

// The graph.
refuses('a cycle', {
  files: {
    'models/a.sql': "select * from {{ ref('b') }}",
    'models/b.sql': "select * from {{ ref('c') }}",
    'models/c.sql': "select * from {{ ref('a') }}",
  },
  code: 2,
  says: [
    /^models\/\w\.sql:1:\d+: error cycle: Found a cycle: model\.shop\.a --> .*Remove one of these refs\.$/mu,
  ],
});
refuses('two models of one name', {
  files: { 'models/more/a.sql': 'select 2 as id' },
  code: 2,
  says: [/^models\/(?:more\/)?a\.sql:1:1: error duplicate-resource: .*models\/a\.sql, models\/more\/a\.sql/u],
});
refuses('a model described twice', {
  files: { 'models/a.yml': 'models:\n  - name: a\n', 'models/b.yml': 'models:\n  - name: a\n' },
  code: 2,
  says: [/^models\/b\.yml:2:11: error duplicate-patch: .*models\/a\.yml/u],
});
refuses('a ref to nothing', {
  files: { 'models/b.sql': "select *\nfrom {{ ref('aa') }}" },
  code: 2,
  says: [/^models\/b\.sql:2:13: error unknown-ref: .*'aa'/u],
});

// Templates.
refuses('a template that does not parse', {
  files: { 'models/a.sql': "select 1 as id\nfrom {{ ref('a'\n" },
  code: 2,
  says: [/^models\/a\.sql:\d+:\d+: error template-syntax: /u],
});
refuses('a macro that does not parse', {
  files: { 'macros/half.sql': '{% macro half(x) %}\n  {{ x }\n{% endmacro %}\n' },
  code: 2,
  says: [/^macros\/half\.sql:2:\d+: error template-syntax: /u],
});
const MACRO_ERROR = {
  'models/a.sql': 'select\n  {{ half(1) }} as id\n',
  'macros/half.sql':
    "{% macro half(x) %}\n  {{ exceptions.raise_compiler_error('no halves') }}\n{% endmacro %}\n",
};
refuses('an error in a macro while parsing: the model’s place and the macro’s', {
  files: MACRO_ERROR,
  code: 2,
  says: [/^models\/a\.sql:2:6: .*no halves\n {2}macros\/half\.sql:2:6: in the macro 'half'\n$/u],
});
refuses('an error in a macro while running: the model’s place and the macro’s', {
  files: {
    ...MACRO_ERROR,
    'models/a.sql': '{% if execute %}\nselect {{ half(1) }} as id\n{% endif %}\n',
  },
  code: 1,
  says: [/at models\/a\.sql:2:11\n.*at macros\/half\.sql:2:6: in the macro 'half'\n/u, 'no halves'],
});

// SQL and seeds: the others are built, what needs the broken one is skipped.
refuses('a model with a syntax error', {
  files: {
    'models/a.sql': "{{ config(materialized='table') }}\nselect 1 as id,\n  2 as b\nfrom from x\n",
    'models/b.sql': "select * from {{ ref('a') }}",
    'models/c.sql': 'select 3 as id',
  },
  code: 1,
  says: [
    / at models\/a\.sql:4:6$/mu,
    /Database Error in model a \(models\/a\.sql\)\n.*syntax error at or near "from"\n/u,
    /SKIP .*shop\.b/u,
    /PASS=1 WARN=0 ERROR=1 SKIP=1 NO-OP=0 TOTAL=3/u,
  ],
  leaves: ['shop.c'],
});
refuses('a mistake in a macro’s SQL', {
  files: {
    'models/a.sql': "select\n  {{ half('1') }} as id\n",
    'macros/half.sql': '{% macro half(x) %}\n  {{ x }} / / 2\n{% endmacro %}\n',
  },
  code: 1,
  says: [/ at models\/a\.sql:2:3\n.* at macros\/half\.sql:2:\d+: /u],
});
refuses('a seed with too many values in a row', {
  files: { 'seeds/s.csv': 'a,b\n1,"2\n2"\n3,4,5\n' },
  code: 1,
  says: ['seeds/s.csv:4: this row has 3 values, but the header names 2 columns'],
  leaves: ['shop.a'],
});
refuses('a seed with a value of another type', {
  files: {
    'seeds/s.csv': 'a,b\n1,"2\n2"\nx,4\n',
    'dbt_project.yml': `${SETTINGS}seeds: {shop: {+column_types: {a: integer}}}\n`,
  },
  code: 1,
  says: ['invalid input syntax for type integer: "x"', 'seeds/s.csv:4, column a: "x"'],
  leaves: ['shop.a'],
});

// The command line.
const usage: readonly (readonly [words: readonly string[], says: RegExp])[] = [
  [['biuld'], /No such command 'biuld'\. Did you mean 'build'\?/u],
  [['build', '--selct', 'a'], /No such option: --selct\. Did you mean --select\?/u],
  [['build', 'a'], /Unexpected argument 'a'\. .*--select a/u],
  [['build', '--select'], /--select needs a value/u],
  [['build', '--threads', 'many'], /'--threads': 'many' is not a whole number/u],
  [['build', '--threads', '0'], /'--threads': 0 is less than 1/u],
  [['build', '--vars', '{a: ['], /'--vars': it must be a YAML mapping/u],
  [['build', '--vars', 'a'], /'--vars': it must be a YAML mapping/u],
  [['build', '--select', 'tga:daily'], /'tga' is not a valid method name/u],
  [['build', '--selector', 'nightly'], /Could not find selector named nightly/u],
  [['build', '--resource-type', 'modle'], /'--resource-type': 'modle' is not one of 'model', /u],
  [['build', '--select', 'state:modified'], /--state/u],
  [['build', '--project-dir', 'nowhere'], /'--project-dir': Path 'nowhere' does not exist/u],
  [['show'], /Either --select or --inline/u],
  [['show', '--select', 'a', '--limit', 'few'], /'--limit': 'few' is not a whole number/u],
  [['show', '--select', 'a', '--output', 'xml'], /'--output': 'xml' is not one of 'text', 'json'/u],
  [['check', '--format', 'xml'], /'--format': 'xml' is not one of 'text', 'json', 'sarif'/u],
  [['run-operation'], /run-operation needs the name of a macro/u],
  [['run-operation', 'a', '--args', '['], /'--args': it must be a YAML mapping/u],
  [['warehouse'], /warehouse needs one of start, stop, status, url/u],
  [['warehouse', 'stop'], /only the embedded warehouse can be told to stop/u],
  [['docs', 'serve'], /docs has one subcommand here: generate/u],
  [['source'], /source has one subcommand: freshness/u],
  [['retry'], /Could not find previous run in .*run_results\.json/u],
];
test('a command line that means nothing is a usage error: exit code 2, one line, nothing done', () =>
  withProject(MODEL, async (project) => {
    for (const [words, says] of usage) {
      const answer = await run(project, words);
      assertSays(answer, { code: 2, says: [says, /^Error: .+\n$/u] });
      assert.equal(answer.stdout, '', words.join(' '));
    }
    assert.deepEqual([...(await state(project.settings)).keys()], []);
  }));
test('a selection that selects nothing is a warning', () =>
  withProject(MODEL, async (project) => {
    for (const words of [
      ['build', '--select', 'nothing'],
      ['show', '--select', 'nothing'],
    ])
      assert.match((await run(project, words)).text, /'nothing' does not match any enabled nodes/u);
    assert.deepEqual(await query(project.settings, "select to_regnamespace('shop')"), [[null]]);
  }));
test('a macro of run-operation that is missing or fails', () =>
  withProject(
    { ...MODEL, 'macros/fail.sql': "{% macro fail() %}{% do run_query('select 1 / 0') %}{% endmacro %}" },
    async (project) => {
      assertSays(await run(project, ['run-operation', 'nothing']), { code: 1, says: ["'nothing'"] });
      assertSays(await run(project, ['run-operation', 'fail']), { code: 1, says: ['division by zero'] });
    },
  ));
test('an artifact that is no JSON', () =>
  withProject({ ...MODEL, 'target/run_results.json': '{' }, async (project) => {
    assertSays(await run(project, ['retry']), { code: 2, says: ['run_results.json is not valid JSON'] });
  }));
