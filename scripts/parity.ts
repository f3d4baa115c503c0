/**
 * Builds a project with dbt-core and with this engine, each in a database of its own on one server, and prints what differs.
 *
 *     npm run parity -- PROJECT_DIR [--command 'build --full-refresh']… [--url URL] [--template DATABASE] [--schema NAME] [--ours 'PROGRAM …'] [--keep]
 *
 * Exit code 0 when all is equal, 1 when something differs, 2 for wrong usage or a missing dbt-core.
 */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { dbtCore } from './dbt-core.ts';
import { compareProject } from './parity/project.ts';
import { serverFor } from './server-for.ts';

const USAGE = `Usage: npm run parity -- PROJECT_DIR [options]
  --command TEXT   what to run, words separated by blanks; repeat to run several in order (default: build)
  --url URL        a Postgres to use as superuser (default: an embedded one, started and stopped)
  --template NAME  the database that both sides begin as a copy of: it holds the sources
  --schema NAME    the target's schema (default: analytics)
  --ours TEXT      the program to compare, words separated by blanks (default: this project's)
  --keep           leave folders and databases for a look`;

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
  try {
    const outcomes = await compareProject(
      {
        ...options,
        threads: 2,
        oracle: [oracle.path],
        server: server.settings,
        scratch,
        databases: options.keep ? 'keep' : 'drop',
      },
      console.log,
    );
    const equal = outcomes.every((outcome) => outcome.equal);
    console.log(equal ? 'parity: equal' : 'parity: different');
    return equal ? 0 : 1;
  } finally {
    await server.stop();
    if (options.keep) console.log(`Folders are in ${scratch}.`);
    else rmSync(scratch, { recursive: true, force: true });
  }
}

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        command: { type: 'string', multiple: true },
        url: { type: 'string' },
        template: { type: 'string' },
        schema: { type: 'string' },
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
      schema: values.schema ?? 'analytics',
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
