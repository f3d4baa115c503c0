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
  const ours = await median(RUNS, async () => {
    await psql(context, DROP);
    rmSync(join(project, 'target'), { recursive: true, force: true });
    return (await cost(program)).wallMs;
  });
  const scripts = layerScripts(join(project, 'target', 'run'));
  const peer = await median(RUNS, async () => {
    await psql(context, `${DROP}; create schema ${SCHEMA}`);
    const started = performance.now();
    // A layer reads the one below it, so one must be complete before the next begins.
    for (const sessions of scripts) await Promise.all(sessions.map((script) => psql(context, script)));
    return performance.now() - started;
  });
  return [{ kind: 'ratio', what, ours, peer, peerName: 'psql', unit: 'ms', goal: { times: 1.3 } }];
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

function transaction(statement: string, model: string): string {
  const aside = statement.includes(`${model}__dbt_tmp`);
  const rename = aside ? `alter table ${SCHEMA}.${model}__dbt_tmp rename to ${model};` : '';
  return `begin;\n${statement.trim().replace(/;$/u, '')};\n${rename}\ncommit;`;
}

function psql(context: Context, script: string) {
  const command = ['psql', '--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1'];
  return cost({ command, cwd: context.root, env: psqlEnvironment(context.server), input: script });
}
