/** What templates cost: typical models parsed, read for facts, and rendered with their map, against Python's Jinja2 over the same texts. */

import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import type { Context } from '../context.ts';
import type { Took, Work } from '../jinja/ours.ts';
import { macroLibrary, typicalModels } from '../jinja/typical-models.ts';
import { cost } from '../measure.ts';
import type { Finding } from '../report.ts';

const SMALL = 1000;
const LARGE = 10_000;
/** Python's is asked for the small number only, and each side this often: the middle counts. */
const RUNS = 5;

/** What bin/grainline sets when it starts, as a command does; the language server is started without it. */
const startFlag = '--interrupt-budget=1000000';

interface Peer {
  readonly parse: number;
  readonly whole: number;
  readonly hash: string;
  readonly version: string;
}

export async function jinja(context: Context): Promise<Finding[]> {
  const folder = context.folder('jinja');
  const program = await bundle(folder);
  const ours = async (count: number): Promise<Took> => {
    const file = workFile(folder, count);
    const took: Took[] = [];
    for (let turn = 0; turn < RUNS; turn++) {
      // Each in a new process, so that nothing is warm.
      const [parsed, whole] = [
        await inProcess(folder, program, file, 'parse'),
        await inProcess(folder, program, file, 'whole'),
      ];
      took.push({ ...parsed, ...whole } as Took);
    }
    return {
      parse: middle(took.map(({ parse }) => parse)),
      facts: middle(took.map(({ facts }) => facts)),
      whole: middle(took.map(({ whole }) => whole)),
      warm: middle(took.map(({ warm }) => warm)),
      hash: took[0]?.hash ?? '',
    };
  };
  const small = await ours(SMALL);
  const large = await ours(LARGE);
  const peer = await python(context, folder);
  const what = `parse, compile, render, map ${SMALL} models, CPU`;
  if (peer && peer.hash !== small.hash) throw new Error('jinja: the two sides rendered different texts.');
  return [
    limited(what, small.whole, 80),
    limited(`the same for ${LARGE} models`, large.whole, 800),
    limited(`the same for ${SMALL}, a second time`, small.warm, undefined),
    limited(`tolerant parse of ${SMALL} models, CPU`, small.parse, undefined),
    limited(`facts of ${SMALL} parsed models, CPU`, small.facts, undefined),
    limited(`tolerant parse of ${LARGE} models, CPU`, large.parse, undefined),
    limited(`facts of ${LARGE} parsed models, CPU`, large.facts, undefined),
    peer
      ? {
          kind: 'ratio',
          what,
          ours: small.whole,
          peer: peer.whole,
          peerName: `Python's Jinja2 ${peer.version}`,
          unit: 'ms',
          goal: { timesLess: 25 },
        }
      : { kind: 'skipped', what: `${what} against Jinja2`, needs: 'Python with dbt-core' },
  ];
}

function limited(what: string, ours: number, limit: number | undefined): Finding {
  return { kind: 'absolute', what, ours, unit: 'ms', limit };
}

/** As users run it: bundled, not translated file by file. */
async function bundle(folder: string): Promise<string> {
  const outfile = join(folder, 'ours.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, '..', 'jinja', 'ours.ts')],
    outfile,
    bundle: true,
    minifyWhitespace: true,
    minifySyntax: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return outfile;
}

function workFile(folder: string, count: number): string {
  const file = join(folder, `${count}.json`);
  const work: Work = { macros: macroLibrary, models: typicalModels(count).map(({ text }) => text) };
  writeFileSync(file, JSON.stringify(work));
  return file;
}

async function inProcess(
  folder: string,
  program: string,
  file: string,
  task: string,
): Promise<Partial<Took>> {
  const command = [process.execPath, startFlag, program, file, task];
  const { stdout } = await cost({ command, cwd: folder });
  return JSON.parse(stdout) as Partial<Took>;
}

async function python({ dbtCore, root }: Context, folder: string): Promise<Peer | undefined> {
  if (!('path' in dbtCore)) return undefined;
  const program = process.platform === 'win32' ? 'python.exe' : 'python';
  const command = [
    join(dirname(dbtCore.path), program),
    join(root, 'bench', 'jinja', 'peer.py'),
    workFile(folder, SMALL),
  ];
  const took: Peer[] = [];
  for (let turn = 0; turn < RUNS; turn++) {
    took.push(JSON.parse((await cost({ command, cwd: folder })).stdout) as Peer);
  }
  const [first] = took;
  return (
    first && {
      ...first,
      whole: middle(took.map(({ whole }) => whole)),
      parse: middle(took.map(({ parse }) => parse)),
    }
  );
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
