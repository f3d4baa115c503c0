/** dbt-core's own answers to expressions in the contexts of each phase, over one project built on one database. */

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import { dbtCore } from '../dbt-core.ts';
import { profileText } from '../profiles.ts';

/** What was rendered, or the class of the error, its message, and the whole text that dbt shows. */
export type Answer =
  readonly ['text', string] | readonly ['error', pythonClass: string, message: string, shown: string];

export interface PhaseAnswers {
  readonly names: readonly string[];
  readonly answers: readonly Answer[];
}

export type Questions = Readonly<Record<string, readonly string[]>>;

export async function askDbt(
  files: ReadonlyMap<string, string>,
  questions: Questions,
  server: ConnectionSettings,
  environment: ReadonlyMap<string, string>,
  folder: string,
): Promise<Readonly<Record<string, PhaseAnswers>>> {
  const dbt = await dbtCore();
  if ('missing' in dbt) throw new Error(dbt.missing);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const profile = { profile: 'fixture', schema: 'analytics', threads: 4 };
  writeFileSync(join(folder, 'profiles.yml'), profileText(server, profile).replaceAll('only', 'dev'));
  const python = join(dirname(dbt.path), process.platform === 'win32' ? 'python.exe' : 'python');
  const answers = join(folder, 'answers.json');
  const child = spawn(python, [join(import.meta.dirname, 'python-side.py'), answers], {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DBT_PROFILES_DIR: folder,
      DBT_SEND_ANONYMOUS_USAGE_STATS: 'false',
      PYTHONHASHSEED: '0',
      ...Object.fromEntries(environment),
    },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdin.end(JSON.stringify(questions));
  const exit = await new Promise<number | null>((done, failed) => {
    child.on('error', failed).on('close', done);
  });
  if (exit !== 0) throw new Error(`dbt-core did not answer:\n${errors}`);
  return JSON.parse(readFileSync(answers, 'utf8')) as Readonly<Record<string, PhaseAnswers>>;
}
