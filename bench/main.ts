/**
 * `npm run bench`: how this engine fares against its peers, side by side in one run; only ratios are to be trusted.
 *
 *     npm run bench -- [start] [parse] [jinja] [run] [load] [editor] [sql] [--url URL]
 *
 * Exit code 0 when all goals are reached, 1 when one is missed.
 */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Context } from './context.ts';
import { makeContext } from './context.ts';
import { editor } from './parts/editor.ts';
import { jinja } from './parts/jinja.ts';
import { load } from './parts/load.ts';
import { parse } from './parts/parse.ts';
import { run } from './parts/run.ts';
import { sql } from './parts/sql.ts';
import { start } from './parts/start.ts';
import type { Finding } from './report.ts';
import { format, reached } from './report.ts';

const PARTS: Readonly<Record<string, (context: Context) => Promise<Finding[]>>> = {
  start,
  parse,
  jinja,
  run,
  load,
  editor,
  sql,
};

process.exitCode = await main().catch((error: unknown) => {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  return 2;
});

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { url: { type: 'string' } } });
  const chosen = Object.entries(PARTS).filter(
    ([name]) => positionals.length === 0 || positionals.includes(name),
  );
  const unknown = positionals.filter((name) => !(name in PARTS));
  if (unknown.length > 0)
    throw new Error(`no part "${unknown.join('", "')}": choose from ${Object.keys(PARTS).join(', ')}.`);
  if (!existsSync(join(import.meta.dirname, '..', 'dist', 'cli.mjs')))
    throw new Error('run `npm run build` first.');

  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  const context = await makeContext(scratch, values.url);
  let good = true;
  try {
    for (const [, part] of chosen) {
      for (const finding of await part(context)) {
        console.log(format(finding));
        if (reached(finding) === false) good = false;
      }
    }
  } finally {
    await context.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
  return good ? 0 : 1;
}
