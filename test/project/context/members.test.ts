/** What templates see in each phase, against what dbt-core 1.11 answered (`scripts/context-differences.ts --record`). */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { equalAnswers } from '../../../scripts/context/equality.ts';
import type { PhaseAnswers } from '../../../scripts/context/oracle.ts';
import { askOurs, contexts, loadOurs } from '../../../scripts/context/ours.ts';
import {
  ENVIRONMENT,
  MEMBERS,
  projectFiles,
  readQuestions,
  templateOf,
} from '../../../scripts/context/questions.ts';
import { TemplateError } from '../../../server/src/jinja/index.ts';
import { MACRO_NAMES, MODEL_NAMES } from '../../../server/src/project/context/names.ts';
import type { WarehouseAccess } from '../../../server/src/project/context/warehouse-access.ts';

const recorded = JSON.parse(readFileSync(join(MEMBERS, 'recorded.json'), 'utf8')) as Readonly<
  Record<string, PhaseAnswers>
>;
const questions = readQuestions();
const project = loadOurs(projectFiles(), ENVIRONMENT);

/** Different by intention, or not asked of a server here; each with its reason. */
const EXCEPT: Readonly<Record<string, readonly string[]>> = {
  'two tables of country names that nobody asks for': ['modules.pytz.keys() | sort | list'],
  'Postgres runs no Python': ["submit_python_job({}, '')"],
  'dbt fills these before it parses anew only': [
    'selected_resources | sort',
    'graph.keys() | list',
    "metric('nothing')",
    "function('nothing')",
    'config(1)',
  ],
  'hooks are not configured under models': ["config.meta_get('team')"],
  'the macros say no where there is no relation': ['is_incremental()', 'load_relation(this)'],
};
const excepted = new Set(Object.values(EXCEPT).flat());

/** A run has a server; what these expressions need one for is compared by the script. */
const NO_SERVER: WarehouseAccess = {
  execute: refuse,
  commit: () => undefined,
  clearTransaction: () => undefined,
  copyRows: refuse,
  relations: {
    find: () => null,
    list: () => [],
    added: () => undefined,
    dropped: () => undefined,
    renamed: () => undefined,
    schemaDropped: () => undefined,
  },
};

function refuse(): never {
  throw new TemplateError('database', 'DbtDatabaseError', 'there is no server here');
}

describe('expressions answer as in dbt-core', async () => {
  const asked = Object.fromEntries(
    Object.entries(questions).map(([phase, expressions]) => [phase, expressions.map(templateOf)]),
  );
  const answers = await askOurs(project, asked, NO_SERVER);
  const server = withWarehouse();
  for (const [phase, given] of Object.entries(answers)) {
    test(phase, () => {
      const different = (questions[phase] ?? []).flatMap((expression, index) => {
        const [wanted, got] = [recorded[phase]?.answers[index], given[index]];
        if (excepted.has(expression) || server.has(expression)) return [];
        return wanted && got && equalAnswers(wanted, got) ? [] : [{ expression, wanted, got }];
      });
      assert.deepEqual(different, []);
      assert.ok(given.length > 50);
    });
  }
});

describe('names are those of dbt-core', () => {
  const macros = new Set(recorded['query-comment']?.names);
  for (const [phase, kind] of [
    ['parse', MODEL_NAMES],
    ['run', MODEL_NAMES],
    ['run-test', MODEL_NAMES],
    ['operation', MACRO_NAMES],
    ['name', MACRO_NAMES],
    ['parse-test', MACRO_NAMES],
  ] as const) {
    test(phase, () => {
      const own = (recorded[phase]?.names ?? []).filter(
        (name) => !macros.has(name) || (kind as readonly string[]).includes(name),
      );
      const known = own.filter((name) => !NAMESPACES.has(name));
      // What is known to this phase's macros alone is a macro.
      assert.deepEqual(
        [...kind].filter((name) => !known.includes(name)),
        [],
      );
      assert.deepEqual(
        known.filter((name) => !(kind as readonly string[]).includes(name) && !isMacro(name)),
        [],
      );
    });
  }
  for (const phase of ['query-comment', 'parse', 'run', 'run-test', 'operation'] as const) {
    test(`${phase}, asked of the context itself`, () => {
      const context = contexts(project, NO_SERVER)[phase]?.();
      const has = MODEL_NAMES.filter((name) => context?.get(name) !== undefined);
      assert.deepEqual(
        has.filter((name) => !recorded[phase]?.names.includes(name)),
        [],
      );
      assert.deepEqual(
        MODEL_NAMES.filter((name) => recorded[phase]?.names.includes(name) && !has.includes(name)),
        [],
      );
    });
  }
  for (const phase of ['profiles.yml', 'dbt_project.yml', 'properties', 'docs'] as const) {
    test(phase, () => {
      const context = contexts(project, null)[phase]?.();
      const all = new Set(Object.values(recorded).flatMap(({ names }) => names));
      assert.deepEqual(
        [...all].filter((name) => context?.get(name) !== undefined).sort(),
        recorded[phase]?.names,
      );
    });
  }
});

const NAMESPACES = new Set(['dbt', 'fixture', 'helpers']);

function isMacro(name: string): boolean {
  return [...project.world.macros.byId.values()].some(({ node }) => node.name === name);
}

/** The expressions under a heading that says so. */
function withWarehouse(): ReadonlySet<string> {
  const text = readFileSync(join(MEMBERS, 'expressions.txt'), 'utf8');
  return new Set(text.split(/^# .* with a warehouse$/mu)[1]?.split('\n'));
}
