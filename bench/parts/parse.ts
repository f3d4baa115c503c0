/** What a cold parse of a large generated project costs. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { writeProfile } from '../../scripts/profiles.ts';
import { writeProject } from '../generate-project.ts';
import { cost, peakMemory } from '../measure.ts';
import type { Finding } from '../report.ts';

const LAYERS = 10;
const SMALL = 1000;
const LARGE = 10_000;

export async function parse(context: Context): Promise<Finding[]> {
  const small = prepare(context, SMALL);
  const large = prepare(context, LARGE);
  const ours = await coldParse(context.ours, small);
  const what = `cold parse of ${SMALL} models, CPU`;
  return [
    'path' in context.dbtCore
      ? {
          kind: 'ratio',
          what,
          ours: ours.cpuMs,
          peer: (await coldParse([context.dbtCore.path], small)).cpuMs,
          peerName: 'dbt-core',
          unit: 'ms',
          goal: { timesLess: 30 },
        }
      : { kind: 'skipped', what, needs: `dbt-core (${context.dbtCore.missing})` },
    {
      kind: 'absolute',
      what: `cold parse of ${SMALL} models, wall`,
      ours: ours.wallMs,
      unit: 'ms',
      limit: undefined,
    },
    {
      kind: 'absolute',
      what: `cold parse of ${LARGE} models, CPU`,
      ours: (await coldParse(context.ours, large)).cpuMs,
      unit: 'ms',
      limit: undefined,
    },
    {
      kind: 'absolute',
      what: `cold parse of ${LARGE} models, peak memory`,
      ours:
        (await peakMemory({
          command: [...context.ours, 'parse'],
          cwd: cold(large),
          env: profilesIn(large),
        })) / 1e6,
      unit: 'MB',
      limit: 1000,
    },
  ];
}

function prepare(context: Context, models: number): string {
  const folder = context.folder(`parse_${models}`);
  writeProject(folder, { name: 'layered', models, layers: LAYERS });
  writeProfile(folder, context.server, { profile: 'layered', schema: 'bench_parse', threads: 1 });
  return folder;
}

function coldParse(program: readonly string[], project: string) {
  return cost({ command: [...program, 'parse'], cwd: cold(project), env: profilesIn(project) });
}

/** The project's folder, with all that a former command left behind removed. */
function cold(project: string): string {
  for (const made of ['target', 'logs', '.grainline'])
    rmSync(join(project, made), { recursive: true, force: true });
  return project;
}

function profilesIn(folder: string): NodeJS.ProcessEnv {
  return { DBT_PROFILES_DIR: folder };
}
