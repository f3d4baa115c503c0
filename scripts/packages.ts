/**
 * Compiles and builds the integration tests of public packages with dbt-core and with this engine, and compares each compiled text.
 *
 *     node --import tsx scripts/packages.ts [NAME]… [--command 'build']… [--url URL] [--ours 'PROGRAM …'] [--keep] [--place]
 *
 * Packages are cloned once into the ignored cache, each at the release named below, unmodified; what a package depends on is laid into
 * dbt_packages beside it. --place only does that, and says where. Exit code 0 when all is equal, 1 when something differs.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { dbtCore } from './dbt-core.ts';
import { compareProject } from './parity/project.ts';
import { PACKAGES, placePackage } from './packages/place.ts';
import { serverFor } from './server-for.ts';

const COMMANDS = ['seed --full-refresh', 'run', 'compile', 'test', 'build'];

process.exitCode = await main().catch((error: unknown) => {
  console.error(`packages: ${error instanceof Error ? error.message : String(error)}`);
  return 2;
});

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      command: { type: 'string', multiple: true },
      url: { type: 'string' },
      ours: { type: 'string' },
      keep: { type: 'boolean' },
      place: { type: 'boolean' },
    },
  });
  const unknown = positionals.find((name) => !(name in PACKAGES));
  if (unknown !== undefined) throw new Error(`"${unknown}" is none of ${Object.keys(PACKAGES).join(', ')}.`);
  const chosen = Object.entries(PACKAGES).filter(
    ([name]) => positionals.length === 0 || positionals.includes(name),
  );
  if (values.place) {
    for (const [name, one] of chosen) console.log(`${name}: ${await placePackage(name, one)}`);
    return 0;
  }
  const oracle = await dbtCore();
  if ('missing' in oracle) throw new Error(oracle.missing);
  const scratch = mkdtempSync(join(tmpdir(), 'packages-'));
  const server = await serverFor(values.url);
  const summaries: string[] = [];
  let equal = true;
  try {
    for (const [name, one] of chosen) {
      const project = await placePackage(name, one);
      console.log(name);
      const outcomes = await compareProject(
        {
          project,
          oracle: [oracle.path],
          ours: values.ours?.split(' ') ?? [
            process.execPath,
            resolve(import.meta.dirname, '..', 'dist', 'cli.mjs'),
          ],
          commands: (values.command ?? COMMANDS).map((text) => text.split(' ')),
          server: server.settings,
          template: undefined,
          schema: one.schema,
          // Where two tests compile to one file, the order decides which is left.
          threads: 1,
          random: one.random ?? [],
          scratch: join(scratch, name),
          databases: values.keep ? 'keep' : 'drop',
        },
        (line) => {
          console.log(`  ${line}`);
        },
      );
      const sum = (pick: (outcome: (typeof outcomes)[number]) => number): number =>
        outcomes.reduce((total, outcome) => total + pick(outcome), 0);
      const [same, all] = [sum(({ equalTexts }) => equalTexts), sum(({ texts }) => texts)];
      const different = outcomes.filter((outcome) => !outcome.equal).length;
      summaries.push(
        `${name}: ${same} of ${all} compiled texts equal, ${outcomes.length - different} of ${outcomes.length} commands equal in all`,
      );
      equal &&= different === 0;
    }
  } finally {
    await server.stop();
    if (values.keep) console.log(`Folders are in ${scratch}.`);
    else rmSync(scratch, { recursive: true, force: true });
  }
  for (const summary of summaries) console.log(summary);
  return equal ? 0 : 1;
}
