/**
 * Builds a project with dbt-core and with this engine, each in a database of its own on one server, and prints what differs.
 *
 *     npm run parity -- PROJECT_DIR [--command 'build --full-refresh']… [--url URL] [--template DATABASE] [--ours 'PROGRAM …'] [--keep]
 *
 * Exit code 0 when all is equal, 1 when something differs, 2 for wrong usage or a missing dbt-core.
 */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { dbtCore } from './dbt-core.ts';
import type { Reading } from './parity/build.ts';
import { build } from './parity/build.ts';
import { compareBuilds } from './parity/compare.ts';
import type { Side } from './parity/sides.ts';
import { dropSide, makeSide, withoutDatabase } from './parity/sides.ts';
import { serverFor } from './server-for.ts';

const USAGE = `Usage: npm run parity -- PROJECT_DIR [options]
  --command TEXT   what to run, words separated by blanks; repeat to run several in order (default: build)
  --url URL        a Postgres to use as superuser (default: an embedded one, started and stopped)
  --template NAME  the database that both sides begin as a copy of: it holds the sources
  --ours TEXT      the program to compare, words separated by blanks (default: this project's)
  --keep           leave folders and databases for a look`;

const SHOWN = 20;

/** Rows beyond this many are compared by checksum. */
const MOST_ROWS = 100_000;

process.exitCode = await main().catch((error: unknown) => {
  console.error(`parity: ${error instanceof Error ? error.message : String(error)}`);
  return 2;
});

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === 'number') return options;
  const oracle = await dbtCore();
  if ('missing' in oracle) {
    console.error(`parity: ${oracle.missing}`);
    return 2;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'parity-'));
  const server = await serverFor(options.url);
  const sides: Side[] = [];
  try {
    const make = (name: string, program: readonly string[]) =>
      makeSide(name, program, options.project, join(scratch, name), server.settings, options.template);
    // Names of one length: Postgres cuts long identifiers, and both sides must be cut alike.
    const core = await make('core', [oracle.path]);
    sides.push(core);
    const ours = await make('ours', options.ours);
    sides.push(ours);
    let equal = true;
    for (const command of options.commands) {
      const expected = await build(core, command, readingOf(core));
      const actual = await build(ours, command, readingOf(ours));
      console.log(
        `${command.join(' ')}: dbt-core ${expected.seconds.toFixed(1)} s, ours ${actual.seconds.toFixed(1)} s`,
      );
      for (const [heading, sentences] of Object.entries(compareBuilds(expected, actual))) {
        console.log(`  ${heading}: ${sentences.length === 0 ? 'equal' : `${sentences.length} differ`}`);
        for (const sentence of sentences.slice(0, SHOWN)) console.log(`    ${sentence}`);
        if (sentences.length > SHOWN) console.log(`    … and ${sentences.length - SHOWN} more`);
        if (sentences.length > 0) equal = false;
      }
      console.log(
        `  (${expected.statuses.size} nodes, ${expected.compiled.size} compiled, ${Object.keys(expected.relations).length} relations)`,
      );
      if (expected.statuses.size === 0) console.log(`dbt-core ran nothing:\n${expected.output.trimEnd()}`);
      else if (actual.statuses.size === 0) console.log(`Ours ran nothing:\n${actual.output.trimEnd()}`);
    }
    console.log(equal ? 'parity: equal' : 'parity: different');
    return equal ? 0 : 1;
  } finally {
    if (!options.keep) for (const side of sides) await dropSide(side, server.settings);
    await server.stop();
    if (options.keep) console.log(`Folders are in ${scratch}.`);
    else rmSync(scratch, { recursive: true, force: true });
  }
}

function readingOf(side: Side): Reading {
  return { mostRows: MOST_ROWS, clean: (text) => withoutDatabase(side, text) };
}

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        command: { type: 'string', multiple: true },
        url: { type: 'string' },
        template: { type: 'string' },
        ours: { type: 'string' },
        keep: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    const [project] = positionals;
    if (values.help || project === undefined || positionals.length > 1) {
      console.error(USAGE);
      return values.help ? 0 : 2;
    }
    if (!existsSync(join(project, 'dbt_project.yml'))) {
      console.error(`There is no dbt_project.yml in "${project}".`);
      return 2;
    }
    const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');
    return {
      project: resolve(project),
      commands: (values.command ?? ['build']).map(words),
      url: values.url,
      template: values.template,
      ours:
        values.ours === undefined
          ? [process.execPath, resolve(import.meta.dirname, '..', 'dist', 'cli.mjs')]
          : words(values.ours).map((word) => (word.includes('/') ? resolve(word) : word)),
      keep: values.keep ?? false,
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
}
