/** Loading and ingesting files, against psql's \copy of the same files into the same tables; and how memory grows with the files. */

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeProfile } from '../../scripts/profiles.ts';
import { RAW_SCHEMA, RAW_TABLES, createStatement, qualified } from '../../server/src/load/raw-tables.ts';
import type { Context } from '../context.ts';
import { psqlEnvironment } from '../context.ts';
import { cost, median, peakMemory } from '../measure.ts';
import type { Finding } from '../report.ts';

/** Scales of the generated data. Buffers and the young heap are full at the first. */
const LARGE = 400;
const LARGER = 1200;
const RUNS = 3;

const RECREATE = [
  `drop schema if exists ${RAW_SCHEMA} cascade`,
  `create schema ${RAW_SCHEMA}`,
  ...RAW_TABLES.map(createStatement),
].join(';\n');

export async function load(context: Context): Promise<Finding[]> {
  const large = await prepare(context, LARGE);
  const larger = await prepare(context, LARGER);
  return [
    ...(await times(context, large)),
    {
      kind: 'ratio',
      what: 'load-initial, peak memory',
      ours: await memory(context, larger),
      peer: await memory(context, large),
      peerName: `itself with files of 1/${LARGER / LARGE} the size`,
      unit: 'MB',
      goal: { times: 1.1 },
    },
  ];
}

async function times(context: Context, project: string): Promise<Finding[]> {
  const [loading, ingesting] = ['load-initial, wall', 'ingest of all batches, wall'];
  if (!context.hasPsql) {
    return [loading, ingesting].map((what) => ({
      kind: 'skipped',
      what,
      needs: 'psql (Debian: postgresql-client)',
    }));
  }
  const initial = RAW_TABLES.map(({ name }) => copy(name, join(project, 'data', 'initial', `${name}.csv`)));
  const batches = RAW_TABLES.flatMap(({ name }) => {
    const folder = join(project, 'data', 'incremental', name);
    return readdirSync(folder)
      .filter((file) => file.endsWith('.csv'))
      .sort()
      .map((file) => copy(name, join(folder, file)));
  });
  return [
    {
      kind: 'ratio',
      what: loading,
      ours: await median(RUNS, () => ours(context, project, 'load-initial')),
      peer: await median(RUNS, () => psql(context, `begin;\n${RECREATE};\n${initial.join('\n')}\ncommit;`)),
      peerName: 'psql \\copy',
      unit: 'ms',
      goal: { times: 1.5 },
    },
    {
      kind: 'ratio',
      what: ingesting,
      ours: await median(RUNS, async () => {
        await ours(context, project, 'load-initial');
        return ours(context, project, 'ingest');
      }),
      peer: await median(RUNS, async () => {
        await psql(context, `begin;\n${RECREATE};\n${initial.join('\n')}\ncommit;`);
        return psql(context, `begin;\n${batches.join('\n')}\ncommit;`);
      }),
      peerName: 'psql \\copy',
      unit: 'ms',
      goal: { times: 1.5 },
    },
  ];
}

/** A project with nothing but generated data. */
async function prepare(context: Context, scale: number): Promise<string> {
  const project = context.folder(`load_${scale}`);
  writeFileSync(join(project, 'dbt_project.yml'), 'name: load\nprofile: load\n');
  writeProfile(project, context.server, { profile: 'load', schema: 'bench_load', threads: 1 });
  const generator = join(context.root, 'scripts', 'generate-data.ts');
  const options = ['--scale', String(scale), '--seed', '1', '--out', join(project, 'data')];
  await cost({ command: [process.execPath, '--import', 'tsx', generator, ...options], cwd: context.root });
  return project;
}

async function ours(context: Context, project: string, command: string): Promise<number> {
  return (await cost({ command: [...context.ours, command], cwd: project, env: profilesIn(project) })).wallMs;
}

async function memory(context: Context, project: string): Promise<number> {
  const program = { command: [...context.ours, 'load-initial'], cwd: project, env: profilesIn(project) };
  return (await peakMemory(program)) / 1e6;
}

async function psql(context: Context, input: string): Promise<number> {
  const command = ['psql', '--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1'];
  const env = { ...psqlEnvironment(context.server), PGTZ: 'UTC' };
  return (await cost({ command, cwd: context.root, env, input })).wallMs;
}

function copy(name: string, file: string): string {
  const table = RAW_TABLES.find((candidate) => candidate.name === name);
  if (!table) throw new Error(`There is no raw table "${name}".`);
  return `\\copy ${qualified(table)} from '${file}' with (format csv, header)`;
}

function profilesIn(folder: string): NodeJS.ProcessEnv {
  return { DBT_PROFILES_DIR: folder };
}
