/** What went wrong in a run, in the words that dbt-core 1.11 printed for the same templates. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { contexts, loadOurs } from '../../scripts/context/ours.ts';
import { ENVIRONMENT, projectFiles } from '../../scripts/context/questions.ts';
import { parseTemplate, renderTemplate, TemplateError } from '../../server/src/jinja/index.ts';
import { errorMessage } from '../../server/src/run/messages.ts';

const REFUSING = "{% macro refused() %}{{ exceptions.raise_database_error('no') }}{% endmacro %}\n";
const files = new Map([...projectFiles(), ['macros/refusing.sql', REFUSING]]);
const project = loadOurs(files, ENVIRONMENT);
const node = project.manifest.nodes.get('model.fixture.orders');
assert.ok(node);
const model = node;

const HINT =
  'This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with "dbt deps".';

const RECORDED: Readonly<Record<string, string>> = {
  "ref('nothing')":
    "Compilation Error in model orders (models/orders.sql)\n  Model 'model.fixture.orders' (models/orders.sql) depends on a node named 'nothing' which was not found",
  "source('raw', 'nothing')":
    "Compilation Error in model orders (models/orders.sql)\n  Model 'model.fixture.orders' (models/orders.sql) depends on a source named 'raw.nothing' which was not found",
  'nowhere()': `Compilation Error in model orders (models/orders.sql)\n  'nowhere' is undefined. ${HINT}`,
  "exceptions.raise_compiler_error('no')": 'Compilation Error in model orders (models/orders.sql)\n  no',
  "exceptions.raise_fail_fast_error('no')": 'FailFast Error in model orders (models/orders.sql)\n  no',
  'two(1, 2, 3)':
    "Compilation Error in model orders (models/orders.sql)\n  macro 'dbt_macro__two' takes not more than 2 argument(s)",
  "env_var('NOT_SET_ANYWHERE')": "Parsing Error\n  Env var required but not provided: 'NOT_SET_ANYWHERE'",
  "env_var('DBT_ENV_SECRET_GIVEN')":
    "Parsing Error\n  Secret env vars are allowed only in profiles.yml or packages.yml. Found 'DBT_ENV_SECRET_GIVEN' referenced elsewhere.",
};

async function errorOf(expression: string): Promise<TemplateError> {
  const context = contexts(project, null).run?.();
  assert.ok(context);
  try {
    await renderTemplate(parseTemplate(`{{ [${expression}] }}`, model.original_file_path), { context });
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error(`${expression} raises nothing`);
}

describe('a model that fails says what dbt says', () => {
  for (const [expression, words] of Object.entries(RECORDED)) {
    test(expression, async () => {
      assert.equal(errorMessage(await errorOf(expression), model, null), words);
    });
  }
});

describe('what the database refuses', () => {
  const inMacro = (): Promise<TemplateError> => errorOf('refused()');

  test('leads to the code that was sent, once there is some; macros are named for errors of compilation alone', async () => {
    const head = 'Database Error in model orders (models/orders.sql)\n  no';
    assert.equal(errorMessage(await inMacro(), model, null), head);
    assert.equal(
      errorMessage(await inMacro(), model, 'target/run/fixture/models/orders.sql'),
      `${head}\n  compiled code at target/run/fixture/models/orders.sql`,
    );
  });

  test('what validation refuses is an error of the run', async () => {
    assert.equal(
      errorMessage(await errorOf("validation.any('a', 'b')('c')"), model, null),
      'Runtime Error in model orders (models/orders.sql)\n  Expected value "c" to be one of a,b',
    );
  });
});

test('each macro on the way is a place that one can open', async () => {
  const { frames } = await errorOf('outer({})');
  assert.deepEqual(
    frames.map(({ macro, path, text, start, end }) => [macro ?? 'the model', path, text.slice(start, end)]),
    [
      ['inner', 'macros/macros.sql', 'x.missing.more'],
      ['outer', 'macros/macros.sql', 'inner(x)'],
      ['the model', 'models/orders.sql', 'outer({})'],
    ],
  );
});
