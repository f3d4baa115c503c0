/** A run of many small models, against psql executing the same statements in as many sessions. */

import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Context } from '../context.ts';
import { writeProfile } from '../../scripts/profiles.ts';
import { psqlEnvironment } from '../context.ts';
import { writeProject } from '../generate-project.ts';
import { cost, median } from '../measure.ts';
import type { Finding } from '../report.ts';

const MODELS = 200;
const LAYERS = 4;
const THREADS = 4;
const RUNS = 3;
const SCHEMA = 'bench_run';
const DROP = `drop schema if exists ${SCHEMA} cascade`;

export async function run(context: Context): Promise<Finding[]> {
  const what = `run of ${MODELS} models, ${THREADS} threads, wall`;
  if (!context.hasPsql) return [{ kind: 'skipped', what, needs: 'psql (Debian: postgresql-client)' }];
  const project = context.folder('run');
  writeProject(project, { name: 'layered', models: MODELS, layers: LAYERS });
  writeProfile(project, context.server, { profile: 'layered', schema: SCHEMA, threads: THREADS });

  const program = { command: [...context.ours, 'run'], cwd: project, env: { DBT_PROFILES_DIR: project } };
  let executing = 0;
  const ours = await median(RUNS, async () => {
    await psql(context, DROP);
    rmSync(join(project, 'target'), { recursive: true, force: true });
    const { wallMs } = await cost(program);
    executing = executionMs(join(project, 'target', 'run_results.json'));
    return wallMs;
  });
  const scripts = layerScripts(join(project, 'target', 'run'));
  const peer = await median(RUNS, async () => {
    await psql(context, `${DROP}; create schema ${SCHEMA}`);
    const started = performance.now();
    // A layer reads the one below it, so one must be complete before the next begins.
    for (const sessions of scripts) await Promise.all(sessions.map((script) => psql(context, script)));
    return performance.now() - started;
  });
  const against = { kind: 'ratio', peer, peerName: 'psql', unit: 'ms' } as const;
  return [
    { ...against, what, ours, goal: { times: 1.3 } },
    { ...against, what: 'of that, from the first model to the last', ours: executing, goal: undefined },
  ];
}

/** For each layer, what each session executes: the statements our run sent, which build a model aside and rename it. */
function layerScripts(folder: string): string[][] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.sql'),
  );
  if (files.length !== MODELS) throw new Error(`${folder} holds ${files.length} statements, not ${MODELS}.`);
  return Array.from({ length: LAYERS }, (_, layer) => {
    const members = files.filter((path) => path.includes(`layer_${layer}_`)).sort();
    return Array.from({ length: THREADS }, (_session, session) =>
      members
        .filter((_path, index) => index % THREADS === session)
        .map((path) => transaction(readFileSync(join(folder, path), 'utf8'), basename(path, '.sql')))
        .join('\n'),
    );
  });
}

/** From the first node's start to the last one's end, as the run itself wrote it down. */
function executionMs(file: string): number {
  const { results } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly results: readonly {
      readonly timing: readonly { readonly started_at: string; readonly completed_at: string }[];
    }[];
  };
  const timings = results.flatMap(({ timing }) => timing);
  const starts = timings.map(({ started_at }) => Date.parse(started_at));
  const ends = timings.map(({ completed_at }) => Date.parse(completed_at));
  return Math.max(...ends) - Math.min(...starts);
}

function transaction(statement: string, model: string): string {
  // As the table and view materializations do it: build aside, rename, drop what was there before.
  const kind = /^\s*create view\b/mu.test(statement) ? 'view' : 'table';
  const rename = `alter ${kind} ${SCHEMA}.${model}__dbt_tmp rename to ${model};`;
  const drop = `drop ${kind} if exists ${SCHEMA}.${model}__dbt_backup cascade;`;
  const build = statement.trim().replace(/;$/u, '');
  if (!build.includes(`${model}__dbt_tmp`))
    throw new Error(`The run of ${model} was not built aside:\n${build}`);
  return `begin;\n${build};\n${rename}\ncommit;\n${drop}`;
}

function psql(context: Context, script: string) {
  const command = ['psql', '--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1'];
  return cost({ command, cwd: context.root, env: psqlEnvironment(context.server), input: script });
}
