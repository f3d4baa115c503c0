/** Runs one command on one side, and reads all that it left behind. */

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { maskRelations } from '../relations/compare.ts';
import { maskVolatile } from '../relations/mask.ts';
import type { Relations } from '../relations/read.ts';
import { connect, readRelations } from '../relations/read.ts';
import type { Side } from './sides.ts';

export interface Built {
  readonly exit: number | null;
  readonly seconds: number;
  readonly output: string;
  /** By unique id: status, and failures where they are counted. */
  readonly statuses: ReadonlyMap<string, string>;
  readonly messages: ReadonlyMap<string, string>;
  /** By unique id; absent where nothing was compiled. */
  readonly compiled: ReadonlyMap<string, string>;
  /** The files of target/compiled, by their paths there. */
  readonly files: ReadonlyMap<string, string>;
  readonly relations: Relations;
}

interface RunResults {
  readonly results: readonly {
    readonly unique_id: string;
    readonly status: string;
    readonly failures?: number | null;
    readonly message?: string | null;
    readonly compiled_code?: string | null;
  }[];
}

export interface Reading {
  /** Relations with more rows are read as a checksum. */
  readonly mostRows: number;
  /** Takes out of a text what differs from side to side. */
  readonly clean: (text: string) => string;
}

export async function build(side: Side, command: readonly string[], reading: Reading): Promise<Built> {
  const resultsFile = join(side.project, 'target', 'run_results.json');
  rmSync(resultsFile, { force: true });
  rmSync(join(side.project, 'target', 'compiled'), { recursive: true, force: true });
  const started = Date.now();
  const { exit, output } = await run(side, command);
  const seconds = (Date.now() - started) / 1000;
  const clean = (text: string): string => maskVolatile(reading.clean(text), started);
  const results = existsSync(resultsFile)
    ? (JSON.parse(readFileSync(resultsFile, 'utf8')) as RunResults).results.filter(
        // What has nothing to run: the published schema knows no such status, and only newer dbt-cores write it.
        ({ status }) => status !== 'no-op',
      )
    : [];
  const client = await connect(side.settings);
  try {
    const relations = await readRelations(client, '', reading.mostRows);
    return {
      exit,
      seconds,
      output,
      statuses: new Map(
        results.map(({ unique_id, status, failures }) => [
          unique_id,
          typeof failures === 'number' ? `${status} (${failures})` : status,
        ]),
      ),
      messages: new Map(results.map(({ unique_id, message }) => [unique_id, clean(message ?? '')])),
      compiled: new Map(
        results.flatMap(({ unique_id, compiled_code }) =>
          typeof compiled_code === 'string' ? [[unique_id, clean(compiled_code)]] : [],
        ),
      ),
      files: new Map(
        [...compiledFiles(join(side.project, 'target', 'compiled'))].map(([path, text]) => [
          path,
          clean(text),
        ]),
      ),
      relations: maskRelations(cleanRows(relations, reading.clean), started),
    };
  } finally {
    await client.end();
  }
}

function cleanRows(relations: Relations, clean: (text: string) => string): Relations {
  return Object.fromEntries(
    Object.entries(relations).map(([name, relation]) => [
      name,
      relation.rows ? { ...relation, rows: relation.rows.map(clean).sort() } : relation,
    ]),
  );
}

function compiledFiles(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    found.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), readFileSync(path, 'utf8')];
    }),
  );
}

function run(side: Side, command: readonly string[]): Promise<{ exit: number | null; output: string }> {
  const [program = '', ...first] = side.program;
  const child = spawn(program, [...first, ...command], {
    cwd: side.project,
    env: { ...process.env, DBT_PROFILES_DIR: side.profiles, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return new Promise((done, failed) => {
    child.on('error', failed).on('close', (exit) => {
      done({ exit, output });
    });
  });
}
